"""Are the places, ministries and offices of the gazetteer on both sides?"""

from collections.abc import Iterator

from service.article import Finding, Span
from service.checks.base import NAME, Check, Pair, Side, added, lost
from service.checks.gazetteer import gazetteer
from service.text.phrases import fold
from service.text.syllables import strip_diacritics

ID = "places"


def _find(pair: Pair) -> Iterator[Finding]:
    vi, en = pair.by_language()
    if vi is None or en is None:
        return
    names = gazetteer()
    finding = lost if vi is pair.source else added
    for found in vi.gazetted:
        pattern = names.english[found.phrase]
        if pattern is None:
            continue
        if not pattern.search(en.plain) and names.squeezed[found.phrase] not in en.squeezed:
            yield finding(ID, found.span, vi.text, NAME)
    yield from _nouns(pair, vi, en)


def _nouns(pair: Pair, vi: Side, en: Side) -> Iterator[Finding]:
    """Provinces and countries of the English side that the Vietnamese does not have."""
    names = gazetteer()
    plain, seen = strip_diacritics(en.text), set()
    folded = fold(vi.text)
    finding = added if vi is pair.source else lost
    for match in names.nouns.finditer(plain):
        if match[0] not in seen and not names.asked[match[0]].search(folded):
            yield finding(ID, Span(*match.span()), en.text, NAME)
        seen.add(match[0])


CHECK = Check(ID, "Are places, ministries and offices carried over?", _find)
