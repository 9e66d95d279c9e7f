#!/usr/bin/env python3
"""Speed and memory of the service beside the same weights under transformers and bare CTranslate2.

One command, one run: the same segments go through every system in turns, each in a process of its
own pinned to as many cores, so that the ratios hold on a busy machine. The baseline is transformers
in fp32, one sentence at a time. Ratios by wall time and by processor time should agree; where they
do not, something else used the cores.

Example:
    python scripts/release_translation.py --run runs/base --out weights --keep hf
    python scripts/benchmark.py --transformers hf --out benchmark.json
    python scripts/benchmark.py --account
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from scripts.evaluation import benchmark_service as ours
from scripts.evaluation.account import ask, between
from scripts.evaluation.benchmark import (
    default_beam,
    open_raw,
    open_transformers,
    sample_requests,
    segments_of,
    serve_rounds,
)

NAIVE = "transformers fp32, one by one"
RAW = "CTranslate2 int8, sorted"
CLIENTS = (1, 8, 32)
ARCHIVE_ITEMS = 400
app = typer.Typer(add_completion=False)


@dataclass(slots=True)
class Row:
    """What one system did, round by round."""

    system: str
    start_s: float
    segments: int
    walls: list[float] = field(default_factory=list)
    cpus: list[float] = field(default_factory=list)
    tokens: int = 0
    latencies: list[float] = field(default_factory=list)
    peak_rss_mb: float = 0.0

    def facts(self, naive: "Row | None", raw: "Row") -> dict[str, Any]:
        wall, cpu = statistics.median(self.walls), statistics.median(self.cpus)
        ordered = sorted(self.latencies)
        speed = self.segments / wall
        return {
            "system": self.system,
            "start_s": round(self.start_s, 2),
            "segments": self.segments,
            "sentences_per_s": round(speed, 2),
            "tokens_per_s": round(self.tokens / wall, 1),
            "cpu_s": round(cpu, 2),
            "p50_s": round(ordered[len(ordered) // 2], 3) if ordered else None,
            "p95_s": round(ordered[int(0.95 * len(ordered))], 3) if ordered else None,
            "peak_rss_mb": round(self.peak_rss_mb),
            "wall_to_raw": round(_per_segment(self, self.walls) / _per_segment(raw, raw.walls), 2),
            "cpu_to_raw": round(_per_segment(self, self.cpus) / _per_segment(raw, raw.cpus), 2),
            "times_naive": _times(naive, self, "walls"),
            "times_naive_by_cpu": _times(naive, self, "cpus"),
            "rounds": len(self.walls),
        }


def _per_segment(row: Row, seconds: list[float]) -> float:
    return statistics.median(seconds) / row.segments


def _times(naive: Row | None, row: Row, which: str) -> float | None:
    if naive is None:
        return None
    slow, fast = _per_segment(naive, getattr(naive, which)), _per_segment(row, getattr(row, which))
    return round(slow / fast, 1)


@app.command(help=__doc__)
def main(
    transformers: Annotated[
        Path | None, typer.Option(help="Folder of the same weights, unconverted; none: left out.")
    ] = None,
    segments: Annotated[int, typer.Option(help="Vietnamese segments, our own text.")] = 200,
    rounds: Annotated[int, typer.Option(help="Of all systems but the slowest, which has one.")] = 3,
    beam: Annotated[int, typer.Option(help="Beam size; 0: the shipped model's own.")] = 0,
    cores: Annotated[int, typer.Option(help="For each system.")] = 1,
    short: Annotated[int, typer.Option(help="One-sentence requests beside an archive.")] = 40,
    out: Annotated[Path | None, typer.Option(help="Write the figures as JSON.")] = None,
    account: Annotated[
        bool, typer.Option("--account", help="Where the service's processor time goes, instead.")
    ] = False,
    system: Annotated[str | None, typer.Option(hidden=True)] = None,
) -> None:
    size = beam or default_beam()
    openers = {
        RAW: partial(open_raw, size, cores, batched=True),
        f"{RAW}, shortlist": partial(open_raw, size, cores, batched=True, shortlist=True),
        "CTranslate2 int8, one by one": partial(open_raw, size, cores, batched=False),
    }
    if transformers is not None:
        openers[NAIVE] = partial(open_transformers, transformers, size, cores, batched=False)
        batched = "transformers fp32, batched"
        openers[batched] = partial(open_transformers, transformers, size, cores, batched=True)
    if system is not None:
        serve_rounds(openers[system], segments)
        return
    measured, client = _share_cores(cores)
    if account:
        report = _account(sample_requests(segments), rounds, measured, client)
        if out is not None:
            out.write_text(json.dumps(report, indent=2) + "\n", "utf-8")
        _show_account(report)
        return
    rows, extra = _measure(
        list(openers), sample_requests(segments), rounds, short, measured, client
    )
    by_name = {row.system: row for row in rows}
    table = [row.facts(by_name.get(NAIVE), by_name[RAW]) for row in rows]
    report = {"cores": cores, "beam": size, "load_average": os.getloadavg(), **extra, "rows": table}
    if out is not None:
        out.write_text(json.dumps(report, indent=2) + "\n", "utf-8")
    _show(report)


def _share_cores(cores: int) -> tuple[list[int], list[int]]:
    """The cores of the systems, and those of the clients: others where there are any."""
    available = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [0]
    return available[-cores:], available[:-cores] or available


def _measure(
    names: list[str],
    texts: list[str],
    rounds: int,
    short: int,
    cores: list[int],
    client: list[int],
) -> tuple[list[Row], dict[str, Any]]:
    ours.pin(client)
    with ExitStack() as stack:
        children = {name: stack.enter_context(_child(name, cores)) for name in names}
        # The rounds are the same text, so that nothing may be remembered.
        service = stack.enter_context(ours.running_service(cores, SONGNGU_MEMORY_SEGMENTS="0"))
        ours.load(service, ["Hội nghị bàn về đất đai và đầu tư công của tỉnh."], 1)
        served = {
            f"songngu over HTTP, {clients} clients{' with repair' * repair}": (clients, repair)
            for repair in (False, True)
            for clients in CLIENTS
            if clients > 1 or not repair
        }
        rows = {name: Row(name, service.start_s, 0) for name in served}
        for number in range(rounds):
            for name, (process, row) in children.items():
                if number == 0 or name != NAIVE:
                    _round(process, row)
            for name, (clients, repair) in served.items():
                done = ours.load(service, texts, clients, repair=repair)
                _note(rows[name], done)
        peak = service.rss_mb("VmHWM")
        for row in rows.values():
            row.peak_rss_mb = peak
        extra = {"service_peak_rss_mb": round(peak), **_latencies(service, texts, short)}
    return [*(row for _, row in children.values()), *rows.values()], extra


@contextmanager
def _child(name: str, cores: list[int]) -> "Iterator[tuple[subprocess.Popen[str], Row]]":
    environment = {**os.environ, "OMP_NUM_THREADS": str(len(cores)), "HF_HUB_OFFLINE": "1"}
    process = subprocess.Popen(  # noqa: S603 - our own script
        [sys.executable, *sys.argv, "--system", name],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
        preexec_fn=lambda: ours.pin(cores),
    )
    try:
        loaded = _heard(process)
        row = Row(name, loaded["load_s"], int(loaded["segments"]))
        yield process, row
        assert process.stdin is not None
        process.stdin.close()
        row.peak_rss_mb = _heard(process)["peak_rss_mb"]
    finally:
        process.kill()
        process.wait()


def _heard(process: "subprocess.Popen[str]") -> dict[str, float]:
    assert process.stdout is not None
    facts: dict[str, float] = json.loads(process.stdout.readline())
    return facts


def _round(process: "subprocess.Popen[str]", row: Row) -> None:
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()
    done = _heard(process)
    row.walls.append(done["wall_s"])
    row.cpus.append(done["cpu_s"])
    row.tokens = int(done["target_tokens"])


def _note(row: Row, done: ours.Load) -> None:
    row.walls.append(done.wall_s)
    row.cpus.append(done.cpu_s)
    row.latencies += done.latencies_s
    row.segments = ours.segments_in(done)
    row.tokens = _target_tokens(done)


def _target_tokens(done: ours.Load) -> int:
    import sentencepiece

    from models.catalogue import BUNDLED_TRANSLATION, read_card

    card = read_card(BUNDLED_TRANSLATION)
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(card.folder / card.vocabulary))
    targets = [block["target"] for answer in done.answers for block in answer["blocks"]]
    return sum(map(len, pieces.encode(targets)))


def _latencies(service: ours.Service, texts: list[str], requests: int) -> dict[str, Any]:
    """What one reader sees: the cost of all but translating, and of an archive beside."""
    articles = ["\n\n".join(texts[start : start + 3]) for start in range(0, len(texts), 3)]
    alone = ours.load(service, articles, 1)
    plain = ours.load(service, articles, 1, repair=False)
    segments = [segment for text in texts for segment in segments_of(text)]
    short = [text for text in segments if len(text.split()) <= 20][:requests]
    idle = ours.load(service, short, 1)
    job = ours.send_archive(service, texts, ARCHIVE_ITEMS)
    while ours.archive_done(service, job) == 0:
        time.sleep(0.1)
    busy = ours.load(service, short, 1)
    archive = ours.archive_done(service, job)
    ours.cancel_archive(service, job)
    return {
        "overhead_of_all_but_translating": round(ours.overhead(alone), 3),
        "overhead_without_repair": round(ours.overhead(plain), 3),
        "short_p95_idle_s": round(idle.percentile(0.95), 3),
        "short_p95_beside_archive_s": round(busy.percentile(0.95), 3),
        "short_p95_ratio": round(busy.percentile(0.95) / idle.percentile(0.95), 2),
        "archive_items_done_beside": archive,
        "short_p50_ratio": round(busy.percentile(0.5) / idle.percentile(0.5), 2),
    }


def _account(
    texts: list[str], rounds: int, cores: list[int], client: list[int]
) -> dict[str, dict[str, float]]:
    """Seconds of one round by part, for raw CTranslate2 and for each number of clients."""
    ours.pin(client)
    found: dict[str, dict[str, float]] = {}
    with ExitStack() as stack:
        process, raw = stack.enter_context(_child(RAW, cores))
        file = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "account.json"
        service = stack.enter_context(
            ours.running_service(cores, file, SONGNGU_MEMORY_SEGMENTS="0")
        )
        ours.load(service, texts, max(CLIENTS))  # what is opened on first use
        for clients in CLIENTS:
            before, cpu = ask(service.pid, file), service.cpu_s()
            done = [ours.load(service, texts, clients) for _ in range(rounds)]
            parts = between(before, ask(service.pid, file))
            whole = (service.cpu_s() - cpu) / rounds
            parts = {name: round(value / rounds, 3) for name, value in parts.items()}
            found[f"{clients} clients"] = {
                **parts, "whole": round(whole, 3), "segments": ours.segments_in(done[0])
            }  # fmt: skip
            for _ in range(rounds):
                _round(process, raw)
    found[RAW] = {"whole": statistics.median(raw.cpus), "segments": raw.segments}
    return found


def _show_account(report: dict[str, dict[str, float]]) -> None:
    table = Table("part", *report, title="processor seconds of one round, repair included")
    served = [column for name, column in report.items() if name != RAW]
    names = dict.fromkeys(name for column in served for name in column)
    for name in sorted(names, key=lambda name: -served[-1].get(name, 0.0)):
        table.add_row(name, *(str(column.get(name, "")) for column in report.values()))
    Console(width=130).print(table)


COLUMNS = (
    "start_s", "sentences_per_s", "tokens_per_s", "p50_s", "p95_s", "peak_rss_mb", "cpu_s",
    "wall_to_raw", "cpu_to_raw", "times_naive_by_cpu", "times_naive",
)  # fmt: skip


def _show(report: dict[str, Any]) -> None:
    title = f"{report['cores']} core(s), beam {report['beam']}, vi to en, medians of this run"
    table = Table("system", title=title)
    for column in COLUMNS:
        table.add_column(column.replace("_", " "), justify="right")
    for row in report["rows"]:
        cells = ("" if row[key] is None else str(row[key]) for key in COLUMNS)
        table.add_row(row["system"], *cells)
    console = Console(width=170)
    console.print(table)
    console.print({key: value for key, value in report.items() if key != "rows"})


if __name__ == "__main__":
    app()
