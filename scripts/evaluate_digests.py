#!/usr/bin/env python3
"""Score our digests of several articles beside Lead and TextRank, on human references.

The first 100 clusters served for choosing constants; the figures are of the others.

Example:
    python scripts/evaluate_digests.py --data ../shared/data
"""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from models.catalogue import BUNDLED_RANKER, MODELS_FOLDER
from models.ranker import load_ranker
from scripts.evaluation.digests import (
    lead,
    lead_of_first,
    ours,
    read_clusters,
    score_digests,
    textrank,
)
from scripts.evaluation.summaries import show_rows

app = typer.Typer(add_completion=False)

TUNED_ON = 100  # clusters

# The references of the first 100 clusters have 189 words on average.
MAX_WORDS = 180


@app.command(help=__doc__)
def main(
    clusters: Annotated[Path | None, typer.Option(help="vietnamese-mds layout.")] = None,
    data: Annotated[Path, typer.Option(help="Data folder, where --clusters is not given.")] = Path(
        "../shared/data"
    ),
    skip: Annotated[int, typer.Option(help="Leave out so many first clusters.")] = TUNED_ON,
    limit: Annotated[int | None, typer.Option(help="At most so many clusters.")] = None,
    max_words: Annotated[int, typer.Option(help="In every system's digest.")] = MAX_WORDS,
    ranker: Annotated[Path, typer.Option(help="Folder of the ranker's weights.")] = (
        MODELS_FOLDER / "weights" / BUNDLED_RANKER
    ),
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of a table.")] = False,
) -> None:
    path = clusters or data / "summ" / "vietnamese-mds.jsonl.xz"
    found = read_clusters(path, skip, limit)
    systems = {
        "songngu": ours(load_ranker(ranker), max_words),
        "lead": lead(max_words),
        "lead-of-first": lead_of_first(max_words),
        "textrank": textrank(max_words),
    }
    rows = [score_digests(name, system, found) for name, system in systems.items()]
    if as_json:
        signature = (
            f"clusters:{path.name}|skipped:{skip}|count:{len(found)}|max_words:{max_words}|"
            "rouge:f1|references:mean|tokeniser:unicode-words|stemming:none"
        )
        print(json.dumps({"signature": signature, "rows": [asdict(row) for row in rows]}, indent=2))
    else:
        articles = float(np.mean([len(cluster.articles) for cluster in found]))
        show_rows(rows, f"{path.name}, {len(found)} clusters of {articles:.1f} articles")


if __name__ == "__main__":
    app()
