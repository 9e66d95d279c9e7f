"""Works on the items of jobs: leases them, runs the pipeline, writes each outcome once.

    worker = ArchiveWorker(store, archive_run(pipeline), threads=2)
    worker.start()
    ...
    worker.stop()        # within STOP_WITHIN_S; what is not finished is free for others at once

The threads only translate. One more, the keeper, speaks to the store: it leases ahead, sends
heartbeats and writes what has come in since the last time in one transaction, so that the store
costs little however short the articles are. Where the store fails for a while, outcomes wait in
memory and no new items are leased.
"""

import contextlib
import logging
import os
import queue
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from service import serving
from service.archive.copies import Copies
from service.archive.near_copies import NEAR, FirstArticle
from service.archive.options import request_of
from service.errors import (
    EngineBusy,
    GlossaryOtherDirection,
    RequestAbandoned,
    SongnguError,
    StoreUnavailable,
)
from service.intake import ArticleRequest
from service.pipeline import Pipeline
from service.result import Result
from service.store.engine import Store
from service.store.jobs import JobStore
from service.store.queue import HEARTBEAT_S, LEASE_S, ItemQueue
from service.store.values import LeasedItem, Outcome

# Translates one article; asks now and then whether the outcome is still wanted, and raises
# RequestAbandoned where it is not.
Run = Callable[[ArticleRequest, Callable[[], bool]], Result]

IDLE_S = 1.0  # between looks at a store without work
TICK_S = 0.1  # between looks of the keeper at what has come in
WRITE_EVERY_S = 0.25  # outcomes of this time go into one transaction
AHEAD_S = 2.0  # so much work is leased ahead, as it went lately,
MOST_AHEAD = 64  # but no more items than this
FAILED_STORE_S = 2.0  # between tries to write
NEAR_WAIT_S = 10.0  # a near copy waits so long for the first to end, before it is given back
NEAR_LOOK_S = 0.1
BUSY_S = 1.0  # an item that the engine had no room for is left alone so long
GRACE_S = 5.0  # after the signal to stop, articles in work may end within this time
STOP_WITHIN_S = 8.0  # and after this one they are left behind
_log = logging.getLogger("songngu.worker")


def archive_run(pipeline: Pipeline) -> Run:
    """The pipeline behind every article that somebody waits for.

    An outcome does not depend on what else is in work. With the memory it could depend on which
    sentences others had translated before; so these are decoded to be the same in any batch.
    Articles with the same body are translated once.
    """
    copies = Copies(pipeline)

    def run(request: ArticleRequest, abandoned: Callable[[], bool]) -> Result:
        def progress(_done: int, _total: int) -> None:
            if abandoned():
                raise RequestAbandoned

        def translate(wanted: ArticleRequest) -> Result:
            return serving.run(copies.pipeline, wanted, ticket, progress)

        ticket = serving.Ticket(serving.Priority.ARCHIVE, abandoned, exact=request.memory)
        try:
            return copies.translate(request, translate)
        except GlossaryOtherDirection:  # an archive may hold articles of both languages
            return copies.translate(replace(request, glossary=None), translate)

    return run


@dataclass(slots=True, eq=False)
class _Task:
    item: LeasedItem
    abandoned: threading.Event = field(default_factory=threading.Event)
    lost: bool = False  # another worker has it, or its job was cancelled


@dataclass(frozen=True, slots=True)
class WorkerStats:
    """Since the start: items finished, seconds spent at the store, and of processor time."""

    finished: int
    store_s: float
    store_cpu_s: float


