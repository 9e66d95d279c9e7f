"""Are all numbers there, with their values, and no others?"""

from collections.abc import Iterator

from service.article import Finding
from service.checks.base import NUMBER, Check, Pair, Side, added, changed, lost
from service.text.numerals import Number

ID = "numbers"


def _find(pair: Pair) -> Iterator[Finding]:
    gone = list(_unmatched(pair.source, pair.target))
    new = list(_unmatched(pair.target, pair.source))
    for was, now in zip(gone, new, strict=False):
        yield changed(ID, (was.span, now.span), pair, NUMBER)
    for number in gone[len(new) :]:
        yield lost(ID, number.span, pair.source.text, NUMBER)
    for number in new[len(gone) :]:
        yield added(ID, number.span, pair.target.text, NUMBER)


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
