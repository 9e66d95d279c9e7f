"""Heads and feet of documents that a page set in two columns: each part by itself."""

import re
from collections.abc import Iterator
from itertools import chain

from service.article import CELL_SEPARATOR
from service.text.documents import role_of
from service.text.lines import UPPER

MAX_HEAD_CHARS = 400  # of a line that holds several parts of a head

# The country in capitals: laws name it in their sentences too.
_MOTTO = (
    r"(?-i:(?<!NƯỚC )CỘNG H(?:ÒA|OÀ) XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    r"|(?:THE )?SOCIALIST REPUBLIC OF VIET ?NAM)"
    r"|Độc lập ?[-–—] ?Tự do ?[-–—] ?Hạnh phúc|Independence ?[-–—] ?Freedom ?[-–—] ?Happiness"
)
_CELLS = re.compile(rf"{CELL_SEPARATOR}|\s\|\s")
_HAS_MOTTO = re.compile(_MOTTO, re.IGNORECASE)
_RULER = r"[-_*=—–]{3,}"
_IS_RULER = re.compile(_RULER)
# e.g. the three parts of "CHÍNH PHỦ ------- CỘNG HÒA …", the two of "Số: 4/QĐ-UBND V/v thu phí"
# and of "Số: 4/QĐ-UBND Huế, ngày 5 tháng 8 năm 2024"
_HEAD_PARTS = re.compile(
    rf"({_MOTTO}|{_RULER}|\bV/v [^\t]+?(?=$| [^,]{{2,40}}, ngày [\d .…]{{1,10}} ?tháng)"
    r"|(?<=/)[\w-]+(?= [^,]{2,40}, ngày [\d .…]{1,10} ?tháng)"
    r"|(?-i:(?<=\w )No\.?:? ?\d[\w/-]+$))",
    re.IGNORECASE,
)
# e.g. before each dash of "Nơi nhận: - Như trên; - Lưu: VT.", before "KT." and before the name of
# "TM. CHÍNH PHỦ KT. THỦ TƯỚNG Lê An", as cells of a row have them
_FOOT_ENDS = re.compile(
    r"(?<=[:;.]) ?(?=[-–] ?\S)|(?<=\S) (?=(?:KT|TL|TUQ)\. |\((?:Đã ký|Signed)\))"
    rf"|(?<=[{UPPER}]) (?=PHÓ )"
    rf"|(?:(?<=[{UPPER}]{{2}})|(?<=ký\)|ed\))) (?=[{UPPER}][^{UPPER}\W\d_])"
)
_PLACE = re.compile(r"(?:TỈNH|THÀNH PHỐ|HUYỆN|QUẬN|THỊ XÃ|THỊ TRẤN|XÃ|PHƯỜNG|ĐẶC KHU) \w")


def has_motto(text: str) -> bool:
    """Whether the country or its motto is in the text, as documents begin."""
    return _HAS_MOTTO.search(text) is not None


def is_ruler(text: str) -> bool:
    """Whether a text only draws a line: "-------"."""
    return _IS_RULER.fullmatch(text) is not None


def names_place(before: str, text: str) -> bool:
    """Whether two lines are one issuing body: "ỦY BAN NHÂN DÂN", "TỈNH LÀO CAI"."""
    return before.endswith("NHÂN DÂN") and _PLACE.match(text) is not None


def split_head(text: str, *, below_motto: bool = False) -> list[str]:
    """The parts of a document's head or foot on one line, or in one row; else the line alone.

    >>> split_head("CHÍNH PHỦ\\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc")
    ['CHÍNH PHỦ', 'CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM', 'Độc lập - Tự do - Hạnh phúc']
    >>> split_head("Số: 4/QĐ-UBND Huế, ngày 5 tháng 8 năm 2024", below_motto=True)
    ['Số: 4/QĐ-UBND', 'Huế, ngày 5 tháng 8 năm 2024']
    """
    cells = _CELLS.split(text.strip("| "))
    pieces = [text]
    if len(text) <= MAX_HEAD_CHARS and (below_motto or has_motto(text) or role_of(cells[0])):
        pieces = list(chain.from_iterable(map(_cut_head, cells)))
    elif cells[0].startswith(("Nơi nhận", "Recipients")) and len(cells) > 1:
        pieces = [part for cell in cells for part in _FOOT_ENDS.split(cell)]
    pieces = [piece.strip() for piece in pieces if piece.strip()]
    split = len(pieces) > 1 and any(role_of(piece) for piece in pieces)
    return pieces if split else [text]


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
