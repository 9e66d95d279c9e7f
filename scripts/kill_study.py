#!/usr/bin/env python3
"""Kill workers, the service and the command line with SIGKILL while a job runs, and count.

A fake model makes the articles cheap; everything else is the real thing. A trigger in the database
writes down every outcome, so that exactly-once is seen by something other than the code at test.

    kill_study.py                                  # SQLite: 200 kills, 3,000 articles
    kill_study.py --database postgresql://…        # an empty database
    kill_study.py --command-line                   # `songngu batch` with its own store
"""

import hashlib
import json
import multiprocessing
import os
import random
import socket
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Annotated, Any

import typer

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import httpx2
from sqlalchemy import text

from models.base import Decoding, Hypothesis, Request
from models.catalogue import BUNDLED_RANKER, MODELS_FOLDER
from models.ranker import load_ranker
from service.archive.worker import ArchiveWorker, archive_run
from service.errors import ArticleError
from service.pipeline import Pipeline
from service.settings import Settings
from service.store.engine import Store, open_store
from service.store.jobs import JobStore

ARTICLE = "Sáng 15/3/2024, Ủy ban nhân dân tỉnh họp phiên thứ {} về kinh tế và xã hội."
UPLOAD_KILLS = 0.1  # share of the kills that fall into the upload
KEY = {"Idempotency-Key": "kill study"}


class FakeTranslator:
    """Takes `seconds` for each call and gives the source back in capitals."""

    model_id = "fake@1"
    weights_sha256 = "0" * 64
    directions = frozenset({("vi", "en"), ("en", "vi")})
    decoding = Decoding(beam_size=1)
    placeholders: tuple[str, ...] = ()
    min_score = None
    max_source_tokens = 500

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def count_tokens(self, source: str) -> int:
        return len(source.split())

    def translate(
        self,
        requests: Sequence[Request],
        decoding: Decoding | None = None,  # noqa: ARG002
    ) -> list[list[Hypothesis]]:
        time.sleep(self.seconds * random.uniform(0.5, 1.5))
        return [[Hypothesis(request.text.upper(), score=-0.1)] for request in requests]


def fake_pipeline(seconds: float) -> Pipeline:
    """The real pipeline around the fake model."""

    def no_pages(_html: str) -> Any:  # noqa: ANN401 - never called
        raise ArticleError

    translator = FakeTranslator(seconds)
    return Pipeline(
        translators=dict.fromkeys(translator.directions, translator),
        ranker=load_ranker(MODELS_FOLDER / "weights" / BUNDLED_RANKER),
        ranker_sha256="0" * 64,
        extract=no_pages,
        max_article_chars=200_000,
        quality={},
    )


# What is killed.


def be_worker(url: str, seconds: float, lease: float) -> None:
    run = archive_run(fake_pipeline(seconds))
    worker = ArchiveWorker(open_store(url), run, threads=2, lease_s=lease)
    worker.start()
    threading.Event().wait()


def be_service(url: str, seconds: float, lease: float, port: int) -> None:
    import uvicorn

    from service.http import app, background

    app.build_pipeline = lambda *_: fake_pipeline(seconds)
    background.ArchiveWorker = partial(ArchiveWorker, lease_s=lease)
    settings = Settings(database_url=url, archive_threads=1)
    uvicorn.run(app.create_app(settings), host="127.0.0.1", port=port, log_level="critical")


def be_command(source: Path, output: Path, seconds: float) -> None:
    from service.archive.run import Engine, Plan, translate_archive
    from service.intake import read_article

    pipeline = fake_pipeline(seconds)

    def intake(item: Any) -> Any:  # noqa: ANN401
        return read_article(item.request(None), pipeline.extract, pipeline.max_article_chars)

    engine = Engine(archive_run(pipeline), intake)
    plan = Plan(inputs=[str(source)], output=output, resume=True, threads=4)
    outcome = translate_archive(plan, lambda *_: engine)
    os._exit(0 if outcome.is_complete else 1)


@dataclass(slots=True)
class Victim:
    """A role that is started again whenever it was killed."""

    target: Callable[..., None]
    arguments: tuple[Any, ...]
    process: BaseProcess | None = None
    kills: int = 0

    def start(self) -> None:
        self.process = _context.Process(target=self.target, args=self.arguments, daemon=True)
        self.process.start()

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.join()
        self.kills += 1

    def is_alive(self) -> bool:
        return self.process is not None and self.process.is_alive()


