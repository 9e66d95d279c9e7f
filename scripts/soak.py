#!/usr/bin/env python3
"""Send the service thousands of articles and watch its memory: it must not grow.

Articles are made up of our own sentences, each with a number of its own, so that nothing is shared;
every tenth is refused on purpose (empty, other language, unknown model). Memory is compared between
the end of the warm-up (the first tenth) and the end.

Example:
    python scripts/soak.py --requests 10000 --clients 8
"""

import itertools
import json
import os
import threading
import time
from pathlib import Path
from typing import Annotated

import httpx2
import typer
from rich.console import Console
from rich.progress import track

from scripts.evaluation.benchmark import sample_requests, segments_of
from scripts.evaluation.benchmark_service import Service, running_service

BAD = (
    {"text": ""},
    {"text": "Les ministres se sont réunis hier à Paris pour discuter du budget de la ville."},
    {"text": "Tỉnh họp về đất đai.", "models": ["no-such-model"]},
    {"nothing": True},
)
app = typer.Typer(add_completion=False)


@app.command(help=__doc__)
def main(
    requests: Annotated[int, typer.Option(min=20)] = 10_000,
    clients: Annotated[int, typer.Option(min=1)] = 8,
    most: Annotated[float, typer.Option(help="Growth that is still flat, as a share.")] = 0.1,
    out: Annotated[Path | None, typer.Option(help="Write the figures as JSON.")] = None,
) -> None:
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [0]
    with running_service(cores, SONGNGU_ARTICLE_TIMEOUT_S="600") as service:
        rss, failures = _send(service, requests, clients)
        peak = service.rss_mb("VmHWM")
    warm, end = rss[len(rss) // 10], rss[-1]
    growth = end / warm - 1
    report = {
        "requests": requests,
        "clients": clients,
        "rss_mb_warm": round(warm, 1),
        "rss_mb_end": round(end, 1),
        "peak_rss_mb": round(peak, 1),
        "growth": round(growth, 4),
        "unexpected_answers": failures,
        "rss_mb": [round(one, 1) for one in rss],
    }
    if out is not None:
        out.write_text(json.dumps(report, indent=2) + "\n", "utf-8")
    Console().print({key: value for key, value in report.items() if key != "rss_mb"})
    if growth > most or failures:
        raise typer.Exit(1)


def _send(service: Service, requests: int, clients: int) -> tuple[list[float], int]:
    """Memory after each hundredth of the requests, and how many answers were not as expected."""
    sentences = [s for text in sample_requests(200) for s in segments_of(text)]
    short = [sentence for sentence in sentences if len(sentence.split()) <= 15]
    numbers = itertools.count()
    done = itertools.count(1)
    failures = itertools.count()
    rss: list[float] = []
    step = max(1, requests // 100)

    def client() -> None:
        with httpx2.Client(base_url=service.address, timeout=900) as http:
            while (number := next(numbers)) < requests:
                bad = number % 10 == 9
                body = BAD[number // 10 % len(BAD)] if bad else _article(short, number)
                answer = http.post("/v1/articles", json=body)
                if answer.status_code != (422 if bad else 200):
                    next(failures)
                if next(done) % step == 0:
                    rss.append(service.rss_mb())

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for hundredth in track(range(100), description="requests"):
        while len(rss) <= hundredth and any(thread.is_alive() for thread in threads):
            time.sleep(0.1)
    for thread in threads:
        thread.join()
    return rss, next(failures)


def _article(sentences: list[str], number: int) -> dict[str, object]:
    sentence = sentences[number % len(sentences)]
    return {"text": f"Bản tin số {number}\n\n{sentence}", "repair": number % 4 == 0}


if __name__ == "__main__":
    app()
