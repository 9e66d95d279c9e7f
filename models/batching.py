"""Dynamic batching: callers of all threads share an engine, and full batches, without a timer.

An idle replica takes what waits at once: the oldest segment of the best class with its neighbours
by length. Interactive work goes first, past a running archive on a replica of its own; an archive
still gets a share of a busy engine. Equal segments in flight are decoded once.

What shares a batch changes the last bits of scores, and in one of about 600 segments a word, since
shorter sources are padded. With a shortlist, which holds what all sources of a batch may become, it
changes a word in one of ten. Outcomes must not depend on what else was in work: what an archive
asks for in one call makes batches of its own, and so do the segments of any article where the model
has a shortlist. Only a few at a time, such as a title or what is decoded again, go with others, and
without one. With a memory of segments, which changes what is asked, an archive is decoded exactly:
in batches of one length, where the engine can.
"""

import itertools
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from models.base import Decoding, Hypothesis, Request, Translator
from models.lanes import Entry, Job, Key, Lane, UnitKey, units
from models.tickets import WHENEVER, EngineFailed, Priority, QueueFull, Ticket

# Padded source tokens of a batch at beam 1: the knee of the throughput curve on one CPU core. A
# wider search decodes several rows a source, and takes so many sources fewer: at beam 4, 256 to
# 1,024 tokens are as fast as 2,048, and done sooner, which readers notice beside an archive.
MAX_BATCH_TOKENS = 2048
GPU_BATCH_TOKENS = 16_384  # not measured here
MIN_BATCH_TOKENS = 256  # what is worth a replica of its own while others are idle
UNIT_TOKENS = 384  # of a batch that one call makes for itself; see the engine's shortlists
OWN_ROWS = 3  # of a call that is faster in batches of its own with a shortlist than beside others
MARKS = 2  # prefix and end mark of a source
POLL_S = 0.25  # how often a waiting caller asks whether it is still wanted
EXPRESS = 1  # replicas beyond the others that only interactive work may use
CLOSE_WITHIN_S = 10.0  # a batch takes a second or two
SMOOTHING = 0.1  # weight of the latest batch in the measured speed
FIRST_GUESS = 1000.0  # source tokens a second of a replica, before the first batch


@dataclass(frozen=True, slots=True)
class BatcherStats:
    """Counts since the start, and what waits now."""

    batches: int
    rows: int
    tokens: int
    padded_tokens: int
    shared: int  # segments that joined an equal one in flight
    waiting_tokens: int
    tokens_per_s: float  # of one replica


