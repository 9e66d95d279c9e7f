"""JSONL: one JSON object a line."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

from service.archive.items import ArchiveItem, Fault, ItemError, Json, Place
from service.archive.readers.fields import FieldNames, item_of
from service.archive.readers.lines import MAX_ITEM_BYTES, Flaw, read_lines


def read_jsonl(
    path: Path,
    name: str,
    names: FieldNames,
    *,
    encoding: str = "utf-8",
    limit: int = MAX_ITEM_BYTES,
) -> Iterator[ArchiveItem | ItemError]:
    """One item a line, blank lines passed over; the default id is `name` and the line's number."""
    for number, line in read_lines(path, limit):
        place = Place(name, number)
        if isinstance(line, Flaw):
            yield ItemError(str(place), place, line.fault, line.message)
        elif line.strip():
            yield _item(line, place, names, encoding)


def parse_line(line: bytes, place: Place, names: FieldNames) -> ArchiveItem | ItemError:
    """The item of one line of UTF-8 JSON."""
    return _item(line, place, names, "utf-8")


def _item(line: bytes, place: Place, names: FieldNames, encoding: str) -> ArchiveItem | ItemError:
    try:
        record = _object(line.decode(encoding))
    except UnicodeDecodeError:
        message = f"The line is not {encoding}."
        return ItemError(str(place), place, Fault.WRONG_ENCODING, message)
    except json.JSONDecodeError as error:
        message = f"The line is no JSON: {error.msg} at column {error.colno}."
        return ItemError(str(place), place, Fault.BAD_JSON, message)
    except (ValueError, RecursionError) as error:
        reason = "too deeply nested" if isinstance(error, RecursionError) else str(error)
        return ItemError(str(place), place, Fault.BAD_JSON, f"The line is no JSON: {reason}.")
    return item_of(record, names, place, str(place))


def _object(text: str) -> dict[str, Json]:
    record = json.loads(text, parse_constant=_refuse)
    if not isinstance(record, dict):
        message = "not an object in braces"
        raise ValueError(message)  # noqa: TRY004 - it is the text that is wrong, not a type
    return record


def _refuse(constant: str) -> NoReturn:
    message = f"{constant} is none of JSON's values"
    raise ValueError(message)
