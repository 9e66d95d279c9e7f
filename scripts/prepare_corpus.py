#!/usr/bin/env python3
"""Normalise, filter and de-duplicate the training pairs, and train the vocabulary on them.

Example:
    python scripts/prepare_corpus.py --pairs ../shared/data/parallel/train.tsv.xz \\
        --glossary service/rules/glossary/gov.tsv --run runs/base
"""

import random
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer

from models.training.batches import TIER_SHARES
from models.training.corpus import prepare, read_raw_pairs, read_terms, write_pairs
from models.training.vocabulary import train_vocabulary

app = typer.Typer(add_completion=False)


@app.command(help=__doc__)
def main(
    pairs: Annotated[Path, typer.Option(help=".tsv.xz with columns vi, en, source, tier.")],
    run: Annotated[Path, typer.Option(help="Folder to write pairs.tsv and vocabulary/ to.")],
    glossary: Annotated[
        Path | None, typer.Option(help="Terms to teach too: TSV vi, en; forms split by `;`.")
    ] = None,
    vocabulary_size: Annotated[int, typer.Option(help="Pieces, with bytes and tokens.")] = 12_000,
    seed: int = 0,
) -> None:
    run.mkdir(parents=True, exist_ok=True)
    raw = chain(read_raw_pairs(pairs), read_terms(glossary) if glossary else ())
    kept, refused = prepare(raw)
    write_pairs(kept, run / "pairs.tsv")
    print(f"{len(kept):,} pairs kept; refused: {dict(refused)}")
    rng = random.Random(seed)
    sentences = (
        side
        for pair in kept
        if rng.random() < TIER_SHARES[pair.tier - 1]
        for side in (pair.vi, pair.en)
    )
    spm = train_vocabulary(sentences, size=vocabulary_size, folder=run / "vocabulary", seed=seed)
    print(f"Vocabulary: {spm}")


if __name__ == "__main__":
    app()