_context = multiprocessing.get_context("forkserver")


# The study of the service and its workers.


@dataclass(slots=True)
class Study:
    """One store, one job, many kills."""

    url: str
    items: int
    kills: int
    interval: float
    lease: float
    figures: dict[str, Any] = field(default_factory=dict)
    killed: int = 0
    checks: int = 0
    broken: list[str] = field(default_factory=list)

    def run(self) -> dict[str, Any]:
        started = time.monotonic()
        store = open_store(self.url)
        audit(store)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        base = f"http://127.0.0.1:{port}"
        # The articles take about as long as the kills.
        seconds = 5 * self.interval * self.kills / self.items
        service = Victim(be_service, (self.url, seconds, self.lease, port))
        workers = [Victim(be_worker, (self.url, seconds, self.lease)) for _ in range(2)]
        service.start()
        job_id = self._upload(base, service, store)
        for worker in workers:
            worker.start()
        while not self._is_done(store, job_id):
            time.sleep(random.uniform(0.5, 1.5) * self.interval)
            if self.killed < self.kills:
                self._kill(random.choice([service, *workers, *workers]), store)
        self._wait(base)
        self.figures |= {
            "kills of the service": service.kills,
            "kills of workers": sum(worker.kills for worker in workers),
            "seconds": round(time.monotonic() - started),
        }
        self._judge(store, base, job_id)
        for victim in (service, *workers):
            victim.kill()
        store.close()
        return self.figures

    def _is_done(self, store: Store, job_id: str) -> bool:
        return JobStore(store).get(job_id).state == "done"

    def _kill(self, victim: Victim, store: Store) -> None:
        victim.kill()
        self.killed += 1
        self.broken += store.problems()
        self.checks += 1
        victim.start()

    def _upload(self, base: str, service: Victim, store: Store) -> str:
        """Send the job until it is taken, and meanwhile kill who takes it."""
        lines = [
            json.dumps({"id": f"a{n}", "text": ARTICLE.format(n)}) + "\n" for n in range(self.items)
        ]

        def slowly() -> Any:  # noqa: ANN401
            for start in range(0, len(lines), 100):
                time.sleep(self.interval / 10)
                yield "".join(lines[start : start + 100]).encode()

        taken: list[str] = []

        def send() -> None:
            while not taken:
                with suppress(httpx2.TransportError):
                    answer = httpx2.post(
                        f"{base}/v1/jobs?summary_sentences=0&repair=false",
                        content=slowly(),
                        headers={"Content-Type": "application/x-ndjson", **KEY},
                        timeout=60,
                    )
                    if answer.status_code == 202:
                        taken.append(answer.json()["id"])
                        return
                time.sleep(0.2)

        sender = threading.Thread(target=send, daemon=True)
        sender.start()
        wanted = int(self.kills * UPLOAD_KILLS)
        while service.kills < wanted and not taken:
            self._wait(base, until=lambda: bool(taken))
            time.sleep(random.uniform(0, 2) * self.interval)
            self._kill(service, store)
        self.figures["kills during the upload"] = service.kills
        sender.join()
        return taken[0]

    def _wait(self, base: str, until: Callable[[], bool] = lambda: False) -> None:
        while not until():
            with suppress(httpx2.TransportError):
                if httpx2.get(f"{base}/readyz", timeout=10).status_code == 200:
                    return
            time.sleep(0.02)

    def _judge(self, store: Store, base: str, job_id: str) -> None:
        with store.read() as connection:
            rows = connection.execute(
                text("SELECT position, count(*) AS n FROM audit WHERE job_id = :job GROUP BY 1"),
                {"job": job_id},
            ).all()
            attempts = connection.execute(text("SELECT max(attempts) FROM items")).scalar_one()
        answers = [httpx2.get(f"{base}/v1/jobs/{job_id}/results", timeout=120) for _ in range(2)]
        lines = [json.loads(line) for line in answers[0].text.splitlines()]
        wrong = [
            line["id"]
            for n, line in enumerate(lines)
            if line["id"] != f"a{n}"
            or not line["result"]
            or line["result"]["text"] != ARTICLE.format(n).upper()
        ]
        other_jobs = [job for job in JobStore(store).jobs() if job.state != "receiving"]
        self.figures |= {
            "lost": self.items - len(rows),
            "duplicated": sum(row.n - 1 for row in rows),
            "wrong": len(wrong) + abs(self.items - len(lines)),
            "jobs made by one key": len(other_jobs),
            "most attempts at one item": attempts,
            "integrity checks": self.checks,
            "integrity problems": len(self.broken + store.problems()),
            "same bytes twice": len({hashlib.sha256(a.content).digest() for a in answers}) == 1,
        }


