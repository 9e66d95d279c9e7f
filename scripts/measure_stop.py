#!/usr/bin/env python3
"""How long `songngu serve` takes to stop in the middle of a job, and what it leaves behind.

Starts the service with a job, sends SIGTERM while articles are in work and a reader waits, and
looks into the store: nothing may be held for longer than a killed worker's lease. Prints JSON; exit
code 1 where a stop took longer than it may, or where an article was lost.

Example:
    python scripts/measure_stop.py --times 20
"""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated, Any

import httpx2
import typer

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scripts.benchmark_jobs import article
from service.store.engine import open_store
from service.store.jobs import JobStore

MAY_TAKE_S = 10.0
SONGNGU = Path(sys.executable).with_name("songngu")


@contextmanager
def service(folder: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """The process and its address, once it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "SONGNGU_DATA_DIR": folder}
    with subprocess.Popen(  # noqa: S603 - our own command
        [SONGNGU, "serve", "--port", str(port)], env=environment, stderr=subprocess.DEVNULL
    ) as process:
        base = f"http://127.0.0.1:{port}"
        while process.poll() is None:
            with suppress(httpx2.TransportError):
                if httpx2.get(f"{base}/readyz", timeout=5).status_code == 200:
                    break
            time.sleep(0.1)
        yield process, base
        process.kill()


def measure(articles: int, sentences: int) -> dict[str, Any]:
    """One stop."""
    with tempfile.TemporaryDirectory(prefix="songngu-stop-") as folder:
        with service(folder) as (process, base):
            lines = [json.dumps({"text": article(n, sentences)}) + "\n" for n in range(articles)]
            kind = {"Content-Type": "application/x-ndjson"}
            took = httpx2.post(f"{base}/v1/jobs", content="".join(lines), headers=kind, timeout=60)
            job = took.json()["id"]
            while not httpx2.get(f"{base}/v1/jobs/{job}", timeout=30).json()["counts"]["done"]:
                time.sleep(0.2)
            threading.Thread(target=_read, args=(base, sentences), daemon=True).start()
            time.sleep(0.5)
            started = time.monotonic()
            process.send_signal(signal.SIGTERM)
            code = process.wait(timeout=60)
            seconds = time.monotonic() - started
        store = open_store(f"sqlite:///{folder}/songngu.db")
        counts = JobStore(store).progress(job).counts
        store.close()
    return {
        "seconds": round(seconds, 2),
        "exit code": code,
        "done": counts.done,
        "still leased": counts.leased,
        "lost": articles - counts.done - counts.open,
    }


def _read(base: str, sentences: int) -> None:
    """A reader's long article, which is in work when the signal comes."""
    with suppress(httpx2.TransportError):
        httpx2.post(f"{base}/v1/articles", json={"text": article(-1, 10 * sentences)}, timeout=60)


def main(
    times: Annotated[int, typer.Option(min=1, help="Stops.")] = 20,
    articles: Annotated[int, typer.Option(min=1, help="Of the job.")] = 300,
    sentences: Annotated[int, typer.Option(min=1, help="Of each article.")] = 40,
) -> None:
    """Print the figures as JSON; exit code 1 where one is not as it must be."""
    rows = [measure(articles, sentences) for _ in range(times)]
    figures = {
        "stops": times,
        "longest, s": max(row["seconds"] for row in rows),
        "exit codes": sorted({row["exit code"] for row in rows}),
        "articles left leased": sum(row["still leased"] for row in rows),
        "lost": sum(row["lost"] for row in rows),
        "each": rows,
    }
    print(json.dumps(figures, indent=2))
    raise typer.Exit(1 if figures["longest, s"] > MAY_TAKE_S or figures["lost"] else 0)


if __name__ == "__main__":
    typer.run(main)
