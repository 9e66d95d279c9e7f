"""Results as JSONL: at any time, by position; of a finished job also in parts (Range)."""

import hashlib
import json
import re
import threading
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass

from service.store.jobs import JobStore
from service.store.values import ItemResult

PAGE = 50  # items read at once
REMEMBERED = 32  # jobs whose pages' offsets are kept
# e.g. "bytes=0-499", "bytes=500-", "bytes=-500"; several ranges at once are not served.
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


class RangeNotSatisfiable(Exception):
    """The range begins behind the last byte."""

    def __init__(self, total: int) -> None:
        super().__init__(total)
        self.total = total


def line(result: ItemResult) -> bytes:
    """One result as a line; the pipeline's own JSON stands in it byte for byte."""
    head = {
        "position": result.position,
        "id": result.external_id,
        "state": result.state.value,
        "same_as": result.same_as,
        "meta": result.meta,
        "error": result.error,
    }
    text = json.dumps(head, ensure_ascii=False)[:-1]
    return f'{text}, "result": {result.result or "null"}}}\n'.encode()


def stream(jobs: JobStore, job_id: str, after: int = -1) -> Iterator[bytes]:
    """The lines of finished items behind a position, page by page."""
    while page := jobs.results(job_id, after=after, limit=PAGE):
        yield b"".join(map(line, page))
        after = page[-1].position


@dataclass(frozen=True, slots=True)
class Pages:
    """Where each page of a finished job's results begins: (offset in bytes, after position)."""

    starts: tuple[tuple[int, int], ...]
    total: int

    def part(self, jobs: JobStore, job_id: str, start: int, end: int) -> Iterator[bytes]:
        """The bytes [start, end) of the results."""
        offset, after = max(found for found in self.starts if found[0] <= start)
        for page in stream(jobs, job_id, after):
            piece = page[max(0, start - offset) : end - offset]
            if piece:
                yield piece
            offset += len(page)
            if offset >= end:
                return


class PageCache:
    """The pages of the jobs read last, so that a client that goes on need not wait."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, Pages] = OrderedDict()
        self._lock = threading.Lock()

    def pages(self, jobs: JobStore, job_id: str, etag: str) -> Pages:
        """Pages of the results as they are under `etag`."""
        with self._lock:
            if etag in self._known:
                self._known.move_to_end(etag)
                return self._known[etag]
        found = _pages(jobs, job_id)
        with self._lock:
            self._known[etag] = found
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return found


def _pages(jobs: JobStore, job_id: str) -> Pages:
    starts, offset, after = [(0, -1)], 0, -1
    while page := jobs.results(job_id, after=after, limit=PAGE):
        offset += sum(len(line(result)) for result in page)
        after = page[-1].position
        starts.append((offset, after))
    return Pages(tuple(starts), offset)


def etag_of(version: str, *, finished: bool) -> str:
    """Strong for a finished job, whose bytes stay the same; weak for one that goes on.

    >>> etag_of("a", finished=False)
    'W/"ca978112ca1bbdca"'
    """
    digest = hashlib.sha256(version.encode()).hexdigest()[:16]
    return f'"{digest}"' if finished else f'W/"{digest}"'


def wanted_range(header: str, total: int) -> tuple[int, int] | None:
    """Start and end (exclusive) of a Range header; None where it is to be passed over.

    Raises RangeNotSatisfiable (RFC 9110, 14.1.2).

    >>> wanted_range("bytes=5-", 8), wanted_range("bytes=-3", 8), wanted_range("bytes=0-1,4-5", 8)
    ((5, 8), (5, 8), None)
    """
    match = _RANGE.fullmatch(header.strip())
    if not match or match[0] == "bytes=-":
        return None
    first, last = match[1], match[2]
    if not first:
        start, end = max(0, total - int(last)), total
    else:
        start, end = int(first), min(int(last) + 1, total) if last else total
        if last and int(last) < start:
            return None
    if start >= total or start >= end:
        raise RangeNotSatisfiable(total)
    return start, end


def matches(header: str | None, etag: str) -> bool:
    """Whether If-None-Match names the ETag, weak or not.

    >>> matches('"a", W/"b"', '"b"'), matches(None, '"b"')
    (True, False)
    """
    if header is None:
        return False
    tags = {tag.strip().removeprefix("W/") for tag in header.split(",")}
    return "*" in tags or etag.removeprefix("W/") in tags
