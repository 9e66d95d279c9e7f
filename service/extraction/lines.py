"""The visible text of a page, line by line, each line with what its place in the page tells."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

from service.article import CELL_SEPARATOR
from service.extraction.elements import BOLD, INLINE, INVISIBLE, ITALIC, SCRIPT, Element
from service.extraction.places import Place, place_of

_SPACES = re.compile(r"\s+")
# "display: none", "visibility:hidden" in a style attribute.
_HIDDEN = re.compile(r"display\s{0,9}:\s{0,9}none|visibility\s{0,9}:\s{0,9}hidden", re.IGNORECASE)
MAX_CELL_CHARS = 1_000  # a longer cell is a column of the page's layout, not of a table


@dataclass(slots=True)
class TextNode:
    """A visible piece of text in the tree: an element's text, or the tail after it."""

    element: Element
    is_tail: bool


@dataclass(slots=True)
class Line:
    """One visible line; `nodes` are its pieces of text as (index of the node, characters)."""

    text: str
    place: Place
    nodes: list[tuple[int, int]]
    link_chars: int
    bold_chars: int
    italic_chars: int
    image: Place | None  # of the last image before it, if it came since the line before
    after_break: bool  # stands after a <br>, not at the head of its element
    is_row: bool  # of a data table


def read_lines(root: Element) -> tuple[list[Line], list[TextNode]]:
    """All visible lines of a page in document order, and the text nodes that they are made of.

    Empties what is never painted, and turns the tables that only lay out the page into plain
    divisions: extractors lose a law's headings in them.
    """
    walk = _Walk()
    walk.read(root)
    for element in walk.unseen:
        element.clear(keep_tail=True)  # not dropped: the tail is a node of its own
        element.tag = "span"
    _unfold_tables(walk.layout)
    return walk.lines, walk.nodes


