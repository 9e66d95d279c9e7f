"""A page's tree, made once and with no network."""

import re

from lxml import etree
from lxml import html as lxml_html

from service.errors import NoArticleFound
from service.extraction.elements import Element

# NUL and other controls that XML forbids, lone surrogates, non-characters, and the private planes
# that `watermark.py` writes with.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff\U000f0000-\U0010ffff]"
)


# One class for all elements: the default asks a Python function for each.
_CLASSES = etree.ElementDefaultClassLookup(element=lxml_html.HtmlElement)


def parse_page(html: str) -> Element:
    """The page's tree, without comments. Raises `NoArticleFound` where there is none."""
    parser = lxml_html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True
    )
    parser.set_element_class_lookup(_CLASSES)
    text = _FORBIDDEN.sub(" ", html)
    try:
        return lxml_html.document_fromstring(text.encode("utf-8"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise NoArticleFound from error
