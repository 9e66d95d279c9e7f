"""Files, folders and patterns on the command line to the files of the archive, in a fixed order."""

import os
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from glob import glob, has_magic
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from service.errors import ArchiveNotReadable


class Kind(StrEnum):
    """How a file is read."""

    PAGE = "page"
    TEXT = "text"
    JSONL = "jsonl"
    TABLE = "table"
    WARC = "warc"


SUFFIXES: Final = {
    ".html": Kind.PAGE,
    ".htm": Kind.PAGE,
    ".xhtml": Kind.PAGE,
    ".txt": Kind.TEXT,
    ".jsonl": Kind.JSONL,
    ".ndjson": Kind.JSONL,
    ".jsonl.gz": Kind.JSONL,
    ".ndjson.gz": Kind.JSONL,
    ".csv": Kind.TABLE,
    ".tsv": Kind.TABLE,
    ".csv.gz": Kind.TABLE,
    ".tsv.gz": Kind.TABLE,
    ".warc": Kind.WARC,
    ".warc.gz": Kind.WARC,
}


@dataclass(frozen=True, slots=True)
class Source:
    """One file of the archive; `name` is what outputs call it."""

    path: Path
    name: str
    kind: Kind


def find_sources(inputs: Sequence[str], outside: Path | None = None) -> Iterator[Source]:
    """The files that `inputs` name, each once.

    Inputs keep their order; what a folder or a pattern holds comes sorted by path. Folders are
    searched to any depth for files of a known suffix, without hidden ones, without following
    links to folders, and without `outside`, the output folder. A file is called by its path below
    the folder, or below the part of the pattern before its first wildcard.

    Raises ArchiveNotReadable where an input names nothing, or a file of an unknown kind.
    """
    seen: set[str] | None = set() if len(inputs) > 1 else None
    barred = os.path.realpath(outside) if outside is not None else None
    for given in inputs:
        found = False
        for path, name in _matches(given, barred):
            kind = kind_of(path)
            if kind is None:
                known = ", ".join(SUFFIXES)
                message = f"{given} is of no kind that is read here; known are {known}."
                raise ArchiveNotReadable(message)
            if kind is Kind.WARC and find_spec("warcio") is None:
                message = f"{given} is a web archive; install songngu[warc] to read it."
                raise ArchiveNotReadable(message)
            found = True
            if seen is not None:
                real = os.path.realpath(path)
                if real in seen:
                    continue
                seen.add(real)
            yield Source(Path(path), _printable(name), kind)
        if not found:
            message = f"{given} holds no article: no such file, or none of a kind that is read."
            raise ArchiveNotReadable(message)


def kind_of(path: str) -> Kind | None:
    """The kind that the file's name says.

    >>> kind_of("Tin.JSONL.gz"), kind_of("a.pdf")
    (<Kind.JSONL: 'jsonl'>, None)
    """
    low = path.lower()
    return next((kind for suffix, kind in SUFFIXES.items() if low.endswith(suffix)), None)


def _matches(given: str, barred: str | None) -> Iterator[tuple[str, str]]:
    if Path(given).is_dir():
        yield from _walk(given, barred)
    elif Path(given).exists():
        yield given, Path(given).name
    elif has_magic(given):
        base = os.path.dirname(given[: _first_magic(given)])  # noqa: PTH120 - text of a pattern
        for path in sorted(glob(given, recursive=True)):  # noqa: PTH207 - patterns may be absolute
            if Path(path).is_file() and kind_of(path) is not None:
                yield path, os.path.relpath(path, base or ".")


def _walk(folder: str, barred: str | None) -> Iterator[tuple[str, str]]:
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".") and os.path.realpath(f"{parent}/{name}") != barred
        )
        for name in sorted(files):
            path = os.path.join(parent, name)  # noqa: PTH118 - a million of them
            if not name.startswith(".") and kind_of(name) is not None:
                yield path, os.path.relpath(path, folder)


def _first_magic(pattern: str) -> int:
    return next(i for i, char in enumerate(pattern) if char in "*?[")


def _printable(name: str) -> str:
    """The name in NFC; bytes in it that are no UTF-8 become replacement characters."""
    return unicodedata.normalize("NFC", os.fsencode(name).decode("utf-8", "replace"))