class Batcher:
    """One engine, shared; `view` gives a `models.base.Translator` to each caller."""

    def __init__(
        self,
        engine: Translator,
        *,
        replicas: int = 1,
        batch_tokens: int = MAX_BATCH_TOKENS,
        max_waiting_tokens: int = 100_000,
        archive_share: float = 0.2,
    ) -> None:
        """The engine is called from `replicas` threads, and from one more by interactive work.

        `max_waiting_tokens` bounds what waits interactively; archives are bounded by their own
        workers. While both classes wait, archives get `archive_share` of the tokens.
        """
        self.engine = engine
        self._replicas = replicas
        self._batch_tokens = batch_tokens
        # On a CPU as fast as larger ones, and not cut again by the engine for its cores.
        small = batch_tokens <= MAX_BATCH_TOKENS
        self._unit_tokens = min(batch_tokens, UNIT_TOKENS) if small else batch_tokens
        self._max_waiting_tokens = max_waiting_tokens
        self._archive_share = archive_share
        self._changed = threading.Condition()  # guards all below
        self._lanes = {priority: Lane() for priority in Priority}
        self._in_flight: dict[Key, Entry] = {}  # waiting, or being decoded
        self._units_in_flight: dict[UnitKey, list[Entry]] = {}
        self._unit_keys: dict[int, UnitKey] = {}
        self._waiting: set[Entry] = set()
        self._running = dict.fromkeys(Priority, 0)
        self._owed = 0.0  # tokens by which archives are behind their share
        self._numbers = itertools.count()
        self._threads: list[threading.Thread] = []
        self._closed = False
        self._speed = FIRST_GUESS
        self._counts = dict.fromkeys(("batches", "rows", "tokens", "padded_tokens", "shared"), 0)

    def view(self, ticket: Ticket = WHENEVER) -> "BatchedTranslator":
        """The engine as one request sees it; its `translate` raises a `WaitingError`."""
        return BatchedTranslator(self, ticket)

    def stats(self) -> BatcherStats:
        with self._changed:
            waiting = sum(lane.tokens for lane in self._lanes.values())
            speed = round(self._speed, 1)
            return BatcherStats(**self._counts, waiting_tokens=waiting, tokens_per_s=speed)

    def close(self) -> None:
        """Fail what waits, finish what is being decoded, end the threads.

        An engine that hangs is left behind after a while: its threads do not keep a process alive.
        """
        with self._changed:
            self._closed = True
            for entry in list(self._waiting):
                self._drop(entry)
                for job, _ in entry.waiters:
                    job.fail(EngineFailed("The engine was closed."))
            self._changed.notify_all()
        deadline = time.monotonic() + CLOSE_WITHIN_S
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def translate(
        self,
        requests: Sequence[Request],
        decoding: Decoding,
        ticket: Ticket,
        *,
        admitted: bool,
    ) -> list[list[Hypothesis]]:
        """Wait for the hypotheses; who is `admitted` is not turned away by a full queue."""
        ticket.check()
        if not requests:
            return []
        sized = [(request, self._measure(request)) for request in requests]
        alone = not decoding.exact and (
            ticket.priority is Priority.ARCHIVE
            or (decoding.shortlist and len(requests) >= OWN_ROWS)
        )
        if not alone:
            decoding = replace(decoding, shortlist=False)
        job = Job(len(requests))
        with self._changed:
            if self._closed:
                message = "The engine was closed."
                raise EngineFailed(message)
            if not admitted and ticket.priority is Priority.INTERACTIVE:
                self._refuse_if_full(sum(tokens for _, tokens in sized))
            if alone:
                entries = self._units(sized, decoding, ticket.priority)
            else:
                entries = [self._entry_for(*pair, decoding, ticket.priority) for pair in sized]
            for index, entry in enumerate(entries):
                entry.waiters.append((job, index))
                job.entries.add(entry)
            self._start_threads()
            self._changed.notify_all()
        return self._wait_for(job, ticket)

    def _measure(self, request: Request) -> int:
        terms = sum(self.engine.count_tokens(term) + MARKS for term in request.terms)
        return self.engine.count_tokens(request.text) + terms + MARKS

    def _refuse_if_full(self, tokens: int) -> None:
        waiting = self._lanes[Priority.INTERACTIVE].tokens
        if waiting and waiting + tokens > self._max_waiting_tokens:
            raise QueueFull(waiting / (self._speed * self._replicas))

    def _units(
        self, sized: Sequence[tuple[Request, int]], decoding: Decoding, priority: Priority
    ) -> list[Entry]:
        """The entries of one call, in batches that depend on the call alone.

        Those of an equal batch in flight, or new ones.
        """
        entries: dict[int, Entry] = {}
        for places in units([tokens for _, tokens in sized], self._unit_tokens):
            own = [sized[place] for place in places]
            key = tuple(request for request, _ in own), decoding, priority
            if key in self._units_in_flight:
                self._counts["shared"] += len(own)
            else:
                self._units_in_flight[key] = self._new_unit(own, key)
            entries |= zip(places, self._units_in_flight[key], strict=True)
        return [entries[place] for place in range(len(sized))]

    def _new_unit(self, own: Sequence[tuple[Request, int]], key: UnitKey) -> list[Entry]:
        _, decoding, priority = key
        unit = next(self._numbers)
        self._unit_keys[unit] = key
        entries = [
            Entry(next(self._numbers), request, decoding, tokens, priority, unit)
            for request, tokens in own
        ]
        for entry in entries:
            self._waiting.add(entry)
            self._lanes[priority].add(entry)
        return entries

    def _entry_for(
        self, request: Request, tokens: int, decoding: Decoding, priority: Priority
    ) -> Entry:
        """The entry of an equal source in flight, or a new one that waits."""
        entry = self._in_flight.get((request, decoding))
        if entry is None:
            entry = Entry(next(self._numbers), request, decoding, tokens, priority)
            self._in_flight[entry.key] = entry
            self._waiting.add(entry)
            self._lanes[priority].add(entry)
            return entry
        self._counts["shared"] += 1
        return entry

    def _wait_for(self, job: Job, ticket: Ticket) -> list[list[Hypothesis]]:
        try:
            while not job.done.wait(ticket.patience(POLL_S)):
                ticket.check()
        finally:
            self._withdraw(job)
        if job.error is not None:
            message = "The engine failed."
            raise EngineFailed(message) from job.error
        return job.answers

    def _withdraw(self, job: Job) -> None:
        """Forget the job; what nobody else waits for is not decoded any more."""
        with self._changed:
            for entry in job.entries:
                entry.waiters = [waiter for waiter in entry.waiters if waiter[0] is not job]
                if not entry.waiters and entry in self._waiting:
                    self._drop(entry)

    def _drop(self, entry: Entry) -> None:
        self._waiting.remove(entry)
        self._lanes[entry.priority].remove(entry)
        self._forget(entry)

    def _forget(self, entry: Entry) -> None:
        """Let nobody join the entry any more, nor the others of its unit, which share its fate."""
        if entry.unit is None:
            del self._in_flight[entry.key]
        elif (key := self._unit_keys.pop(entry.unit, None)) is not None:
            del self._units_in_flight[key]

    def _start_threads(self) -> None:
        """On first use: a thread that exists is lost by a fork, and costs memory."""
        for number in range(len(self._threads), self._replicas + EXPRESS):
            name = f"{self.engine.model_id}-{number}"
            thread = threading.Thread(target=self._dispatch, name=name, daemon=True)
            self._threads.append(thread)
            thread.start()

    def _dispatch(self) -> None:
        while True:
            with self._changed:
                while (priority := self._next_class()) is None:
                    if self._closed:
                        return
                    self._changed.wait()
                batch = self._take(priority)
                self._running[priority] += 1
            outcome = self._decode(batch)
            with self._changed:
                self._running[priority] -= 1
                self._answer(batch, outcome)
                self._changed.notify_all()

    def _next_class(self) -> Priority | None:
        """Whose turn it is, if a replica is free for it."""
        interactive, archive = Priority.INTERACTIVE, Priority.ARCHIVE
        running = sum(self._running.values())
        turn = not self._lanes[interactive] or self._owed >= self._batch_tokens
        if self._lanes[archive] and turn and running < self._replicas:
            return archive
        if (
            self._lanes[interactive]
            and self._running[interactive] < self._replicas
            and running < self._replicas + EXPRESS
        ):
            return interactive
        return None

    def _take(self, priority: Priority) -> list[Entry]:
        lane, other = self._lanes[priority], self._lanes[Priority.ARCHIVE]
        idle = max(1, self._replicas - sum(self._running.values()))
        share = max(MIN_BATCH_TOKENS, lane.tokens // idle)
        first = lane.next
        most = self._batch_tokens // first.decoding.rows
        batch = lane.take(first, min(most, share))
        self._waiting.difference_update(batch)
        taken = sum(entry.tokens for entry in batch)
        if priority is Priority.ARCHIVE:
            self._owed = max(0.0, self._owed - taken)
        elif other:
            self._owed += taken * self._archive_share / (1 - self._archive_share)
        return batch

    def _decode(self, batch: Sequence[Entry]) -> list[list[Hypothesis]] | Exception:
        started = time.monotonic()
        try:
            answers = self.engine.translate([e.request for e in batch], batch[0].decoding)
        except Exception as error:  # noqa: BLE001 - it is the callers' to handle, in their threads
            return error
        if len(answers) != len(batch):
            return ValueError(f"{len(answers)} answers to {len(batch)} sources")
        self._count(batch, time.monotonic() - started)
        return answers

    def _count(self, batch: Sequence[Entry], seconds: float) -> None:
        tokens = sum(entry.tokens for entry in batch)
        with self._changed:
            self._counts["batches"] += 1
            self._counts["rows"] += len(batch)
            self._counts["tokens"] += tokens
            self._counts["padded_tokens"] += len(batch) * batch[-1].tokens
            self._speed += SMOOTHING * (tokens / max(seconds, 1e-6) - self._speed)

    def _answer(self, batch: Sequence[Entry], outcome: list[list[Hypothesis]] | Exception) -> None:
        for index, entry in enumerate(batch):
            self._forget(entry)
            for job, place in entry.waiters:
                job.entries.discard(entry)
                if isinstance(outcome, Exception):
                    job.fail(outcome)
                else:
                    job.take(place, outcome[index])


class BatchedTranslator:
    """A `models.base.Translator` for one request: the engine's facts, the batcher's decoding."""

    def __init__(self, batcher: Batcher, ticket: Ticket) -> None:
        self._batcher = batcher
        self._engine = batcher.engine
        self._ticket = ticket
        self._admitted = False  # a request that got its first answers is not turned away later

    def under(self, ticket: Ticket) -> "BatchedTranslator":
        """The same engine for another request."""
        return self._batcher.view(ticket)

    @property
    def model_id(self) -> str:
        return self._engine.model_id

    @property
    def weights_sha256(self) -> str:
        return self._engine.weights_sha256

    @property
    def directions(self) -> frozenset[tuple[str, str]]:
        return self._engine.directions

    @property
    def decoding(self) -> Decoding:
        """The engine's own; exact where that is asked for and the engine can."""
        exact = self._ticket.exact and getattr(self._engine, "exact", False)
        if not exact:
            return self._engine.decoding
        return replace(self._engine.decoding, exact=True, shortlist=False)

    @property
    def max_source_tokens(self) -> int:
        return self._engine.max_source_tokens

    @property
    def min_score(self) -> float | None:
        return self._engine.min_score

    @property
    def placeholders(self) -> tuple[str, ...]:
        return self._engine.placeholders

    def count_tokens(self, text: str) -> int:
        return self._engine.count_tokens(text)

    def translate(
        self, requests: Sequence[Request], decoding: Decoding | None = None
    ) -> list[list[Hypothesis]]:
        chosen = decoding or self.decoding
        answers = self._batcher.translate(requests, chosen, self._ticket, admitted=self._admitted)
        self._admitted = True
        return answers
