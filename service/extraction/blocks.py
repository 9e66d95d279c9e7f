"""From lines to typed blocks: what each line of the article is."""

import re
from collections.abc import Collection, Sequence

from service.article import Block, BlockKind, Removal
from service.extraction.dates import read_date
from service.extraction.elements import HEADINGS
from service.extraction.lines import Line
from service.extraction.selection import (
    FURNITURE_SIGNS,
    NUMBERED,
    Selection,
    is_prose,
    link_share,
)

MAX_HEADING_CHARS = 250
MAX_LABEL_CHARS = 120  # of a heading that is only set in bold
MAX_META_CHARS = 120  # of a dateline or byline
MAX_CAPTION_CHARS = 400
MIN_LEAD_CHARS = 60
MAX_NAME_WORDS = 10
MAX_HEAD_LINES = 3  # of the article proper, among which date and author may stand
MAX_ABOVE_LINES = 3  # between a dateline and the title under it, or the end and the author
WHOLE_SHARE = 0.9  # of a line's characters that makes it bold or italic as a whole
# "Ảnh: TTXVN", "(Ảnh: Nguyễn Văn A)", "Photo: VNA" at the end of a line.
_CREDIT = re.compile(r"\(?\b(?:ảnh|nguồn ảnh|photo|image)s?\s?:\s?[^:]{2,60}$", re.IGNORECASE)
_ENTRY = re.compile(r"[a-zđ]{1,2}[).]|[-+•–]")  # "a) ", "- ": an entry, not the rest of a sentence
_ENDED = re.compile(r"[.!?…;:)\]\"'”’»]$")
# "By ", "Tác giả: ", "Bài và ảnh: " before the names of those who wrote.
_BY = re.compile(
    r"(?:written by|by|theo|tác giả|bài(?: và|,)? ảnh|bài|thực hiện|author)\s?:?\s", re.IGNORECASE
)
_JOINS = frozenset({"and", "và", "&", "-", "–", "|", "/"})


def make_blocks(
    lines: Sequence[Line],
    selection: Selection,
    rules: Sequence[str | None],
    title: int | None,
    keep: Collection[int] = (),
) -> tuple[list[Block], list[Removal]]:
    """The article's blocks in order, and every other visible line with its rule.

    `rules` has the rule that takes out each line, or `None`; `title` is the index of the title;
    `keep` numbers from 1 the lines that were put back.
    """
    kinds: dict[int, BlockKind] = {}
    for i, line in enumerate(lines):
        if i == title:
            kinds[i] = BlockKind.TITLE
        elif i + 1 in keep:
            kinds[i] = BlockKind.PARAGRAPH
        elif rules[i] is None:
            kinds[i] = _body_kind(i, line, selection, title)
        elif title is not None and (kind := _border_kind(i, line, selection, rules[i], title)):
            kinds[i] = kind
    _drop_extra_names(rules, kinds)
    _find_lead(lines, selection, kinds, title)
    _find_byline(lines, kinds)
    _find_headings(lines, kinds)
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


def _body_kind(i: int, line: Line, selection: Selection, title: int | None) -> BlockKind:
    """What a line of the article is."""
    signs, tag = selection.signs[i], selection.tags[i]
    if line.is_row:
        return BlockKind.TABLE_ROW
    if tag in ("figcaption", "caption") or "caption" in signs or _is_caption(line):
        return BlockKind.CAPTION
    at_head = title is not None and title < i <= selection.first + MAX_HEAD_LINES
    if at_head and _is_date(line):
        return BlockKind.DATELINE
    if _is_byline(line, signs):
        return BlockKind.BYLINE
    is_heading = tag in HEADINGS or (is_bold(line) and NUMBERED.match(line.text))
    if is_heading and len(line.text) <= MAX_HEADING_CHARS:
        return BlockKind.HEADING
    return BlockKind.LIST_ITEM if tag in ("li", "dt", "dd") else BlockKind.PARAGRAPH


def _border_kind(
    i: int, line: Line, selection: Selection, rule: str | None, title: int
) -> BlockKind | None:
    """What a line is that extractors pass over at the article's head and foot; `None`: nothing."""
    signs = selection.signs[i]
    if line.is_row:
        return None
    if rule not in ("outside-article", "above-title", "links") or signs & FURNITURE_SIGNS:
        return None
    above, below = title - MAX_ABOVE_LINES <= i < title, title < i < selection.first
    if below and ("caption" in signs or selection.tags[i] == "figcaption"):
        return BlockKind.CAPTION
    behind = selection.last < i <= selection.last + MAX_ABOVE_LINES
    if (above or below) and _is_date(line):
        return BlockKind.DATELINE
    if (below or behind) and _is_byline(line, signs):
        return BlockKind.BYLINE
    is_lead = "lead" in signs and len(line.text) >= MIN_LEAD_CHARS
    is_said = is_prose(line) and (selection.votes[i] > 0 or selection.tags[i] in HEADINGS)
    return BlockKind.LEAD if below and (is_lead or is_said) and not link_share(line) else None


