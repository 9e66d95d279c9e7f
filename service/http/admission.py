"""How many articles are worked on at a time, and how many may wait."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from service.errors import EngineBusy


class Admission:
    """Lets `running` callers in at a time; `waiting` more queue, the rest get EngineBusy."""

    def __init__(self, running: int, waiting: int) -> None:
        self._slots = asyncio.Semaphore(running)
        self._room = running + waiting
        self._inside = 0

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """Hold a slot for the length of the block."""
        if self._inside >= self._room:
            message = "Too many articles are waiting. Try again in a few seconds."
            raise EngineBusy(message)
        self._inside += 1
        try:
            async with self._slots:
                yield
        finally:
            self._inside -= 1
