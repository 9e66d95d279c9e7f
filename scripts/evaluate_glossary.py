#!/usr/bin/env python3
"""Measure how many glossary terms the bundled model's translations have, with and without help.

Without --sources: the test list of `scripts/evaluation/glossary/`, written for this, both ways;
its agreed terms are mostly not those that a model would choose.

Examples:
    python scripts/evaluate_glossary.py --json
    python scripts/evaluate_glossary.py --sources FILE --glossary TERMS.tsv --direction vi-en
"""

import json
import math
import time
from pathlib import Path
from typing import Annotated

import typer

from models.catalogue import BUNDLED_TRANSLATION, read_card
from models.ctranslate2_engine import CTranslate2Engine
from scripts.evaluation.translation import translate_lines
from service.article import Language
from service.glossary import Glossary
from service.terms import read_terms

LIST = Path(__file__).parent / "evaluation" / "glossary"

app = typer.Typer(add_completion=False)


@app.command(help=__doc__)
def main(
    sources: Annotated[Path | None, typer.Option(help="Text, a segment a line.")] = None,
    glossary: Annotated[Path | None, typer.Option(help="TSV or CSV of terms.")] = None,
    direction: Annotated[str | None, typer.Option(help="vi-en or en-vi; default both.")] = None,
    card: Annotated[str, typer.Option(help="Model id of the catalogue.")] = BUNDLED_TRANSLATION,
    replicas: Annotated[int, typer.Option(help="Batches decoded at a time.")] = 2,
    limit: Annotated[int | None, typer.Option(help="First N lines only.")] = None,
    rounds: Annotated[
        int, typer.Option(help="All is translated so often; the shortest time counts.")
    ] = 5,
    show: Annotated[bool, typer.Option(help="Print what was not applied.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of text.")] = False,
) -> None:
    engine = CTranslate2Engine(read_card(card), replicas=replicas)
    answer = {}
    for one in ("vi-en", "en-vi") if direction is None else (direction,):
        code = one.split("-")[0]
        lines = (sources or LIST / f"sentences.{code}.txt").read_text("utf-8").splitlines()
        terms = read_terms((glossary or LIST / f"terms.{code}.tsv").read_text("utf-8"))
        own = terms.glossary(Language(code))
        answer[one] = _measure(lines[:limit], own, one, engine, rounds=rounds, show=show)
    if as_json:
        print(json.dumps(answer, indent=2))
        return
    for one, row in answer.items():
        print(one, ", ".join(f"{name} {value:.3f}" for name, value in row.items()))


def _measure(
    lines: list[str],
    glossary: Glossary,
    direction: str,
    engine: CTranslate2Engine,
    *,
    rounds: int,
    show: bool,
) -> dict[str, float]:
    source = Language(direction.split("-")[0])
    ways = (
        ("model alone", None, False),
        ("constraint", glossary, False),
        ("ladder", glossary, True),
    )
    # The first call loads what is lazy.
    translate_lines(lines[:4], direction, engine, repaired=True, glossary=glossary)
    row: dict[str, float] = {"segments": len(lines)}
    outputs: dict[str, list[str]] = {}
    for _ in range(rounds):  # in turns, for a machine is not always equally fast
        for name, own, repaired in ways:
            started = time.process_time()
            outputs[name] = translate_lines(
                lines, direction, engine, repaired=repaired, glossary=own
            )
            spent = f"{name}, CPU seconds"
            row[spent] = min(row.get(spent, math.inf), time.process_time() - started)
    for name, _, repaired in ways:
        uses = [
            (line, output, use)
            for line, output in zip(lines, outputs[name], strict=True)
            for use in glossary.check(line, output, source)
        ]
        row["terms"] = len(uses)
        row[f"{name}, applied"] = sum(use.applied for *_, use in uses) / max(1, len(uses))
        for line, output, use in uses if show and repaired else ():
            if not use.applied:
                print(f"{use.term.forms(source.other)[0]}\n  {line}\n  {output}")
    row["time ratio"] = row["ladder, CPU seconds"] / row["model alone, CPU seconds"]
    return row


if __name__ == "__main__":
    app()
