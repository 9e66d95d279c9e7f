#!/usr/bin/env python3
"""Measure what jobs cost beside the translation itself: the store's share, and memory of an upload.

Prints JSON. Times are of one run on one machine; read the ratios.
"""

import json
import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import httpx2

from service.archive.worker import ArchiveWorker, Run, archive_run
from service.bootstrap import build_extractor, build_pipeline
from service.intake import ArticleRequest
from service.settings import Settings
from service.store.engine import open_store
from service.store.jobs import JobStore
from service.store.values import JobState, NewItem

# Sentences in the shape of government news; the numbers make each article another one.
SENTENCES = (
    "Sáng {0}/3/2024, Chủ tịch UBND tỉnh chủ trì phiên họp thường kỳ lần thứ {1}.",
    "Theo báo cáo, kinh tế - xã hội của tỉnh trong quý I tiếp tục phát triển ổn định.",
    "Tổng thu ngân sách nhà nước đạt {1}.{0} tỷ đồng, tăng {0},5 % so với cùng kỳ năm trước.",
    "Các đại biểu đề nghị đẩy nhanh tiến độ giải ngân vốn đầu tư công tại {0} huyện, thành phố.",
    "Kết luận phiên họp, Chủ tịch UBND tỉnh yêu cầu các sở, ngành tập trung thực hiện nhiệm vụ.",
    "Sở Y tế chủ động phòng, chống dịch bệnh; đã tiêm {1} liều vắc xin cho người dân.",
)


def article(number: int, sentences: int) -> str:
    """An article of its own for each number."""
    chosen = random.Random(number)
    lines = [
        chosen.choice(SENTENCES).format(chosen.randint(1, 28), 1000 * number + n)
        for n in range(sentences)
    ]
    return "\n\n".join(" ".join(lines[start : start + 3]) for start in range(0, sentences, 3))


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one round: by the clock, of the processor, and of waiting for the store."""

    wall_s: float
    cpu_s: float
    store_s: float = 0.0
    store_cpu_s: float = 0.0


def directly(run: Run, texts: list[str], threads: int) -> Cost:
    """The articles without any store."""
    started, cpu = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda text: run(ArticleRequest(text=text), lambda: False), texts))
    return Cost(time.perf_counter() - started, time.process_time() - cpu)


def as_a_job(run: Run, texts: list[str], threads: int, url: str) -> Cost:
    """The articles as a job, from its upload to its end."""
    store = open_store(url)
    jobs = JobStore(store)
    started, cpu = time.perf_counter(), time.process_time()
    job = jobs.create({})
    jobs.add_items(job.id, (NewItem(text=text) for text in texts))
    jobs.seal(job.id)
    filling = time.process_time() - cpu
    worker = ArchiveWorker(store, run, threads=threads)
    worker.start()
    while jobs.get(job.id).state is not JobState.DONE:
        time.sleep(0.2)
    wall_s, cpu_s = time.perf_counter() - started, time.process_time() - cpu
    worker.stop()
    store.close()
    stats = worker.stats()
    return Cost(wall_s, cpu_s, stats.store_s, stats.store_cpu_s + filling)


def measure_store(
    url: str, articles: int, sentences: int, threads: int, rounds: int
) -> dict[str, Any]:
    """The same articles with and without the store, in turn."""
    settings = Settings()
    extractor = build_extractor(settings)
    pipeline = build_pipeline(settings, extractor)
    directly(
        archive_run(pipeline), [article(-1 - n, sentences) for n in range(threads)], threads
    )  # warm
    without: list[Cost] = []
    within: list[Cost] = []
    for turn in range(rounds):
        texts = [article(1 + turn * articles + n, sentences) for n in range(articles)]
        # Each with a run of its own, which does not know the other's articles.
        without.append(directly(archive_run(pipeline), texts, threads))
        within.append(as_a_job(archive_run(pipeline), texts, threads, url))
    extractor.close()
    pairs = list(zip(within, without, strict=True))
    wall = [job.wall_s / plain.wall_s for job, plain in pairs]
    return {
        "articles": articles,
        "sentences each": sentences,
        "threads": threads,
        "articles/s without the store": _rate(articles, without),
        "articles/s as a job": _rate(articles, within),
        "wall, job / without": [round(ratio, 3) for ratio in wall],
        "wall, median": round(statistics.median(wall), 3),
        "CPU seconds an article": round(
            statistics.median(job.cpu_s for job in within) / articles, 3
        ),
        "CPU of the store, share of all": round(
            statistics.median(job.store_cpu_s / job.cpu_s for job in within), 4
        ),
        "waiting for the store, beside the work, share of wall": round(
            statistics.median(job.store_s / job.wall_s for job in within), 3
        ),
    }


def _rate(articles: int, costs: list[Cost]) -> float:
    return round(articles / statistics.median(cost.wall_s for cost in costs), 3)


def measure_upload(lines: int, sentences: int) -> dict[str, Any]:
    """Memory of a real `songngu serve` while it takes a large JSONL in."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    songngu = Path(sys.executable).with_name("songngu")
    with tempfile.TemporaryDirectory(prefix="songngu-upload-") as folder:
        environment = {
            **os.environ,
            "SONGNGU_DATA_DIR": folder,
            "SONGNGU_ARCHIVE_THREADS": "0",
            "SONGNGU_MAX_UPLOAD_BYTES": str(2**31),
        }
        with subprocess.Popen(  # noqa: S603 - our own command
            [songngu, "serve", "--port", str(port)], env=environment, stderr=subprocess.DEVNULL
        ) as service:
            base = f"http://127.0.0.1:{port}"
            _wait_for(base)
            before, peak, done = _rss(service.pid), [0], threading.Event()
            watcher = threading.Thread(target=_watch, args=(service.pid, peak, done))
            watcher.start()
            started = time.perf_counter()
            size = [0]
            answer = httpx2.post(
                f"{base}/v1/jobs",
                content=_jsonl(lines, sentences, size),
                headers={"Content-Type": "application/x-ndjson"},
                timeout=600,
            )
            seconds = time.perf_counter() - started
            done.set()
            watcher.join()
            service.send_signal(signal.SIGTERM)
    return {
        "status": answer.status_code,
        "lines": answer.json().get("total"),
        "MB sent": round(size[0] / 1e6, 1),
        "seconds": round(seconds, 1),
        "RSS before, MiB": round(before / 2**20, 1),
        "RSS growth at most, MiB": round((peak[0] - before) / 2**20, 1),
    }


