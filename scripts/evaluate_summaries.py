#!/usr/bin/env python3
"""Score our summaries beside Lead-N, TextRank and the sentence oracle.

`songngu` is the summary of running text, which stands beside its article's title; its sentences
may be shortened, those of `songngu-whole` are not. `songngu+title` is the one that is read by
itself and begins with the title, to be compared with `title+lead-1`.
With --grounding, each sentence of ours is also searched for numbers, dates and names that the
article does not have, and so are sentences in which such were planted.

Examples:
    python scripts/evaluate_summaries.py
    OMP_NUM_THREADS=1 python scripts/evaluate_summaries.py --limit 500 --speed
    python scripts/evaluate_summaries.py --articles ../shared/data/summ/bbc-100.en.jsonl.xz \\
        --sentences 5 --max-words 0
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from models.catalogue import BUNDLED_RANKER, MODELS_FOLDER
from models.ranker import load_ranker
from scripts.evaluation.inventions import KINDS, plant
from scripts.evaluation.summaries import (
    Document,
    lead,
    oracle,
    read_documents,
    score,
    scoring_ms,
    show_rows,
    textrank,
)
from service.article import Language
from service.checks.grounding import find_ungrounded
from service.stages.detect import detect_article
from service.stages.summarise import SummarySentence, summarise

app = typer.Typer(add_completion=False)
DATA = Path("../shared/data")

# The summary that newspapers print above an article, 35 to 45 words on average: chosen on the last
# 2,000 of vietnews.train (the first 1,000 of them), which the ranker was not trained on.
SENTENCES, MAX_WORDS = 3, 80


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
    grounding: Annotated[bool, typer.Option(help="Look for what no article says.")] = False,
    speed: Annotated[
        bool, typer.Option(help="Time the scoring of 50 sentences, and stop.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of a table.")] = False,
) -> None:
    path = articles or data / "summ" / "vietnews.val.jsonl.xz"
    documents = read_documents(path, limit)
    loaded = load_ranker(ranker)
    if speed:
        print(f"scoring 50 sentences: {scoring_ms(loaded, documents):.2f} ms of CPU time")
        return
    ours = partial(
        summarise,
        ranker=loaded,
        sentences=sentences,
        max_words=max_words or None,
    )
    systems = {
        "songngu": partial(summary_text, summary=ours),
        "songngu-whole": partial(summary_text, summary=partial(ours, shorten=False)),
        "songngu+title": partial(summary_text, summary=partial(ours, with_title=True)),
        **{f"lead-{count}": lead(count) for count in (1, 2, 3)},
        "title+lead-1": lambda document: f"{document.title} {lead(1)(document)}",
        "textrank-2": textrank(2),
        "oracle": oracle,
    }
    rows = [score(name, system, documents) for name, system in systems.items()]
    inventions = search_inventions(documents, partial(ours, with_title=True)) if grounding else {}
    if as_json:
        signature = (
            f"articles:{path.name}|count:{len(documents)}|sentences:{sentences}|"
            f"max_words:{max_words}|rouge:f1|tokeniser:unicode-words|stemming:none"
        )
        rounded = [asdict(row) for row in rows]
        print(json.dumps({"signature": signature, "rows": rounded, **inventions}, indent=2))
    else:
        show_rows(rows, f"{path.name}, {len(documents)} articles")
        for name, count in inventions.items():
            print(f"{name}: {count}")


def summary_text(document: Document, *, summary: Callable[..., list[SummarySentence]]) -> str:
    """What the product returns, as one text."""
    chosen = summary(document.segments, title=document.title)
    return " ".join(sentence.text for sentence in chosen)


def search_inventions(
    documents: Sequence[Document], summary: Callable[..., list[SummarySentence]]
) -> dict[str, int]:
    """How many summaries have a number, date or name that is nowhere in their article.

    So that 0 means something, facts of no article are planted in the summaries, and those counted
    that the same search finds.
    """
    texts = [[segment.text for segment in document.segments] for document in documents]
    articles = ["\n".join(own) for own in texts]
    languages = [detect_article(own).language or Language.VI for own in texts]
    sentences = [
        (one.text, place)
        for place, document in enumerate(documents)
        for one in summary(document.segments, title=document.title)
    ]

    def invents(text: str, place: int) -> bool:
        return bool(find_ungrounded(text, articles[place], languages[place]))

    counts = {"ungrounded": len({place for text, place in sentences if invents(text, place)})}
    counts |= {f"{kind} {what}": 0 for kind in KINDS for what in ("planted", "found")}
    whose = [place for _, place in sentences]
    for kind, text, at in plant([text for text, _ in sentences], [articles[p] for p in whose]):
        counts[f"{kind} planted"] += 1
        counts[f"{kind} found"] += invents(text, whose[at])
    return counts


if __name__ == "__main__":
    app()
