"""Numbers in running text, in digits and in words, as values that compare across languages."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from service.article import Span


@dataclass(frozen=True, slots=True)
class NumberWords:
    """How one language writes numbers; words are lower-case."""

    group: str  # between groups of three digits
    decimal: str
    ones: Mapping[str, int]
    tens: Mapping[str, int]
    hundreds: Mapping[str, int]
    scales: Mapping[str, int]  # word -> power of ten
    fillers: tuple[str, ...]
    hints: Mapping[str, tuple[str, ...]]  # word or phrase -> keys that it may stand for


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a text. `keys` are its possible values, likeliest first, equal across languages.

    A key is "<digits>e<power of ten>" without outer zeros; "c<digits>" for telephone numbers,
    versions and other codes. `certain` is false where a single word may mean something else
    ("năm": five or year).
    """

    span: Span
    keys: tuple[str, ...]
    certain: bool


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
        scales = _any_of(words.scales)
        runs = _any_of({**words.ones, **words.tens, **words.hundreds, **words.scales})
        fillers = _any_of(words.fillers)
        # e.g. "1.234,5", "3,5 tỷ", "2 nghìn tỷ", "1990s"
        self._digits = re.compile(
            r"(?<![\d.,])\d+(?:[.,]\d+)*"
            rf"(?P<scale>(?: | ?-|(?=[a-z])){_SCALE_START}(?:{scales})\b(?: (?:{scales})\b)?)?",
            re.IGNORECASE,
        )
        # e.g. "hai mươi lăm", "two hundred and five"
        self._runs = re.compile(
            rf"\b(?:{runs})\b(?:(?:[ -]|,? (?:{fillers}) )(?:{runs})\b)*", re.IGNORECASE
        )
        self._hints = re.compile(rf"\b(?:{_any_of(words.hints)})\b", re.IGNORECASE)

    def find(self, text: str) -> list[Number]:
        """Every number, in order of kind: digits first, then words."""
        return [*self._in_digits(text), *self._in_words(text)]

    def hints(self, text: str) -> set[str]:
        """Keys of words that may stand for a number: "first", "half", "March"."""
        keys: set[str] = set()
        for match in self._hints.finditer(text):
            keys.update(self._words.hints[match[0].lower()])
        return keys

    def _in_digits(self, text: str) -> Iterator[Number]:
        previous: Number | None = None
        for match in self._digits.finditer(text):
            number = Number(Span(*match.span()), self._read(match, text), certain=True)
            if previous is not None:
                yield self._ranged(previous, number, match["scale"], text)
            previous = number
        if previous is not None:
            yield previous

    def _read(self, match: re.Match[str], text: str) -> tuple[str, ...]:
        scale = match["scale"] or ""
        power = sum(self._words.scales[word] for word in scale.lower().strip(" -").split())
        figures = match[0][: len(match[0]) - len(scale)]
        readings = list(_readings(figures, self._words.group))
        keys = [key_of(d, p + power) if p is not None else "c" + d for d, p in readings]
        if not scale and figures.isdigit():
            keys += _short_years(figures, text, match)
        return tuple(dict.fromkeys(keys))

    def _ranged(self, first: Number, second: Number, scale: str | None, text: str) -> Number:
        """ "2-3 triệu": the first number may share the scale of the second."""
        between = text[first.span.end : second.span.start]
        if not scale or not _RANGE.fullmatch(between):
            return first
        power = sum(self._words.scales[word] for word in scale.lower().strip(" -").split())
        more = [f"{d}e{int(p) + power}" for d, _, p in (k.partition("e") for k in first.keys) if p]
        return Number(first.span, first.keys + tuple(more), first.certain)

    def _in_words(self, text: str) -> Iterator[Number]:
        for match in self._runs.finditer(text):
            yield from self._evaluate(text, match.start(), match.end())

    def _evaluate(self, text: str, start: int, end: int) -> Iterator[Number]:
        total = current = 0
        count = 0
        begin = last = start
        words = list(_WORD.finditer(text, start, end))
        w = self._words
        for i, word in enumerate(words):
            name = word[0].lower()
            following = words[i + 1][0].lower() if i + 1 < len(words) else ""
            if name in w.ones:
                if name == "năm" and count and not self._is_five(words[i - 1][0], following):
                    break
                value = w.ones[name]
                room = 100 if value >= 10 else 10
                if count and current % room:
                    yield from _counted(Span(begin, last), total + current, count)
                    total = current = count = 0
                if not count:
                    begin = word.start()
                current += value
            elif name in w.tens:
                if not current % 10 or current // 10 % 10:
                    continue
                current += current % 10 * 9
            elif name in w.hundreds:
                if not 0 < current < 100:
                    continue
                current *= 100
            elif name in w.scales:
                if not total + current:
                    continue
                factor = 10 ** w.scales[name]
                if current and current * factor > total:
                    total, current = (total + current) * factor, 0
                elif not current:
                    total *= factor
                else:
                    total, current = total + current * factor, 0
                if total > _TOO_MUCH:
                    return
            else:
                continue
            count += 1
            last = word.end()
        yield from _counted(Span(begin, last), total + current, count)

    @staticmethod
    def _is_five(before: str, following: str) -> bool:
        """Whether "năm" inside a number is the digit and not the word for year."""
        return before.lower() in _BEFORE_FIVE or following.lower() in _AFTER_FIVE


