"""From lines to typed blocks: what each line of the article is."""

import re
from collections.abc import Sequence

from service.article import Block, BlockKind, Removal
from service.extraction.dates import read_date
from service.extraction.elements import HEADINGS
from service.extraction.lines import Line
from service.extraction.selection import NUMBERED, Selection, is_prose, link_share

MAX_HEADING_CHARS = 250
MAX_META_CHARS = 120  # of a dateline or byline
MAX_CAPTION_CHARS = 400
MIN_LEAD_CHARS = 60
MAX_NAMES_CHARS = 60  # of a byline at the end
MAX_ABOVE_LINES = 3  # between a dateline and the title under it
EMPHASIS_SHARE = 0.9  # of a line's characters that makes it bold or italic as a whole
# "Ảnh: TTXVN", "(Ảnh: Nguyễn Văn A)", "Photo: VNA" at the end of a line.
_CREDIT = re.compile(r"\(?\b(?:ảnh|nguồn ảnh|photo|image)s?\s?:\s?[^:]{2,60}$", re.IGNORECASE)
_ENTRY = re.compile(r"[a-zđ]{1,2}[).]|[-+•–]")  # "a) ", "- ": an entry, not the rest of a sentence
_ENDED = re.compile(r"[.!?…;:)\]\"'”’»]$")
# "Nguyễn Văn A", "Theo TTXVN", "PV - VGP": two to six words that start with capitals.
_NAMES = re.compile(r"(?:Theo |By )?[^\W\d_a-z][\w.]*(?:[ /&,-]{1,3}[^\W\d_a-z][\w.]*){1,5}")


def make_blocks(
    lines: Sequence[Line],
    selection: Selection,
    rules: Sequence[str | None],
    title: int | None,
) -> tuple[list[Block], list[Removal]]:
    """The article's blocks in order, and every other visible line with its rule.

    `rules` has the rule that takes out each line, or `None`; `title` is the index of the title.
    """
    kinds = {
        i: kind
        for i in range(len(lines))
        if (kind := _kind(i, lines, selection, rules[i], title)) is not None
    }
    _find_lead(lines, selection, kinds, title)
    _find_byline(lines, kinds)
    blocks: list[Block] = []
    for i, kind in kinds.items():
        if _goes_on(i, lines, kinds):
            blocks[-1] = Block(kind, f"{blocks[-1].text} {lines[i].text}")
        else:
            blocks.append(Block(kind, lines[i].text))
    removed = [
        Removal(line.text, i + 1, rules[i] or "outside-article")
        for i, line in enumerate(lines)
        if i not in kinds
    ]
    return blocks, removed


def _kind(
    i: int, lines: Sequence[Line], selection: Selection, rule: str | None, title: int | None
) -> BlockKind | None:
    """What a line is; `None` for what is not of the article."""
    line, signs = lines[i], selection.signs[i]
    if i == title:
        return BlockKind.TITLE
    meta = _meta_kind(line, signs)
    if rule is not None:
        is_head = title is not None and _is_head(i, title, selection.first)
        return meta if is_head and rule in ("outside-article", "above-title", "links") else None
    near_title = title is not None and title < i <= selection.first + MAX_ABOVE_LINES
    if meta in (BlockKind.DATELINE, BlockKind.BYLINE) and (near_title or signs):
        return meta
    return _body_kind(line, selection.tags[i], signs)


def _is_head(i: int, title: int, first: int) -> bool:
    """Whether a line stands where date, author and lead do: around the title."""
    return title - MAX_ABOVE_LINES <= i < title or title < i < first


def _meta_kind(line: Line, signs: frozenset[str]) -> BlockKind | None:
    if len(line.text) <= MAX_META_CHARS:
        if read_date(line.text) and not is_prose(line):
            return BlockKind.DATELINE
        if "byline" in signs:
            return BlockKind.BYLINE
    if "lead" in signs and len(line.text) >= MIN_LEAD_CHARS and not link_share(line):
        return BlockKind.LEAD
    return None


def _body_kind(line: Line, tag: str, signs: frozenset[str]) -> BlockKind:
    if line.is_row:
        return BlockKind.TABLE_ROW
    if tag in ("figcaption", "caption") or "caption" in signs or _is_caption(line):
        return BlockKind.CAPTION
    if len(line.text) <= MAX_HEADING_CHARS:
        is_bold = line.emphasised_chars >= EMPHASIS_SHARE * len(line.text.replace(" ", ""))
        if tag in HEADINGS or (is_bold and NUMBERED.match(line.text)):
            return BlockKind.HEADING
    return BlockKind.LIST_ITEM if tag in ("li", "dt", "dd") else BlockKind.PARAGRAPH


def _is_caption(line: Line) -> bool:
    """Whether a line under an image tells what it shows: by its credit, its cell, its type."""
    if len(line.text) > MAX_CAPTION_CHARS:
        return False
    if line.image is None:
        return len(line.text) <= MAX_META_CHARS and bool(_CREDIT.match(line.text))
    if _CREDIT.search(line.text):
        return True
    table = next(line.image.iterancestors("table"), None)
    if table is not None and table in line.place.block.iterancestors("table"):
        return sum(len(text) for text in table.itertext()) <= 2 * MAX_CAPTION_CHARS
    return line.place.alignment == "center" and is_emphasised(line)


def is_emphasised(line: Line) -> bool:
    """Whether nearly all of a line is bold or italic."""
    return line.emphasised_chars >= EMPHASIS_SHARE * sum(chars for _, chars in line.nodes)


def _find_lead(
    lines: Sequence[Line],
    selection: Selection,
    kinds: dict[int, BlockKind],
    title: int | None,
) -> None:
    """The first prose under the title is the lead where it stands out from what follows."""
    if title is None or BlockKind.LEAD in kinds.values():
        return
    opening = [
        i for i, kind in kinds.items()
        if i > title and kind in (BlockKind.PARAGRAPH, BlockKind.HEADING)
    ][:2]  # fmt: skip
    if len(opening) < 2 or len(lines[opening[0]].text) < MIN_LEAD_CHARS:
        return
    head, following = lines[opening[0]], lines[opening[1]]
    stands_out = is_emphasised(head) or "lead" in selection.signs[opening[0]]
    if stands_out and not is_emphasised(following) and not NUMBERED.match(head.text):
        kinds[opening[0]] = BlockKind.LEAD


def _find_byline(lines: Sequence[Line], kinds: dict[int, BlockKind]) -> None:
    """A name alone at the article's end, set to the right or in bold, is who wrote it."""
    last = next(reversed(kinds))
    line = lines[last]
    is_set_apart = line.place.alignment == "right" or is_emphasised(line)
    is_short = kinds[last] is BlockKind.PARAGRAPH and len(line.text) <= MAX_NAMES_CHARS
    if is_short and is_set_apart and _NAMES.fullmatch(line.text):
        kinds[last] = BlockKind.BYLINE


def _goes_on(i: int, lines: Sequence[Line], kinds: dict[int, BlockKind]) -> bool:
    """Whether a line is the rest of a sentence that a line break cut, as typewriters did."""
    line, before = lines[i], lines[i - 1] if i else None
    return (
        line.after_break
        and before is not None
        and kinds.get(i - 1) is kinds[i]
        and before.place.block is line.place.block
        and line.text[0].islower()
        and not _ENTRY.match(line.text)
        and not _ENDED.search(before.text)
    )
