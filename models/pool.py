"""Several models at once, within a budget of memory: loaded when asked for, the least used let go.

A model that cannot be loaded is an error of those who asked for it, for a while without another
try, and of nobody else. What is in use is never let go.
"""

import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from models.batching import POLL_S, Batcher
from models.faults import CardError, OutOfMemory
from models.tickets import WHENEVER, Ticket

RETRY_AFTER_S = 30.0  # until a model that could not be loaded is tried again


@dataclass(slots=True, eq=False)
class _Slot:
    """One model: being loaded, loaded, or failed."""

    size: int
    ready: threading.Event = field(default_factory=threading.Event)
    batcher: Batcher | None = None
    error: CardError | None = None
    failed_at: float = 0.0
    users: int = 0
    used_at: int = 0  # of the pool's own counting


class ModelPool:
    """Loaded models by id. Loading happens outside the lock, once for all who wait for it.

    It has a thread of its own, and goes on when nobody waits any more: the next one finds it done.
    """

    def __init__(
        self,
        load: Callable[[str], Batcher],
        size_of: Callable[[str], int],
        *,
        budget_bytes: int,
        pinned: Collection[str] = (),
        retry_after_s: float = RETRY_AFTER_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`size_of` says what a loaded model takes, and raises CardError for an unknown one.

        `pinned` models stay once they are loaded.
        """
        self._load = load
        self._size_of = size_of
        self._budget = budget_bytes
        self._pinned = frozenset(pinned)
        self._retry_after_s = retry_after_s
        self._clock = clock
        self._lock = threading.Lock()
        self._slots: dict[str, _Slot] = {}
        self._uses = 0

    @contextmanager
    def lease(self, model: str, ticket: Ticket = WHENEVER) -> Iterator[Batcher]:
        """The model's batcher, in memory for the length of the block.

        Raises CardError, and a `WaitingError` where it is not loaded while the ticket waits.
        """
        slot, first = self._enter(model)
        try:
            if first:
                name = f"load-{model}"
                threading.Thread(
                    target=self._fill, args=(model, slot), name=name, daemon=True
                ).start()
            while not slot.ready.wait(ticket.patience(POLL_S)):
                ticket.check()
            if slot.batcher is None:
                raise _again(slot.error)
            yield slot.batcher
        finally:
            self._leave(slot)

    def loaded(self) -> list[str]:
        """Ids of the models in memory, the least recently used first."""
        with self._lock:
            ready = [(slot.used_at, name) for name, slot in self._slots.items() if slot.batcher]
        return [name for _, name in sorted(ready)]

    def close(self) -> None:
        """Let go of everything; who still waits gets an error."""
        with self._lock:
            slots = list(self._slots.values())
            self._slots = {}
        _close(slots)

    def _enter(self, model: str) -> tuple[_Slot, bool]:
        """The model's slot, and whether the caller is the one to fill it."""
        size = self._size_of(model)
        surplus: list[_Slot] = []
        with self._lock:
            slot = self._slots.get(model)
            first = slot is None or self._may_try_again(slot)
            if slot is None or first:
                surplus = self._make_room(model, size)
                slot = self._slots[model] = _Slot(size)
            slot.users += 1
            self._uses += 1
            slot.used_at = self._uses
        _close(surplus)
        return slot, first

    def _may_try_again(self, slot: _Slot) -> bool:
        return slot.error is not None and self._clock() - slot.failed_at >= self._retry_after_s

    def _make_room(self, model: str, size: int) -> list[_Slot]:
        """Let models go, least recently used first; what is to be closed, outside the lock."""
        held = sum(slot.size for slot in self._slots.values() if slot.error is None)
        idle = sorted(
            (slot.used_at, name)
            for name, slot in self._slots.items()
            if slot.batcher is not None and not slot.users and name not in self._pinned
        )
        surplus: list[str] = []
        for _, name in idle:
            if held + size <= self._budget:
                break
            surplus.append(name)
            held -= self._slots[name].size
        if held + size > self._budget and model not in self._pinned:
            message = (
                f"Model `{model}` needs about {_mebibytes(size)} of memory, but "
                f"{_mebibytes(max(0, self._budget - held))} of {_mebibytes(self._budget)} are free."
            )
            raise OutOfMemory(message)
        return [self._slots.pop(name) for name in surplus]

    def _fill(self, model: str, slot: _Slot) -> None:
        """Load, and tell those who wait for the slot, whatever happens."""
        try:
            slot.batcher = self._load(model)
        except CardError as known:
            slot.error = known
        except MemoryError:
            slot.error = OutOfMemory(f"Model `{model}` does not fit into memory.")
        except Exception as unknown:  # noqa: BLE001 - whatever a library raises on bad files
            slot.error = CardError(f"Model `{model}` cannot be loaded ({type(unknown).__name__}).")
            slot.error.__cause__ = unknown
        finally:
            slot.failed_at = self._clock()
            slot.ready.set()

    def _leave(self, slot: _Slot) -> None:
        with self._lock:
            slot.users -= 1


def _again(error: CardError | None) -> CardError:
    """A fresh error of the same kind for each who waits: one instance has one traceback."""
    fresh = type(error)(str(error)) if error is not None else CardError("The service is stopping.")
    fresh.__cause__ = error
    return fresh


def _close(slots: Collection[_Slot]) -> None:
    for slot in slots:
        if slot.batcher is not None:
            slot.batcher.close()


def _mebibytes(size: int) -> str:
    return f"{size / 2**20:,.0f} MiB"


def available_bytes(root: Path = Path("/")) -> int | None:
    """Memory that can still be had, by the system and by the control group; None if unknown."""
    found = [
        int(line.split()[1]) * 1024
        for line in _lines(root / "proc/meminfo")
        if line.startswith("MemAvailable:")
    ]
    group = root / "sys/fs/cgroup"
    limit, used = _lines(group / "memory.max"), _lines(group / "memory.current")
    if limit and used and limit[0].isdigit():
        found.append(max(0, int(limit[0]) - int(used[0])))
    return min(found, default=None)


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text("ascii").splitlines()
    except (OSError, ValueError):
        return []