class ArchiveWorker:
    """See the module's description."""

    def __init__(
        self,
        store: Store,
        run: Run,
        *,
        threads: int = 2,
        job_id: str | None = None,
        lease_s: float = LEASE_S,
        wake: threading.Event | None = None,
        stop_when: Callable[[], bool] = lambda: False,
    ) -> None:
        """`job_id`: work on this job alone. `wake` is set by others when there is new work.

        `stop_when` is asked once a second at least, for those who cannot call `stop` in time.
        """
        self._queue, self._jobs = ItemQueue(store), JobStore(store)
        self._run = run
        self._threads = threads
        self._job_id = job_id
        self._lease_s = lease_s
        self._wake = wake or threading.Event()
        self._stop_when = stop_when
        self.name = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:6]}"
        self._stopping = threading.Event()
        self._idle = threading.Event()
        self._tasks: set[_Task] = set()  # leased, waiting or in work; the keeper's alone
        self._todo: queue.SimpleQueue[_Task | None] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[tuple[_Task, Outcome | None]] = queue.SimpleQueue()
        self._unwritten: list[Outcome] = []
        self._given_up: list[LeasedItem] = []
        self._keeper = threading.Thread(target=self._keep, name="archive-keeper", daemon=True)
        self._look_at = 0.0  # when the store is asked for work again
        self._written_at = self._rate_at = time.monotonic()
        self._finished = self._ended = self._rate_of = 0
        self._rate = self._store_s = self._store_cpu_s = 0.0  # items a second; seconds

    def start(self) -> None:
        self._keeper.start()
        for number in range(self._threads):
            threading.Thread(target=self._translate, name=f"archive-{number}", daemon=True).start()

    def stop(self) -> None:
        """Finish what ends within GRACE_S, give the rest back; returns within STOP_WITHIN_S + 1."""
        self._stopping.set()
        self._wake.set()
        if self._keeper.ident is not None:
            self._keeper.join(STOP_WITHIN_S + 1)

    def stats(self) -> WorkerStats:
        return WorkerStats(self._finished, self._store_s, self._store_cpu_s)

    def is_idle(self) -> bool:
        """Whether nothing is in work, and the last look at the store found no more."""
        return self._idle.is_set() or not self._keeper.is_alive()

    # The threads that translate.

    def _translate(self) -> None:
        while (task := self._todo.get()) is not None:
            self._done.put((task, None if task.abandoned.is_set() else self._outcome(task)))

    def _outcome(self, task: _Task) -> Outcome | None:
        """What the pipeline made of an item; None: nothing, let it be leased again."""
        item = task.item
        try:
            request = request_of(item.text, item.html, item.options)
            if NEAR in item.options and not request.memory:
                request = replace(request, first=self._first(task, item.options[NEAR]))
            result = self._run(request, task.abandoned.is_set)
            # Without the times, equal articles have equal outcomes, byte for byte.
            timeless = result.model_copy(update={"timings_ms": {}})
            return Outcome(item, result=timeless.model_dump_json())
        except RequestAbandoned:
            return None
        except EngineBusy:
            time.sleep(BUSY_S)
            return None
        except SongnguError as error:
            return Outcome(item, error=error_of(error))
        except Exception as error:  # noqa: BLE001 - the boundary: one article never ends the run
            _log.error("an item failed: %s", type(error).__name__, exc_info=error)
            return Outcome(item, error=INTERNAL)

    def _first(self, task: _Task, position: int) -> FirstArticle | None:
        """The article that this one is nearly a copy of; None where it failed.

        Raises RequestAbandoned where it does not end in time, or the store fails.
        """
        job, until = task.item.job_id, time.monotonic() + NEAR_WAIT_S
        try:
            while (first := self._jobs.result(job, position)) is None:
                if time.monotonic() > until or self._stopping.is_set() or task.abandoned.is_set():
                    raise RequestAbandoned
                time.sleep(NEAR_LOOK_S)
        except StoreUnavailable as error:
            raise RequestAbandoned from error
        return FirstArticle(Result.model_validate_json(first.result)) if first.result else None

    # The keeper, who alone writes to the store.

    def _keep(self) -> None:
        beat = time.monotonic()
        while not (self._stopping.is_set() or self._stop_when()):
            self._collect(TICK_S)
            try:
                if self._is_time_to_write():
                    self._write()
                if time.monotonic() - beat >= min(HEARTBEAT_S, self._lease_s / 4):
                    self._heartbeat()
                    beat = time.monotonic()
                self._lease()
            except Exception as error:  # noqa: BLE001 - the keeper must outlive any failure
                _log.warning("the store fails, outcomes wait: %s", type(error).__name__)
                self._stopping.wait(FAILED_STORE_S)
        self._end()

    def _collect(self, patience: float) -> None:
        """Take what the threads have put down; wait for the first of it while they are at work."""
        with contextlib.suppress(queue.Empty):
            if self._tasks:
                self._take(*self._done.get(timeout=patience))
            while True:
                self._take(*self._done.get_nowait())

    def _take(self, task: _Task, outcome: Outcome | None) -> None:
        self._tasks.remove(task)
        self._ended += 1
        if not self._tasks:
            self._look_at = 0.0
        if outcome is not None:
            self._unwritten.append(outcome)
        elif not task.lost:
            self._given_up.append(task.item)

    def _write(self) -> None:
        """Write outcomes and give items back; kept for the next time where that fails."""
        if self._unwritten:
            with self._timed():
                self._finished += len(self._queue.finish(self._unwritten))
            self._unwritten = []
        if self._given_up:
            with self._timed():
                self._queue.release(self._given_up)
            self._given_up = []
        self._written_at = time.monotonic()

    def _is_time_to_write(self) -> bool:
        """Also where nothing else is in work, so that a short job need not wait."""
        late = time.monotonic() - self._written_at >= WRITE_EVERY_S
        return late or len(self._unwritten) >= MOST_AHEAD or not self._tasks

    def _heartbeat(self) -> None:
        held = {_key(task.item): task for task in self._tasks}
        waiting = [outcome.item for outcome in self._unwritten]
        items = [*(task.item for task in held.values()), *waiting]
        with self._timed():
            ours = {
                _key(item)
                for item in self._queue.heartbeat(self.name, items, seconds=self._lease_s)
            }
        for key in held.keys() - ours:
            held[key].lost = True
            held[key].abandoned.set()

    def _lease(self) -> None:
        """Keep the threads in work; look seldom where there is nothing to do."""
        ahead = self._todo.qsize()
        wanted = self._wanted_ahead()
        idle = time.monotonic() < self._look_at and not self._wake.is_set()
        if idle or 2 * ahead > wanted:
            self._rest()
            return
        self._wake.clear()
        with self._timed():
            items = self._queue.lease(
                self.name, wanted - ahead, seconds=self._lease_s, job_id=self._job_id
            )
        for item in items:
            task = _Task(item)
            self._tasks.add(task)
            self._todo.put(task)
        self._look_at = time.monotonic() + (0 if items else IDLE_S)
        if self._tasks:
            self._idle.clear()
        else:
            self._idle.set()

    def _wanted_ahead(self) -> int:
        """How many items to hold that no thread has begun: one a thread, more of short ones."""
        now = time.monotonic()
        if now - self._rate_at >= 1.0:
            self._rate = (self._ended - self._rate_of) / (now - self._rate_at)
            self._rate_at, self._rate_of = now, self._ended
        return max(self._threads, min(MOST_AHEAD, int(AHEAD_S * self._rate)))

    def _rest(self) -> None:
        """Nothing in work and nothing to lease: wait for word of new work."""
        if not self._tasks:
            self._wake.wait(max(0.0, self._look_at - time.monotonic()))

    def _end(self) -> None:
        """Let articles in work end for a while; give back what is left."""
        started = time.monotonic()
        self._drop_unbegun()
        while self._tasks and (passed := time.monotonic() - started) < STOP_WITHIN_S:
            if passed > GRACE_S:
                for task in self._tasks:
                    task.abandoned.set()
            self._collect(TICK_S)
        self._given_up += [task.item for task in self._tasks]
        try:
            self._write()
        except SongnguError as error:  # their leases end by themselves
            _log.warning("stopped without the store: %s", type(error).__name__)

    def _drop_unbegun(self) -> None:
        """Give back at once what no thread has begun."""
        with contextlib.suppress(queue.Empty):
            while True:
                task = self._todo.get_nowait()
                if task is not None:
                    self._tasks.remove(task)
                    self._given_up.append(task.item)
        for _ in range(self._threads):
            self._todo.put(None)

    @contextlib.contextmanager
    def _timed(self) -> Iterator[None]:
        started, cpu = time.monotonic(), time.thread_time()
        try:
            yield
        finally:
            self._store_s += time.monotonic() - started
            self._store_cpu_s += time.thread_time() - cpu


INTERNAL: Mapping[str, str] = {
    "type": "internal",
    "title": "Something went wrong",
    "detail": "This is our fault. The service's log says more.",
}


def error_of(error: SongnguError) -> Mapping[str, Any]:
    """An item's error, in the words that a request for the same article would get.

    >>> error_of(RequestAbandoned())["type"]
    'request-abandoned'
    """
    return {"type": error.slug, "title": error.title, "detail": str(error)}


def _key(item: LeasedItem) -> tuple[str, int, int]:
    return item.job_id, item.position, item.fence
