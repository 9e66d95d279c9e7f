"""`songngu models`: which models there are, and fetching, adding, checking and removing them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn
from rich.table import Table

from models.catalogue import Card, read_card, read_catalogue
from models.engines import prepare
from models.faults import CardError
from models.hub import pull as fetch
from models.installed import add_folder, check_licence
from models.installed import remove as delete
from models.installed import verify as check_files
from service.cli.common import notes, one_line_errors
from service.errors import ModelUnavailable
from service.settings import Settings

EXAMPLES = "Example:  songngu models pull m2m100-418m   |   songngu models list --commercial"

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Models for translation and summaries: list, pull, add, convert, verify, remove.",
)
Commercial = Annotated[
    bool, typer.Option("--commercial", help="Only licences without conditions on your use.")
]


@app.command("list", epilog="Example:  songngu models list --commercial")
def list_models(
    commercial: Commercial = False,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """List the known models, and which of them are installed."""
    with _explained():
        settings = Settings.from_environment()
        cards = read_catalogue(data=settings.models_folder).values()
        shown = [card for card in cards if card.commercial or not commercial]
    if as_json:
        print(json.dumps([_row(card) for card in shown], ensure_ascii=False, indent=2))
        return
    terminal = Console()
    console = terminal if terminal.is_terminal else Console(width=120)
    for task in sorted({card.task for card in shown}, reverse=True):
        console.print(_table(task, [card for card in shown if card.task == task]))


@app.command(epilog="Example:  songngu models pull m2m100-418m --commercial")
def pull(
    model: Annotated[str, typer.Argument(help="An id of `songngu models list`.")],
    commercial: Commercial = False,
    revision: Annotated[
        str, typer.Option(help="Another commit, branch or refs/pr/N of its repository.")
    ] = "",
) -> None:
    """Fetch a model; run it again after an interruption, and it goes on where it stopped."""
    with _explained():
        settings = Settings.from_environment()
        card = read_card(model, settings.models_folder)
        notes.print(f"{card.id}: licence {card.licence}", markup=False, highlight=False)
        if commercial:
            check_licence(card)
        elif not card.commercial:
            instead = f"; `{card.instead}` is free of them" if card.instead else ""
            notes.print(f"Its licence has conditions{instead}.", style="yellow", markup=False)
        with _transfer_bar() as bar:
            task = bar.add_task(card.id, total=None)
            installed = fetch(
                card,
                settings.models_folder,
                endpoint=settings.hub_endpoint,
                revision=revision,
                on_progress=lambda done, total: bar.update(task, completed=done, total=total),
            )
    print(f"{installed.id} {installed.version} installed in {installed.folder}")


@app.command(epilog="Example:  songngu models add ./my-finetuned --direction vi-en")
def add(
    path: Annotated[Path, typer.Argument(help="A checkpoint or a CTranslate2 model.")],
    model_id: Annotated[str, typer.Option("--id", help="Default: the folder's name.")] = "",
    direction: Annotated[
        list[str] | None, typer.Option(help="Such as vi-en; for a summariser, such as vi.")
    ] = None,
    like: Annotated[
        str, typer.Option(help="Id of the model it was made from: takes its prefixes.")
    ] = "",
    family: Annotated[str, typer.Option(help="Of a CTranslate2 model, such as marian.")] = "",
    summariser: Annotated[bool, typer.Option("--summariser", help="It summarises.")] = False,
    licence: Annotated[str, typer.Option(help="As its maker states it.")] = "unknown",
    commercial: Annotated[
        bool, typer.Option("--commercial", help="The licence has no conditions on your use.")
    ] = False,
) -> None:
    """Register a model of your own; its files stay where they are, their checksums are noted."""
    with _explained():
        data = Settings.from_environment().models_folder
        card = add_folder(
            path,
            data,
            card_id=model_id,
            directions=[_direction(text, summariser=summariser) for text in direction or ()],
            family=family,
            task="summarisation" if summariser else "translation",
            licence=licence,
            commercial=commercial,
            like=read_card(like, data) if like else None,
        )
    print(f"{card.id} added: {card.architecture}, {len(card.files)} files in {card.folder}")


@app.command(epilog="Example:  songngu models convert m2m100-418m")
def convert(model: Annotated[str, typer.Argument(help="The id of an installed model.")]) -> None:
    """Convert a model now and not at its first use; only this needs torch."""
    with _explained():
        settings = Settings.from_environment()
        card = read_card(model, settings.models_folder)
        with notes.status(f"converting {card.id}"):
            prepare(card, settings.device)
    print(f"{card.id} is ready")


@app.command(epilog="Example:  songngu models verify")
def verify(
    model: Annotated[
        str | None, typer.Argument(help="One id; without it, all installed models.")
    ] = None,
) -> None:
    """Compare the files of installed models with their checksums."""
    with _explained():
        data = Settings.from_environment().models_folder
        cards = read_catalogue(data=data).values()
        chosen = [model] if model else [card.id for card in cards if card.installed]
        for card_id in chosen:
            card = check_files(card_id, data)
            print(f"{card.id}: {len(card.files)} files are as they should be")


@app.command(epilog="Example:  songngu models remove madlad400-3b-mt")
def remove(model: Annotated[str, typer.Argument(help="Its id.")]) -> None:
    """Delete what was fetched and converted for a model; a folder of your own stays."""
    with _explained():
        freed = delete(model, Settings.from_environment().models_folder)
    print(f"{model} removed, {_size(freed)} freed")


@contextmanager
def _explained() -> Iterator[None]:
    """Every error of a model's files as one line."""
    with one_line_errors():
        try:
            yield
        except CardError as error:
            raise ModelUnavailable(str(error)) from error
        except OSError as error:
            message = f"{error.filename or 'The folder of models'}: {error.strerror or error}."
            raise ModelUnavailable(message) from error


