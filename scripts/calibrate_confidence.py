#!/usr/bin/env python3
"""Find the score below which a model's sentences are more often poor than not, for its card.

A sentence is poor where its chrF is below --poor. The threshold goes into `min_score` of
`models/catalogue.toml`; the service flags sentences below it.

Example:
    python scripts/calibrate_confidence.py --data ../shared/data
"""

from pathlib import Path
from typing import Annotated

import sacrebleu
import typer
from rich.console import Console
from rich.table import Table

from models.base import Request
from models.catalogue import BUNDLED_TRANSLATION, read_card
from models.ctranslate2_engine import CTranslate2Engine
from scripts.evaluation.translation import read_pairs

app = typer.Typer(add_completion=False)
THRESHOLDS = tuple(-round(0.05 * n, 2) for n in range(6, 31))


@app.command(help=__doc__)
def main(
    data: Annotated[Path, typer.Option(help="Folder with eval/.")] = Path("../shared/data"),
    card: Annotated[str, typer.Option(help="Model id.")] = BUNDLED_TRANSLATION,
    poor: Annotated[float, typer.Option(help="chrF below which a sentence is poor.")] = 40.0,
    replicas: int = 2,
) -> None:
    engine = CTranslate2Engine(read_card(card), replicas=replicas)
    rows = [
        row
        for direction in ("vi-en", "en-vi")
        for row in _scored(data / "eval" / "news.dev.tsv", direction, engine)
    ]
    table = Table("score below", title=f"{card}: news.dev, both ways; poor is chrF < {poor:g}")
    for column in ("% of sentences", "% of them poor", "% of poor found"):
        table.add_column(column, justify="right")
    all_poor = sum(chrf < poor for _, chrf in rows)
    chosen = None
    for threshold in THRESHOLDS:
        below = [chrf for score, chrf in rows if score < threshold]
        bad = sum(chrf < poor for chrf in below)
        share = bad / max(1, len(below))
        if chosen is None and share >= 0.5:
            chosen = threshold
        table.add_row(
            f"{threshold:.2f}",
            f"{100 * len(below) / len(rows):.1f}",
            f"{100 * share:.1f}",
            f"{100 * bad / max(1, all_poor):.1f}",
        )
    Console().print(table)
    print(f"min_score = {chosen}")


def _scored(path: Path, direction: str, engine: CTranslate2Engine) -> list[tuple[float, float]]:
    """(score, chrF) of each line, translated as one segment."""
    pairs = read_pairs(path, direction)
    answers = engine.translate([Request(source, direction[3:]) for source, _ in pairs])
    return [
        (answer[0].score, sacrebleu.sentence_chrf(answer[0].text, [reference]).score)
        for answer, (_, reference) in zip(answers, pairs, strict=True)
    ]


if __name__ == "__main__":
    app()
