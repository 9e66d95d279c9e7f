"""How often a password may be tried: after some failures, each next one has to wait longer."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from service.errors import SignInDelayed

FREE_FAILURES = 5  # mistyping is human
LONGEST_WAIT_S = 300.0  # one guess in five minutes; an owner who was attacked can wait that long
FORGOTTEN_AFTER_S = 3600.0
MAX_KEPT = 10_000  # a flood of made-up names must not fill the memory


class Attempts:
    """Failures by name and address, so that strangers elsewhere cannot keep an owner out.

    Kept in this process only: a restart forgets them, and two servers count each for itself.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures: OrderedDict[tuple[str, str], tuple[int, float]] = OrderedDict()

    def check(self, name: str, address: str) -> None:
        """Raises SignInDelayed while the next attempt is not due."""
        with self._lock:
            count, last = self._failures.get((name, address), (0, 0.0))
        left = last + _wait_s(count) - self._clock()
        if count and left > 0:
            raise SignInDelayed(left)

    def failed(self, name: str, address: str) -> None:
        now = self._clock()
        with self._lock:
            count, last = self._failures.pop((name, address), (0, now))
            known = count if now - last < FORGOTTEN_AFTER_S else 0
            self._failures[name, address] = (known + 1, now)
            if len(self._failures) > MAX_KEPT:
                self._failures.popitem(last=False)

    def succeeded(self, name: str, address: str) -> None:
        with self._lock:
            self._failures.pop((name, address), None)


def _wait_s(failures: int) -> float:
    """Seconds between the last of so many failures and the next attempt.

    >>> [_wait_s(failures) for failures in (0, 4, 5, 6, 9, 99)]
    [0.0, 0.0, 2.0, 4.0, 32.0, 300.0]
    """
    if failures < FREE_FAILURES:
        return 0.0
    return min(LONGEST_WAIT_S, 2.0 ** min(failures - FREE_FAILURES + 1, 30))
