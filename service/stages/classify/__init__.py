"""Pasted text in, typed blocks and an account of every line that was taken out.

`units` sees each line alone, `documents` the frame of an official document, `page` finds where the
article lies among them, `judge` decides. The
paragraphs tell where the article is; what is short and closed by no full stop around them is
judged by the rules of `service/rules`, by the label it stands under, and by the words it shares
with the article. What is doubtful stays.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from service.article import CELL_SEPARATOR, Article, Block, BlockKind, Removal
from service.stages.classify.documents import find_documents, open_heads
from service.stages.classify.judge import judge
from service.stages.classify.units import Unit, look, uncover_head
from service.text.lines import Line, split_cells, split_lines
from service.text.piped import read_tables
from service.text.wrapping import join_wrapped

__all__ = ["classify"]

ROUNDS = 4  # the second look may find what the first one's removals laid open


def classify(text: str, keep: Collection[int] = ()) -> Article:
    """Tell what each line of `text` is to the article; drop what belongs to the site.

    The lines numbered in `keep` (from 1) are not dropped: whoever read the account of what was
    removed put them back, and they are paragraphs where they stand.

    `text` is repaired: NFC, line ends as newlines, no control characters. Lines that a machine
    broke are joined by spaces; otherwise each block is one line, word for word.
    """
    lines, drawn = read_tables(split_lines(text))
    lines = sorted([*lines, *(line for line in drawn if line.number in keep)], key=_number)
    opened = open_heads(join_wrapped(lines))
    units = find_documents(uncover_head([u for line in opened for u in look(line)]))
    removed = [
        Removal(line.text, line.number, "table-ruler") for line in drawn if line.number not in keep
    ]
    published: list[tuple[int, date]] = []
    for _ in range(ROUNDS):
        judged = [_put_back(unit, keep) for unit in judge(units)]
        gone = [unit for unit in judged if unit.rule]
        removed += [Removal(text, at, u.rule) for u in gone for at, text in u.line.parts]
        published += [(u.rank, u.day.day) for u in judged if u.dates and u.day]
        units = [unit for unit in judged if not unit.rule]
        if not gone:
            break
    blocks = tuple(Block(unit.kind, _block_text(unit)) for unit in units)
    removed.sort(key=lambda removal: removal.line)
    return Article(
        blocks,
        tuple(removed),
        published=min(published)[1] if published else None,
        byline=next((unit.byline for unit in units if unit.byline), None),
    )


def _number(line: Line) -> int:
    return line.number


def _put_back(unit: Unit, keep: Collection[int]) -> Unit:
    if unit.rule and any(at in keep for at, _ in unit.line.parts):
        return replace(unit, rule="", kind=BlockKind.PARAGRAPH)
    return unit


def _block_text(unit: Unit) -> str:
    cells = split_cells(unit.text)
    return CELL_SEPARATOR.join(cells)
