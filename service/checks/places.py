"""Are the places, ministries and offices of the gazetteer on both sides?"""

from collections.abc import Iterator

from service.article import Finding, Severity, Span
from service.checks.base import Check, Pair, Side
from service.checks.gazetteer import gazetteer

ID = "places"


def _find(pair: Pair) -> Iterator[Finding]:
    vi, en = pair.by_language()
    if vi is None or en is None:
        return
    names = gazetteer()
    from_source = vi is pair.source
    for found in vi.gazetted:
        pattern = names.english[found.phrase]
        if pattern is None:
            continue
        if not pattern.search(en.plain) and names.squeezed[found.phrase] not in en.squeezed:
            yield _finding(vi, found.span, from_source=from_source)


def _finding(vi: Side, span: Span, *, from_source: bool) -> Finding:
    name = span.of(vi.text)
    if from_source:
        return Finding(
            ID,
            Severity.MAJOR,
            f"Bản dịch thiếu tên “{name}”.",
            f"The name “{name}” is missing from the translation.",
            source_span=span,
        )
    return Finding(
        ID,
        Severity.MAJOR,
        f"Bản dịch có tên “{name}” mà bản gốc không có.",
        f"The translation has the name “{name}”, which the source does not.",
        target_span=span,
    )


CHECK = Check(ID, "Are places, ministries and offices carried over?", _find)
