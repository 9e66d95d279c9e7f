"""Pasted text in, typed blocks and an account of every line that was taken out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from service.article import CELL_SEPARATOR, Article, Block, BlockKind, Removal
from service.rules import FurnitureRule, Place, load_furniture, load_sites
from service.text.dates import read_date_line
from service.text.furniture import is_caption, read_byline, read_person
from service.text.lines import (
    Line,
    bare,
    count_words,
    ends_sentence,
    is_list_item,
    is_prose,
    split_lines,
)


def classify(text: str) -> Article:
    """Tell what each line of `text` is to the article; drop what belongs to the site.

    `text` is repaired: NFC, line ends as newlines, no control characters.
    """
    lines = split_lines(text)
    seen = _look(lines)
    body = _find_body(seen)
    marked = _mark(seen, body)
    blocks = tuple(_blocks(marked))
    removed = tuple(
        Removal(item.line.text, item.line.numbers[0], item.drop) for item in marked if item.drop
    )
    published = next((i.published for i in marked if i.published), None)
    byline = next((i.byline for i in marked if i.byline and not i.drop), None)
    return Article(blocks, removed, published=published, byline=byline)


@dataclass(frozen=True, slots=True)
class Seen:
    line: Line
    prose: bool
    rule: FurnitureRule | None
    kind: BlockKind | None = None
    drop: str = ""
    published: date | None = None
    byline: str | None = None


def _look(lines: Sequence[Line]) -> list[Seen]:
    furniture = load_furniture()
    seen = []
    for line in lines:
        rule = furniture.find(bare(line.text)) if len(line.text) <= 400 else None
        seen.append(Seen(line, is_prose(line.text), rule))
    return seen


def _find_body(seen: Sequence[Seen]) -> range:
    anchors = [i for i, s in enumerate(seen) if s.prose and s.rule is None]
    if not anchors:
        anchors = [i for i, s in enumerate(seen) if ends_sentence(s.line.text) and s.rule is None]
    if not anchors:
        return range(len(seen))
    return range(anchors[0], anchors[-1] + 1)


def _date_of(text: str) -> date | None:
    if len(text) > 100:
        return None
    found = read_date_line(text)
    if found is None:
        return None
    half = found.rest[: len(found.rest) // 2]
    known = load_sites().names | load_sites().agencies
    doubled = found.rest == half * 2
    return found.day if not found.rest or doubled or found.rest.casefold() in known else None


def _mark(seen: list[Seen], body: range) -> list[Seen]:
    out: list[Seen] = []
    title_at = _find_title(seen, body)
    opened = ""
    for i, s in enumerate(seen):
        text = s.line.text
        inside = i in body
        place = Place.HEAD if i < body.start else Place.TAIL
        day = None if inside and i > body.start + 2 else _date_of(text)
        if i == title_at:
            out.append(replace(s, kind=BlockKind.TITLE))
            continue
        if day:
            out.append(replace(s, drop="date-line", published=day))
            continue
        if s.rule and (
            s.rule.place is Place.ANY or (not inside and s.rule.place in (Place.EDGE, place))
        ):
            out.append(replace(s, drop=s.rule.name))
            opened = s.rule.name if s.rule.opens or not inside else opened
            continue
        if (
            place is Place.TAIL
            and not inside
            and not opened
            and (who := read_byline(text) or read_person(text))
        ):
            out.append(replace(s, kind=BlockKind.BYLINE, byline=who))
            continue
        linky = not ends_sentence(text)
        if inside and s.prose:
            opened = ""
        if opened and linky and (not inside or count_words(text) >= 7):
            if i > body.start:
                out.append(replace(s, drop=f"listed-under:{opened}"))
                continue
        if i < (title_at or 0) and count_words(text) <= 4:
            out.append(replace(s, drop="menu-line"))
            continue
        out.append(replace(s, kind=_kind(s, inside)))
    return out


def _find_title(seen: Sequence[Seen], body: range) -> int | None:
    heads = [
        i for i in range(body.start) if seen[i].rule is None and _date_of(seen[i].line.text) is None
    ]
    return max(heads, key=lambda i: min(count_words(seen[i].line.text), 8), default=None)


def _kind(s: Seen, inside: bool) -> BlockKind:
    text = s.line.text
    if CELL_SEPARATOR in text:
        return BlockKind.TABLE_ROW
    if is_caption(text):
        return BlockKind.CAPTION
    if is_list_item(text):
        return BlockKind.LIST_ITEM
    if inside and not s.prose and not ends_sentence(text) and count_words(text) <= 20:
        return BlockKind.HEADING
    return BlockKind.PARAGRAPH


def _blocks(marked: Sequence[Seen]) -> list[Block]:
    return [Block(s.kind, s.line.text) for s in marked if s.kind and not s.drop]
