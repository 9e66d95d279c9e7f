"""`songngu glossary …`: glossaries in the store, each change a new version."""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from service.cli.common import LanguageChoice, one_line_errors, read_input
from service.settings import Settings
from service.store.engine import open_store
from service.store.glossaries import GlossaryStore, StoredGlossary
from service.terms import TermList, read_terms

EXAMPLES = (
    "Examples:  songngu glossary add health terms.csv   |   "
    "songngu article page.html --glossary health@2"
)

app = typer.Typer(no_args_is_help=True, help="Your own terms, stored under a name.")
_STORED = re.compile(r"([a-z0-9][a-z0-9_-]{0,63})(?:@([0-9]{1,9}))?")  # e.g. "health@2"
Id = Annotated[str, typer.Argument(help="Its name, e.g. health.")]
Version = Annotated[int | None, typer.Option(min=1, help="The newest if not given.")]


def load_terms(value: str, settings: Settings) -> TermList:
    """The terms of a file, or of the stored glossary `id` or `id@version`.

    Raises the errors of the file and of the store.
    """
    stored = _STORED.fullmatch(value)
    if stored is None or Path(value).is_file():
        return read_terms(read_input(value, settings), label=Path(value).name)
    with _glossaries(settings) as glossaries:
        return glossaries.get(stored[1], int(stored[2]) if stored[2] else None).terms


@app.command()
def add(
    glossary_id: Id,
    path: Annotated[str, typer.Argument(help="TSV or CSV of source and target; - reads it.")],
    source: Annotated[
        LanguageChoice,
        typer.Option("--from", help="Language of the first column, without a header."),
    ] = LanguageChoice.AUTO,
    name: Annotated[str, typer.Option(help="What it is called.")] = "",
) -> None:
    """Store a file as the next version of a glossary."""
    with one_line_errors():
        settings = Settings.from_environment()
    with one_line_errors(), _glossaries(settings) as glossaries:
        terms = read_terms(read_input(path, settings), source.language)
        stored = glossaries.put(glossary_id, terms, name=name)
    print(f"{stored.id}@{stored.version}: {len(stored.terms.rows)} terms")


@app.command("list")
def list_all() -> None:
    """The newest version of every glossary."""
    with one_line_errors(), _glossaries() as glossaries:
        found = glossaries.latest()
    table = Table("id", "version", "from", "terms", "since", "name")
    for one in found:
        table.add_row(one.id, str(one.version), _language(one), *_facts(one), one.name)
    Console().print(table)


@app.command()
def show(glossary_id: Id, version: Version = None) -> None:
    """The terms of a glossary, and its versions."""
    with one_line_errors(), _glossaries() as glossaries:
        stored = glossaries.get(glossary_id, version)
        versions = glossaries.versions(glossary_id)
    table = Table("source", "target", title=f"{stored.id}@{stored.version} {stored.name}".strip())
    for row in stored.terms.rows:
        table.add_row("; ".join(row.source), "; ".join(row.target))
    Console().print(table)
    for one in versions:
        print(f"version {one.version}: {' terms, '.join(_facts(one))}")


@app.command()
def export(
    glossary_id: Id,
    version: Version = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file.")] = None,
) -> None:
    """A glossary as TSV."""
    with one_line_errors(), _glossaries() as glossaries:
        text = glossaries.get(glossary_id, version).terms.to_tsv()
    if output is None:
        sys.stdout.write(text)
    else:
        output.write_text(text, encoding="utf-8")


@app.command()
def remove(glossary_id: Id) -> None:
    """Remove a glossary with all its versions."""
    with one_line_errors(), _glossaries() as glossaries:
        glossaries.delete(glossary_id)


@contextmanager
def _glossaries(settings: Settings | None = None) -> Iterator[GlossaryStore]:
    store = open_store((settings or Settings.from_environment()).store_url)
    try:
        yield GlossaryStore(store)
    finally:
        store.close()


def _language(stored: StoredGlossary) -> str:
    return str(stored.terms.source_language or "")


def _facts(stored: StoredGlossary) -> tuple[str, str]:
    made = datetime.fromtimestamp(stored.created_at, UTC)
    return str(len(stored.terms.rows)), f"{made:%Y-%m-%d %H:%M} UTC"
