"""Official documents among the lines: head, title and foot are content, whatever they look like."""

from collections.abc import Sequence
from dataclasses import replace

from service.article import CELL_SEPARATOR, BlockKind
from service.stages.classify.units import Unit
from service.text.document_heads import has_motto, is_ruler, names_place, split_head
from service.text.documents import Part, find_frame
from service.text.lines import Line, is_list_item

DAY_RANK = 1  # of the day that a document was signed, among other dates of a page


def open_heads(lines: Sequence[Line]) -> list[Line]:
    """Lines that hold several parts of a document's head or foot, each part by itself.

    Two columns are copied as the cells of a row, or one behind the other.
    """
    opened: list[Line] = []
    below_motto = False
    for line in lines:
        pieces = split_head(line.text, below_motto=below_motto)
        opened += [_part(line, piece) for piece in pieces] if len(pieces) > 1 else [line]
        below_motto = has_motto(line.text) or (below_motto and len(pieces) > 1)
    return opened


def _part(line: Line, text: str) -> Line:
    """A part of a line; the lines that it was made of are told for each."""
    if is_ruler(text):
        return Line(text, ((line.number, text),))
    return replace(line, text=text)


def find_documents(units: Sequence[Unit]) -> list[Unit]:
    """The units with those of a document's frame fixed, and its title in one.

    What belongs to the site stays so: lines drawn with characters, buttons below the foot.
    """
    own = [unit for unit in units if not (unit.furniture and unit.furniture.place == "any")]
    frame = find_frame([CELL_SEPARATOR if u.furniture else u.text for u in own])
    if frame is None:
        return list(units)
    parts = {id(own[at]): part for at, part in frame.parts.items() if not own[at].furniture}
    title = [own[at] for at in frame.title]
    found: list[Unit] = []
    for unit in units:
        part = parts.get(id(unit))
        if (
            part is Part.HEAD
            and found
            and found[-1].fixed
            and names_place(found[-1].text, unit.text)
        ):
            found[-1] = _fixed(_joined([found[-1], unit]), part)
        elif part is not Part.TITLE:
            found.append(_fixed(unit, part) if part else unit)
        elif unit is title[0]:
            found.append(_fixed(_joined(title), part))
    return found


def _joined(units: Sequence[Unit]) -> Unit:
    line = Line(" ".join(u.text for u in units), tuple(p for u in units for p in u.line.parts))
    return replace(units[0], line=line, words=sum(unit.words for unit in units), prose=False)


def _fixed(unit: Unit, part: Part) -> Unit:
    if part is Part.CLOSING:
        return unit
    if part is Part.GROUNDS or (part is Part.FOOT and unit.text[0] not in "-–+"):
        kind = BlockKind.PARAGRAPH
    elif part is Part.FOOT or (part is Part.HEAD and unit.text[0] in "-–+"):
        kind = BlockKind.LIST_ITEM if is_list_item(unit.text) else BlockKind.PARAGRAPH
    elif part is Part.DAY:
        return replace(
            unit, fixed=True, kind=BlockKind.DATELINE, dates=unit.day is not None, rank=DAY_RANK
        )
    else:
        kind = BlockKind.TITLE if part is Part.TITLE else BlockKind.HEADING
    return replace(unit, fixed=True, kind=kind, caption=False)
