"""From chosen lines to typed blocks."""

import re
from collections.abc import Sequence

from service.article import Block, BlockKind, Removal
from service.extraction.dates import read_date
from service.extraction.lines import Line
from service.extraction.metadata import Metadata
from service.extraction.selection import NUMBERED, Selection, link_share, signs_around

MAX_HEADING_CHARS = 250
MAX_META_LINE_CHARS = 120  # of a dateline or byline
MIN_TITLE_HEAD_CHARS = 20
_WORD = re.compile(r"\w+")


def find_title(lines: Sequence[Line], selection: Selection, metadata: Metadata) -> int | None:
    """The index of the page's title among its lines."""
    wanted = [_key(title) for title in metadata.titles]
    before = [
        (i, line)
        for i, line in enumerate(lines)
        if i <= selection.last and link_share(line) < 1 and len(line.text) <= MAX_HEADING_CHARS * 2
    ]
    for whole in (True, False):
        for want in wanted:
            same = [
                (i, line) for i, line in before if _is_title(_key(line.text), want, whole=whole)
            ]
            if same:
                nearest = min(same, key=lambda pair: abs(pair[0] - selection.first))
                return next((i for i, line in same if line.place.tag == "h1"), nearest[0])
    tops = [i for i, line in before if line.place.tag == "h1" and i <= selection.first + 3]
    return tops[-1] if tops else None


def make_blocks(
    lines: Sequence[Line], selection: Selection, metadata: Metadata
) -> tuple[list[Block], list[Removal]]:
    """The article's blocks in order, and every other visible line with its rule."""
    title = find_title(lines, selection, metadata)
    outer = signs_around(selection.region)
    blocks: list[Block] = []
    removed: list[Removal] = []
    for i, line in enumerate(lines):
        rule = selection.rules[i]
        signs = line.place.signs - outer
        kind = BlockKind.TITLE if i == title else _kind(line, signs)
        if title is not None and title < i < selection.first and rule == "outside-article":
            rule = None if kind in (BlockKind.DATELINE, BlockKind.BYLINE, BlockKind.LEAD) else rule
        if i == title or rule is None:
            blocks.append(Block(kind, line.text))
        else:
            removed.append(Removal(line.text, i + 1, rule))
    if title is None and metadata.titles:
        blocks.insert(0, Block(BlockKind.TITLE, metadata.titles[0]))
    return blocks, removed


def _kind(line: Line, signs: frozenset[str]) -> BlockKind:
    tag, text = line.place.tag, line.text
    if line.is_row:
        return BlockKind.TABLE_ROW
    if "caption" in signs or tag in ("figcaption", "caption"):
        return BlockKind.CAPTION
    if len(text) <= MAX_META_LINE_CHARS and "date" in signs and read_date(text):
        return BlockKind.DATELINE
    if len(text) <= MAX_META_LINE_CHARS and "byline" in signs:
        return BlockKind.BYLINE
    if tag in ("h1", "h2", "h3", "h4", "h5", "h6") and len(text) <= MAX_HEADING_CHARS:
        return BlockKind.HEADING
    if (
        NUMBERED.match(text)
        and len(text) <= MAX_HEADING_CHARS
        and line.emphasised_chars * 2 > len(text)
    ):
        return BlockKind.HEADING
    if "lead" in signs and len(text) > 40:
        return BlockKind.LEAD
    if line.place.in_list or tag in ("dt", "dd"):
        return BlockKind.LIST_ITEM
    return BlockKind.PARAGRAPH


def _is_title(key: str, want: str, *, whole: bool) -> bool:
    """Whether a line is the declared title, or its head before the site's name."""
    return key == want if whole else len(key) > MIN_TITLE_HEAD_CHARS and want.startswith(key)


def _key(text: str) -> str:
    """Letters and digits only, for comparing titles."""
    return " ".join(_WORD.findall(text.casefold()))
