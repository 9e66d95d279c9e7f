#!/usr/bin/env python3
"""Train the extractive ranker on vietnews and write its weights and card.

Boosted trees learn the ROUGE that a sentence reaches as a summary by itself; perceptrons then
learn which words and pairs of an article are in the journalist's abstract: at first all of them,
then, from other articles, those of the best sentences, with what single words bring of themselves.
The last articles are held out. About 9 minutes on one core and 4 GB of memory.

Example:
    OMP_NUM_THREADS=1 python scripts/train_ranker.py --data ../shared/data --processes 1
"""

import json
import time
from collections.abc import Callable, Sequence
from functools import partial
from multiprocessing import Pool
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from sklearn.ensemble import HistGradientBoostingRegressor

from models.ranker import FORMAT, PERCEPTRONS, WEIGHTS_NAME, WordRanker, read_weights
from models.ranker_features import NAMES, measure
from models.ranker_perceptron import Perceptron, read_perceptron, write_perceptron
from models.ranker_trees import Trees, read_trees, write_trees
from models.ranker_vectors import RESERVED, WIDTH, Vectors, number_rows, write_vectors
from scripts.evaluation.perceptron import fit_perceptron
from scripts.evaluation.ranker_data import (
    Example,
    label_pairs,
    label_words,
    reached,
    read_examples,
    vocabulary,
    word_prior,
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
    singles: Annotated[int, typer.Option(help="Articles for single sentences.")] = 14000,
    first: Annotated[
        int, typer.Option(help="Articles for the first pass, the same first.")
    ] = 22000,
    second: Annotated[int, typer.Option(help="Further articles for the second pass.")] = 26000,
    trees: Annotated[int, typer.Option(help="Trees for single sentences.")] = 150,
    processes: Annotated[int, typer.Option(help="For reading and measuring.")] = 2,
) -> None:
    started = time.monotonic()

    def say(what: str) -> None:
        print(f"{time.monotonic() - started:6.0f} s  {what}", flush=True)

    with Pool(processes) as pool:
        examples = read_examples(data / "summ" / "vietnews.train.jsonl.xz", pool)
    parts = (examples[:singles], examples[:first], examples[first : first + second])
    held_out = examples[max(first + second, len(examples) - HELD_OUT) :]
    rarity = word_rarity([e.text for e in parts[0]], data / "mono" / "en.news-bbc.jsonl.xz")
    prior = word_prior(parts[1])
    say(f"{len(examples)} articles, {len(rarity)} words, {len(prior)} with a prior")

    content = {"format": FORMAT, "features": NAMES, "rarity": rarity, "prior": prior}
    content["singles"] = _train_trees(parts[0], rarity, trees, processes)
    stage = read_trees(content["singles"], len(NAMES))
    say("single sentences")
    known = vocabulary(parts[1])
    nothing = np.zeros((len(known) + RESERVED, WIDTH))
    tables = {"words_again": nothing, "pairs_again": nothing}
    perceptrons: dict[str, Perceptron] = {}
    for name, names in PERCEPTRONS.items():
        second_look = name.endswith("_again")
        vectors = Vectors(number_rows(known), tables["words_again"], tables["pairs_again"])
        ranker = WordRanker(stage, perceptrons, vectors, rarity, prior)
        given = _measured(
            partial(_rows, name=name, ranker=ranker), parts[1 + second_look], processes
        )
        table, labels, places = given
        say(f"{name}: {len(labels)} rows, {labels.mean():.1%} in abstracts")
        fitted, tables[name] = fit_perceptron(
            table,
            labels,
            hidden=(96, 32) if second_look else (64, 24),
            vectors=(places, len(nothing)) if second_look else None,
            epochs=5 if second_look else 3,
            say=say,
        )
        content[name] = write_perceptron(fitted, names)
        perceptrons[name] = read_perceptron(content[name], names)
    content["vectors"] = write_vectors(known, tables["words_again"], tables["pairs_again"])

    raw = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    ranker = read_weights(json.loads(raw))
    out.mkdir(parents=True, exist_ok=True)
    (out / WEIGHTS_NAME).write_bytes(raw)
    score = reached(held_out, ranker)
    write_card(out, raw, articles=(*map(len, parts), len(held_out)), reached=score)
    say(f"{len(raw):,} bytes; mean ROUGE of the best set on held-out articles: {score:.2f}")


def _train_trees(
    examples: Sequence[Example], rarity: dict[str, float], trees: int, processes: int
) -> dict[str, object]:
    """Trees for how much better than its article's mean a sentence is; exported and proved."""
    with Pool(processes) as pool:
        parts = pool.map(partial(_sentence_rows, rarity=rarity), examples, chunksize=100)
    rows = np.vstack(parts)
    labels = np.concatenate([e.labels - e.labels.mean() for e in examples])
    trainer = HistGradientBoostingRegressor(
        max_iter=trees,
        learning_rate=0.1,
        max_leaf_nodes=31,
        max_depth=6,  # what a prediction costs
        min_samples_leaf=150,
        l2_regularization=1.0,
        early_stopping=False,
        random_state=6,
    ).fit(rows, labels)
    written = write_trees(trainer, len(NAMES))
    prove_equal(read_trees(written, len(NAMES)), trainer, rows[:20000])
    return written


def prove_equal(exported: Trees, trainer: HistGradientBoostingRegressor, rows: np.ndarray) -> None:
    """Raise ValueError where the exported trees do not say what the trainer's say."""
    difference = float(np.abs(exported.predict(rows) - trainer.predict(rows)).max())
    if difference > MAX_DIFFERENCE:
        message = f"The exported trees differ from the trainer's by {difference}."
        raise ValueError(message)


def _sentence_rows(example: Example, rarity: dict[str, float]) -> np.ndarray:
    return measure(example.as_seen, example.title, rarity).rows


Rows = tuple[np.ndarray, np.ndarray, np.ndarray]  # of features, labels, places of vectors


def _measured(rows: Callable[[Example], Rows], examples: Sequence[Example], processes: int) -> Rows:
    # Our own trees and perceptrons: OpenMP, which the trainers run on, hangs in forked processes.
    with Pool(processes) as pool:
        parts = pool.map(rows, examples, chunksize=100)
    table, labels, places = (np.concatenate(own) for own in zip(*parts, strict=True))
    return table, labels, places


def _rows(example: Example, name: str, ranker: WordRanker) -> Rows:
    """What a perceptron sees of an article, without vectors, and what it should have said."""
    label = label_pairs if name.startswith("pairs") else label_words
    if not name.endswith("_again"):
        found, table = ranker.asked_first(example.as_seen, example.title, name)
        return table.astype(np.float16), label(example, found), np.zeros((len(table), 0), np.int16)
    found, table, places = ranker.asked_again(
        example.as_seen, example.title, example.captions, name
    )
    return table.astype(np.float16), label(example, found), places.astype(np.int16)


if __name__ == "__main__":
    app()
