"""Tables: CSV and its kin, one article a row, column names in the first."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from service.archive.items import ArchiveItem, Fault, ItemError, Json, Place
from service.archive.readers.fields import FieldNames, item_of
from service.archive.readers.lines import MAX_ITEM_BYTES, Flaw, read_lines

# Enclosed in quotes, a separator does not count, e.g. '"a;b",c'.
_QUOTED: Final = re.compile(r'"[^"]*"')
SEPARATORS: Final = (",", ";", "\t", "|")


@dataclass(slots=True)
class _FlawError(Exception):
    """Takes a flaw through the csv module."""

    flaw: Flaw


def read_table(
    path: Path,
    name: str,
    names: FieldNames,
    *,
    encoding: str = "utf-8",
    limit: int = MAX_ITEM_BYTES,
) -> Iterator[ArchiveItem | ItemError]:
    """One item a row; places are numbers of lines, since a cell may hold line ends.

    The separator is the one of `,` `;` tab `|` that the first line has most of.
    """
    # The limit belongs to the module; nothing else in the product reads tables.
    csv.field_size_limit(limit)
    lines = _Lines(path, encoding, limit)
    try:
        header = lines.header()
    except _FlawError as error:
        place = Place(name, 1)
        yield ItemError(str(place), place, error.flaw.fault, error.flaw.message)
        return
    if not header:
        return
    separator = max(SEPARATORS, key=_QUOTED.sub("", header).count)
    columns = [column.strip() for column in next(csv.reader([header], delimiter=separator))]
    rows = csv.reader(lines, delimiter=separator, strict=True)
    while True:
        place = Place(name, lines.number + 1)
        try:
            cells = next(rows)
        except StopIteration:
            return
        except _FlawError as error:
            place = Place(name, lines.number)
            yield ItemError(str(place), place, error.flaw.fault, error.flaw.message)
        except csv.Error as error:
            yield ItemError(str(place), place, Fault.BAD_ROW, _reason(error, limit))
        else:
            if any(cells):
                yield _item(cells, columns, names, place)


def _item(
    cells: Sequence[str], columns: Sequence[str], names: FieldNames, place: Place
) -> ArchiveItem | ItemError:
    if len(cells) != len(columns):
        message = f"The row has {len(cells)} cells, the table {len(columns)} columns."
        return ItemError(str(place), place, Fault.BAD_ROW, message)
    record: dict[str, Json] = {
        column: cell for column, cell in zip(columns, cells, strict=True) if column
    }
    return item_of(record, names, place, str(place))


class _Lines:
    """The decoded lines of a table with their ends; raises _FlawError where one cannot be read."""

    def __init__(self, path: Path, encoding: str, limit: int) -> None:
        self._lines = read_lines(path, limit)
        self._encoding = encoding
        self.number = 0

    def header(self) -> str:
        """The first line, or an empty text where the file has none."""
        return next(self, "").rstrip("\n")

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        self.number, line = next(self._lines)
        if isinstance(line, Flaw):
            raise _FlawError(line)
        try:
            return line.decode(self._encoding) + "\n"
        except UnicodeDecodeError as error:
            message = f"The line is not {self._encoding}."
            raise _FlawError(Flaw(Fault.WRONG_ENCODING, message)) from error


def _reason(error: csv.Error, limit: int) -> str:
    if "field larger" in str(error):
        return f"A cell has more than {limit:,} characters; is a quotation mark missing?"
    return f"The row is no CSV: {error}."
