#!/usr/bin/env python3
"""Score a translation model on a pair file, or beside the stored systems on a FLORES folder.

Examples:
    python scripts/evaluate.py --direction vi-en --pairs ../shared/data/eval/news.test.tsv
    python scripts/evaluate.py --flores ../shared/data/eval/flores-dev
    python scripts/evaluate.py --flores ../shared/data/eval/flores-dev --ladder
"""

import json
from collections.abc import Callable
from dataclasses import asdict
from html import unescape
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from models.catalogue import BUNDLED_TRANSLATION, Card, read_card, read_catalogue
from models.ctranslate2_engine import CTranslate2Engine
from scripts.evaluation.ladder import Effect, Outcome, measure
from scripts.evaluation.translation import Pair, Scores, read_pairs, score, translate_lines

app = typer.Typer(add_completion=False)
DIRECTIONS = ("vi-en", "en-vi")
FLOOR_SYSTEMS = frozenset({"google", "microsoft"})  # what they translate too is no name lost
_NOTHING_GIVEN = "Give --pairs or --flores."


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
    ladder: Annotated[
        bool, typer.Option(help="Our model alone and with the ladder: what it mends and costs.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of a table.")] = False,
) -> None:
    chosen: Card = read_catalogue(catalogue)[card] if catalogue else read_card(card)
    engine = CTranslate2Engine(chosen, replicas=replicas)
    if ladder:
        effects = _effects(engine, direction, pairs, flores, limit)
        _show_effects(effects, as_json=as_json)
        return
    rows: dict[str, dict[str, Scores]] = {}
    if pairs is not None:
        rows[direction] = {
            card: score_pairs(read_pairs(pairs, direction, limit), direction, engine, repaired)
        }
    elif flores is not None:
        for one in DIRECTIONS:
            rows[one] = score_flores(flores, one, engine, card, limit, repaired)
    else:
        raise typer.BadParameter(_NOTHING_GIVEN)
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
    pairs = _flores_pairs(folder, direction)[:limit]
    rows = {card: score_pairs(pairs, direction, engine, repaired)}
    for name, lines in _stored_systems(folder, direction).items():
        rows[name] = score(pairs, lines[:limit], direction)
    return rows


def _flores_pairs(folder: Path, direction: str) -> list[Pair]:
    codes = direction.split("-")
    sides = [(folder / f"ref.{code}").read_text("utf-8").splitlines() for code in codes]
    return list(zip(*sides, strict=True))


def _stored_systems(folder: Path, direction: str) -> dict[str, list[str]]:
    """Outputs of other systems, by name."""
    target = direction.split("-")[1]
    return {
        file.name.split(".")[1]: [unescape(line) for line in file.read_text("utf-8").splitlines()]
        for file in sorted(folder.glob(f"{direction}.*.{target}"))
    }


def _effects(
    engine: CTranslate2Engine,
    direction: str,
    pairs: Path | None,
    flores: Path | None,
    limit: int | None,
) -> dict[str, Effect]:
    """The ladder's effect by direction; on FLORES beside what the best stored systems keep."""
    if pairs is not None:
        return {direction: measure(read_pairs(pairs, direction, limit), direction, engine)}
    if flores is None:
        raise typer.BadParameter(_NOTHING_GIVEN)
    effects = {}
    for one in DIRECTIONS:
        stored = _stored_systems(flores, one)
        best = [lines for name, lines in stored.items() if name in FLOOR_SYSTEMS]
        effects[one] = measure(_flores_pairs(flores, one)[:limit], one, engine, best)
    return effects


def _show_effects(effects: dict[str, Effect], *, as_json: bool) -> None:
    if as_json:
        flat = {d: asdict(e) | {"time_ratio": e.time_ratio} for d, e in effects.items()}
        print(json.dumps(flat, indent=2))
        return
    for direction, effect in effects.items():
        table = Table("", "model alone", "with the ladder", "times less", title=direction)
        for name, read in _MEASURES.items():
            before, after = read(effect.alone), read(effect.ladder)
            if before is None or after is None:
                continue
            less = f"{before / after:.1f}" if after else "all" if before else "–"
            lower = name not in ("BLEU", "chrF++")
            table.add_row(name, f"{before:g}", f"{after:g}", less if lower else "")
        table.add_row(
            "CPU seconds",
            f"{effect.decoding_seconds:.1f}",
            f"{effect.decoding_seconds + effect.ladder_seconds:.1f}",
            f"{effect.time_ratio:.2f} times more",
        )
        Console().print(table)
        print("rungs:", ", ".join(f"{rung} {count}" for rung, count in effect.rungs.items()))


_MEASURES: dict[str, Callable[[Outcome], float | None]] = {
    "numbers lost %": lambda one: one.scores.number_loss,
    "names lost %": lambda one: one.scores.name_loss,
    "names lost that the best systems keep %": lambda one: one.names_beyond_floor,
    "lines with mixed words": lambda one: one.mixed,
    "loops": lambda one: one.scores.loops,
    "short": lambda one: one.scores.short,
    "flagged": lambda one: one.scores.flagged,
    "BLEU": lambda one: one.scores.bleu,
    "chrF++": lambda one: one.scores.chrf,
}


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
