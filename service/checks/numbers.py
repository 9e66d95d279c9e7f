"""Are all numbers there, with their values, and no others?"""

import re
from collections.abc import Iterator

from service.article import Finding, Language, Severity, Span
from service.checks.base import NUMBER, Check, Pair, Side, added, changed, lost
from service.text.numerals import Number

ID = "numbers"
_YEAR = re.compile(r"20\de1|20\d\de0|2e3")  # the keys of 2000 to 2099
_SIGN = re.compile(r"[£$€](m|bn)\b")  # e.g. "£m"
_SIGNS = {"m": ("triệu", "£m", "$m", "€m"), "bn": ("tỷ", "tỉ", "bn")}
_THIS_YEAR = {
    Language.VI: re.compile(r"\bnăm (?:nay|ngoái|trước|sau|tới)\b"),
    Language.EN: re.compile(r"\b(?:this|last|next|previous|following) year\b"),
}


def _find(pair: Pair) -> Iterator[Finding]:
    gone = list(_unmatched(pair.source, pair.target))
    new = list(_unmatched(pair.target, pair.source))
    yield from _lost_signs(pair)
    for was, now in zip(gone, new, strict=False):
        yield changed(ID, (was.span, now.span), pair, NUMBER)
    for number in gone[len(new) :]:
        yield lost(ID, number.span, pair.source.text, NUMBER, _weight(number, pair.target))
    for number in new[len(gone) :]:
        yield added(ID, number.span, pair.target.text, NUMBER, _weight(number, pair.source))


def _lost_signs(pair: Pair) -> Iterator[Finding]:
    """A column of millions, "£m", that is one of pounds in Vietnamese."""
    if pair.source.language is not Language.EN or pair.target.language is not Language.VI:
        return
    for match in _SIGN.finditer(pair.source.text):
        if not any(form in pair.target.lower for form in _SIGNS[match[1]]):
            yield lost(ID, Span(*match.span()), pair.source.text, NUMBER)


def _weight(number: Number, other: Side) -> Severity:
    """A year for "this year" and the like is noted only."""
    is_year = _YEAR.fullmatch(number.keys[0]) and _THIS_YEAR[other.language].search(other.lower)
    return Severity.MINOR if is_year else Severity.MAJOR


def _unmatched(side: Side, other: Side) -> Iterator[Number]:
    """The certain numbers of one side that the other side does not have."""
    for number in side.numbers:
        if side.owned[number.span.start]:
            continue
        if not number.certain or not other.figure_keys.isdisjoint(number.keys):
            continue
        if other.number_keys.isdisjoint(number.keys):
            yield number


CHECK = Check(ID, "Are all numbers there, with their values, and no others?", _find)
