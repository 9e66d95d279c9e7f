#!/usr/bin/env python3
"""Translate articles and laws with our own model, as more training pairs for it.

Writes synthetic.tsv into the run's folder; `train_translation.py` takes it from there.

Example:
    python scripts/synthesise_pairs.py --data ../shared/data --run runs/base --sentences 200000
"""

import json
import lzma
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import track

from models.catalogue import BUNDLED_TRANSLATION, read_card
from models.ctranslate2_engine import CTranslate2Engine
from models.training.corpus import read_pairs, write_pairs
from models.training.synthetic import synthesise, worth_translating
from service.article import Language
from service.stages.segment import segment

app = typer.Typer(add_completion=False)
CHUNK = 4000  # sentences translated between two steps of the progress bar


@app.command(help=__doc__)
def main(
    data: Annotated[Path, typer.Option(help="Folder with summ/ and mono/.")],
    run: Annotated[Path, typer.Option(help="Folder of the run; holds pairs.tsv.")],
    sentences: Annotated[int, typer.Option(help="To translate, before the filter.")] = 200_000,
    law_share: Annotated[float, typer.Option(help="Of them from laws, the rest news.")] = 0.15,
    card: Annotated[str, typer.Option(help="Model id.")] = BUNDLED_TRANSLATION,
    replicas: Annotated[int, typer.Option(help="Cores.")] = 2,
    english: Annotated[int, typer.Option(help="English news sentences besides.")] = 40_000,
    seed: int = 1,
) -> None:
    rng = random.Random(seed)
    engine = CTranslate2Engine(read_card(card), replicas=replicas)
    known = {text for pair in read_pairs(run / "pairs.tsv") for text in (pair.vi, pair.en)}
    law_count = int(sentences * law_share)
    news, laws = data / "summ" / "baomoi-sapo.vi.jsonl.xz", data / "mono" / "vi.laws.txt.xz"
    bbc = data / "mono" / "en.news-bbc.jsonl.xz"
    drawn = [
        ("baomoi-sapo", Language.VI, _news(news, Language.VI), sentences - law_count),
        ("vi.laws", Language.VI, _laws(laws), law_count),
        ("en.news-bbc", Language.EN, _news(bbc, Language.EN), english),
    ]
    kept = []
    for source, language, lines, count in drawn:
        pool = sorted({line for line in lines if worth_translating(line)} - known)
        rng.shuffle(pool)
        chosen = pool[:count]
        for start in track(range(0, len(chosen), CHUNK), description=source):
            part = chosen[start : start + CHUNK]
            kept += synthesise(part, engine, source=source, language=language.value)
    write_pairs(kept, run / "synthetic.tsv")
    print(f"{len(kept):,} pairs written to {run / 'synthetic.tsv'}")


def _news(path: Path, language: Language) -> Iterator[str]:
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            body = json.loads(line)["body"]  # a text, or its paragraphs
            for text in [body] if isinstance(body, str) else body:
                yield from _sentences(text, language)


def _laws(path: Path) -> Iterator[str]:
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield from _sentences(line.strip(), Language.VI)


def _sentences(text: str, language: Language) -> Iterator[str]:
    for span in segment(text, language):
        yield span.of(text)


if __name__ == "__main__":
    app()
