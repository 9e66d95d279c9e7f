#!/usr/bin/env python3
"""Judge the gate that written summaries pass: what it lets out, and what it lets slip.

People's abstracts stand in for a model's. Of each it is told whether it would be let out, or why
not; into those let out, figures and names of no article are planted, of which none may pass. The
articles' own sentences should all pass.

Examples:
    python scripts/evaluate_gate.py
    python scripts/evaluate_gate.py --articles ../shared/data/summ/bbc-100.en.jsonl.xz
"""

import json
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from scripts.evaluation.inventions import KINDS, plant
from scripts.evaluation.summaries import Document, read_documents
from service.article import Language
from service.stages.detect import detect, detect_article
from service.stages.ground import Gate, Judge
from service.stages.segment import segment as cut_sentences

MAX_SENTENCES = 20  # whole abstracts are judged
OWN_SENTENCES = 6  # of each article

app = typer.Typer(add_completion=False)


@app.command(help=__doc__)
def main(
    articles: Annotated[Path | None, typer.Option(help="vietnews or bbc-100 layout.")] = None,
    data: Annotated[Path, typer.Option(help="Data folder, where --articles is not given.")] = Path(
        "../shared/data"
    ),
    limit: Annotated[int, typer.Option(help="First N articles only.")] = 1000,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of lines.")] = False,
) -> None:
    path = articles or data / "summ" / "vietnews.val.jsonl.xz"
    documents = read_documents(path, limit)
    judges = [judge(document) for document in documents]
    abstracts = [document.references[0] for document in documents]
    reasons = [reason(judge, text) for judge, text in zip(judges, abstracts, strict=True)]
    out = [place for place, why in enumerate(reasons) if why == "let out"]
    bodies = ["\n".join(s.text for s in documents[place].segments) for place in out]
    counts: Counter[str] = Counter(f"abstracts: {why}" for why in reasons)
    counts.update({f"{kind} {what}": 0 for kind in KINDS for what in ("planted", "let slip")})
    for kind, text, at in plant([abstracts[place] for place in out], bodies):
        counts[f"{kind} planted"] += 1
        counts[f"{kind} let slip"] += reason(judges[out[at]], text) == "let out"
    for document, own in zip(documents, judges, strict=True):
        for segment in document.segments[:OWN_SENTENCES]:
            counts[f"own sentences: {reason(own, segment.text)}"] += 1
    if as_json:
        print(json.dumps({"signature": f"articles:{path.name}|count:{len(documents)}", **counts}))
    else:
        print(f"{path.name}, {len(documents)} articles")
        for name, count in sorted(counts.items()):
            print(f"{count:6,}  {name}")


def judge(document: Document) -> Judge:
    texts = [segment.text for segment in document.segments]
    language = detect_article(texts).language or Language.VI
    gate = Gate(
        language=language,
        cut_sentences=cut_sentences,
        tell_language=lambda text: detect(text).code,
        max_sentences=MAX_SENTENCES,
    )
    return Judge(document.segments, gate)


def reason(judge: Judge, text: str) -> str:
    refusal = judge.release(text).refusal
    return "let out" if refusal is None else refusal.reason.value


if __name__ == "__main__":
    app()
