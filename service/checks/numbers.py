"""Are all numbers there, with their values, and no others?"""

from collections.abc import Iterator

from service.article import Finding, Severity
from service.checks.base import Check, Pair, Side
from service.text.numerals import Number

ID = "numbers"


def _find(pair: Pair) -> Iterator[Finding]:
    lost = list(_unmatched(pair.source, pair.target))
    added = list(_unmatched(pair.target, pair.source))
    for old, new in zip(lost, added, strict=False):
        was, now = old.span.of(pair.source.text), new.span.of(pair.target.text)
        yield Finding(
            ID,
            Severity.MAJOR,
            f"Số “{was}” trong bản gốc thành “{now}” trong bản dịch.",
            f"The number “{was}” of the source is “{now}” in the translation.",
            old.span,
            new.span,
        )
    for old in lost[len(added) :]:
        was = old.span.of(pair.source.text)
        yield Finding(
            ID,
            Severity.MAJOR,
            f"Bản dịch thiếu số “{was}”.",
            f"The number “{was}” is missing from the translation.",
            source_span=old.span,
        )
    for new in added[len(lost) :]:
        now = new.span.of(pair.target.text)
        yield Finding(
            ID,
            Severity.MAJOR,
            f"Bản dịch có số “{now}” mà bản gốc không có.",
            f"The translation has the number “{now}”, which the source does not.",
            target_span=new.span,
        )


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
