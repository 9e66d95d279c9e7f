"""Kinds of HTML elements."""

from typing import Any

Element = Any  # lxml has no types


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Never painted, or painted by scripts; form fields are no text.
INVISIBLE = _names(
    "script style noscript template head title meta link iframe object embed applet canvas svg "
    "math select option datalist textarea audio video map input button"
)
# These do not break a line; neither do elements that HTML does not know ("st1:place", "o:p").
INLINE = _names(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark nobr q "
    "rp rt ruby s samp small span strike strong sub sup time tt u var wbr"
)
HEADINGS = _names("h1 h2 h3 h4 h5 h6")
BOLD = _names("b strong th") | HEADINGS
ITALIC = _names("em i")
SCRIPT = _names("sub sup")
# No end tag, no text.
VOID = _names(
    "area base basefont bgsound br col command embed frame hr img input keygen link meta param "
    "source track wbr"
)
# An open one is closed by the next of its kind, so a run of them is not a nest.
CLOSED_BY_NEXT = _names("p li dt dd tr td th option thead tbody tfoot colgroup")
