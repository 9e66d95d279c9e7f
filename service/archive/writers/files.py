"""One file an item, in a folder of its own for each format."""

import contextlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from service.archive.identity import file_name
from service.archive.writers.entry import Entry
from service.result import Result

Render = Callable[[Result], str | bytes]


class FilesWriter:
    """Writes `<folder>/<safe id><suffix>` for every item that did not fail."""

    def __init__(self, folder: Path, suffix: str, content: Callable[[Entry], str | bytes]) -> None:
        self.name = folder.name
        self._folder, self._suffix, self._content = folder, suffix, content

    def write(self, entry: Entry) -> None:
        """Write the item's file, whole or not at all; writing it again changes nothing."""
        if entry.result_json is None:
            return
        path = self._folder / f"{file_name(entry.id)}{self._suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, self._content(entry))

    def state(self) -> dict[str, Any]:
        return {}

    def restore(self, _state: dict[str, Any]) -> bool:
        return self._folder.is_dir()

    def close(self) -> None:
        pass


def write_atomically(path: Path, content: str | bytes) -> None:
    """Put the content into place once it is on the disk; raises OSError, leaving no trace."""
    raw = content.encode("utf-8") if isinstance(content, str) else content
    # One name for all: what a killed run leaves is overwritten by the next.
    draft = path.parent / ".songngu.tmp"
    try:
        with draft.open("wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
        raise


def as_json(entry: Entry) -> str:
    """The item's line of the JSONL output, indented."""
    return json.dumps(json.loads(entry.to_json()), ensure_ascii=False, indent=2) + "\n"


def as_text(entry: Entry) -> str:
    """The translation alone, one block a paragraph."""
    return entry.result.text + "\n"
