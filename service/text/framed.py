"""Official documents among the blocks of a page: their heads and titles."""

from collections.abc import Sequence

from service.article import CELL_SEPARATOR, Block, BlockKind
from service.text.document_heads import has_motto, is_ruler, names_place, split_head
from service.text.documents import Part, find_frame
from service.text.lines import is_list_item

_PLAIN = (BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.CAPTION, BlockKind.TABLE_ROW)


def frame_blocks(blocks: Sequence[Block]) -> list[Block]:
    """The blocks with those of a document's head told, and its title in one.

    A page that has a title keeps it; the document's own is a heading then.
    """
    opened = list(_opened(blocks))
    frame = find_frame([block.text for block in opened])
    if frame is None:
        return list(blocks)
    titled = any(block.kind is BlockKind.TITLE for block in blocks)
    found: list[Block] = []
    for at, block in enumerate(opened):
        part = frame.parts.get(at)
        if block.kind not in _PLAIN:
            found.append(block)
        elif part is Part.TITLE and at != frame.title[0]:
            found[-1] = Block(found[-1].kind, f"{found[-1].text} {block.text}")
        elif part is Part.TITLE:
            kind = BlockKind.HEADING if titled else BlockKind.TITLE
            found.append(Block(kind, block.text))
        elif part is Part.HEAD and found and names_place(found[-1].text, block.text):
            found[-1] = Block(BlockKind.HEADING, f"{found[-1].text} {block.text}")
        elif part in (Part.HEAD, Part.DAY) and not is_list_item(block.text):
            kind = BlockKind.DATELINE if part is Part.DAY else BlockKind.HEADING
            found.append(Block(kind, block.text))
        else:
            found.append(block)
    return found


def _opened(blocks: Sequence[Block]) -> list[Block]:
    """Rows of a head or foot as blocks of their own; a drawn line stays with the text above it."""
    opened: list[Block] = []
    below_motto = False
    for block in blocks:
        pieces = [block.text]
        if block.kind in _PLAIN and (CELL_SEPARATOR in block.text or has_motto(block.text)):
            pieces = split_head(block.text, below_motto=below_motto)
        for number, piece in enumerate(pieces):
            if is_ruler(piece) and number:
                opened[-1] = Block(opened[-1].kind, f"{opened[-1].text} {piece}")
            else:
                kind = block.kind if len(pieces) == 1 else BlockKind.PARAGRAPH
                opened.append(Block(kind, piece))
        below_motto = has_motto(block.text) or (below_motto and len(pieces) > 1)
    return opened
