"""What waits to be decoded: in order of arrival, with neighbours by length at hand. No threads."""

import threading
from bisect import bisect_left, insort
from collections import Counter
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
FULL = 256  # tokens of an exact batch beyond which more do not make it better
PASSED_OVER = 8  # one exact batch in so many is that of the oldest entry


Kind = tuple[Decoding, int | None]  # what two sources must have in common to share a batch
Key = tuple[Request, Decoding]  # what two sources must have in common to be decoded once
UnitKey = tuple[tuple[Request, ...], Decoding, Priority]  # the same for two units


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
    unit: int | None = None  # entries of one unit are decoded together, and with nothing else
    waiters: list[tuple[Job, int]] = field(default_factory=list)  # and the place in its answers

    @property
    def key(self) -> Key:
        return self.request, self.decoding

    @property
    def kind(self) -> Kind:
        return self.decoding, self.unit


class Lane:
    """The waiting entries of one priority class."""

    def __init__(self) -> None:
        self.tokens = 0
        self._batches = 0
        self._arrived: dict[int, Entry] = {}
        self._by_length: dict[Kind, list[tuple[int, int, Entry]]] = {}
        self._equal: Counter[tuple[Decoding, int]] = Counter()  # exact entries of each length

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
        insort(self._by_length.setdefault(entry.kind, []), row)
        self.tokens += entry.tokens
        if entry.decoding.exact:
            self._equal[entry.decoding, entry.tokens] += 1

    def remove(self, entry: Entry) -> None:
        """Take out one that waits here."""
        del self._arrived[entry.number]
        rows = self._by_length[entry.kind]
        del rows[_place(rows, entry)]
        if not rows:
            del self._by_length[entry.kind]
        self.tokens -= entry.tokens
        if entry.decoding.exact:
            equal = entry.decoding, entry.tokens
            self._equal[equal] -= 1
            if not self._equal[equal]:
                del self._equal[equal]

    @property
    def next(self) -> Entry:
        """Whose batch is next: the oldest's, or among exact ones mostly the fullest.

        Now and then it is the oldest's there too, so that none waits for ever.
        """
        if not self.oldest.decoding.exact or self._batches % PASSED_OVER == 0:
            return self.oldest
        decoding, tokens = max(self._equal, key=lambda kind: min(FULL, kind[1] * self._equal[kind]))
        rows = self._by_length[decoding, None]
        entry: Entry = rows[bisect_left(rows, tokens, key=lambda row: row[0])][2]
        return entry

    def take(self, first: Entry, budget: int) -> list[Entry]:
        """An entry and its neighbours by length: at most `budget` padded tokens.

        All have one decoding; at least one is taken, however long. Shortest first. A unit is taken
        whole; neighbours of an exact decoding have the entry's own length.
        """
        rows = self._by_length[first.kind]
        lengths = [row[0] for row in rows]
        if first.unit is not None:
            window = 0, len(rows)
        elif first.decoding.exact:
            start = bisect_left(lengths, first.tokens)
            same = self._equal[first.decoding, first.tokens]
            window = start, start + max(1, min(same, budget // first.tokens))
        else:
            spread = SPREAD if self.tokens > PLENTY * budget else None
            window = _window(lengths, _place(rows, first), budget, spread)
        taken = [row[2] for row in rows[slice(*window)]]
        for entry in taken:
            self.remove(entry)
        self._batches += 1
        return taken


def units(tokens: Sequence[int], budget: int) -> list[list[int]]:
    """Places of sources in batches of at most `budget` padded tokens, by nothing but their lengths.

    >>> units([9, 3, 10, 4], 20)
    [[1, 3], [0, 2]]
    """
    batches: list[list[int]] = []
    for place in sorted(range(len(tokens)), key=lambda place: tokens[place]):
        if batches and (len(batches[-1]) + 1) * tokens[place] <= budget:
            batches[-1].append(place)
        else:
            batches.append([place])
    return batches


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
