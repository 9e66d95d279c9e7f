"""Files that hold one article each."""

import zlib
from collections.abc import Iterator
from pathlib import Path

from service.archive.items import ArchiveItem, Fault, ItemError, Place
from service.archive.readers.lines import MAX_ITEM_BYTES, flaw_of, open_bytes, too_long
from service.text.encodings import WrongEncodingError, decode_page, decode_text


def read_page(
    path: Path, name: str, *, encoding: str = "utf-8", limit: int = MAX_ITEM_BYTES
) -> Iterator[ArchiveItem | ItemError]:
    """The article of an HTML file; its id is `name`."""
    yield _read(path, name, html=True, encoding=encoding, limit=limit)


def read_text(
    path: Path, name: str, *, encoding: str = "utf-8", limit: int = MAX_ITEM_BYTES
) -> Iterator[ArchiveItem | ItemError]:
    """The article of a text file; its id is `name`."""
    yield _read(path, name, html=False, encoding=encoding, limit=limit)


def _read(
    path: Path, name: str, *, html: bool, encoding: str, limit: int
) -> ArchiveItem | ItemError:
    place = Place(name)
    try:
        with open_bytes(path) as source:
            raw = source.read(limit + 1)
    except (OSError, EOFError, zlib.error) as error:
        flaw = flaw_of(error)
        return ItemError(name, place, flaw.fault, flaw.message)
    if len(raw) > limit:
        flaw = too_long("file", limit)
        return ItemError(name, place, flaw.fault, flaw.message)
    try:
        if html:
            return ArchiveItem(name, place, html=decode_page(raw, fallback=encoding))
        return ArchiveItem(name, place, text=decode_text(raw, encoding))
    except WrongEncodingError as error:
        return ItemError(name, place, Fault.WRONG_ENCODING, str(error))
