"""Do brackets and quotation marks come in pairs, as in the source?"""

import re
from collections.abc import Iterator

from service.article import Finding, Severity, Span
from service.checks.base import Check, Pair

ID = "punctuation"
_PAIRS = {"(": ")", "[": "]", "{": "}", "«": "»"}
_QUOTES = re.compile('["“”]')


def _find(pair: Pair) -> Iterator[Finding]:
    source, target = pair.source.text, pair.target.text
    yield from _quotes(pair)
    for opening, closing in _PAIRS.items():
        if _excess(source, opening, closing) == _excess(target, opening, closing):
            continue
        at = max(target.rfind(opening), target.rfind(closing))
        yield Finding(
            ID,
            Severity.MINOR,
            f"Dấu {opening}{closing} trong bản dịch không thành cặp.",
            f"The marks {opening}{closing} of the translation are not in pairs.",
            target_span=Span(at, at + 1) if at >= 0 else None,
        )


def _quotes(pair: Pair) -> Iterator[Finding]:
    """A quotation mark that lost its partner, whichever kind of marks the two texts use."""
    marks = list(_QUOTES.finditer(pair.target.text))
    theirs = len(_QUOTES.findall(pair.source.text))
    if len(marks) % 2 == theirs % 2:
        return
    if len(marks) % 2:
        yield Finding(
            ID,
            Severity.MINOR,
            "Dấu ngoặc kép trong bản dịch không thành cặp.",
            "The quotation marks of the translation are not in pairs.",
            target_span=Span(*marks[-1].span()),
        )
    elif len(marks) < theirs:
        yield Finding(
            ID,
            Severity.MINOR,
            "Bản dịch thiếu một dấu ngoặc kép của bản gốc.",
            "A quotation mark of the source is missing from the translation.",
        )


def _excess(text: str, opening: str, closing: str) -> int:
    """How many marks open and are not closed; below 0 where they close what was not opened."""
    return text.count(opening) - text.count(closing)


CHECK = Check(ID, "Do brackets and quotation marks come in pairs?", _find)
