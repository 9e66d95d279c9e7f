"""With what urgency, and for how long, somebody waits for translations."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum


class Priority(IntEnum):
    """Who goes first; lower is sooner."""

    INTERACTIVE = 0
    ARCHIVE = 1


class WaitingError(Exception):
    """Base: the translations were not made."""


class QueueFull(WaitingError):
    """Too much is waiting already."""

    def __init__(self, retry_after_s: float) -> None:
        super().__init__(f"The queue is full; there is room in about {retry_after_s:.0f} s.")
        self.retry_after_s = retry_after_s


class Cancelled(WaitingError):
    """Nobody waits for the answer any more."""


class DeadlinePassed(WaitingError):
    """The answer would have come too late."""


class EngineFailed(WaitingError):
    """The engine raised an error, which is the cause of this one, or was closed."""


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a caller says once for all that it will ask of an engine.

    `cancelled` is asked every quarter of a second while the caller waits, from its thread.
    """

    priority: Priority = Priority.INTERACTIVE
    cancelled: Callable[[], bool] = _never
    deadline: float | None = None  # a moment of `time.monotonic()`
    exact: bool = False  # decode each source as if it were alone, where the engine can

    def check(self) -> None:
        """Raise Cancelled or DeadlinePassed where waiting is of no use any more."""
        if self.cancelled():
            message = "The request was cancelled."
            raise Cancelled(message)
        if self.deadline is not None and time.monotonic() >= self.deadline:
            message = "The request was not done before its deadline."
            raise DeadlinePassed(message)

    def patience(self, longest: float) -> float:
        """Seconds to wait until the next `check`, at most `longest`."""
        if self.deadline is None:
            return longest
        return max(0.0, min(longest, self.deadline - time.monotonic()))


WHENEVER = Ticket()  # interactive, patient
