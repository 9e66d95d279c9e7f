"""The command `songngu`: parses, calls, prints."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from service.article import Language
from service.bootstrap import build_extractor, build_pipeline
from service.errors import ArticleNotText, ArticleTooLong, SongnguError
from service.intake import ArticleRequest
from service.render import to_html
from service.result import Result
from service.settings import Settings

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Clean, checked Vietnamese-English translations and short summaries of raw articles.",
)
_notes = Console(stderr=True)


class Target(StrEnum):
    """`auto` is the other language."""

    AUTO = "auto"
    VI = "vi"
    EN = "en"


class Format(StrEnum):
    JSON = "json"
    TEXT = "text"
    HTML = "html"


@app.callback()
def main() -> None:
    """Keeps `article` a named command."""


@app.command(
    epilog="Examples:  songngu article page.html --format json   |   "
    "pbpaste | songngu article - --to en --summary-sentences 2"
)
def article(
    path: Annotated[str, typer.Argument(help="A .html/.htm or text file; - reads text or HTML.")],
    to: Annotated[Target, typer.Option(help="Target language.")] = Target.AUTO,
    format: Annotated[Format, typer.Option(help="What to print.")] = Format.TEXT,  # noqa: A002
    summary_sentences: Annotated[int, typer.Option(min=0, max=50, help="At most.")] = 3,
    summary_words: Annotated[
        int | None, typer.Option(min=1, max=5000, help="At most so many in all.")
    ] = None,
) -> None:
    """Clean, translate, check and summarise one article."""
    try:
        settings = Settings.from_environment()
        request = _request(path, _read(path, settings), to, summary_sentences, summary_words)
        result = _run(settings, request)
    except SongnguError as error:
        _fail(str(error))
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    except Exception as error:  # noqa: BLE001 - the boundary: a user sees one line, not a trace
        _fail(f"internal error ({type(error).__name__}); please report it", code=1)
    match format:
        case Format.JSON:
            print(result.model_dump_json(indent=2))
        case Format.HTML:
            print(to_html(result))
        case Format.TEXT:
            print(_as_text(result))


@app.command(epilog="Example:  songngu serve --port 8080")
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8000,
) -> None:
    """Serve the HTTP interface and the page."""
    # Imported here: `songngu article` starts half a second sooner without the server.
    from service.http.app import create_app
    from service.http.server import run

    try:
        application = create_app(Settings.from_environment())
    except SongnguError as error:
        _fail(str(error))
    _notes.print(f"Songngu: http://{host}:{port} (interface description: /docs)", highlight=False)
    if not run(application, host, port):
        _fail(f"could not start on {host}:{port}; see the message above", code=1)


def _read(path: str, settings: Settings) -> str:
    """The input as text; bytes that are no UTF-8 are refused, a BOM is dropped."""
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
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = "The input is not UTF-8 text. Convert it first, for example with iconv."
        raise ArticleNotText(message) from error


def _request(path: str, raw: str, to: Target, sentences: int, words: int | None) -> ArticleRequest:
    html = path.lower().endswith((".html", ".htm", ".xhtml")) or _looks_like_html(raw)
    return ArticleRequest(
        text=None if html else raw,
        html=raw if html else None,
        target_language=None if to is Target.AUTO else Language(to.value),
        summary_sentences=sentences,
        summary_words=words,
    )


def _looks_like_html(raw: str) -> bool:
    head = raw.lstrip()[:200].lower()
    return head.startswith(("<!doctype html", "<html", "<?xml")) or "<body" in head


def _run(settings: Settings, request: ArticleRequest) -> Result:
    extractor = build_extractor(settings)
    bar = Progress(
        TextColumn("translating"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=_notes,
        transient=True,
        disable=not _notes.is_terminal,
    )
    try:
        pipeline = build_pipeline(settings, extractor)
        with bar:
            task = bar.add_task("translating", total=None)
            return pipeline.run(
                request, lambda done, total: bar.update(task, completed=done, total=total)
            )
    finally:
        extractor.close()


def _as_text(result: Result) -> str:
    summary = "\n".join(f"  • {sentence.text}" for sentence in result.summary.target)
    parts = [f"Summary\n{summary}\n"] if summary else []
    parts.append(result.text)
    if result.verdict == "review":
        parts.append("\n[review] " + "; ".join(result.reasons))
    return "\n".join(parts)


def _fail(message: str, code: int = 2) -> NoReturn:
    _notes.print(f"songngu: {message}", style="red", markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(code)
