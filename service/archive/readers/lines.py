"""Lines of files of any size in constant memory, gzip or not."""

import errno
import gzip
import stat
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from service.archive.items import Fault

# Longest line, row or page taken in. An article may have 200,000 characters, which JSON may write
# as six or twelve bytes each.
MAX_ITEM_BYTES = 8 * 1024 * 1024
# Read at once while the rest of an over-long line is passed over.
SKIP_BYTES = 1024 * 1024
GZIP_MAGIC = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with a line, or with the rest of the file after it."""

    fault: Fault
    message: str


def read_lines(path: Path, limit: int = MAX_ITEM_BYTES) -> Iterator[tuple[int, bytes | Flaw]]:
    """Line numbers from 1 with the line's bytes, without its end, or what is wrong with it.

    Never holds more than one line of `limit` bytes. A file that cannot be opened, or breaks off,
    ends with a flaw; whatever was read before it has been yielded.
    """
    number = 0
    try:
        with open_bytes(path) as source:
            while line := source.readline(limit + 1):
                number += 1
                if len(line) > limit and not line.endswith(b"\n"):
                    _skip_line(source)
                    yield number, too_long("line", limit)
                elif number == 1:
                    yield number, line.removeprefix(b"\xef\xbb\xbf").rstrip(b"\r\n")
                else:
                    yield number, line.rstrip(b"\r\n")
    except (OSError, EOFError, zlib.error) as error:
        yield number + 1, flaw_of(error)


def open_bytes(path: Path) -> IO[bytes]:
    """The file's bytes, decompressed where it is gzip, whatever its name says.

    Raises OSError also for what is no file, such as a pipe, which could be waited for for ever.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(errno.EINVAL, "It is no regular file")
    source = path.open("rb")
    try:
        packed = source.peek(2)[:2] == GZIP_MAGIC
    except OSError:
        source.close()
        raise
    if not packed:
        return source
    source.close()
    return cast("IO[bytes]", gzip.open(path, "rb"))


def flaw_of(error: Exception) -> Flaw:
    """What an error while reading means for the user."""
    if isinstance(error, (gzip.BadGzipFile, EOFError, zlib.error)):
        return Flaw(Fault.DAMAGED, "The compressed data breaks off here; the rest is lost.")
    reason = getattr(error, "strerror", None) or type(error).__name__
    return Flaw(Fault.UNREADABLE, f"The file cannot be read: {reason}.")


def too_long(what: str, limit: int) -> Flaw:
    """The flaw of a line, row or page of more than `limit` bytes."""
    return Flaw(Fault.TOO_LONG, f"The {what} has more than {limit:,} bytes.")


def _skip_line(source: IO[bytes]) -> None:
    while rest := source.readline(SKIP_BYTES):
        if rest.endswith(b"\n"):
            return
