"""Do numbers keep their units and currencies?"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType

from service.article import Finding, Language, Severity, Span
from service.checks.base import Check, Kind, Pair, Side, added
from service.checks.vocabulary import read_table
from service.text.numerals import Number

ID = "units"
AMOUNT: Kind = ("số tiền", "amount")

# Without one of these a number means something else; other units may be understood.
MAX_NUMBERS = 200  # of a segment; one with more is none
_NEEDED = frozenset({"percent", "usd", "vnd", "eur", "gbp", "jpy", "cny"})
_RANGE_MARKS = frozenset(("-", "–", "đến", "to"))
_YEAR = re.compile(r"(?:19|20)\d\d")
# e.g. "VND15:00", of "từ 15h00": a time of day that was taken for a price
_PRICED_TIME = re.compile(
    r"(?:VN[DĐ]|USD|[$€£¥₫]) ?\d{1,2}(?: ?: ?| ?h ?)\d\d(?!\d)|\d{1,2}:\d\d ?VN[DĐ]"
)
_LOOK_CHARS = 20  # the longest unit and what stands between it and its number


@dataclass(frozen=True, slots=True)
class _Units:
    after: re.Pattern[str]
    before: re.Pattern[str]
    meanings: dict[str, frozenset[str]]  # by lower-case form


@cache
def _units(language: Language) -> _Units:
    table = read_table(language.value, "units.toml")
    meanings: dict[str, set[str]] = {}
    for place in ("after", "before"):
        for meaning, forms in table[place].items():
            for form in forms:
                meanings.setdefault(form.lower(), set()).add(meaning)
    refused = {form: _any_of(words) for form, words in table.get("not_before", {}).items()}
    after = _any_of([form for forms in table["after"].values() for form in forms], refused)
    before = _any_of([form for forms in table["before"].values() for form in forms])
    return _Units(
        # e.g. " km", "%", "-metre"
        re.compile(rf"[ -]?({after})(?!\w)", re.IGNORECASE),
        re.compile(rf"(?<!\w)({before}) ?$", re.IGNORECASE),
        {form: frozenset(own) for form, own in meanings.items()},
    )


def _any_of(forms: list[str], refused: Mapping[str, str] = MappingProxyType({})) -> str:
    """Any of the forms, the longest first; `refused` are words that must not follow a form."""
    own = sorted(forms, key=len, reverse=True)
    ends = (rf"(?! (?:{refused[form]})\b)" if form in refused else "" for form in own)
    return "|".join(re.escape(form) + end for form, end in zip(own, ends, strict=True))


@dataclass(frozen=True, slots=True)
class _Measure:
    """A number with its unit; no `meanings` where it stands without one."""

    keys: tuple[str, ...]
    span: Span
    meanings: frozenset[str]
    is_before: bool = False  # the unit stands before the number
    is_year: bool = False  # or may be one


def _find(pair: Pair) -> Iterator[Finding]:
    yield from _priced_times(pair)
    if not pair.source.numbers or not pair.target.numbers:
        return
    ours, theirs = list(_measures(pair.source)), list(_measures(pair.target))
    told: set[_Measure] = set()
    for measure in ours:
        if not measure.meanings:
            continue
        same = [other for other in theirs if set(other.keys) & set(measure.keys)]
        if not same or any(other.meanings & measure.meanings for other in same):
            continue
        if measure.meanings & _NEEDED or any(other.meanings for other in same):
            wrong = next((other for other in same if other.meanings), same[0])
            told.add(wrong)
            yield _finding(pair, measure, wrong)
    for other in theirs:
        same = [own for own in ours if own.meanings and set(own.keys) & set(other.keys)]
        if not other.meanings or not same or other in told:
            continue
        if not any(own.meanings & other.meanings for own in same):
            yield _finding(pair, same[0], other)


def _priced_times(pair: Pair) -> Iterator[Finding]:
    """Times of day that the target gives in money."""
    priced = list(_PRICED_TIME.finditer(pair.target.text))
    if not priced or _PRICED_TIME.search(pair.source.text):
        return
    for match in priced:
        yield added(ID, Span(*match.span()), pair.target.text, AMOUNT)


def _measures(side: Side) -> Iterator[_Measure]:
    """The numbers with their units; in a range the unit may stand once for both."""
    own = [_measure(side, number) for number in side.numbers[:MAX_NUMBERS]]
    for i, measure in enumerate(own):
        yield measure if measure.meanings else _ranged(measure, own[max(0, i - 1) : i + 2], side)


def _ranged(measure: _Measure, neighbours: Sequence[_Measure], side: Side) -> _Measure:
    """The measure with the unit of the other end of its range, if it is in one."""
    for other in neighbours:
        first, second = sorted((measure.span, other.span))
        if measure.is_year or side.text[first.end : second.start].strip() not in _RANGE_MARKS:
            continue
        # "$5 to 9 million" and "5 to 9 percent", but "73 % to 190 million trips".
        if other.is_before is (other.span == first):
            return replace(measure, meanings=other.meanings)
    return measure


def _measure(side: Side, number: Number) -> _Measure:
    units = _units(side.language)
    start, end = number.span.start, number.span.end
    after = units.after.match(side.text, end, end + _LOOK_CHARS)
    before = units.before.search(side.text, max(0, start - 5), start)
    meanings: frozenset[str] = frozenset()
    if before:
        start = before.start()
        meanings = units.meanings[before[1].lower()]
    if after:
        end = after.end()
        meanings |= units.meanings[after[1].lower()]
    is_year = _YEAR.fullmatch(number.span.of(side.text)) is not None
    return _Measure(number.keys, Span(start, end), meanings, before is not None, is_year)


def _finding(pair: Pair, measure: _Measure, other: _Measure) -> Finding:
    was, now = measure.span.of(pair.source.text), other.span.of(pair.target.text)
    return Finding(
        ID,
        Severity.MAJOR,
        f"“{was}” trong bản gốc thành “{now}” trong bản dịch: khác đơn vị.",
        f"“{was}” of the source is “{now}” in the translation: another unit.",
        measure.span,
        other.span,
    )


CHECK = Check(ID, "Do numbers keep their units and currencies?", _find)
