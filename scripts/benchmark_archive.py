#!/usr/bin/env python3
"""Throughput of an archive run beside the bare engine on the same sentences, in one process.

Example:
    python scripts/benchmark_archive.py --data ../shared/data --articles 100
"""

import json
import lzma
import os
import resource
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from models.base import Decoding, Hypothesis, Request, Translator
from models.catalogue import BUNDLED_TRANSLATION
from service.archive.options import options_of
from service.archive.run import Engine, Plan, translate_archive
from service.archive.worker import archive_run
from service.article import Language
from service.bootstrap import build_extractor, build_pipeline
from service.drafting import needs_model
from service.intake import ArticleRequest, read_article
from service.pipeline import Pipeline, cut_segments
from service.serving import PooledModels
from service.settings import Settings
from service.stages.detect import detect_blocks

app = typer.Typer(add_completion=False)


@dataclass(frozen=True, slots=True)
class Measurement:
    """Seconds and what was decoded in them; `sentences` are those of the articles, each once."""

    system: str
    sentences: int
    decoded: int  # with second attempts
    wall_s: float
    cpu_s: float  # of all threads


class Counting:
    """The engine, with a count of what it decoded."""

    def __init__(self, engine: Translator) -> None:
        self._engine, self.decoded = engine, 0

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the engine has
        return getattr(self._engine, name)

    def translate(
        self, requests: Sequence[Request], decoding: Decoding | None = None
    ) -> list[list[Hypothesis]]:
        self.decoded += len(requests)
        return self._engine.translate(requests, decoding)


@app.command(help=__doc__)
def main(
    data: Annotated[Path, typer.Option(help="Folder of the data sets.")] = Path("../shared/data"),
    articles: Annotated[int, typer.Option(help="How many Vietnamese news articles.")] = 100,
    cores: Annotated[int, typer.Option(help="Batches at a time; 0: one a core.")] = 0,
    workers: Annotated[list[int], typer.Option(help="Articles at a time.")] = [32],  # noqa: B006
    rounds: Annotated[int, typer.Option(help="Each system so often, in turns.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of a table.")] = False,
) -> None:
    replicas = cores or len(os.sched_getaffinity(0))
    texts = list(islice(_articles(data), articles))
    extractor = build_extractor(Settings())
    pipeline = build_pipeline(Settings(engine_replicas=replicas), extractor)
    engine = _counted(pipeline)
    sentences = _sentences(pipeline, texts)
    engine.translate([Request(sentence, "en") for sentence in sentences[:50]])  # warm up
    rows = []
    for _ in range(rounds):
        rows += [_bare(engine, sentences, shortlist=shortlist) for shortlist in (False, True)]
        for count in workers:
            rows += [
                _archive(pipeline, engine, texts, sentences, count, repair=repair)
                for repair in (False, True)
            ]
    extractor.close()
    _show(_best(rows), as_json=as_json)


def _counted(pipeline: Pipeline) -> Counting:
    """The engine below the pipeline's batcher, from now on with a count."""
    assert isinstance(pipeline.models, PooledModels)
    with pipeline.models.pool.lease(BUNDLED_TRANSLATION) as batcher:  # pinned: stays
        engine = Counting(batcher.engine)
        batcher.engine = engine
    return engine


def _articles(data: Path) -> Iterator[str]:
    """News as a user would paste it; no two alike."""
    seen = set()
    with lzma.open(data / "summ" / "baomoi-sapo.vi.jsonl.xz", "rt", encoding="utf-8") as file:
        for line in file:
            record = json.loads(line)
            body = record["body"]
            body = body if isinstance(body, str) else "\n\n".join(body)
            if len(body) > 500 and record["title"] not in seen:
                seen.add(record["title"])
                yield f"{record['title']}\n\n{record['summary']}\n\n{body}"


def _sentences(pipeline: Pipeline, texts: list[str]) -> list[str]:
    """What the model is asked to translate, each once an article, as the pipeline cuts it."""
    found: list[str] = []
    for text in texts:
        article = read_article(ArticleRequest(text=text), pipeline.extract, 200_000)
        languages = detect_blocks([block.text for block in article.blocks])
        segments = cut_segments(article.blocks, languages, Language.VI)
        wanted = [segment.text for segment in segments if needs_model(segment, Language.EN)]
        found += dict.fromkeys(wanted)
    return found


def _bare(engine: Translator, sentences: list[str], *, shortlist: bool) -> Measurement:
    """All at once, sorted; the first, without a shortlist, is what `scripts/benchmark.py` has."""
    requests = [Request(sentence, "en") for sentence in sentences]
    decoding = replace(engine.decoding, shortlist=shortlist)
    wall, cpu = _timed(lambda: engine.translate(requests, decoding))
    name = "engine, all in one call" + (", with its shortlist" if shortlist else "")
    return Measurement(name, len(sentences), len(sentences), wall, cpu)


def _archive(
    pipeline: Pipeline,
    counting: Counting,
    texts: list[str],
    sentences: list[str],
    workers: int,
    *,
    repair: bool,
) -> Measurement:
    """From files to outputs: reading, cleaning, checks, store and writing included."""
    request = ArticleRequest(target_language=Language.EN, repair=repair)
    engine = Engine(
        archive_run(pipeline),
        lambda item: read_article(item.request(None), pipeline.extract, 200_000),
    )
    before = counting.decoded
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "archive.jsonl"
        archive.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
        plan = Plan(
            inputs=[str(archive)],
            output=Path(folder) / "out",
            options=options_of(request),
            threads=workers,
        )
        wall, cpu = _timed(lambda: translate_archive(plan, lambda _store: engine))
    name = f"archive, {workers} articles at a time" + ("" if repair else ", no second attempts")
    return Measurement(name, len(sentences), counting.decoded - before, wall, cpu)


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def _best(rows: list[Measurement]) -> list[Measurement]:
    """The quickest round of each system: others on the machine only ever slow one down."""
    best: dict[str, Measurement] = {}
    for row in rows:
        if row.system not in best or row.wall_s < best[row.system].wall_s:
            best[row.system] = row
    return list(best.values())


def _show(rows: list[Measurement], *, as_json: bool) -> None:
    base = rows[0]
    facts = [
        {
            "system": row.system,
            "sentences": row.sentences,
            "decoded": row.decoded,
            "wall_s": round(row.wall_s, 1),
            "sentences_per_s": round(row.sentences / row.wall_s, 1),
            "decoded_per_s": round(row.decoded / row.wall_s, 1),
            "cpu_ms_per_sentence": round(1000 * row.cpu_s / row.sentences, 1),
            "ratio": round(row.sentences / row.wall_s / (base.sentences / base.wall_s), 2),
            "ratio_decoded": round(row.decoded / row.wall_s / (base.decoded / base.wall_s), 2),
            "ratio_cpu": round(base.cpu_s / row.cpu_s, 2),
        }
        for row in rows
    ]
    if as_json:
        print(json.dumps(facts, indent=2))
        return
    table = Table(title="ratios to the bare engine; of wall time, decoded sentences, CPU time")
    for name in facts[0]:
        table.add_column(name.replace("_", " "), justify="left" if name == "system" else "right")
    for fact in facts:
        table.add_row(*map(str, fact.values()))
    Console(width=150).print(table)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak RSS {peak:.0f} MB")


if __name__ == "__main__":
    app()
