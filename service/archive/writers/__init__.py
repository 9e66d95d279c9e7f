"""Outputs of an archive, written in the order of the inputs, the same bytes every time."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from enum import StrEnum
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

from service.archive.writers.entry import Entry
from service.archive.writers.files import FilesWriter, Render, as_json, as_text
from service.archive.writers.lines import LinesWriter
from service.archive.writers.word import to_docx
from service.errors import ArchiveError

__all__ = ["ERRORS", "LINES", "Entry", "Format", "Writer", "check_formats", "open_writers"]

LINES = "articles.jsonl"
ERRORS = "errors.jsonl"


class Format(StrEnum):
    """`jsonl` is one file in all, the others are one file an article."""

    JSONL = "jsonl"
    JSON = "json"
    TEXT = "text"
    HTML = "html"
    DOCX = "docx"


class Writer(Protocol):
    """One output. `write` is called once an item in order, from the start or after `restore`."""

    name: str

    def write(self, entry: Entry) -> None: ...

    def state(self) -> dict[str, Any]:
        """What `restore` needs to go on from here; JSON."""
        ...

    def restore(self, state: dict[str, Any]) -> bool:
        """Go on where `state` was taken; false: the output is gone and begins anew."""
        ...

    def close(self) -> None: ...


def check_formats(formats: Sequence[Format]) -> None:
    """Raise ArchiveError where an extra is missing for one of the formats."""
    if Format.DOCX in formats and find_spec("docx") is None:
        message = "Word documents need python-docx; install songngu[office]."
        raise ArchiveError(message)


def open_writers(
    folder: Path, formats: Sequence[Format], renders: Mapping[Format, Render]
) -> list[Writer]:
    """The writers for the formats, and one for the errors; `renders` has what is made elsewhere.

    Raises OSError.
    """
    writers: list[Writer] = []
    try:
        writers.append(LinesWriter(folder / ERRORS, wanted=lambda entry: entry.error is not None))
        writers += [_open(folder, each, renders) for each in dict.fromkeys(formats)]
    except OSError:
        for writer in writers:
            with suppress(OSError):
                writer.close()
        raise
    return writers


def _open(folder: Path, wanted: Format, renders: Mapping[Format, Render]) -> Writer:
    if wanted is Format.JSONL:
        return LinesWriter(folder / LINES)
    own = folder / wanted.value
    own.mkdir(exist_ok=True)
    match wanted:
        case Format.JSON:
            return FilesWriter(own, ".json", as_json)
        case Format.TEXT:
            return FilesWriter(own, ".txt", as_text)
        case Format.DOCX:
            return FilesWriter(own, ".docx", partial(_rendered, to_docx))
        case Format.HTML:
            return FilesWriter(own, ".html", partial(_rendered, renders[wanted]))


def _rendered(render: Render, entry: Entry) -> str | bytes:
    return render(entry.result)