def _jsonl(lines: int, sentences: int, size: list[int]) -> Iterator[bytes]:
    for number in range(lines):
        record = {"id": f"a{number}", "text": article(number, sentences)}
        line = json.dumps(record, ensure_ascii=False).encode() + b"\n"
        size[0] += len(line)
        yield line


def _wait_for(base: str) -> None:
    while True:
        with suppress(httpx2.TransportError):
            if httpx2.get(f"{base}/readyz", timeout=5).status_code == 200:
                return
        time.sleep(0.1)


def _watch(pid: int, peak: list[int], done: threading.Event) -> None:
    while not done.wait(0.05):
        peak[0] = max(peak[0], _rss(pid))


def _rss(pid: int) -> int:
    """Resident bytes of a process (Linux)."""
    pages = Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def main(
    database: Annotated[str, typer.Option(help="A store; default: a new SQLite.")] = "",
    articles: Annotated[int, typer.Option(min=1, help="Articles a round; 0: none.")] = 40,
    sentences: Annotated[int, typer.Option(min=1, help="In each article.")] = 12,
    threads: Annotated[int, typer.Option(min=1, help="Articles at a time.")] = 8,
    rounds: Annotated[int, typer.Option(min=1)] = 3,
    lines: Annotated[int, typer.Option(help="Of the upload; 0: none.")] = 100_000,
) -> None:
    """Print the figures as JSON."""
    figures: dict[str, Any] = {}
    measures: list[tuple[str, Callable[[], dict[str, Any]]]] = []
    with tempfile.TemporaryDirectory(prefix="songngu-jobs-") as folder:
        url = database or f"sqlite:///{folder}/songngu.db"
        measures.append(("store", lambda: measure_store(url, articles, sentences, threads, rounds)))
        if lines:
            measures.append(("upload", lambda: measure_upload(lines, sentences)))
        for name, measure in measures:
            figures[name] = measure()
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    typer.run(main)