class _Walk:
    """One pass over the tree; state is what is open at the moment."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.nodes: list[TextNode] = []
        self.unseen: list[Element] = []
        self.layout: list[Element] = []  # tables that only place the page's parts
        self._pieces: list[str] = []
        self._line_nodes: list[tuple[int, int]] = []
        self._links = self._bolds = self._italics = 0  # open elements
        self._link_chars = self._bold_chars = self._italic_chars = 0
        self._is_script = False  # a sub- or superscript was opened or closed last
        self._break = False
        self._image: Place | None = None
        self._row = False  # inside a row of a data table
        self._table: Element | None = None  # open data table
        self._places: list[Place] = [Place()]
        self._place: Place | None = None  # of the line's first text

    def read(self, root: Element) -> None:
        walker = etree.iterwalk(root, events=("start", "end"))
        skipped: Element | None = None
        for event, element in walker:
            tag = element.tag
            if event == "start":
                if not isinstance(tag, str) or tag in INVISIBLE or _is_hidden(element):
                    walker.skip_subtree()
                    if isinstance(tag, str):
                        self.unseen.append(element)
                    skipped = element
                    continue
                self._open(element, tag)
                self._add(element, element.text, is_tail=False)
            else:
                if element is skipped:
                    skipped = None
                else:
                    self._close(element, tag)
                self._add(element, element.tail, is_tail=True)
        self._flush()

    def _open(self, element: Element, tag: str) -> None:
        if _is_link(element, tag):
            self._links += 1
        self._bolds += tag in BOLD
        self._italics += tag in ITALIC
        self._is_script = tag in SCRIPT
        if tag == "br":
            self._break_line(after_break=True)
        elif tag == "img":
            self._image = self._places[-1]
        elif tag in ("td", "th") and self._row:
            self._pieces.append(CELL_SEPARATOR)
        elif not _is_inline(tag):
            self._break_line(after_break=False)
            if tag == "table" and self._table is None:
                if is_data_table(element):
                    self._table = element
                else:
                    self.layout.append(element)
            if tag == "tr" and self._table is not None:
                self._flush()
                self._row = True
        self._places.append(place_of(element, tag, self._places[-1], inline=_is_inline(tag)))

    def _close(self, element: Element, tag: str) -> None:
        if _is_link(element, tag):
            self._links -= 1
        self._bolds -= tag in BOLD
        self._italics -= tag in ITALIC
        self._is_script = tag in SCRIPT
        if not _is_inline(tag) and tag != "br" and not (self._row and tag in ("td", "th")):
            if tag == "tr" and self._row:
                self._flush()
                self._row = False
            else:
                self._break_line(after_break=False)
            if element is self._table:
                self._table = None
        self._places.pop()

    def _break_line(self, *, after_break: bool) -> None:
        if self._row:
            self._pieces.append(" ")
        else:
            self._flush()
            self._break = after_break

    def _add(self, element: Element, text: str | None, *, is_tail: bool) -> None:
        if not text:
            return
        if text.isspace():
            self._pieces.append(" ")
            return
        if self._place is None:
            self._place = self._places[-1]
        self.nodes.append(TextNode(element, is_tail))
        if self._pieces and not self._is_script and _is_glued(self._pieces[-1], text):
            self._pieces.append(" ")
        chars = len(text.strip())
        self._line_nodes.append((len(self.nodes) - 1, chars))
        if self._links:
            self._link_chars += chars
        if self._bolds:
            self._bold_chars += chars
        if self._italics:
            self._italic_chars += chars
        if self._places[-1].preformatted and not self._row:
            first, *others = text.split("\n")
            self._pieces.append(first)
            for other in others:
                self._flush()
                self._line_nodes.append((len(self.nodes) - 1, chars))
                self._pieces.append(other)
        else:
            self._pieces.append(text if not self._row else collapse(text, keep_ends=True))

    def _flush(self) -> None:
        joined = "".join(self._pieces)
        if self._row:
            cells = [collapse(cell) for cell in joined.split(CELL_SEPARATOR)[1:]]
            text = CELL_SEPARATOR.join(cells) if any(cells) else ""
            text = text if sum(map(bool, cells)) > 1 else text.strip()
        else:
            text = collapse(joined)
        if text:
            self.lines.append(
                Line(
                    text=text,
                    place=self._place or self._places[-1],
                    nodes=self._line_nodes,
                    link_chars=self._link_chars,
                    bold_chars=self._bold_chars,
                    italic_chars=self._italic_chars,
                    after_break=self._break,
                    image=self._image,
                    is_row=self._row and CELL_SEPARATOR in text,
                )
            )
            self._image = None
        self._pieces, self._line_nodes = [], []
        self._link_chars = self._bold_chars = self._italic_chars = 0
        self._break = False
        self._place = None


def _unfold_tables(tables: Sequence[Element]) -> None:
    for table in tables:
        table.tag = "div"
        waiting = list(table)
        while waiting:
            part = waiting.pop()
            if part.tag in _TABLE_PARTS:
                part.tag = "div"
                waiting += part


_TABLE_PARTS = frozenset({"tbody", "thead", "tfoot", "tr", "td", "th"})


def is_data_table(table: Element) -> bool:
    """Whether a table holds data, and not the layout of the page around its text.

    Data has at least two rows of two or more filled cells, no table inside, no long cell.
    """
    if next(table.iterdescendants("table"), None) is not None:
        return False
    full_rows = 0
    for row in table.iterdescendants("tr"):
        cells = [_cell_chars(cell) for cell in row if cell.tag in ("td", "th")]
        if any(chars > MAX_CELL_CHARS for chars in cells):
            return False
        full_rows += sum(chars > 0 for chars in cells) > 1
    return full_rows > 1


def _is_glued(before: str, after: str) -> bool:
    """Whether two elements that style sheets set apart would run into one word.

    >>> _is_glued("Hà Nội", "Tám"), _is_glued("Việt Nam", "18/03"), _is_glued("Đ", "iều")
    (True, True, False)
    """
    if before[-1].islower():
        return after[0].isupper() or (after[0].isdigit() and before[-3:].isalpha())
    ends = before[-1].isdigit() or before[-1] == ")"
    return ends and after[0].isupper() and after[1:2].islower()


def _is_link(element: Element, tag: str) -> bool:
    """Whether the element leads somewhere; `<a name="dieu_1">` only names a place."""
    return tag == "a" and "href" in element.attrib


def _is_inline(tag: str) -> bool:
    return tag in INLINE or ":" in tag  # "o:p", "st1:place" of office programs


def _cell_chars(cell: Element) -> int:
    return sum(len(text.strip()) for text in cell.itertext())


def _is_hidden(element: Element) -> bool:
    if element.get("hidden") is not None:
        return True
    style = element.get("style", "")[:1000]
    told = "none" in style or "hidden" in style or not style.islower()  # cheaper than to search
    return bool(style and told and _HIDDEN.search(style))


def collapse(text: str, *, keep_ends: bool = False) -> str:
    """One space for each run of white space; none at the ends unless they are kept."""
    text = _SPACES.sub(" ", text)
    return text if keep_ends else text.strip()
