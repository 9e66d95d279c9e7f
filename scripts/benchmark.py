#!/usr/bin/env python3
"""Decoding speed of the bundled model beside the same weights under transformers, on one thread.

Example:
    python scripts/release_translation.py --run runs/base --out weights --keep hf
    python scripts/benchmark.py --transformers hf
"""

import json
import os
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from scripts.evaluation.benchmark import measure, open_engine, open_transformers, to_json

KEYS = (
    "system", "load_s", "sentences_per_s", "target_tokens_per_s", "peak_rss_mb", "ratio",
)  # fmt: skip
app = typer.Typer(add_completion=False)


@app.command(help=__doc__)
def main(
    transformers: Annotated[Path, typer.Option(help="Folder of the same weights, unconverted.")],
    sentences: Annotated[int, typer.Option(help="How many to translate, vi to en.")] = 100,
    beam: Annotated[list[int], typer.Option(help="Beam sizes.")] = [1, 4],  # noqa: B006
    system: Annotated[str | None, typer.Option(hidden=True)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of a table.")] = False,
) -> None:
    if system is not None:
        name, _, size = system.rpartition(" beam ")
        openers = {
            "transformers fp32, one by one": partial(open_transformers, transformers, int(size)),
            "songngu int8, one by one": partial(open_engine, int(size), batched=False),
            "songngu int8, batched": partial(open_engine, int(size), batched=True),
        }
        print(to_json(measure(system, openers[name], sentences)))
        return
    names = ("transformers fp32, one by one", "songngu int8, one by one", "songngu int8, batched")
    rows = []
    for size in beam:
        own = [_measured(f"{name} beam {size}", transformers, sentences) for name in names]
        base = own[0]["sentences_per_s"]
        rows += [{**row, "ratio": round(row["sentences_per_s"] / base, 1)} for row in own]
    if as_json:
        print(json.dumps(rows, indent=2))
    else:
        _show(rows)


def _measured(system: str, transformers: Path, sentences: int) -> dict[str, float]:
    """Each system in a fresh process, so that memory and threads do not mix."""
    command = [sys.executable, __file__, "--transformers", str(transformers)]
    run = subprocess.run(  # noqa: S603 - our own script
        [*command, "--sentences", str(sentences), "--system", system],
        capture_output=True,
        check=True,
        env={**os.environ, "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"},
    )
    measured: dict[str, float] = json.loads(run.stdout.splitlines()[-1])
    return measured


def _show(rows: list[dict[str, float]]) -> None:
    table = Table("system", title="one thread, vi to en, this run")
    for column in ("load s", "sentences/s", "target tokens/s", "peak RSS MB", "ratio"):
        table.add_column(column, justify="right")
    for row in rows:
        table.add_row(*(str(row[key]) for key in KEYS))
    Console(width=110).print(table)


if __name__ == "__main__":
    app()
