"""Are the places, ministries and offices of the gazetteer on both sides?"""

from collections.abc import Iterator

from service.article import Finding
from service.checks.base import Check, Pair, name_finding
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
            yield name_finding(ID, found.span, vi.text, in_source=from_source)


CHECK = Check(ID, "Are places, ministries and offices carried over?", _find)
