"""Official documents among the lines: head, title and foot are content, whatever they look like."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

from service.article import CELL_SEPARATOR, BlockKind
from service.stages.classify.units import Unit
from service.text.documents import Part, find_frame, role_of
from service.text.lines import UPPER, Line, is_list_item

MAX_HEAD_CHARS = 400  # of a line that holds several parts of a head
DAY_RANK = 1  # of the day that a document was signed, among other dates of a page

_MOTTO = (
    r"CỘNG H(?:ÒA|OÀ) XÃ HỘI CHỦ NGHĨA VIỆT NAM|Độc lập ?[-–—] ?Tự do ?[-–—] ?Hạnh phúc"
    r"|(?:THE )?SOCIALIST REPUBLIC OF VIET ?NAM|Independence ?[-–—] ?Freedom ?[-–—] ?Happiness"
)
_HAS_MOTTO = re.compile(_MOTTO, re.IGNORECASE)
_PLACE = re.compile(r"(?:TỈNH|THÀNH PHỐ|HUYỆN|QUẬN|THỊ XÃ|THỊ TRẤN|XÃ|PHƯỜNG|ĐẶC KHU) \w")
_RULER = r"[-_*=—–]{3,}"
# e.g. the three parts of "CHÍNH PHỦ ------- CỘNG HÒA …", the two of "Số: 4/QĐ-UBND V/v thu phí"
# and of "Số: 4/QĐ-UBND Huế, ngày 5 tháng 8 năm 2024"
_HEAD_PARTS = re.compile(
    rf"({_MOTTO}|{_RULER}|\bV/v [^\t]+?(?=$| [^,]{{2,40}}, ngày [\d .…]{{1,10}} ?tháng)"
    r"|(?<=/)[\w-]+(?= [^,]{2,40}, ngày [\d .…]{1,10} ?tháng))",
    re.IGNORECASE,
)
# e.g. before each dash of "Nơi nhận: - Như trên; - Lưu: VT.", before "KT." and before the name of
# "TM. CHÍNH PHỦ KT. THỦ TƯỚNG Lê An", as cells of a row have them
_FOOT_ENDS = re.compile(
    r"(?<=[:;.]) ?(?=[-–] ?\S)|(?<=\S) (?=(?:KT|TL|TUQ)\. |\((?:Đã ký|Signed)\))"
    rf"|(?<=[{UPPER}]) (?=PHÓ )|(?:(?<=[{UPPER}]{{2}})|(?<=ký\)|ed\))) (?=[{UPPER}][^{UPPER}\W\d_])"
)


def open_heads(lines: Sequence[Line]) -> list[Line]:
    """Lines that hold several parts of a document's head or foot, each part by itself.

    Two columns are copied as the cells of a row, or one behind the other.
    """
    opened: list[Line] = []
    below_motto = False
    for line in lines:
        cells = line.text.split(CELL_SEPARATOR)
        motto = _HAS_MOTTO.search(line.text) is not None
        pieces = [line.text]
        if len(line.text) <= MAX_HEAD_CHARS and (motto or below_motto or role_of(cells[0])):
            pieces = list(chain.from_iterable(map(_cut_head, cells)))
        elif cells[0].startswith(("Nơi nhận", "Recipients")) and len(cells) > 1:
            pieces = [part for cell in cells for part in _FOOT_ENDS.split(cell)]
        pieces = [piece.strip() for piece in pieces if piece.strip()]
        split = len(pieces) > 1 and (len(cells) > 1 or any(role_of(piece) for piece in pieces))
        opened += [_part(line, piece) for piece in pieces] if split else [line]
        below_motto = motto or (below_motto and split)
    return opened


def _cut_head(cell: str) -> Iterator[str]:
    """The parts of a head in one cell; a number stays with its label."""
    at = 0
    for match in _HEAD_PARTS.finditer(cell):
        if match[0][0].isalnum() and cell[match.start() - 1 : match.start()] == "/":
            yield cell[at : match.end()]
        else:
            yield cell[at : match.start()]
            yield match[0]
        at = match.end()
    yield cell[at:]


def _part(line: Line, text: str) -> Line:
    """A part of a line; the lines that it was made of are told for each."""
    if re.fullmatch(_RULER, text):
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
        if part is Part.HEAD and found and _names_place(found[-1], unit):
            found[-1] = _fixed(_joined([found[-1], unit]), part)
        elif part is not Part.TITLE:
            found.append(_fixed(unit, part) if part else unit)
        elif unit is title[0]:
            found.append(_fixed(_joined(title), part))
    return found


def _names_place(before: Unit, unit: Unit) -> bool:
    """Whether two lines are one issuing body: "ỦY BAN NHÂN DÂN", "TỈNH LÀO CAI"."""
    return before.fixed and before.text.endswith("NHÂN DÂN") and bool(_PLACE.match(unit.text))


def _joined(units: Sequence[Unit]) -> Unit:
    line = Line(" ".join(u.text for u in units), tuple(p for u in units for p in u.line.parts))
    return replace(units[0], line=line, words=sum(unit.words for unit in units), prose=False)


def _fixed(unit: Unit, part: Part) -> Unit:
    if part is Part.CLOSING:
        return unit
    if part is Part.GROUNDS or (part is Part.FOOT and unit.text[0] not in "-–+"):
        kind = BlockKind.PARAGRAPH
    elif part is Part.FOOT:
        kind = BlockKind.LIST_ITEM if is_list_item(unit.text) else BlockKind.PARAGRAPH
    elif part is Part.DAY:
        return replace(
            unit, fixed=True, kind=BlockKind.DATELINE, dates=unit.day is not None, rank=DAY_RANK
        )
    else:
        kind = BlockKind.TITLE if part is Part.TITLE else BlockKind.HEADING
    return replace(unit, fixed=True, kind=kind, caption=False)
