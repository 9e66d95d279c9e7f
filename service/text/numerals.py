"""Numbers in running text, in digits and in words, as values that compare across languages."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from service.article import Span
from service.text.phrases import lower


@dataclass(frozen=True, slots=True)
class NumberWords:
    """How one language writes numbers; words are lower-case."""

    group: str  # between groups of three digits
    foreign_group: bool  # whether texts also group as the other language does: 1,500 for 1.500
    ones: Mapping[str, int]
    tens: Mapping[str, int]  # multiply the digit before them: "mươi"
    hundreds: Mapping[str, int]
    scales: Mapping[str, int]  # word -> power of ten
    letters: Mapping[str, int]  # the same for letters glued to figures: "50m"
    fillers: tuple[str, ...]
    hints: Mapping[str, tuple[str, ...]]  # word or phrase -> keys that it may stand for
    before_roman: tuple[str, ...]  # words after which Roman figures are a number
    certain_from: int  # a single word of this value or more is a number for certain


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a text. `keys` are its possible values, likeliest first, equal across languages.

    A key is "<digits>e<power of ten>" without outer zeros; "c<digits>" for telephone numbers,
    versions and other codes. `certain` is false where it may be no number of the text: a single
    word ("năm" is five or year), a footnote mark, the 19 of COVID-19.
    """

    span: Span
    keys: tuple[str, ...]
    certain: bool
    scale: int = 0  # power of ten of the last scale word in it


def key_of(digits: str, power: int = 0) -> str:
    """The canonical key of `digits` times a power of ten.

    >>> key_of("1500"), key_of("15", 2), key_of("000")
    ('15e2', '15e2', '0e0')
    """
    kept = digits.rstrip("0")
    power += len(digits) - len(kept)
    kept = kept.lstrip("0")
    return f"{kept}e{power}" if kept else "0e0"


