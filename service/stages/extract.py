"""Raw HTML to an article, in processes that can be killed.

A thread with a timeout would not do: the parsers hold the interpreter's lock while they are stuck.
The processes are fresh interpreters, not forks: a fork of a process with translation threads hangs.
"""

import contextlib
import os
import queue
import select
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Collection
from typing import TypeAlias

from service.article import Article
from service.errors import EngineError, HtmlTooComplex
from service.extraction.child import LENGTH_BYTES
from service.extraction.prescan import check_size
from service.extraction.wire import read_answer

_Process: TypeAlias = "subprocess.Popen[bytes]"
START_S = 60.0  # for a new process to import its parsers on a busy machine


class Extractor:
    """A pool of page readers, started when first needed and kept for the next page. Thread-safe.

    `timeout_s` is wall-clock time for one page, `memory_bytes` the address space of one reader.
    Make one after any fork of your own: two processes cannot share a reader.
    """

    def __init__(
        self, workers: int = 1, timeout_s: float = 5.0, memory_bytes: int = 1024**3
    ) -> None:
        self._idle: queue.LifoQueue[_Reader] = queue.LifoQueue()
        self._readers = [_Reader(timeout_s, memory_bytes) for _ in range(workers)]
        for reader in self._readers:
            self._idle.put(reader)
        weakref.finalize(self, _end_all, self._readers)  # also at the interpreter's exit

    def extract(self, html: str, keep: Collection[int] = ()) -> Article:
        """The article of a page; waits while all readers are busy.

        `keep` numbers the lines that are put back, as their removals do.

        Raises `ArticleTooLong` over 2 MiB, `NoArticleFound`, and `HtmlTooComplex` for everything
        that the readers cannot cope with; `EngineError` where no process can be started.
        """
        check_size(html)
        kept = " ".join(map(str, sorted(keep)))
        page = f"{kept}\n{html}".encode("utf-8", "surrogatepass")
        reader = self._idle.get()
        try:
            answer = reader.read(page)
        finally:
            self._idle.put(reader)
        return read_answer(answer)

    def close(self) -> None:
        """End the processes; a later call starts new ones."""
        _end_all(self._readers)


class _Reader:
    """One process, or none yet. Used by one thread at a time, except for `end`."""

    def __init__(self, timeout_s: float, memory_bytes: int) -> None:
        self._timeout_s, self._memory_bytes = timeout_s, memory_bytes
        self._process: _Process | None = None
        self._is_fresh = True  # the process has read no page yet
        self._lock = threading.Lock()

    def read(self, page: bytes) -> bytes:
        """The process's answer to a page.

        A process that ends has either met its match or, after many pages, run out of memory; only
        one that is fresh proves that it was the page.
        """
        process = self._ready()
        deadline = time.monotonic() + self._timeout_s
        try:
            try:
                return self._ask(process, page, deadline)
            except (OSError, EOFError):
                if self._is_fresh:
                    raise
                return self._ask(self._ready(), page, deadline)
        except TimeoutError as error:
            message = f"The page could not be read within {self._timeout_s:g} s. Paste its text."
            raise HtmlTooComplex(message) from error
        except (OSError, EOFError) as error:
            message = "The page could not be read within the limit of memory. Paste its text."
            raise HtmlTooComplex(message) from error

    def end(self) -> None:
        """Kill the process, if there is one."""
        with self._lock:
            process, self._process = self._process, None
        if process is not None:
            process.kill()
            for pipe in (process.stdin, process.stdout):
                if pipe:
                    pipe.close()
            process.wait()

    def _ask(self, process: _Process, page: bytes, deadline: float) -> bytes:
        """Send the page and wait for the answer; end the process where that fails."""
        try:
            _send(process, page, deadline)
            answer = _receive(process, deadline)
        except BaseException as error:
            self.end()
            if isinstance(error, TimeoutError):
                self._launch()  # the next page shall not wait for it
            raise
        self._is_fresh = False
        return answer

    def _ready(self) -> _Process:
        """The process, once it waits for a page; started if there is none or it has ended."""
        process = self._process
        if process is not None and process.poll() is not None:
            self.end()
            process = None
        if process is None:
            process = self._launch()
        if self._is_fresh:
            try:
                _receive(process, time.monotonic() + START_S)
            except (OSError, EOFError) as error:
                self.end()
                raise EngineError("The process that reads pages did not start.") from error
        return process

    def _launch(self) -> _Process:
        try:
            process = _start(self._timeout_s, self._memory_bytes)
        except OSError as error:
            raise EngineError("The process that reads pages could not be started.") from error
        with self._lock:
            self._process, self._is_fresh = process, True
        return process


def _end_all(readers: list[_Reader]) -> None:
    for reader in readers:
        reader.end()


def _start(timeout_s: float, memory_bytes: int) -> _Process:
    """A new interpreter on `child.py`, with this one's import path."""
    program = (
        f"import sys; sys.path[:] = {sys.path!r}; "
        f"from service.extraction.child import main; main({timeout_s!r}, {memory_bytes!r})"
    )
    process = subprocess.Popen(  # noqa: S603  our own interpreter and program
        [sys.executable, "-W", "ignore", "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,
    )
    for pipe in (process.stdin, process.stdout):
        if pipe:
            os.set_blocking(pipe.fileno(), False)
    return process


def _send(process: _Process, page: bytes, deadline: float) -> None:
    assert process.stdin is not None  # noqa: S101
    pipe = process.stdin.fileno()
    frame = memoryview(len(page).to_bytes(LENGTH_BYTES, "big") + page)
    while frame:
        _wait(pipe, select.POLLOUT, deadline)
        with contextlib.suppress(BlockingIOError):
            frame = frame[os.write(pipe, frame) :]


def _receive(process: _Process, deadline: float) -> bytes:
    """The next frame; raises `TimeoutError` at the deadline, `EOFError` where the process ended."""
    head = _receive_bytes(process, LENGTH_BYTES, deadline)
    return _receive_bytes(process, int.from_bytes(head, "big"), deadline)


def _receive_bytes(process: _Process, size: int, deadline: float) -> bytes:
    assert process.stdout is not None  # noqa: S101
    pipe = process.stdout.fileno()
    received = bytearray()
    while len(received) < size:
        _wait(pipe, select.POLLIN, deadline)
        with contextlib.suppress(BlockingIOError):
            piece = os.read(pipe, size - len(received))
            if not piece:
                raise EOFError
            received += piece
    return bytes(received)


def _wait(pipe: int, event: int, deadline: float) -> None:
    """Wait until the pipe can be used; raises `TimeoutError` at the deadline."""
    poll = select.poll()
    poll.register(pipe, event)
    while True:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        if poll.poll(left * 1000):
            return
