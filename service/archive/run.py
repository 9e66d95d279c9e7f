"""One archive, from its files to its outputs: resumable, each article exactly once.

    inputs ─▶ readers ─▶ feed ─▶ store ─▶ collect ─▶ writers ─▶ outputs
                                  │ ▲
                                  ▼ │
                                worker (threads, the pipeline)

The store, `OUT/.songngu/run.db`, is the truth; outputs are written from it in the order of the
inputs. A killed run loses what was in work, nothing else.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from service.archive.collect import Collector, Tally
from service.archive.duplicates import DuplicateIndex
from service.archive.feed import Feeder, Intake
from service.archive.folder import Folder, writing
from service.archive.readers import ReadOptions, read_archive
from service.archive.readers.inputs import find_sources
from service.archive.worker import ArchiveWorker, Run
from service.archive.writers import Format, check_formats, open_writers
from service.archive.writers.files import Render
from service.store.engine import Store, open_store
from service.store.jobs import JobStore
from service.store.queue import ItemQueue
from service.store.values import Progress

JOB = "archive"
LOOK_S = 0.1  # between looks for items that have ended
REPORT_S = 1.0  # at least between reports
REPORT_SHARE = 0.02  # of the time may go into counting for reports


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be done."""

    inputs: Sequence[str]
    output: Path
    formats: Sequence[Format] = (Format.JSONL,)
    renders: Mapping[Format, Render] = field(default_factory=dict)  # of formats made elsewhere
    read: ReadOptions = field(default_factory=ReadOptions)
    options: Mapping[str, Any] = field(default_factory=dict)  # of the job, for the worker
    facts: Mapping[str, Any] = field(default_factory=dict)  # what else makes the outputs
    resume: bool = False
    retry_failed: bool = False
    threads: int = 4


@dataclass(frozen=True, slots=True)
class Engine:
    """What does the work; both functions are called from several threads."""

    run: Run
    intake: Intake
    facts: Mapping[str, Any] = field(default_factory=dict)  # what made the outputs: model, weights
    close: Callable[[], None] = lambda: None


@dataclass(frozen=True, slots=True)
class Report:
    """How far the run is."""

    progress: Progress
    total: int  # items read so far
    is_read: bool  # whether that is all of them
    tally: Tally  # of what is in the outputs


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the run ended; `is_complete`: no item is open."""

    tally: Tally
    is_complete: bool
    finished: int  # items that came to the outputs in this run
    seconds: float


def translate_archive(
    plan: Plan,
    open_engine: Callable[[Store], Engine],
    *,
    report: Callable[[Report], None] = lambda _: None,
    stop: threading.Event | None = None,
) -> Outcome:
    """Translate every item that is not yet translated; returns early where `stop` is set.

    Raises ArchiveNotReadable, OutputNotWritable, RunMismatch, StoreFull and StoreUnavailable, and
    what `open_engine` raises, which is called with the run's store once inputs and output are
    known to be usable. All that was finished before is in the outputs then, or will be with
    `resume`.
    """
    check_formats(plan.formats)
    for each in plan.inputs:  # a mistyped one shall not cost a start of the engine
        next(find_sources([each], plan.output))
    with ExitStack() as closing:
        folder = Folder(plan.output, resume=plan.resume)
        closing.callback(folder.close)
        closing.enter_context(_log_to(folder))
        store = open_store(folder.store_url)
        closing.callback(store.close)
        engine = open_engine(store)
        closing.callback(engine.close)
        folder.claim({"version": 1, "options": dict(plan.options), **plan.facts, **engine.facts})
        run = _Run(plan, folder, store, stop or threading.Event())
        closing.callback(run.close)
        return run.work(engine, report)


class _Run:
    def __init__(self, plan: Plan, folder: Folder, store: Store, stop: threading.Event) -> None:
        self._plan, self._folder, self._store, self._stop = plan, folder, store, stop
        self._jobs = JobStore(store)
        job = self._jobs.find(JOB) or self._jobs.create(plan.options, name=JOB)
        self._job_id = job.id
        self._is_sealed = False
        _free_leases(store, folder)
        if plan.retry_failed and self._jobs.retry(job.id):
            folder.write("written.json", {})
        with writing(plan.output):
            self._index = DuplicateIndex(folder.state / "fingerprints")
            self._writers = open_writers(plan.output, plan.formats, plan.renders)
        self._collector = Collector(self._jobs, job.id, folder, self._writers)
        self._reported_at, self._pause = 0.0, REPORT_S

    def work(self, engine: Engine, report: Callable[[Report], None]) -> Outcome:
        """Feed, translate and collect until nothing is open or the run is stopped."""
        plan, started, before = self._plan, time.monotonic(), self._collector.tally.total
        items = read_archive(find_sources(plan.inputs, plan.output), plan.read)
        feeder = Feeder(self._jobs, self._job_id, items, self._index, engine.intake)
        worker = ArchiveWorker(
            self._store, engine.run, threads=plan.threads, job_id=self._job_id, wake=feeder.wake
        )
        self._folder.write("worker.json", {"name": worker.name})
        feeder.start()
        worker.start()
        try:
            while not self._stop.is_set() and not self._is_complete(feeder):
                self._folder.check_room()
                moved = self._collector.step()
                self._report(report, feeder)
                if not moved:
                    self._stop.wait(LOOK_S)
        finally:
            feeder.stop()
            worker.stop()
        while self._collector.step():
            pass
        self._collector.save()
        self._report(report, feeder, now=True)
        return Outcome(
            self._collector.tally,
            self._is_complete(feeder),
            self._collector.tally.total - before,
            time.monotonic() - started,
        )

    def _is_complete(self, feeder: Feeder) -> bool:
        """Whether every item is in the outputs; raises what ended the reading of the inputs."""
        if not feeder.is_done:
            return False
        if feeder.error is not None:
            raise feeder.error
        job = self._jobs.get(self._job_id)
        return job.sealed_at is not None and self._collector.position >= job.total

    def _report(
        self, report: Callable[[Report], None], feeder: Feeder, *, now: bool = False
    ) -> None:
        started = time.monotonic()
        if started - self._reported_at < self._pause and not now:
            return
        total = self._jobs.get(self._job_id).total
        progress = self._jobs.progress(self._job_id)
        report(Report(progress, total, feeder.is_done, self._collector.tally))
        self._reported_at = time.monotonic()
        # Counting takes time in proportion to the items.
        self._pause = max(REPORT_S, (self._reported_at - started) / REPORT_SHARE)

    def close(self) -> None:
        self._collector.close()
        self._index.close()


def _free_leases(store: Store, folder: Folder) -> None:
    """Take back at once what a killed run had in work: we have its lock."""
    name = folder.read("worker.json").get("name")
    if isinstance(name, str):
        ItemQueue(store).release_worker(name)


@contextmanager
def _log_to(folder: Folder) -> Iterator[None]:
    """Our own log goes to a file, not through the progress bar."""
    with writing(folder.path):
        handler = logging.FileHandler(folder.state / "log.txt", encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    log = logging.getLogger("songngu")
    log.addHandler(handler)
    try:
        yield
    finally:
        log.removeHandler(handler)
        handler.close()