def _transfer_bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        console=notes,
        transient=True,
        disable=not notes.is_terminal,
    )


def _table(task: str, cards: list[Card]) -> Table:
    """Narrow enough for a terminal of 80 columns."""
    table = Table(box=None, pad_edge=False, title=task, title_justify="left", title_style="bold")
    for heading in ("model", "languages", "licence", "commercial", "size", "installed"):
        table.add_column(heading, overflow="fold", no_wrap=heading != "licence")
    for card in cards:
        both = len(card.directions) > 1
        table.add_row(
            card.id,
            "vi ⇄ en" if both else " ".join(_languages(card)),
            card.licence,
            "yes" if card.commercial else "no",
            _size(_bytes_of(card)),
            "yes" if card.installed else "",
        )
    return table


def _bytes_of(card: Card) -> int:
    """As on the disk where it is installed."""
    paths = [card.folder / name for name in card.files]
    return sum(path.stat().st_size for path in paths if path.exists()) or card.size_bytes


def _languages(card: Card) -> list[str]:
    return sorted(f"{a}-{b}" for a, b in card.directions) or sorted(card.languages)


def _row(card: Card) -> dict[str, object]:
    return {
        "id": card.id,
        "task": card.task,
        "languages": _languages(card),
        "architecture": card.architecture,
        "licence": card.licence,
        "commercial": card.commercial,
        "instead": card.instead,
        "size_bytes": _bytes_of(card),
        "installed": card.installed,
        "quality": card.quality,
        "note": card.note,
    }


def _direction(text: str, *, summariser: bool) -> tuple[str, str]:
    """`vi-en` as a pair; one language for a summariser, which writes what it reads."""
    source, _, target = text.partition("-")
    languages = {"vi", "en"}
    if source not in languages or (target not in languages and not summariser):
        message = f"`{text}` is no direction: vi-en or en-vi, or one language with --summariser."
        raise ModelUnavailable(message)
    return source, target or source


def _size(size: int) -> str:
    """A size as people say it.

    >>> _size(1_942_000_000), _size(17_300_000)
    ('1.9 GB', '17 MB')
    """
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.0f} MB" if size else ""
