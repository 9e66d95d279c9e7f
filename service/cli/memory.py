"""`songngu memory …`: the translated segments that are used again."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from service.cli.common import one_line_errors
from service.errors import MemoryNotReadable
from service.settings import Settings
from service.store.engine import open_store
from service.store.memory import ORIGINS, PEOPLE, SegmentMemory
from service.tmx import read_tmx, write_tmx

EXAMPLES = "Examples:  songngu memory import agency.tmx   |   songngu memory export > songngu.tmx"

app = typer.Typer(no_args_is_help=True, help="Translated segments that are used again, as TMX.")


class Origin(StrEnum):
    """Who made the translations."""

    PEOPLE = "people"
    MODEL = "model"
    ALL = "all"

    @property
    def stored(self) -> tuple[str, ...]:
        return {Origin.PEOPLE: PEOPLE, Origin.MODEL: ("model",), Origin.ALL: ORIGINS}[self]


@app.command(name="import")
def import_tmx(
    path: Annotated[Path, typer.Argument(help="A TMX file, Vietnamese-English.")],
) -> None:
    """Take in a TMX file: where the memory is used, its segments win over every model."""
    with one_line_errors():
        try:
            file = path.open("rb")
        except OSError as error:
            message = f"Cannot read {path}: {error.strerror}."
            raise MemoryNotReadable(message) from error
        with file, _memory() as memory:
            count = memory.put_many(read_tmx(file))
    print(f"{count} segments imported")


@app.command()
def export(
    origin: Annotated[Origin, typer.Option(help="Whose translations.")] = Origin.PEOPLE,
) -> None:
    """Print the memory as TMX."""
    with one_line_errors(), _memory() as memory:
        for part in write_tmx(memory.units(origin.stored)):
            print(part, end="")


@app.command()
def stats() -> None:
    """How many segments are remembered, and how often they were used."""
    with one_line_errors(), _memory() as memory:
        found = memory.stats()
    print(f"approved by reviewers  {found.approved:>9,}")
    print(f"imported               {found.imported:>9,}")
    print(f"made by models         {found.model:>9,}  (at most {found.limit:,} in all)")
    print(f"used again             {found.hits:>9,}")


@contextmanager
def _memory() -> Iterator[SegmentMemory]:
    settings = Settings.from_environment()
    store = open_store(settings.store_url)
    memory = SegmentMemory(store, settings.memory_segments)
    try:
        yield memory
    finally:
        memory.close()
        store.close()