class NumberReader:
    """Finds the numbers of one language; compiled once, safe to share."""

    def __init__(self, words: NumberWords) -> None:
        self._words = words
        self._powers = {**words.scales, **dict.fromkeys(words.hundreds, 2)}
        scale = rf"(?:{_any_of(self._powers)})\b{_NO_SCALE}"
        letter = rf"(?:{_any_of(words.letters)})\b"
        small = sorted({**words.ones, **words.tens, **words.hundreds}, key=len, reverse=True)
        scales = sorted(words.scales, key=len, reverse=True)
        ends = {**dict.fromkeys(small, r"\b"), **dict.fromkeys(scales, rf"\b{_NO_SCALE}")}
        run = _whole_word(ends)
        # e.g. "1.234,5", "3,5 tỷ", "2 nghìn tỷ", "1990s", "50m"
        self._digits = re.compile(
            r"\d\d*(?:[.,]\d+)*"  # begins with one figure, so that the rest is skipped fast
            rf"(?:[ -]?(?P<scale>{scale}(?: {scale})?)|(?P<letter>{letter}))?"
        )
        # e.g. "hai mươi lăm", "two hundred and five", "twenty-first"
        self._runs = re.compile(rf"{run}(?:(?:[ -]|,? (?:{_any_of(words.fillers)}) ){run})*")
        self._hints = re.compile(rf"\b(?:{_any_of(words.hints)})\b")
        self._before_roman = re.compile(rf"\b(?:{_any_of(words.before_roman)}) $")

    def find(self, text: str) -> list[Number]:
        """Every number, in order of place.

        Figures, number words, and Roman figures where the word before them asks for a number.
        """
        low = lower(text)
        found = [*self._in_digits(low), *self._in_words(low), *self._roman(text, low)]
        found = [
            replace(number, certain=False)
            if number.certain and _is_in_name(text, number.span)
            else number
            for number in found
        ]
        found.sort(key=lambda number: number.span)
        for i in range(len(found) - 1):
            found[i], found[i + 1] = _joined(found[i], found[i + 1], text)
        return found

    def hints(self, text: str) -> set[str]:
        """Keys of words that may stand for a number: "half", "dozen", "XX"."""
        keys = {key_of(str(value)) for _, value in _romans(text)}
        for match in self._hints.finditer(lower(text)):
            keys.update(self._words.hints[match[0]])
        return keys

    def _in_digits(self, text: str) -> Iterator[Number]:
        for match in self._digits.finditer(text):
            scale, letter = match["scale"] or "", match["letter"] or ""
            power = sum(self._powers[word] for word in scale.split())
            figures = _FIGURES.match(match[0])
            shown = figures[0] if figures else match[0]
            readings = list(_readings(shown, self._words))
            keys = [key_of(d, p + power) if p is not None else "c" + d for d, p in readings]
            if letter:
                more = self._words.letters[letter]
                scaled = [key_of(d, p + more) for d, p in readings if p is not None]
                money = letter in _SURE or text[match.start() - 1 : match.start()] in _SIGNS
                # "50m" may be metres, "£50m" may not
                keys, power = (scaled, more) if money and scaled else (keys + scaled, power)
            if not power and shown.isdigit():
                keys += _years(shown, text, match.start(), match.end())
            certain = bool(power) or not (
                _is_mark(shown, text, match.start(), match.end())
                or _is_outbreak(text, match.start(), match.end())
            )
            yield Number(Span(*match.span()), tuple(keys), certain, power)

    def _in_words(self, text: str) -> Iterator[Number]:
        match = self._runs.search(text)
        while match:
            start, end = match.span()
            if text[start:end] == "năm" and _OF_YEAR.match(text, end):
                match = self._runs.search(text, end)
                continue
            yield from self._evaluate(text, start, end)
            match = self._runs.search(text, end)

    def _evaluate(self, text: str, start: int, end: int) -> Iterator[Number]:
        """The numbers of a run of number words: "hai mươi mốt", and both of "hai ba"."""
        w, words = self._words, list(_WORD.finditer(text, start, end))
        count = _Count(start)
        for i, word in enumerate(words):
            name = word[0]
            if name in w.ones:
                following = words[i + 1][0] if i + 1 < len(words) else ""
                if name == "năm" and count.words and not _is_five(words[i - 1][0], following):
                    if "và" not in text[count.end : word.start()]:
                        break
                    yield count.number(w.certain_from)  # "một và năm tuổi"
                    count = _Count(word.start())
                value = w.ones[name]
                if count.words and count.current % (100 if value >= 10 else 10):
                    yield count.number(w.certain_from)
                    count = _Count(word.start())
                elif not count.words:
                    count = _Count(word.start())
                count.add(value, word.end())
            elif name in w.tens:
                count.times_ten(word.end())
                count.is_vague |= name == "chục"  # "hai chục" may be two dozen
            elif name in w.hundreds:
                count.hundreds(word.end())
            elif name in w.scales:
                count.scale_by(w.scales[name], word.end())
        if count.words:
            yield count.number(w.certain_from)

    def _roman(self, text: str, low: str) -> Iterator[Number]:
        for span, value in _romans(text):
            if self._before_roman.search(low, max(0, span.start - 12), span.start):
                yield Number(span, (key_of(str(value)),), certain=True)


class _Count:
    """A number in words while it is being read."""

    def __init__(self, start: int) -> None:
        self.start = self.end = start
        self.total = self.current = self.words = self.scale = 0
        self.is_vague = False

    def add(self, value: int, end: int) -> None:
        self.current += value
        self._read(end)

    def times_ten(self, end: int) -> None:
        if self.current % 10 and not self.current // 10 % 10:
            self.current += self.current % 10 * 9
            self._read(end)

    def hundreds(self, end: int) -> None:
        if 0 < self.current < 100:
            self.current *= 100
            self._read(end)

    def scale_by(self, power: int, end: int) -> None:
        factor = 10**power
        if not 0 < self.total + self.current < _TOO_MUCH:
            return
        if not self.current:
            self.total *= factor
        elif self.current * factor > self.total:
            self.total, self.current = (self.total + self.current) * factor, 0
        else:
            self.total, self.current = self.total + self.current * factor, 0
        self._read(end)
        self.scale = power

    def _read(self, end: int) -> None:
        self.words += 1
        self.end = end
        self.scale = 0

    def number(self, certain_from: int) -> Number:
        value = self.total + self.current
        certain = value >= (10 if self.words > 1 else certain_from) and not self.is_vague
        return Number(Span(self.start, self.end), (key_of(str(value)),), certain, self.scale)


