"""Tables pasted with bars between the cells, as Markdown and mail have them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from service.text.lines import Line

MAX_CELL_CHARS = 300
MAX_GAP = 2  # lines from one row to the next: a blank one may stand between them
MIN_ROWS = 3  # where nothing but the bars and figures say that it is a table
_RULER_CHARS = frozenset("|+-–—=: ")
# What a menu, a dateline or a signature may have between bars: a time, a date, a count
_IS_STAMP = re.compile(r"\d{1,2}[:h]\d\d|\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\(\d+\)")  # e.g. "14:05"


def read_tables(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    r"""The lines, with tabs between the cells of tables, and what only draws them, taken out.

    The rows of a table have as many cells, and lines drawn between them or bars round them, or
    there are figures in its columns: two links with a bar between them, or a date and a section,
    are none.

    >>> from service.text.lines import split_lines
    >>> rows, drawn = read_tables(split_lines("| Huyện | Thu |\n|---|---|\n| Gia Bình | 21 |"))
    >>> [row.text for row in rows], [line.number for line in drawn]
    (['Huyện\tThu', 'Gia Bình\t21'], [2])
    """
    told: list[Line] = []
    drawn: list[Line] = []
    for run in _runs(lines):
        rows = [line for line in run if not _is_ruler(line.text)]
        if not _is_table(rows, ruled=len(rows) < len(run)):
            told += run
            continue
        told += [replace(row, text="\t".join(_cells(row.text))) for row in rows]
        drawn += [line for line in run if _is_ruler(line.text)]
    return told, drawn


def _is_ruler(text: str) -> bool:
    """Whether a line only draws a table: "|---|:--:|", "+-----+----+"."""
    return _RULER_CHARS.issuperset(text) and ("|" in text or "+" in text) and "--" in text


def _cells(text: str) -> list[str]:
    """The cells of a row; bars round it have no cells behind them."""
    inner = text.removeprefix("|").removesuffix("|") if len(text) > 1 else text
    return [cell.strip() for cell in inner.split("|")]


def _runs(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Lines in a row with as many cells, and each other line by itself."""
    run: list[Line] = []
    size = 0  # cells of the run's rows; 0 while there are only rulers
    for line in lines:
        ruler = _is_ruler(line.text)
        own = 0 if ruler else len(_cells(line.text))
        alone = 1 in (size, own) or (own and size and own != size)
        if run and (alone or line.number - run[-1].last > MAX_GAP):
            yield run
            run, size = [], 0
        run.append(line)
        size = own or size
    if run:
        yield run


def _is_table(rows: Sequence[Line], *, ruled: bool) -> bool:
    cells = [_cells(row.text) for row in rows]
    if len(rows) < 2 or len(cells[0]) < 2:
        return False
    if any(len(cell) > MAX_CELL_CHARS for row in cells for cell in row):
        return False
    if ruled:
        return True
    framed = all(row.text.startswith("|") and row.text.endswith("|") for row in rows)
    figures = sum(any(_is_figure(cell) for cell in row) for row in cells[1:])
    wide = len(cells[0]) > 2 or len(rows) >= MIN_ROWS
    return framed or (wide and figures * 2 >= len(rows) - 1)


def _is_figure(cell: str) -> bool:
    """Whether a cell is for the most part a number."""
    digits = sum(char.isdigit() for char in cell)
    return digits * 3 >= len(cell) > 0 and _IS_STAMP.search(cell) is None
