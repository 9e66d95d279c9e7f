"""JSONL: one line an item, in the order of the inputs, appended as items end."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from service.archive.writers.entry import Entry


class LinesWriter:
    """Appends to one file; what was written after the last `state` is cut off by `restore`.

    The file of a stopped run is a beginning of the full run's, byte for byte.
    """

    def __init__(self, path: Path, wanted: Callable[[Entry], bool] = lambda _: True) -> None:
        self.name = path.name
        self._path, self._wanted = path, wanted
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        self._bytes = 0

    def write(self, entry: Entry) -> None:
        """Append the item's line; raises OSError, with nothing of it counted."""
        if not self._wanted(entry):
            return
        line = (entry.to_json() + "\n").encode("utf-8")
        at, rest = self._bytes, memoryview(line)
        while rest:
            written = os.pwrite(self._file, rest, at)
            at, rest = at + written, rest[written:]
        self._bytes = at

    def state(self) -> dict[str, Any]:
        """Where the file stands, once it is on the disk."""
        os.fsync(self._file)
        return {"bytes": self._bytes}

    def restore(self, state: dict[str, Any]) -> bool:
        """Go on behind what an earlier run had written; false where that is not there any more."""
        size, wanted = os.fstat(self._file).st_size, int(state.get("bytes", 0))
        self._bytes = wanted if size >= wanted else 0
        os.ftruncate(self._file, self._bytes)
        return size >= wanted

    def close(self) -> None:
        os.close(self._file)
