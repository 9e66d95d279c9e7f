"""Are the names of people, of small places, and foreign names on both sides?

The Vietnamese side tells which words are names: a Vietnamese person begins with a surname, a ward
or a street follows its kind, and a foreign name is no Vietnamese syllable. Marks may be kept or
stripped. English writes much else with capitals: there, names are Vietnamese people and small
places, and foreign names that are copied (`english_names`).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import Match, SequenceMatcher
from functools import cache, lru_cache
from itertools import islice

from service.article import Finding, Language, Severity, Span
from service.checks.base import NAME, Check, Pair, Side, added, lost
from service.checks.capitals import Run, capital_runs, opens, plain
from service.checks.english_names import certain_names, is_pinyin, is_pinyin_name, likely_runs
from service.checks.gazetteer import gazetteer
from service.checks.people import find_called, find_turned, is_shortened
from service.checks.vocabulary import read_names
from service.glossary import touches
from service.rules.words import common_english
from service.text.phrases import lower
from service.text.syllables import plain_syllables, syllables

ID = "names"

MIN_CHARS = 3
MAX_NAMES = 100  # of a segment are looked for; a sentence with more is none
# A Vietnamese name has two to five syllables; what follows is another word with a capital.
MAX_SYLLABLES = 5
# Spellings of one name agree in this share of their first letters: Ukraina, Ukraine.
SAME_PREFIX = 0.55
# ... or in this share of all letters, with one letter more or less: Paolo, Paulo.
SAME_LETTERS = 0.8
MIN_MISSPELT_CHARS = 5
# Kinds of places whose Vietnamese names are kept; provinces and cities may be Chinese ones.
_BEFORE_PLACE = re.compile(
    r"\b(?:[Hh]uyện|[Qq]uận|[Pp]hường|xã|[Tt]hị trấn|[Tt]hôn|ấp|đường|phố) $"
)
# e.g. "ông " of "ông Vương Quốc Tuấn"
_BEFORE_PERSON = re.compile(
    r"\b(?:[Ôô]ng|[Bb]à|[Aa]nh|[Cc]hị|[Đđ]ồng chí|[Cc]hủ tịch|[Bb]í thư|[Tt]rưởng|[Gg]iám đốc) $"
)
_AFTER_PLACE = re.compile(r" (?:[Dd]istrict|[Cc]ommune|[Ww]ard|[Tt]ownship)\b")  # e.g. " Ward"
_VIETNAMESE = re.compile("[ăđơưĂĐƠƯ\u1ea0-\u1ef9]")


@dataclass(frozen=True, slots=True)
class _Name:
    """A name by its words, and the words with capitals that it stands among."""

    words: Sequence[str]
    span: Span
    run: Sequence[str]


def _find(pair: Pair) -> Iterator[Finding]:
    vi, en = pair.by_language()
    if vi is None or en is None:
        return
    ours = list(islice(_vietnamese_side(vi.text, vi.runs), MAX_NAMES))
    theirs = list(islice(_english_side(en.text, en.runs), MAX_NAMES))
    gazetted = [found.span for found in vi.gazetted]
    from_vi = [n for n in ours if not is_in(n.words, en) and not touches(n.span, gazetted)]
    from_en = [n for n in theirs if not is_in(n.words, vi) and not _is_gazetted(n.span, en, vi)]
    gone, new = (from_vi, from_en) if vi is pair.source else (from_en, from_vi)
    for name in gone:
        yield lost(ID, name.span, pair.source.text, NAME, _weight(name, pair.target, en))
    unsure = list(_likely(pair, en, vi, [n.span for n in theirs])) if en is pair.source else []
    yield from unsure
    for name in new:
        severity = _weight(name, pair.source, en)
        if not gone and not unsure and len(name.words) == 1 and name.words[0] in certain_names():
            severity = Severity.MINOR  # a translator tells what the source calls "the company"
        yield added(ID, name.span, pair.target.text, NAME, severity)
    own = ours if vi is pair.source else theirs
    yield from find_turned(ID, pair, ((name.words, name.span) for name in own))
    if en is pair.source:
        yield from _misspelt(pair, en, vi)
    spans = [*(name.span for name in own), *(gazetted if own is ours else ())]
    yield from find_called(ID, pair, spans)


def _weight(name: _Name, other: Side, en: Side) -> Severity:
    """A name that is shorter on the other side, a loanword, or a Chinese name is only noted.

    A Chinese name in its Vietnamese reading cannot be looked for.
    """
    words = name.words
    if len(words) == 1 and words[0] in read_names().loans:
        return Severity.MINOR
    if is_shortened(words, name.run, other):
        return Severity.MINOR
    read = len(words) > 1 and all(lower(word) in syllables() for word in words)
    return Severity.MINOR if read and any(map(is_pinyin_name, en.capitals)) else Severity.MAJOR


def _likely(pair: Pair, en: Side, vi: Side, certain: Sequence[Span]) -> Iterator[Finding]:
    """Lost names of the English source that no list knows; of a whole name, one finding.

    Noted only, unless a name of two words or more is lost as a whole.
    """
    for run in islice(likely_runs(en.text, en.runs), MAX_NAMES):
        lost = [token for token in run if not is_in([token[0]], vi)]
        span = Span(run[0].start(), run[-1].end())
        if not lost or touches(span, certain) or _is_gazetted(span, en, vi):
            continue
        whole = len(lost) == len(run) > 1 and not any(is_pinyin(token[0]) for token in run)
        at = span if whole else Span(lost[0].start(), lost[-1].end())
        yield _finding(pair, at, en, Severity.MAJOR if whole else Severity.MINOR)


def _misspelt(pair: Pair, en: Side, vi: Side) -> Iterator[Finding]:
    """Names of the English source with a letter too many, too few or wrong: Mossack, Mosack."""
    for run in islice(en.runs, MAX_NAMES):
        for token in run:
            word = token[0].lower()
            if len(word) < MIN_MISSPELT_CHARS or word in common_english() or word in vi.squeezed:
                continue
            twin = next((o for o in vi.plain_from(word) if _is_slip(word, o)), None)
            if twin is not None and twin not in en.plain_words:
                yield _finding(pair, Span(*token.span()), en, Severity.MINOR)


def _is_slip(word: str, other: str) -> bool:
    """Whether two words differ by one letter, and not in their endings, as Ukraina and Ukraine."""
    if abs(len(word) - len(other)) > 1 or word[-1] != other[-1]:
        return False
    same = sum(block.size for block in _blocks(word, other))
    return same >= max(len(word), len(other)) - 1


def _blocks(word: str, other: str) -> Sequence[Match]:
    return SequenceMatcher(None, word, other, autojunk=False).get_matching_blocks()


def vietnamese_names(text: str, language: Language) -> Iterator[tuple[str, ...]]:
    """The Vietnamese people and small places that a text of either language names.

    >>> list(vietnamese_names("Ông Lê Văn Minh ở xã Kim Hòa gặp ông John Smith.", Language.VI))
    [('Lê', 'Văn', 'Minh'), ('Kim', 'Hòa')]
    """
    names_of = _vietnamese_side if language is Language.VI else _english_side
    for name in islice(names_of(text, capital_runs(text)), MAX_NAMES):
        words = tuple(name.words)
        if len(words) > 1 and all(lower(word) in _vietnamese_syllables() for word in words):
            yield words


@cache
def _vietnamese_syllables() -> frozenset[str]:
    return syllables() | plain_syllables()


def _is_gazetted(span: Span, en: Side, vi: Side) -> bool:
    """Whether an English name is that of a gazetteer name on the Vietnamese side."""
    name = span.of(en.text).lower()
    for found in vi.gazetted:
        pattern = gazetteer().english[found.phrase]
        if pattern is None or not pattern.search(name):
            continue
        # "Tokyo" alone may be "Nhật Bản", "Tokyo, Japan" may not.
        if " " in name or not any(match[0] not in name for match in pattern.finditer(en.plain)):
            return True
    return False


def _vietnamese_side(text: str, runs: Iterable[Run]) -> Iterator[_Name]:
    """Each Vietnamese person, each foreign word."""
    words = read_names()
    for run in runs:
        at, whole = 0, [token[0] for token in run]
        if _is_place(text, run):
            yield _Name(whole, Span(run[0].start(), run[-1].end()), whole)
            continue
        while at < len(run):
            word = run[at][0]
            if word in words.surnames and len(run) - at > 1:
                own = [token[0] for token in run[at : at + MAX_SYLLABLES]]
                known = {" ".join(own[:2]), " ".join(own[:3])} & words.not_people
                # "Vương Quốc" is a kingdom, but not in "ông Vương Quốc Tuấn"
                if _is_addressed(text, run[at].start()):
                    known = set()
                if not known and not any(_is_foreign(name) for name in own):
                    yield _Name(own, Span(run[at].start(), run[at + len(own) - 1].end()), own)
                    break
            if _is_foreign(word) and not (word in words.loans and opens(text, run[at])):
                yield _Name([word], Span(*run[at].span()), list(filter(_is_foreign, whole)))
            at += 1


def _is_addressed(text: str, start: int) -> bool:
    return _BEFORE_PERSON.search(text, max(0, start - 12), start) is not None


def _is_place(text: str, run: list[re.Match[str]]) -> bool:
    """Whether words are the name of a Vietnamese ward, street and the like: "huyện Đông Anh"."""
    start = run[0].start()
    return (
        1 < len(run) <= MAX_SYLLABLES
        and _BEFORE_PLACE.search(text, max(0, start - 10), start) is not None
        and all(plain(token[0]) in plain_syllables() for token in run)
    )


@lru_cache(maxsize=1 << 14)
def _is_foreign(word: str) -> bool:
    """Whether a word with a capital, in Vietnamese text, is a name that is copied."""
    low = plain(word)
    return len(low) >= MIN_CHARS and low not in plain_syllables() and not _VIETNAMESE.search(word)


def _english_side(text: str, runs: Iterable[Run]) -> Iterator[_Name]:
    """Each Vietnamese person, each name that is known to be copied."""
    for run in runs:
        at = 0
        while at < len(run):
            if run[at][0].lower() in common_english() and opens(text, run[at]):
                at += 1  # "In Nong Cong District"
                continue
            own = _vietnamese_name(text, run[at : at + MAX_SYLLABLES])
            if own and not _opens_sentence(text, run[at]):
                words = [token[0] for token in own]
                yield _Name(words, Span(own[0].start(), own[-1].end()), words)
            elif run[at][0] in certain_names():
                whole = [t[0] for t in run if t[0].lower() not in common_english()]
                yield _Name([run[at][0]], Span(*run[at].span()), whole)
            at += max(1, len(own))


def _vietnamese_name(text: str, run: list[re.Match[str]]) -> list[re.Match[str]]:
    """The words at the head of the run that are a Vietnamese name without marks, or none.

    Three syllables that begin with a surname, or two or more before "District" and the like.
    """
    own: list[re.Match[str]] = []
    for token in run:
        if plain(token[0]) not in plain_syllables():
            break
        own.append(token)
    if len(own) > 1 and _AFTER_PLACE.match(text, own[-1].end()):
        return own
    if 2 < len(own) < len(run) and own[-1][0].lower() in common_english():
        own.pop()  # "Thai Binh Lung Hospital"
    full = len(own) > 2 and plain(own[0][0]) in read_names().plain_surnames
    return own if full else []


def _opens_sentence(text: str, token: re.Match[str]) -> bool:
    """Whether a capital says nothing, since a sentence begins here; a full name says enough."""
    return not text[: token.start()].strip() and token[0] in {"The", "An", "La", "Do", "To"}


def is_in(name: Sequence[str], side: Side) -> bool:
    """Whether a side has a name, with or without marks, or spelt almost so."""
    words = [plain(word) for word in name]
    if len(words) > 1 and side.plain_words.issuperset(words):
        return True
    if "".join(words) in side.squeezed:
        # "Phung Xuan Nha" is not in "Phùng Xuân Nhật"; words of other languages have endings.
        return not _vietnamese_syllables().issuperset(words) or _stands_whole(words, side)
    if len(words) > 1:
        return False
    word = words[0]
    start = word[: max(MIN_CHARS, round(len(word) * SAME_PREFIX))]
    return any(
        other.startswith(start)
        or (len(other) > MIN_CHARS and word.startswith(other))
        or _is_misspelt(word, other)
        for other in side.plain_from(word)
    )


def _stands_whole(words: Sequence[str], side: Side) -> bool:
    """Whether words stand side by side or glued together, and not as parts of others."""
    between = "[^a-z0-9]*"
    pattern = rf"(?<![a-z0-9]){between.join(map(re.escape, words))}(?![a-z0-9])"
    return re.search(pattern, side.plain) is not None


def _is_misspelt(word: str, other: str) -> bool:
    """Whether two longer words are one name with a slip: Paolo and Paulo."""
    if min(len(word), len(other)) < MIN_MISSPELT_CHARS or abs(len(word) - len(other)) > 1:
        return False
    return SequenceMatcher(None, word, other, autojunk=False).ratio() >= SAME_LETTERS


def _finding(pair: Pair, span: Span, side: Side, severity: Severity) -> Finding:
    if side is pair.source:
        return lost(ID, span, side.text, NAME, severity)
    return added(ID, span, side.text, NAME, severity)


CHECK = Check(ID, "Are names of people and foreign names carried over?", _find)
