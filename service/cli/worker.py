"""`songngu worker`: works on the jobs of a shared store, beside others that do."""

import os
import signal
import sys
import threading
from types import FrameType
from typing import Annotated

import typer

from service.archive.worker import ArchiveWorker, archive_run
from service.bootstrap import build_extractor, build_pipeline
from service.cli.common import notes, one_line_errors
from service.settings import Settings
from service.store.engine import open_store
from service.store.uploads import open_items

EXAMPLES = (
    "Example:  SONGNGU_DATABASE_URL=postgresql://songngu@db/songngu songngu worker --threads 4"
)


def worker(
    threads: Annotated[int, typer.Option(min=1, max=256, help="Articles in work at a time.")] = 8,
    until_done: Annotated[
        bool, typer.Option("--until-done", help="Stop when no job has work left.")
    ] = False,
) -> None:
    """Work on jobs that were sent to `songngu serve`, in a process of its own.

    Several may run, on one machine or on many with one PostgreSQL. SIGTERM or Ctrl-C: articles in
    work end or are given back within ten seconds.
    """
    stopped = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopped.set()

    with one_line_errors():
        settings = Settings.from_environment()
        extractor = build_extractor(settings)
        store = open_store(settings.store_url)
        try:
            signal.signal(signal.SIGTERM, stop)
            signal.signal(signal.SIGINT, stop)
            run = archive_run(build_pipeline(settings, extractor))
            working = ArchiveWorker(store, run, threads=threads, stop_when=stopped.is_set)
            working.start()
            notes.print(f"Songngu worker {working.name}: {threads} threads", highlight=False)
            while not stopped.wait(0.2):
                if until_done and working.is_idle() and not open_items(store):
                    break
            working.stop()
            notes.print(f"stopped after {working.stats().finished} articles", highlight=False)
        finally:
            store.close()
            extractor.close()
    # An abandoned batch may still be decoded by a thread of the engine, which does not survive the
    # interpreter's own end (it aborts, or waits for ever).
    sys.stderr.flush()
    os._exit(0)
