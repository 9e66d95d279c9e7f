#!/usr/bin/env python3
"""Train the extractive ranker on vietnews and write its weights and card.

Two stages of boosted trees: one learns the ROUGE that a sentence reaches as a summary by itself,
the other that of a set of up to three of the best sentences. Their labels are the mean F1 of
ROUGE-1, -2 and -L against the journalist's abstract. The last articles are held out.

Example:
    python scripts/train_ranker.py --data ../shared/data --out models/weights/ranker
"""

import json
import time
from collections.abc import Sequence
from functools import partial
from multiprocessing import Pool
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from sklearn.ensemble import HistGradientBoostingRegressor

from models.base import Sentence
from models.ranker import FORMAT, WEIGHTS_NAME, TreeRanker, read_weights
from models.ranker_features import NAMES, measure
from models.ranker_sets import SET_NAMES, measure_sets
from models.ranker_trees import Trees, read_trees, write_trees
from scripts.evaluation.ranker_data import (
    Example,
    TrainingSet,
    candidate_sets,
    label_sets,
    read_examples,
    word_rarity,
    write_card,
)

app = typer.Typer(add_completion=False)

HELD_OUT = 2000  # last of the articles read: never trained on, reported in the card
MAX_DIFFERENCE = 1e-4  # of a score, between the export and the trainer: rounding of the weights


@app.command(help=__doc__)
def main(
    data: Annotated[Path, typer.Option(help="Data folder.")] = Path("../shared/data"),
    out: Annotated[Path, typer.Option(help="Folder of the weights.")] = Path(
        "models/weights/ranker"
    ),
    singles: Annotated[int, typer.Option(help="Articles for the first stage.")] = 16000,
    sets: Annotated[int, typer.Option(help="Further articles for the second stage.")] = 8000,
    trees: Annotated[int, typer.Option(help="Trees of each stage.")] = 200,
    processes: Annotated[int, typer.Option(help="For reading and measuring.")] = 2,
) -> None:
    started = time.monotonic()

    def say(what: str) -> None:
        print(f"{time.monotonic() - started:6.0f} s  {what}", flush=True)

    wanted = singles + sets + HELD_OUT
    with Pool(processes) as pool:
        examples = read_examples(data / "summ" / "vietnews.train.jsonl.xz", pool, wanted)
    first, second = examples[:singles], examples[singles:-HELD_OUT]
    held_out = examples[-HELD_OUT:]
    rarity = word_rarity([e.text for e in first], data / "mono" / "en.news-bbc.jsonl.xz")
    say(f"{len(examples)} articles, {len(rarity)} words")

    with Pool(processes) as pool:
        rows = pool.map(partial(_rows, rarity=rarity), first, chunksize=100)
    labels = np.concatenate([example.labels for example in first])
    one = _fit(np.vstack(rows), labels, trees)
    say(f"first stage: {len(labels)} sentences")

    # Our own trees: OpenMP, which scikit-learn's run on, hangs in forked processes.
    stage = read_trees(write_trees(one, len(NAMES)), len(NAMES))
    with Pool(processes) as pool:
        parts = pool.map(partial(_set_rows, rarity=rarity, one=stage), second, chunksize=100)
    table = TrainingSet.joined(parts)
    two = _fit(table.rows, table.labels, trees)
    say(f"second stage: {len(table.labels)} sets")

    content = {
        "format": FORMAT,
        "features": NAMES,
        "set_features": SET_NAMES,
        "rarity": rarity,
        "singles": write_trees(one, len(NAMES)),
        "sets": write_trees(two, len(SET_NAMES)),
    }
    raw = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    ranker = read_weights(json.loads(raw))
    prove_equal(ranker, one, two, np.vstack(rows[:500]), table.rows[:20000])
    out.mkdir(parents=True, exist_ok=True)
    (out / WEIGHTS_NAME).write_bytes(raw)
    reached = _reached(held_out, ranker)
    write_card(out, raw, articles=(len(first), len(second), len(held_out)), reached=reached)
    say(f"{len(raw):,} bytes; mean ROUGE of the best set on held-out articles: {reached:.2f}")


def prove_equal(
    ranker: TreeRanker,
    one: HistGradientBoostingRegressor,
    two: HistGradientBoostingRegressor,
    rows: np.ndarray,
    set_rows: np.ndarray,
) -> None:
    """Raise ValueError where the exported trees do not say what the trainer's say."""
    for exported, trained, probe in ((ranker.singles, one, rows), (ranker.sets, two, set_rows)):
        difference = float(np.abs(exported.predict(probe) - trained.predict(probe)).max())
        if difference > MAX_DIFFERENCE:
            message = f"The exported trees differ from the trainer's by {difference}."
            raise ValueError(message)


def _fit(rows: np.ndarray, labels: np.ndarray, trees: int) -> HistGradientBoostingRegressor:
    return HistGradientBoostingRegressor(
        max_iter=trees,
        learning_rate=0.1,
        max_leaf_nodes=31,
        min_samples_leaf=150,
        l2_regularization=1.0,
        early_stopping=False,
        random_state=6,
    ).fit(rows, labels)


def _sentences(example: Example) -> list[Sentence]:
    return [Sentence(text, place, "paragraph") for place, text in enumerate(example.sentences)]


def _rows(example: Example, rarity: dict[str, float]) -> np.ndarray:
    return measure(_sentences(example), example.title, rarity).rows


def _set_rows(example: Example, rarity: dict[str, float], one: Trees) -> TrainingSet:
    measures = measure(_sentences(example), example.title, rarity)
    scores = one.predict(measures.rows)
    sets = candidate_sets(scores, measures.column("words"))
    return TrainingSet(measure_sets(measures, scores, sets), label_sets(example, sets))


def _reached(examples: Sequence[Example], ranker: TreeRanker) -> float:
    """Mean ROUGE x 100 of the set that the ranker likes best."""
    found = []
    for example in examples:
        sentences = _sentences(example)
        scores = np.array(ranker.score(sentences, example.title))
        lengths = np.array([len(text.split()) for text in example.sentences], dtype=float)
        sets = candidate_sets(scores, lengths)
        best = int(np.argmax(ranker.score_sets(sentences, example.title, sets)))
        found.append(float(label_sets(example, [sets[best]])[0]))
    return 100 * float(np.mean(found))


if __name__ == "__main__":
    app()