_BEFORE_FIVE = frozenset(("linh", "lẻ"))
_AFTER_FIVE = frozenset(("mươi", "trăm", "nghìn", "ngàn", "triệu", "tỷ", "tỉ"))
_TOO_MUCH = 10**30
_SCALE_START = ""
_WORD = re.compile(r"[^\W\d_]+")
_RANGE = re.compile(r" ?(?:-|–|—|to|or|and|đến|tới|hoặc|và|hay) ?")


def _counted(span: Span, value: int, words: int) -> Iterator[Number]:
    if words:
        yield Number(span, (key_of(str(value)),), certain=words > 1 and value >= 10)


def _any_of(words: Mapping[str, object] | tuple[str, ...]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) or r"(?!)"


def _readings(figures: str, group: str) -> Iterator[tuple[str, int | None]]:
    """(digits, power of ten) of each reading of figures with points and commas; None: a code."""
    marks = {mark for mark in ".," if mark in figures}
    if not marks:
        yield figures, 0
        return
    digits = figures.replace(".", "").replace(",", "")
    if len(marks) == 2:
        last = max(figures.rfind("."), figures.rfind(","))
        whole, decimals = figures[:last], len(figures) - last - 1
        if figures.count(figures[last]) == 1 and _grouped(re.split("[.,]", whole)):
            yield digits, -decimals
            return
        yield digits, None
        return
    mark = marks.pop()
    parts = figures.split(mark)
    grouped = _grouped(parts)
    if len(parts) > 2:
        yield digits, (0 if grouped else None)
        return
    if grouped and mark == group:
        yield digits, 0
        return
    yield digits, -len(parts[1])
    if grouped:  # the other language's way of grouping
        yield digits, 0


def _grouped(parts: list[str]) -> bool:
    """Whether the parts are groups of three digits: 1.234.567."""
    return (
        0 < len(parts[0]) <= 3 and parts[0][0] != "0" and all(len(part) == 3 for part in parts[1:])
    )


def _short_years(figures: str, text: str, match: re.Match[str]) -> list[str]:
    """ "1990s" may be "90", and "những năm 90" may be 1990."""
    if len(figures) == 4 and figures[:2] in {"18", "19", "20"}:
        decade = text[match.end() : match.end() + 1] == "s" or _DECADE.search(
            text, max(0, match.start() - 12), match.start()
        )
        return [key_of(figures[2:])] if decade else []
    if len(figures) == 2 and (
        text[match.end() : match.end() + 1] == "s"
        or _DECADE.search(text, max(0, match.start() - 12), match.start())
    ):
        return [key_of("19" + figures), key_of("20" + figures)]
    return []


_DECADE = re.compile(r"(?:năm|niên|kỷ|kỉ|['’])\s?$", re.IGNORECASE)
