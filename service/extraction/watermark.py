"""Which parts of a page two public extractors take for the article.

Each visible text node gets one private character with its number; what either extractor keeps then
tells exactly which nodes it kept. The character is neither a letter nor white space, so that it
does not change how the extractors judge the text.
"""

import logging
from collections.abc import Callable, Sequence
from copy import deepcopy

import readability
import trafilatura
from lxml import etree
from lxml import html as lxml_html

from service.errors import HtmlTooComplex
from service.extraction.elements import Element
from service.extraction.lines import TextNode

_FIRST = 0xF0000  # start of the supplementary private use planes
_IDLE_ATTRIBUTES = ("style", "onclick", "onmouseover", "onmouseout", "title", "width", "height")
MAX_NODES = 0x10FFFD - _FIRST
for _name in ("trafilatura", "readability", "htmldate"):
    logging.getLogger(_name).addHandler(logging.NullHandler())


def vote(
    root: Element, nodes: Sequence[TextNode], suffices: Callable[[frozenset[int]], bool]
) -> tuple[frozenset[int], frozenset[int]]:
    """The nodes that trafilatura keeps, and those that readability keeps. Changes the tree.

    Where readability's vote `suffices` it counts for both: on pages of half a megabyte the other
    takes twice as long as everything else.
    """
    if len(nodes) > MAX_NODES:
        raise HtmlTooComplex("The page has too many pieces of text. Paste the article's text.")
    for number, node in enumerate(nodes):
        _mark(node, chr(_FIRST + number))
    etree.strip_attributes(root, *_IDLE_ATTRIBUTES)
    by_readability = _readability(root)  # first: it works on a copy
    if suffices(by_readability):
        return by_readability, by_readability
    return _trafilatura(root), by_readability


def _mark(node: TextNode, mark: str) -> None:
    """Put the mark right before the first character, so that the white space stays."""
    text = node.element.tail if node.is_tail else node.element.text
    head = len(text) - len(text.lstrip())
    marked = text[:head] + mark + text[head:]
    if node.is_tail:
        node.element.tail = marked
    else:
        node.element.text = marked


def _trafilatura(root: Element) -> frozenset[int]:
    try:
        document = trafilatura.bare_extraction(
            root, fast=True, include_comments=False, with_metadata=False
        )
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  the other voter stands in
        return frozenset()
    if document is None or document.body is None:
        return frozenset()
    return _numbers("".join(document.body.itertext()))


class _Document(readability.Document):  # type: ignore[misc]  # it has no types
    """Readability on a page that needs no cleaning: `read_lines` has emptied what is not shown."""

    def _parse(self, page: Element) -> Element:
        self.encoding = "utf-8"
        return deepcopy(page)


def _readability(root: Element) -> frozenset[int]:
    try:
        summary = _Document(root).summary(html_partial=True)
        return _numbers("".join(lxml_html.fromstring(summary).itertext()))
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  the other voter stands in
        return frozenset()


def _numbers(text: str) -> frozenset[int]:
    return frozenset(ord(char) - _FIRST for char in text if char >= "\U000f0000")
