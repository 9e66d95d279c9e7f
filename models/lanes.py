"""What waits to be decoded: in order of arrival, with neighbours by length at hand. No threads."""

import threading
from bisect import bisect_left, insort
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from models.base import Decoding, Hypothesis, Request
from models.tickets import Priority

# While more than this many batches wait, the longest row of a batch is at most 2.5 times the
# shortest and 4; with less at hand, full batches are worth more than little padding (measured on
# 1 to 16 clients: tight spreads cost up to 2.6 times the wall time).
PLENTY = 1.5
SPREAD = 2.5
SLACK = 4


Key = tuple[Request, Decoding]  # what two sources must have in common to be decoded once


class Job:
    """The segments that one caller waits for."""

    def __init__(self, size: int) -> None:
        self.answers: list[list[Hypothesis]] = [[] for _ in range(size)]
        self.error: Exception | None = None
        self.done = threading.Event()
        self.entries: set[Entry] = set()  # not yet decoded
        self._left = size

    def take(self, index: int, answer: list[Hypothesis]) -> None:
        self.answers[index] = answer
        self._left -= 1
        if self._left == 0:
            self.done.set()

    def fail(self, error: Exception) -> None:
        self.error = error
        self.done.set()


@dataclass(slots=True, eq=False)
class Entry:
    """One source on its way through the engine, and who waits for it."""

    number: int  # order of arrival
    request: Request
    decoding: Decoding
    tokens: int  # of the source, with prefix and end mark
    priority: Priority
    waiters: list[tuple[Job, int]] = field(default_factory=list)  # and the place in its answers

    @property
    def key(self) -> Key:
        return self.request, self.decoding


class Lane:
    """The waiting entries of one priority class."""

    def __init__(self) -> None:
        self.tokens = 0
        self._arrived: dict[int, Entry] = {}
        self._by_length: dict[Decoding, list[tuple[int, int, Entry]]] = {}

    def __len__(self) -> int:
        return len(self._arrived)

    @property
    def oldest(self) -> Entry:
        return next(iter(self._arrived.values()))

    def add(self, entry: Entry) -> None:
        self._arrived[entry.number] = entry
        row: Any = (
            entry.tokens,
            entry.number,
            entry,
        )  # the number is unique: entries never compare
        insort(self._by_length.setdefault(entry.decoding, []), row)
        self.tokens += entry.tokens

    def remove(self, entry: Entry) -> None:
        """Take out one that waits here."""
        del self._arrived[entry.number]
        rows = self._by_length[entry.decoding]
        del rows[_place(rows, entry)]
        self._tidy(entry.decoding)
        self.tokens -= entry.tokens

    def take(self, budget: int) -> list[Entry]:
        """The oldest entry and its neighbours by length: at most `budget` padded tokens.

        All have one decoding; at least one is taken, however long. Shortest first.
        """
        oldest = self.oldest
        rows = self._by_length[oldest.decoding]
        spread = SPREAD if self.tokens > PLENTY * budget else None
        first, last = _window([row[0] for row in rows], _place(rows, oldest), budget, spread)
        taken = [row[2] for row in rows[first:last]]
        del rows[first:last]
        self._tidy(oldest.decoding)
        for entry in taken:
            del self._arrived[entry.number]
            self.tokens -= entry.tokens
        return taken

    def _tidy(self, decoding: Decoding) -> None:
        if not self._by_length[decoding]:
            del self._by_length[decoding]


def _place(rows: Sequence[tuple[int, int, Entry]], entry: Entry) -> int:
    return bisect_left(rows, (entry.tokens, entry.number), key=lambda row: row[:2])


def _window(
    lengths: Sequence[int], start: int, budget: int, spread: float | None
) -> tuple[int, int]:
    """The range around `start` in ascending `lengths` whose rows x longest fit the budget.

    >>> _window([3, 4, 9, 10, 11, 40], 3, 33, None)
    (2, 5)
    >>> _window([3, 4, 9, 10, 11, 40], 5, 33, None)
    (5, 6)
    """
    first, last = start, start + 1
    while True:
        longest, shortest = lengths[last - 1], lengths[first]
        below = lengths[first - 1] if first else None
        above = lengths[last] if last < len(lengths) else None
        rows = last - first + 1
        takes_below = below is not None and rows * longest <= budget
        takes_above = above is not None and rows * above <= budget
        if spread is not None:
            takes_below = takes_below and longest <= spread * (below or 0) + SLACK
            takes_above = takes_above and (above or 0) <= spread * shortest + SLACK
        if takes_below and takes_above:
            nearer_below = shortest - (below or 0) <= (above or 0) - longest
            takes_below, takes_above = nearer_below, not nearer_below
        if takes_below:
            first -= 1
        elif takes_above:
            last += 1
        else:
            return first, last