def _is_date(line: Line) -> bool:
    is_short = len(line.text) <= MAX_META_CHARS and not is_prose(line)
    return is_short and read_date(line.text) is not None


def _is_byline(line: Line, signs: frozenset[str]) -> bool:
    return "byline" in signs and len(line.text) <= MAX_META_CHARS and is_names(line.text)


def _is_caption(line: Line) -> bool:
    """Whether a line under an image tells what it shows: by its credit, its cell, its type."""
    if len(line.text) > MAX_CAPTION_CHARS:
        return False
    if line.image is None:
        return len(line.text) <= MAX_META_CHARS and bool(_CREDIT.match(line.text))
    if _CREDIT.search(line.text):
        return True
    table = line.image.table
    if table is not None and table is line.place.table:
        return sum(len(text) for text in table.itertext()) <= 2 * MAX_CAPTION_CHARS
    return line.place.alignment == "center" and (is_bold(line) or is_italic(line))


def is_bold(line: Line) -> bool:
    """Whether nearly all of a line is bold."""
    return line.bold_chars >= WHOLE_SHARE * sum(chars for _, chars in line.nodes)


def is_italic(line: Line) -> bool:
    """Whether nearly all of a line is italic."""
    return line.italic_chars >= WHOLE_SHARE * sum(chars for _, chars in line.nodes)


def _drop_extra_names(rules: Sequence[str | None], kinds: dict[int, BlockKind]) -> None:
    """Of authors outside the article proper only the first: behind it stand lists of authors."""
    bylines = [i for i, kind in kinds.items() if kind is BlockKind.BYLINE]
    for i in bylines[1:]:
        if rules[i] is not None:
            del kinds[i]


def _find_lead(
    lines: Sequence[Line],
    selection: Selection,
    kinds: dict[int, BlockKind],
    title: int | None,
) -> None:
    """The first prose under the title is the lead where it stands out from what follows."""
    if title is None or BlockKind.LEAD in kinds.values():
        return
    texts = (BlockKind.PARAGRAPH, BlockKind.HEADING)
    opening = [i for i, kind in kinds.items() if i > title and kind in texts][:2]
    if len(opening) < 2 or len(lines[opening[0]].text) < MIN_LEAD_CHARS:
        return
    head, following = lines[opening[0]], lines[opening[1]]
    stands_out = is_bold(head) or is_italic(head) or "lead" in selection.signs[opening[0]]
    goes_on = is_bold(following) or is_italic(following) or NUMBERED.match(head.text)
    if stands_out and not goes_on:
        kinds[opening[0]] = BlockKind.LEAD


def _find_byline(lines: Sequence[Line], kinds: dict[int, BlockKind]) -> None:
    """A name alone at the article's end, set to the right or in bold, is who wrote it."""
    numbered = sum(bool(NUMBERED.match(lines[i].text)) for i in kinds)
    if not kinds or numbered > 1:
        return  # who signs a law is no author
    last = next(reversed(kinds))
    line = lines[last]
    is_apart = line.place.alignment == "right" or is_bold(line) or is_italic(line)
    if kinds[last] is BlockKind.PARAGRAPH and is_apart and is_names(line.text):
        kinds[last] = BlockKind.BYLINE


def _find_headings(lines: Sequence[Line], kinds: dict[int, BlockKind]) -> None:
    """A label in bold with prose under it is a heading."""
    under = False  # prose stands under this line, with at most labels between
    for i in reversed(kinds):
        line = lines[i]
        if kinds[i] is not BlockKind.PARAGRAPH:
            under = under or kinds[i] in (BlockKind.LIST_ITEM, BlockKind.TABLE_ROW)
        elif not is_bold(line) or len(line.text) > MAX_LABEL_CHARS:
            under = under or is_prose(line)
        elif under and not line.text.endswith((".", ";", ",", "”", '"')):
            kinds[i] = BlockKind.HEADING


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


def strip_by(text: str) -> str:
    """The names of a byline without what stands before them.

    >>> strip_by("Bài và ảnh: Đỗ Văn An"), strip_by("By Tom Lee"), strip_by("Bá Đô")
    ('Đỗ Văn An', 'Tom Lee', 'Bá Đô')
    """
    return _BY.sub("", text, count=1) if _BY.match(text) else text


def is_names(text: str) -> bool:
    """Whether a line is names of people or agencies: words with capitals, or with "By" before.

    >>> is_names("Bài và ảnh: Đỗ Văn An"), is_names("Theo TTXVN"), is_names("Tom Lee and Ann Roe")
    (True, True, True)
    >>> is_names("Copy link"), is_names("Facebook"), is_names("Ông nói.")
    (False, False, False)
    """
    words = strip_by(text).replace(",", " ").split()
    capitals = [word for word in words if word[0].isupper()]
    is_all = len(capitals) + sum(word in _JOINS for word in words) == len(words)
    said = bool(_BY.match(text)) or len(capitals) > 1
    return is_all and said and len(capitals) > 0 and len(words) <= MAX_NAME_WORDS
