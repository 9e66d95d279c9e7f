"""Web archives (WARC): the HTML pages among what a crawler fetched."""

import zlib
from collections.abc import Iterator
from email.message import Message
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from service.archive.items import ArchiveItem, Fault, ItemError, Json, Place
from service.archive.readers.lines import MAX_ITEM_BYTES, flaw_of, open_bytes, too_long
from service.text.encodings import WrongEncodingError, decode_page

if TYPE_CHECKING:
    from warcio.recordloader import ArcWarcRecord  # type: ignore[import-untyped]

PAGES: Final = frozenset({"text/html", "application/xhtml+xml"})
# What warcio decompresses without further packages.
READABLE_CODINGS: Final = frozenset({"", "identity", "gzip", "deflate"})
BREAKS_OFF: Final = "The web archive breaks off or is damaged here; the rest of the file is lost."


def read_warc(
    path: Path, name: str, *, encoding: str = "utf-8", limit: int = MAX_ITEM_BYTES
) -> Iterator[ArchiveItem | ItemError]:
    """One item a page that was fetched with status 200; all other records are passed over.

    The default id is the page's address; places are numbers of records, from 1.
    """
    number = 0
    try:
        with open_bytes(path) as source:
            records = _records(source)
            for number, record in enumerate(records, start=1):
                if _is_page(record):
                    yield _item(record, Place(name, number), encoding, limit)
                _check(records)
    except OSError as error:
        place = Place(name, number + 1)
        flaw = flaw_of(error)
        yield ItemError(str(place), place, flaw.fault, flaw.message)
    except Exception:  # noqa: BLE001 - the boundary: warcio raises a dozen kinds on damaged files
        place = Place(name, number + 1)
        yield ItemError(str(place), place, Fault.DAMAGED, BREAKS_OFF)


def _check(records: Any) -> None:  # noqa: ANN401 - warcio has no types
    """Raise where warcio has met something that is no record, which it merely counts."""
    if records.err_count:
        raise _BreakOffError


class _BreakOffError(Exception):
    """Compressed data that ends too early. warcio takes an EOFError for the proper end."""


class _Source:
    """The file as warcio reads it, with every failure visible."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source

    def read(self, size: int = -1) -> bytes:
        try:
            return self._source.read(size)
        except (EOFError, zlib.error) as error:
            raise _BreakOffError from error

    def tell(self) -> int:
        return self._source.tell()


def _records(source: IO[bytes]) -> Any:  # noqa: ANN401 - warcio has no types
    # Imported here: an extra.
    from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-untyped]

    class Records(ArchiveIterator):  # type: ignore[misc]
        INC_RECORD = ""  # printed by warcio with a line of the file; we count instead

    return Records(_Source(source))


def _is_page(record: "ArcWarcRecord") -> bool:
    http = record.http_headers
    if record.rec_type != "response" or http is None or http.get_statuscode() != "200":
        return False
    return _content_type(record)[0] in PAGES


def _content_type(record: "ArcWarcRecord") -> tuple[str, str | None]:
    """Media type and charset, as the server declared them."""
    header = Message()
    header["Content-Type"] = record.http_headers.get_header("Content-Type") or ""
    return header.get_content_type(), header.get_content_charset()


def _item(
    record: "ArcWarcRecord", place: Place, encoding: str, limit: int
) -> ArchiveItem | ItemError:
    address = (record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>")
    name = address or str(place)
    coding = (record.http_headers.get_header("Content-Encoding") or "").strip().lower()
    if coding not in READABLE_CODINGS:
        message = "The page is compressed in a way that is not read here."
        return ItemError(name, place, Fault.WRONG_ENCODING, message)
    raw = b"" if record.payload_length > limit else _content(record, limit)
    if record.payload_length > limit or len(raw) > limit:
        flaw = too_long("page", limit)
        return ItemError(name, place, flaw.fault, flaw.message)
    if getattr(record.raw_stream, "limit", 0) > 0:
        return ItemError(name, place, Fault.DAMAGED, BREAKS_OFF)
    meta: dict[str, Json] = {"url": address, "date": record.rec_headers.get_header("WARC-Date")}
    try:
        page = decode_page(raw, _content_type(record)[1], fallback=encoding)
    except WrongEncodingError as error:
        return ItemError(name, place, Fault.WRONG_ENCODING, str(error))
    return ArchiveItem(name, place, html=page, meta=meta)


def _content(record: "ArcWarcRecord", limit: int) -> bytes:
    """The page, decompressed; at most one byte more than `limit`."""
    stream, pieces, left = record.content_stream(), [], limit + 1
    while left > 0 and (piece := stream.read(left)):
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)