def audit(store: Store) -> None:
    """Let the database itself write down every outcome."""
    with store.write() as connection:
        connection.execute(text("CREATE TABLE audit (job_id text, position integer)"))
        if store.dialect == "sqlite":
            connection.execute(
                text(
                    "CREATE TRIGGER outcomes AFTER UPDATE OF outcome ON items "
                    "WHEN new.outcome IS NOT NULL "
                    "BEGIN INSERT INTO audit VALUES (new.job_id, new.position); END"
                )
            )
            return
        connection.execute(
            text(
                "CREATE FUNCTION note() RETURNS trigger AS $$ BEGIN "
                "INSERT INTO audit VALUES (new.job_id, new.position); RETURN NULL; END $$ "
                "LANGUAGE plpgsql"
            )
        )
        connection.execute(
            text(
                "CREATE TRIGGER outcomes AFTER UPDATE OF outcome ON items FOR EACH ROW "
                "WHEN (new.outcome IS NOT NULL) EXECUTE FUNCTION note()"
            )
        )


# The study of the command line.


def study_command(folder: Path, items: int, kills: int, interval: float) -> dict[str, Any]:
    """Kill `songngu batch` and go on with `--resume`, until all is there."""
    source, output = folder / "archive.jsonl", folder / "out"
    with source.open("w", encoding="utf-8") as file:
        for n in range(items):
            file.write(json.dumps({"id": f"a{n}", "text": ARTICLE.format(n)}) + "\n")
    started = time.monotonic()
    seconds = 3 * interval * kills / items
    command = Victim(be_command, (source, output, seconds))
    broken: list[str] = []
    while True:
        command.start()
        process = command.process
        if process is None or command.kills >= kills:
            break
        process.join(random.uniform(0.5, 1.5) * interval)
        if not process.is_alive():
            break
        command.kill()
        for database in output.glob(".songngu/*.db"):
            store = open_store(f"sqlite:///{database.absolute()}")
            broken += store.problems()
            store.close()
    process.join()
    lines = (output / "articles.jsonl").read_text("utf-8").splitlines()
    found = [json.loads(line) for line in lines]
    ids = [line["id"] for line in found]
    failed = Counter(line["error"]["type"] for line in found if line["state"] == "failed")
    return {
        "kills of the command": command.kills,
        "exit code at last": process.exitcode,
        "seconds": round(time.monotonic() - started),
        "lost": len({f"a{n}" for n in range(items)} - set(ids)),
        "duplicated": len(ids) - len(set(ids)),
        "failed": dict(failed),  # `item-abandoned`: killed eight times in the middle of it
        "in the order of the input": ids == [f"a{n}" for n in range(items)],
        "integrity problems": len(broken),
    }


def main(
    database: Annotated[str, typer.Option(help="An empty store; default: a new SQLite.")] = "",
    items: Annotated[int, typer.Option(min=1, help="Articles of the job.")] = 3000,
    kills: Annotated[int, typer.Option(min=0, help="How many processes to kill.")] = 200,
    interval: Annotated[float, typer.Option(help="Seconds between kills, on average.")] = 0.6,
    lease: Annotated[float, typer.Option(help="Seconds until a killed worker is missed.")] = 30.0,
    command_line: Annotated[bool, typer.Option("--command-line", help="Kill `batch`.")] = False,
) -> None:
    """Print the figures as JSON; exit code 1 where anything was lost, duplicated or broken."""
    _context.set_forkserver_preload(["service.http.app", "service.archive.run", "uvicorn"])
    with tempfile.TemporaryDirectory(prefix="songngu-kill-") as folder:
        if command_line:
            figures = study_command(Path(folder), items, kills, interval)
        else:
            url = database or f"sqlite:///{folder}/songngu.db"
            figures = Study(url, items, kills, interval, lease).run()
        print(json.dumps(figures, indent=2))
    zero = ("lost", "duplicated", "wrong", "integrity problems")
    raise typer.Exit(1 if any(figures.get(name) for name in zero) else 0)


if __name__ == "__main__":
    typer.run(main)
