"""What stands between quotation marks, and what round it."""

import re
from collections.abc import Iterator

from service.article import Span

# “…”, «…», "…"; a sentence may have the one mark or the other only
_QUOTE = re.compile(r"“[^“”]*(?:”|$)|«[^«»]*(?:»|$)|(?<!\w)\"[^\"]*(?:\"|$)")
_CLOSED = re.compile(r"[^“”«»\"]*(?:[”»]|\"(?!\w))")  # from the start: '… in 2026.”'


def find_quotes(text: str) -> Iterator[Span]:
    """The quotations of a text with their marks, in order.

    >>> text = "Bà nói: “We are proud.” Rồi bà đi."
    >>> [span.of(text) for span in find_quotes(text)]
    ['“We are proud.”']
    >>> [span.of("in 2026,” bà nói") for span in find_quotes("in 2026,” bà nói")]
    ['in 2026,”']
    """
    at = 0
    closed = _CLOSED.match(text)
    if closed:
        at = closed.end()
        yield Span(0, at)
    for match in _QUOTE.finditer(text, at):
        yield Span(*match.span())


def outside_quotes(text: str) -> str:
    """The text without its quotations.

    >>> outside_quotes("Bà nói: “We are proud.” Rồi bà đi.")
    'Bà nói:   Rồi bà đi.'
    """
    pieces, at = [], 0
    for span in find_quotes(text):
        pieces.append(text[at : span.start])
        at = span.end
    return " ".join([*pieces, text[at:]])