_SURE = frozenset({"bn", "tr"})
_SIGNS = frozenset("£$€")
_MAX_DIGITS = 18
_TOO_MUCH = 10**_MAX_DIGITS
_THREE = re.compile(r"\d{3}")  # the second group of "3 400"
_FIGURES = re.compile(r"\d+(?:[.,]\d+)*")  # e.g. "1.234,5"
_WORD = re.compile(r"[^\W\d_]+")  # e.g. "mươi"
# "triệu phú" is a millionaire, "ba triệu chứng" three symptoms, "một tỷ lệ" a share.
_NO_SCALE = r"(?! (?:phú|chứng|tập|hồi|lệ|giá|trọng|suất)\b)"
_RANGE = re.compile(r" ?(?:-|–|—|to|or|and|đến|tới|hoặc|và|hay) ?")  # e.g. " đến "
_ROMAN_LETTERS = re.compile(r"[IVXL](?<!\w.)[IVXL]*\b")  # finds fast where the next may match
_ROMAN = re.compile(r"\b(?=[IVXL]+\b)(XL|L?X{0,3})(IX|IV|V?I{0,3})\b")  # e.g. "XIII"
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50}
_BEFORE_FIVE = frozenset(("linh", "lẻ"))
_AFTER_FIVE = frozenset(("mươi", "trăm", "nghìn", "ngàn", "triệu", "tỷ", "tỉ"))
# What makes figures a mark: "COVID-19", "SARS-CoV-2", "(1)", "word1", "km2".
_VIRUS = re.compile(r"cov(?:id)? ?[-‑– ]?$", re.IGNORECASE)
_DECADE = re.compile(r"(?:năm|niên|kỷ|kỉ|['’])\s?$", re.IGNORECASE)  # e.g. "những năm 90"

# After "năm" where it is the year: "năm 2020", "năm nay"; "năm 100" may be five hundred.
_OF_YEAR = re.compile(r" (?:\d{4}\b|nay\b|ngoái\b|trước\b|sau\b|tới\b|qua\b|học\b)")
_DECADES = re.compile(r"(?:những năm|thập niên|thập kỷ|thập kỉ) $")  # "những năm 1990"


def _is_five(before: str, following: str) -> bool:
    """Whether "năm" inside a number is the digit and not the word for year."""
    return before in _BEFORE_FIVE or following in _AFTER_FIVE


def _whole_word(ends: Mapping[str, str]) -> str:
    """A pattern for any of the words, each with what must follow it; the longest first.

    It begins with the first letters, and what stands before them is asked behind them, so that
    most of a text is skipped fast.
    """
    by_letter: dict[str, list[str]] = {}
    for word, end in ends.items():
        by_letter.setdefault(word[0], []).append(re.escape(word[1:]) + end)
    own = "|".join(f"(?<={letter})(?:{'|'.join(rest)})" for letter, rest in by_letter.items())
    return rf"[{''.join(by_letter)}](?<!\w.)(?:{own})"


