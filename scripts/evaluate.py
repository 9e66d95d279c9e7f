#!/usr/bin/env python3
"""Score a translation model on a pair file, or beside the stored systems on a FLORES folder.

Examples:
    python scripts/evaluate.py --direction vi-en --pairs ../shared/data/eval/news.test.tsv
    python scripts/evaluate.py --flores ../shared/data/eval/flores-dev
"""

import json
from dataclasses import asdict
from html import unescape
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from models.catalogue import BUNDLED_TRANSLATION, Card, read_card, read_catalogue
from models.ctranslate2_engine import CTranslate2Engine
from scripts.evaluation.translation import Pair, Scores, read_pairs, score, translate_lines

app = typer.Typer(add_completion=False)
DIRECTIONS = ("vi-en", "en-vi")


@app.command(help=__doc__)
def main(
    card: Annotated[str, typer.Option(help="Model id of the catalogue.")] = BUNDLED_TRANSLATION,
    direction: Annotated[str, typer.Option(help="vi-en or en-vi.")] = "vi-en",
    pairs: Annotated[Path | None, typer.Option(help="TSV with columns vi, en.")] = None,
    flores: Annotated[Path | None, typer.Option(help="Folder with ref.vi, ref.en, …")] = None,
    limit: Annotated[int | None, typer.Option(help="First N pairs only.")] = None,
    catalogue: Annotated[Path | None, typer.Option(help="Another catalogue file.")] = None,
    replicas: Annotated[int, typer.Option(help="Batches decoded at a time.")] = 2,
    repaired: Annotated[
        bool, typer.Option("--repair/--no-repair", help="Climb the repair ladder, as served.")
    ] = True,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of a table.")] = False,
) -> None:
    chosen: Card = read_catalogue(catalogue)[card] if catalogue else read_card(card)
    engine = CTranslate2Engine(chosen, replicas=replicas)
    rows: dict[str, dict[str, Scores]] = {}
    if pairs is not None:
        rows[direction] = {
            card: score_pairs(read_pairs(pairs, direction, limit), direction, engine, repaired)
        }
    elif flores is not None:
        for one in DIRECTIONS:
            rows[one] = score_flores(flores, one, engine, card, limit, repaired)
    else:
        message = "Give --pairs or --flores."
        raise typer.BadParameter(message)
    if as_json:
        flat = {d: {name: asdict(s) for name, s in own.items()} for d, own in rows.items()}
        print(json.dumps(flat[direction][card] if pairs else flat, indent=2))
    else:
        _show(rows)


def score_pairs(
    pairs: list[Pair], direction: str, engine: CTranslate2Engine, repaired: bool = True
) -> Scores:
    """Scores of our output for the pairs."""
    sources = [source for source, _ in pairs]
    outputs = translate_lines(sources, direction, engine, repaired=repaired)
    return score(pairs, outputs, direction)


def score_flores(
    folder: Path,
    direction: str,
    engine: CTranslate2Engine,
    card: str,
    limit: int | None = None,
    repaired: bool = True,
) -> dict[str, Scores]:
    """Our scores and those of the systems whose outputs are stored in `folder`, by name."""
    source, target = direction.split("-")
    sides = [(folder / f"ref.{code}").read_text("utf-8").splitlines() for code in (source, target)]
    pairs = list(zip(*sides, strict=True))[:limit]
    rows = {card: score_pairs(pairs, direction, engine, repaired)}
    for stored in sorted(folder.glob(f"{direction}.*.{target}")):
        lines = [unescape(line) for line in stored.read_text("utf-8").splitlines()]
        rows[stored.name.split(".")[1]] = score(pairs, lines[:limit], direction)
    return rows


def _show(rows: dict[str, dict[str, Scores]]) -> None:
    for direction, own in rows.items():
        table = Table("system", title=direction)
        for column in (
            "BLEU",
            "chrF++",
            "numbers lost %",
            "names lost %",
            "loops",
            "short",
            "flagged",
        ):
            table.add_column(column, justify="right")
        for name, s in sorted(own.items(), key=lambda item: -item[1].bleu):
            table.add_row(
                name,
                f"{s.bleu:.1f}",
                f"{s.chrf:.1f}",
                f"{s.number_loss:.1f}",
                f"{s.name_loss:.1f}",
                str(s.loops),
                str(s.short),
                str(s.flagged),
            )
        Console().print(table)
    Console().print(next(iter(next(iter(rows.values())).values())).signature, soft_wrap=True)


if __name__ == "__main__":
    app()
