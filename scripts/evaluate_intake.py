#!/usr/bin/env python3
"""Print how well raw input becomes an article: HTML pages, pasted text, characters, language."""

import importlib
import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


def main(
    data: Annotated[Path, typer.Option(help="The folder of articles and corpora.")] = Path(
        "../shared/data"
    ),
    html: Annotated[
        Path | None, typer.Option(help="Pages as *.html.gz beside ground-truth.json.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, not a table.")] = False,
) -> None:
    """Measure every part of the intake; what a missing file leaves out is said on stderr."""
    figures: dict[str, object] = {}
    for part, arguments in (
        ("intake_html", (data, html)),
        ("intake_pasted", (data,)),
        ("intake_text", (data,)),
    ):
        try:
            module = importlib.import_module(f"scripts.evaluation.{part}")
            figures |= module.evaluate(*arguments)
        except FileNotFoundError as missing:
            print(f"{part} not measured: {missing.filename} is not there", file=sys.stderr)
        except ModuleNotFoundError as missing:
            print(f"{part} not measured: no module {missing.name}", file=sys.stderr)
    if as_json:
        print(json.dumps(figures, ensure_ascii=False, indent=2))
        return
    table = Table("figure", "value", title="Intake")
    for name, value in figures.items():
        table.add_row(name, f"{value:.4f}" if isinstance(value, float) else str(value))
    Console().print(table)


if __name__ == "__main__":
    typer.run(main)
