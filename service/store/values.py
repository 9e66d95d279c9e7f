"""What the store gives and takes: plain values; JSON is decoded here and nowhere else."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

_SURROGATE = re.compile("[\ud800-\udfff]")


class JobState(StrEnum):
    """A job is `done` when no item is open any more, also where some have failed."""

    RECEIVING = "receiving"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"


class ItemState(StrEnum):
    """`waiting` items are duplicates: they take the outcome of the item they are the same as."""

    QUEUED = "queued"
    WAITING = "waiting"
    LEASED = "leased"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


OPEN = (ItemState.QUEUED, ItemState.WAITING, ItemState.LEASED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job without its items; times are seconds since 1970."""

    id: str
    owner: str
    name: str
    state: JobState
    options: Mapping[str, Any]
    total: int  # items received so far
    created_at: float
    sealed_at: float | None
    finished_at: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewItem:
    """One article of a job.

    Exactly one of `text`, `html` and `error` is given; an `error` (a line that could not be read)
    makes the item fail at once. Items of one job with the same `same_key` are translated once; the
    default is a hash of content and options, a near-duplicate's fingerprint may stand instead.
    """

    external_id: str | None = None
    text: str | None = None
    html: str | None = None
    error: Mapping[str, Any] | None = None
    meta: Mapping[str, Any] | None = None
    options: Mapping[str, Any] | None = None
    same_key: str | None = None

    def key(self) -> str:
        """What two items that are to be translated once have in common."""
        if self.same_key is not None:
            return self.same_key
        content = [self.text, self.html, dict(self.options or {})]
        return hashlib.sha256(to_json(content).encode("utf-8")).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class LeasedItem:
    """An item that a worker holds until its lease ends; `fence` proves it to `finish`."""

    job_id: str
    position: int
    fence: int
    attempts: int  # this one included
    external_id: str | None
    text: str | None
    html: str | None
    options: Mapping[str, Any]  # the job's, with the item's own over them


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a leased item: a `result` (JSON text) or an `error`, never both."""

    item: LeasedItem
    result: str | None = None
    error: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemResult:
    """A finished item; `result` is the JSON text that the worker gave, byte for byte."""

    position: int
    external_id: str | None
    state: ItemState
    result: str | None
    error: Mapping[str, Any] | None
    meta: Mapping[str, Any] | None
    same_as: int | None  # the position of the item it is a duplicate of


@dataclass(frozen=True, slots=True)
class Counts:
    """How many items are in each state; `duplicates` of them have another item's outcome."""

    queued: int = 0
    waiting: int = 0
    leased: int = 0
    done: int = 0
    failed: int = 0
    cancelled: int = 0

    @property
    def open(self) -> int:
        return self.queued + self.waiting + self.leased

    @property
    def finished(self) -> int:
        return self.done + self.failed + self.cancelled


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is; `rate` is items finished a second over the last minute."""

    counts: Counts = field(default_factory=Counts)
    rate: float = 0.0
    eta_s: float | None = None  # seconds left; None: not known


def to_json(value: object) -> str:
    """Compact JSON with sorted keys, fit for the store; raises ValueError for NaN.

    >>> to_json({"b": 1, "a": "ấ"})
    '{"a":"ấ","b":1}'
    """
    text = json.dumps(
        value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    )
    return _SURROGATE.sub("\ufffd", text)


def from_json(text: str | None) -> Any:  # noqa: ANN401 - JSON is of any type
    """The value of `to_json`'s text; None for None."""
    return None if text is None else json.loads(text)


def storable(text: str | None) -> str | None:
    r"""Text that both databases take: PostgreSQL has no NUL, and neither has lone surrogates.

    NUL becomes another control character, so that intake judges and cleans the text as it would
    have.

    >>> storable("a\x00b\ud800")
    'a\x01b�'
    """
    if text is None:
        return None
    return _SURROGATE.sub("\ufffd", text.replace("\x00", "\x01"))
