#!/usr/bin/env python3
"""Score our summaries beside Lead-N, TextRank and the sentence oracle.

Examples:
    python scripts/evaluate_summaries.py
    python scripts/evaluate_summaries.py --articles ../shared/data/summ/bbc-100.en.jsonl.xz \\
        --sentences 5 --max-words 0
"""

import json
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from models.base import Ranker
from models.catalogue import BUNDLED_RANKER, MODELS_FOLDER
from models.ranker import load_ranker
from scripts.evaluation.summaries import (
    Document,
    lead,
    oracle,
    read_documents,
    score,
    show_rows,
    textrank,
)
from service.stages.summarise import summarise

app = typer.Typer(add_completion=False)
DATA = Path("../shared/data")

# The summary that newspapers print above an article, 35 to 45 words on average: chosen on the last
# 2,000 of vietnews.train (the first 1,000 of them), which the ranker was not trained on.
SENTENCES, MAX_WORDS = 2, 65


@app.command(help=__doc__)
def main(
    articles: Annotated[Path | None, typer.Option(help="vietnews or bbc-100 layout.")] = None,
    data: Annotated[Path, typer.Option(help="Data folder, where --articles is not given.")] = DATA,
    limit: Annotated[int | None, typer.Option(help="First N articles only.")] = None,
    sentences: Annotated[int, typer.Option(help="At most so many in our summary.")] = SENTENCES,
    max_words: Annotated[int, typer.Option(help="In our summary; 0: no limit.")] = MAX_WORDS,
    ranker: Annotated[Path, typer.Option(help="Folder of the ranker's weights.")] = (
        MODELS_FOLDER / "weights" / BUNDLED_RANKER
    ),
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of a table.")] = False,
) -> None:
    path = articles or data / "summ" / "vietnews.val.jsonl.xz"
    documents = read_documents(path, limit)
    ours = partial(
        summary_text, ranker=load_ranker(ranker), sentences=sentences, max_words=max_words or None
    )
    systems = {
        "songngu": ours,
        **{f"lead-{count}": lead(count) for count in sorted({1, 2, 3, sentences})},
        f"textrank-{sentences}": textrank(sentences),
        "oracle": oracle,
    }
    rows = [score(name, system, documents) for name, system in systems.items()]
    if as_json:
        signature = (
            f"articles:{path.name}|count:{len(documents)}|sentences:{sentences}|"
            f"max_words:{max_words}|rouge:f1|tokeniser:unicode-words|stemming:none"
        )
        print(json.dumps({"signature": signature, "rows": [asdict(row) for row in rows]}, indent=2))
    else:
        show_rows(rows, f"{path.name}, {len(documents)} articles")


def summary_text(
    document: Document, *, ranker: Ranker, sentences: int, max_words: int | None
) -> str:
    """What the product returns, as one text."""
    chosen = summarise(
        document.segments, ranker, document.title, sentences=sentences, max_words=max_words
    )
    return " ".join(sentence.text for sentence in chosen)


if __name__ == "__main__":
    app()
