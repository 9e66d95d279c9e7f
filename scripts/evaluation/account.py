"""Where the service's processor time goes: each stage by the clock of the thread that runs it.

A thread's clock stands still while the thread waits, for the engine too, so nothing is counted
twice. CTranslate2's own threads have clocks as well, which are read before and after each call of
the engine; that is exact while one batch is decoded at a time, so on one core.
"""

import importlib
import json
import os
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import Any

from models.codec import Prompt
from models.ctranslate2_engine import CTranslate2Engine
from models.engine import Output, Search

Infer = Callable[[CTranslate2Engine, Sequence[Prompt], Search], list[list[Output]]]

# Of the clock of one thread of this process, see `MAKE_THREAD_CPUCLOCK` of Linux.
_PER_THREAD, _SCHEDULED = 4, 2
# What is called, where its caller looks it up, and its part; what has a part of its own inside
# another is not counted there.
STAGES = (
    ("service.pipeline:Pipeline._read", "read: clean, classify, detect, cut"),
    ("service.pipeline:made_by", "memory"),
    ("service.pipeline:recalled", "memory"),
    ("service.translation:translate", "draft: pieces, terms, joining"),
    ("service.pipeline:draft_all", "check"),
    ("service.translation:repair", "repair: rungs, and checks of their drafts"),
    ("service.pipeline:spell_all", "names"),
    ("service.pipeline:summarise", "summary"),
    ("service.pipeline:headline", "summary"),
    ("service.pipeline:report_terms", "assemble"),
    ("service.pipeline:decide", "assemble"),
    ("service.pipeline:assemble", "assemble"),
    ("models.batching:Batcher.translate", "queue"),
    ("models.engine:Engine.translate", "tokens to text and back"),
)
FIRST, AGAIN = "decode: first drafts", "decode: again, for repair"
# Threads by the beginning of their names, and what they do beside the stages.
_THREADS = {"MainThread": "HTTP and JSON", "article": "pipeline, else"}
_OTHER_THREADS = "queue"  # the engine's own
COUNTS = ("batches", "rows", "tokens", "padded tokens")


class Account:
    """Processor seconds by part; safe to share."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._parts: Counter[str] = Counter()
        self._inside: Counter[str] = Counter()  # of the parts, by kind of thread
        self._stack = threading.local()

    def add(self, part: str, amount: float) -> None:
        with self._lock:
            self._parts[part] += amount

    def so_far(self) -> dict[str, float]:
        """Seconds by part, with what threads did beside the stages; and counts of the engine."""
        with self._lock:
            parts, inside = Counter(self._parts), Counter(self._inside)
        for thread in threading.enumerate():
            if thread.native_id is not None:
                parts[_kind(thread)] += _clock(thread.native_id)
        for kind, seconds in inside.items():
            parts[kind] -= seconds
        return dict(parts)

    def timed(self, function: Callable[..., object], part: str) -> Callable[..., object]:
        """The function, its own seconds noted under the part."""

        @wraps(function)
        def clocked(*args: object, **kwargs: object) -> object:
            outer = getattr(self._stack, "seconds", None)
            self._stack.seconds = 0.0
            started = time.thread_time()
            try:
                return function(*args, **kwargs)
            finally:
                whole = time.thread_time() - started
                self.add(part, whole - self._stack.seconds)
                if outer is None:
                    with self._lock:
                        self._inside[_kind(threading.current_thread())] += whole
                self._stack.seconds = None if outer is None else outer + whole

        return clocked

    def decoding(self, infer: Infer) -> Infer:
        """The engine's innermost call, with what CTranslate2's threads did meanwhile."""

        @wraps(infer)
        def clocked(
            engine: CTranslate2Engine, prompts: Sequence[Prompt], search: Search
        ) -> list[list[Output]]:
            before = _native_seconds()
            answers = infer(engine, prompts, search)
            first = search.decoding.n_best == engine.card.decoding.beam_size
            part = FIRST if first else AGAIN
            self.add(part, _native_seconds() - before)
            lengths = [len(prompt.source) for prompt in prompts]
            counts = (1, len(lengths), sum(lengths), max(lengths) * len(lengths))
            for name, count in zip(COUNTS, counts, strict=True):
                self.add(f"{part}, {name}", count)
            return answers

        return clocked


def _kind(thread: threading.Thread) -> str:
    return _THREADS.get(thread.name.partition("_")[0], _OTHER_THREADS)


def _clock(thread: int) -> float:
    """Processor seconds of a thread by its number in the system; 0.0 where it has ended."""
    try:
        return time.clock_gettime((~thread << 3) | _PER_THREAD | _SCHEDULED)
    except OSError:
        return 0.0


def _native_seconds() -> float:
    """Of all threads that are not Python's, together."""
    ours = {thread.native_id for thread in threading.enumerate()}
    threads = [int(task.name) for task in Path("/proc/self/task").iterdir()]
    return sum(_clock(thread) for thread in threads if thread not in ours)


def install(account: Account) -> None:
    """Put clocks round the stages of this process."""
    for place, part in STAGES:
        module, _, path = place.partition(":")
        owner: Any = importlib.import_module(module)
        *parents, name = path.split(".")
        for parent in parents:
            owner = getattr(owner, parent)
        setattr(owner, name, account.timed(getattr(owner, name), part))
    innermost = "_infer"
    decode: Infer = getattr(CTranslate2Engine, innermost)
    setattr(CTranslate2Engine, innermost, account.decoding(decode))


def serve() -> None:
    """`songngu` under the clocks: the account goes to the file named first, at each SIGUSR1."""
    out = Path(sys.argv.pop(1))
    account = Account()
    install(account)

    def write(*_: object) -> None:
        unfinished = out.with_suffix(".part")
        unfinished.write_text(json.dumps(account.so_far()), "utf-8")
        unfinished.replace(out)

    signal.signal(signal.SIGUSR1, write)
    importlib.import_module("service.cli").app()


def ask(pid: int, out: Path, within_s: float = 30.0) -> dict[str, float]:
    """The account so far of a process that runs `serve`."""
    out.unlink(missing_ok=True)
    os.kill(pid, signal.SIGUSR1)
    deadline = time.monotonic() + within_s
    while not out.exists():
        if time.monotonic() > deadline:
            message = "the service gave no account"
            raise RuntimeError(message)
        time.sleep(0.02)
    found: dict[str, float] = json.loads(out.read_text("utf-8"))
    return found


def between(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    """What was added to each part.

    >>> between({"check": 1.0}, {"check": 1.5, "names": 0.25})
    {'check': 0.5, 'names': 0.25}
    """
    return {part: amount - before.get(part, 0.0) for part, amount in after.items()}
