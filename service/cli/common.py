"""What the commands share: the one-line error, reading input, choices, the progress bar."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from service.article import Language
from service.errors import ArticleNotText, ArticleTooLong, SongnguError
from service.settings import Settings
from service.text.encodings import (
    HEAD_BYTES,
    WrongEncodingError,
    decode_page,
    decode_text,
    is_encoding,
)

notes = Console(stderr=True)
PIPE_CLOSED = 141  # as shells say it: 128 + SIGPIPE


class LanguageChoice(StrEnum):
    """Of a source, `auto` is what is detected; of a target, the other language."""

    AUTO = "auto"
    VI = "vi"
    EN = "en"

    @property
    def language(self) -> Language | None:
        """None for `auto`."""
        return None if self is LanguageChoice.AUTO else Language(self.value)


def fail(message: str, code: int = 2) -> NoReturn:
    """One red line on standard error, then exit."""
    notes.print(f"songngu: {message}", style="red", markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(code)


@contextmanager
def one_line_errors() -> Iterator[None]:
    """Our own errors end the command with one line and code 2, others with code 1."""
    try:
        yield
        sys.stdout.flush()  # so that what a closed pipe says is caught here
    except SongnguError as error:
        fail(str(error))
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    except (typer.Exit, typer.Abort):
        raise
    except BrokenPipeError:  # the reader, such as `head`, has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(PIPE_CLOSED) from None
    except Exception as error:  # noqa: BLE001 - the boundary: a user sees one line, not a trace
        fail(f"internal error ({type(error).__name__}); please report it", code=1)


def progress_bar(label: str) -> Progress:
    """A bar with count and time left on standard error; nothing where that is no terminal."""
    return Progress(
        TextColumn(label),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=notes,
        transient=True,
        disable=not notes.is_terminal,
    )


def read_input(path: str, settings: Settings) -> str:
    """The input as text; bytes that are no UTF-8 are refused, a BOM is dropped."""
    try:
        return _bytes(path, settings).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = "The input is not UTF-8 text. Convert it first, for example with iconv."
        raise ArticleNotText(message) from error


def read_raw_article(
    path: str, settings: Settings, encoding: str = "utf-8"
) -> tuple[str | None, str | None]:
    """The HTML and the text of an input, one of them None.

    `encoding` is that of a text, and of a page that says none; a byte order mark outweighs it.
    """
    raw = _bytes(path, settings)
    head = raw[:HEAD_BYTES].decode("latin-1")
    is_page = path.lower().endswith((".html", ".htm", ".xhtml")) or _looks_like_html(head)
    try:
        return (
            (decode_page(raw, fallback=encoding), None)
            if is_page
            else (None, decode_text(raw, encoding))
        )
    except WrongEncodingError as error:
        raise ArticleNotText(str(error)) from error


def known_encoding(name: str) -> str:
    """For an option: `name`; ends the command where there is no such encoding."""
    if not is_encoding(name):
        fail(f"There is no encoding called {name}.")
    return name


def _bytes(path: str, settings: Settings) -> bytes:
    limit = settings.max_body_bytes
    try:
        if path == "-":
            raw = sys.stdin.buffer.read(limit + 1)
        else:
            with Path(path).open("rb") as source:
                raw = source.read(limit + 1)
    except OSError as error:
        message = f"Cannot read {path}: {error.strerror}."
        raise ArticleNotText(message) from error
    if len(raw) > limit:
        raise ArticleTooLong(len(raw), limit, "bytes")
    return raw


def _looks_like_html(raw: str) -> bool:
    """Whether text that came without a file name is a page."""
    head = raw.lstrip("\ufeffï»¿ \t\r\n")[:200].lower()
    return head.startswith(("<!doctype html", "<html", "<?xml")) or "<body" in head
