"""JSONL as it comes in over the network, to items; in the memory of one line and one batch."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from service.archive.items import ArchiveItem, Fault, ItemError, Place
from service.archive.readers.fields import FieldNames, item_of
from service.archive.readers.jsonl import parse_line
from service.archive.readers.lines import MAX_ITEM_BYTES, too_long
from service.store.values import NewItem

FIELDS = FieldNames()
UPLOAD = "upload"  # the name of the file that lines are said to come from
BOM = b"\xef\xbb\xbf"
TITLES = {
    Fault.BAD_JSON: "The line is no JSON",
    Fault.BAD_FIELD: "The line holds no article",
    Fault.TOO_LONG: "The line is too long",
    Fault.WRONG_ENCODING: "The line is not UTF-8",
}


@dataclass(slots=True)
class LineReader:
    """Cuts chunks into lines; a line of more than `limit` bytes becomes an item error.

    >>> reader = LineReader()
    >>> [item.text for item in reader.feed(b'{"text": "M') + reader.feed(b'ot"}\\n\\n{"text"')]
    ['Mot']
    >>> [item.text for item in reader.feed(b': "Hai"}') + reader.end()]
    ['Hai']
    """

    limit: int = MAX_ITEM_BYTES
    _parts: list[bytes] = field(default_factory=list)  # of the line that has not ended
    _held: int = 0
    _number: int = 0

    def feed(self, chunk: bytes) -> list[NewItem]:
        """The items of the lines that end in this chunk."""
        *ended, rest = chunk.split(b"\n")
        items: list[NewItem] = []
        for part in ended:
            self._hold(part)
            items += self._line()
        self._hold(rest)
        return items

    def end(self) -> list[NewItem]:
        """The item of a last line without a line end."""
        return list(self._line()) if self._held else []

    def _hold(self, part: bytes) -> None:
        self._held += len(part)
        if self._held > self.limit:
            self._parts.clear()  # only its length is of interest now
        elif part:
            self._parts.append(part)

    def _line(self) -> Iterator[NewItem]:
        self._number += 1
        line, size = b"".join(self._parts), self._held
        self._parts, self._held = [], 0
        place = Place(UPLOAD, self._number)
        if size > self.limit:
            flaw = too_long("line", self.limit)
            yield _failed(ItemError(str(place), place, flaw.fault, flaw.message))
            return
        if self._number == 1:
            line = line.removeprefix(BOM)
        if line.strip():
            yield new_item(parse_line(line, place, FIELDS))


def item_of_record(record: Mapping[str, Any], number: int) -> NewItem:
    """The item of one member of a JSON list, counted from 1."""
    place = Place("items", number)
    return new_item(item_of(record, FIELDS, place, str(place)))


def new_item(item: ArchiveItem | ItemError) -> NewItem:
    """What the store takes for an item that was read, or that could not be."""
    if isinstance(item, ItemError):
        return _failed(item)
    meta = dict(item.meta) or None
    return NewItem(external_id=item.id, text=item.text, html=item.html, meta=meta)


def _failed(item: ItemError) -> NewItem:
    title = TITLES.get(item.fault, "The item cannot be read")
    error = {"type": item.fault.value, "title": title, "detail": item.message}
    return NewItem(external_id=item.id, error=error, same_key=item.id)