def _any_of(words: Mapping[str, object] | Sequence[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) or "(?!)"


def _joined(first: Number, second: Number, text: str) -> tuple[Number, Number]:
    """Two numbers side by side with what each may mean because of the other.

    "2-3 triệu": the first may share the scale. "2 triệu 500 nghìn": both may be their sum.
    "3 400": both may be the number that they are groups of.
    """
    between = text[first.span.end : second.span.start]
    if len(between) > 6:
        return first, second
    if second.scale and not first.scale and _RANGE.fullmatch(between):
        scaled = tuple(_times(key, second.scale) for key in first.keys if key[0] != "c")
        return replace(first, keys=first.keys + scaled), second
    if between == " " and _THREE.fullmatch(text, second.span.start, second.span.end):
        group = first.span.of(text)
        if len(group) <= 3 and group.isdecimal() and group[0] != "0":
            return _with_key(first, second, key_of(group + second.span.of(text)))
    if first.scale > second.scale > 0 and not between.strip(" ,"):
        values = [_value(number.keys[0]) for number in (first, second)]
        if None not in values:
            total = key_of(str(sum(value or 0 for value in values)))
            return _with_key(first, second, total)
    return first, second


def _with_key(first: Number, second: Number, key: str) -> tuple[Number, Number]:
    return replace(first, keys=(*first.keys, key)), replace(second, keys=(*second.keys, key))


def _value(key: str) -> int | None:
    """A key as a number; None for codes, fractions, and what is too long to be written out."""
    digits, _, power = key.partition("e")
    if not power or len(digits) > _MAX_DIGITS or not 0 <= int(power) <= _MAX_DIGITS:
        return None
    return int(digits + "0" * int(power))


def _times(key: str, power: int) -> str:
    digits, _, own = key.partition("e")
    return f"{digits}e{int(own) + power}"


def _readings(figures: str, words: NumberWords) -> Iterator[tuple[str, int | None]]:
    """(digits, power of ten) of each reading of figures with points and commas; None: a code."""
    marks = {mark for mark in ".," if mark in figures}
    digits = figures.replace(".", "").replace(",", "")
    if not marks:
        yield digits, 0
    elif len(marks) == 2:
        last = max(figures.rfind("."), figures.rfind(","))
        decimal = figures.count(figures[last]) == 1 and _grouped(re.split("[.,]", figures[:last]))
        yield digits, last + 1 - len(figures) if decimal else None
    else:
        parts = re.split("[.,]", figures)
        if len(parts) > 2:
            yield digits, (0 if _grouped(parts) else None)
            return
        own = words.group in marks
        if not (_grouped(parts) and own):
            yield digits, -len(parts[1])
        if _grouped(parts) and (own or words.foreign_group):
            yield digits, 0


def _grouped(parts: Sequence[str]) -> bool:
    """Whether the parts are groups of three digits: 1.234.567."""
    return len(parts[0]) <= 3 and parts[0][0] != "0" and all(len(part) == 3 for part in parts[1:])


def _years(figures: str, text: str, start: int, end: int) -> list[str]:
    """What else a year may mean: "1990s" is "90", "những năm 90" is 1990, "1995-96" is 1996."""
    if len(figures) == 4 and figures[:2] in {"18", "19", "20"}:
        ranged = start > 4 and text[start - 5 : start - 3] == figures[:2]
        decade = text[end : end + 1] == "s" or _DECADES.search(text, max(0, start - 12), start)
        return [key_of(figures[2:])] if ranged or (decade and figures[3] == "0") else []
    decade = text[end : end + 1] == "s" or _DECADE.search(text, max(0, start - 5), start)
    if len(figures) != 2:
        return []
    if decade:
        return [key_of("19" + figures), key_of("20" + figures)]
    if start > 4 and text[start - 1] in "-–/" and text[start - 5 : start - 1].isdigit():
        return [key_of(text[start - 5 : start - 3] + figures)]
    return []


def _is_mark(figures: str, text: str, start: int, end: int) -> bool:
    """Whether the figures are a footnote mark, a list mark, or part of a virus's name."""
    if len(figures) > 2:
        return False
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    if (before == "[" and after == "]") or (before == ">" and after == "<"):
        return True
    if len(figures) == 1 and (before.isalpha() or (before == "(" and after == ")")):
        return True
    if start == 0 and after in {".", ")"} and text[end + 1 : end + 2] in {" ", "\t", ""}:
        return True
    return _VIRUS.search(text, max(0, start - 7), start) is not None


# The year in the names of COVID-19: "coronavirus disease 2019", "2019–20 coronavirus pandemic".
_AFTER_CORONA = re.compile(r"corona(?: ?virus)?(?: disease)? $")
_BEFORE_CORONA = re.compile(r"(?:[-–]20)? corona")


def _is_outbreak(text: str, start: int, end: int) -> bool:
    return (
        text[start:end] in {"2019", "20"}
        and "corona" in text
        and (
            _AFTER_CORONA.search(text, max(0, start - 22), start) is not None
            or _BEFORE_CORONA.match(text, end) is not None
        )
    )


_NEXT_CAPITAL = re.compile(r" [^\W\d_a-z]")


def _is_in_name(text: str, span: Span) -> bool:
    """Whether a number word is part of a name: "the Four Seasons", "quận Hai Bà Trưng"."""
    before = text[: span.start].rstrip()
    return (
        text[span.start].isupper()
        and text[span.start : span.end].istitle()
        and before[-1:] not in {"", ".", "!", "?", ":", '"', "“"}
        and (following := _NEXT_CAPITAL.match(text, span.end)) is not None
        and following[0][1].isupper()
    )


def _romans(text: str) -> Iterator[tuple[Span, int]]:
    """Roman figures up to L with their values."""
    found = (_ROMAN.match(text, letters.start()) for letters in _ROMAN_LETTERS.finditer(text))
    for match in filter(None, found):
        values = [_ROMAN_VALUES[letter] for letter in match[0]]
        total = sum(
            -value if i + 1 < len(values) and value < values[i + 1] else value
            for i, value in enumerate(values)
        )
        yield Span(*match.span()), total
