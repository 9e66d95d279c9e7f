#!/usr/bin/env python3
"""Evaluate the bundled model and write its card, with tables and learning curve.

Example:
    python scripts/write_model_card.py --run runs/base --data ../shared/data
"""

from pathlib import Path
from typing import Annotated

import typer

from models.catalogue import BUNDLED_TRANSLATION, read_card
from models.ctranslate2_engine import CTranslate2Engine
from models.training.corpus import read_run
from scripts.evaluate import DIRECTIONS, score_flores, score_pairs
from scripts.evaluation.model_card import write_card
from scripts.evaluation.translation import Scores
from scripts.evaluation.translation import read_pairs as read_evaluation_pairs

app = typer.Typer(add_completion=False)


@app.command(help=__doc__)
def main(
    run: Annotated[Path, typer.Option(help="Folder of the training run.")],
    data: Annotated[Path, typer.Option(help="Folder with eval/.")] = Path("../shared/data"),
    replicas: Annotated[int, typer.Option(help="Batches decoded at a time.")] = 2,
) -> None:
    card = read_card(BUNDLED_TRANSLATION)
    engine = CTranslate2Engine(card, replicas=replicas)
    scores: dict[str, dict[str, Scores]] = {}
    for direction in DIRECTIONS:
        folder = data / "eval" / "flores-dev"
        rows = score_flores(folder, direction, engine, card.id)
        alone = score_flores(folder, direction, engine, card.id, repaired=False)
        scores[f"FLORES dev, {direction}"] = {
            **rows,
            f"{card.id} without repair": alone[card.id],
        }
    for direction in DIRECTIONS:
        pairs = read_evaluation_pairs(data / "eval" / "news.test.tsv", direction)
        scores[f"News test (VLSP 2020), {direction}"] = {
            card.id: score_pairs(pairs, direction, engine),
            f"{card.id} without repair": score_pairs(pairs, direction, engine, repaired=False),
        }
    write_card(card, read_run(run), scores, run / "log.jsonl")
    for title, rows in scores.items():
        print(title, rows[card.id])


if __name__ == "__main__":
    app()
