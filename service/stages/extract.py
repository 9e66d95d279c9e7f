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

from service.article import Article
from service.errors import EngineError, HtmlTooComplex
from service.extraction.child import LENGTH_BYTES
from service.extraction.prescan import check_size
from service.extraction.wire import read_answer

START_S = 60.0  # for a new process to import its parsers on a busy machine


class Extractor:
    """A pool of page readers, started when first needed and kept for the next page. Thread-safe.

    `timeout_s` is wall-clock time for one page, `memory_bytes` the address space of one reader.
    """

    def __init__(
        self, workers: int = 1, timeout_s: float = 5.0, memory_bytes: int = 1024**3
    ) -> None:
        self._timeout_s = timeout_s
        self._readers: queue.LifoQueue[_Reader] = queue.LifoQueue()
        readers = [_Reader(timeout_s, memory_bytes) for _ in range(workers)]
        for reader in readers:
            self._readers.put(reader)
        self._end = weakref.finalize(self, _end_all, readers)

    def extract(self, html: str) -> Article:
        """The article of a page.

        Raises `ArticleTooLong` over 2 MiB, `NoArticleFound`, and `HtmlTooComplex` for everything
        that the readers cannot cope with; `EngineError` where no process can be started.
        """
        check_size(html)
        page = html.encode("utf-8", "surrogatepass")
        reader = self._readers.get()
        try:
            answer = reader.read(page)
        finally:
            self._readers.put(reader)
        return read_answer(answer)

    def close(self) -> None:
        """End the processes; a later call starts new ones."""
        self._end()


class _Reader:
    """One process, or none yet. Used by one thread at a time, except for `end`."""

    def __init__(self, timeout_s: float, memory_bytes: int) -> None:
        self._timeout_s, self._memory_bytes = timeout_s, memory_bytes
        self._process: subprocess.Popen[bytes] | None = None
        self._pages = 0  # that the process has read
        self._lock = threading.Lock()

    def read(self, page: bytes) -> bytes:
        """The process's answer to a page."""
        process = self._started()
        deadline = time.monotonic() + self._timeout_s
        try:
            _send(process, page, deadline)
            answer = _receive(process, deadline)
        except TimeoutError as error:
            self.end()
            raise HtmlTooComplex(
                f"The page could not be read within {self._timeout_s:g} s. Paste its text."
            ) from error
        except (OSError, EOFError, ValueError) as error:
            self.end()
            raise HtmlTooComplex(
                "The page could not be read within the limit of memory. Paste its text."
            ) from error
        self._pages += 1
        return answer

    def end(self) -> None:
        """Kill the process, if there is one."""
        with self._lock:
            process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):
                if pipe:
                    pipe.close()
        process.wait()

    def _started(self) -> "subprocess.Popen[bytes]":
        """The process, started if there is none or the last one has ended."""
        process = self._process
        if process is not None and process.poll() is None:
            return process
        self.end()
        try:
            process = _start(self._timeout_s, self._memory_bytes)
        except OSError as error:
            raise EngineError("The process that reads pages could not be started.") from error
        with self._lock:
            self._process = process
        self._pages = 0
        try:
            _receive(process, time.monotonic() + START_S)
        except (OSError, EOFError) as error:
            self.end()
            raise EngineError("The process that reads pages did not start.") from error
        return process


def _end_all(readers: list[_Reader]) -> None:
    for reader in readers:
        reader.end()


def _start(timeout_s: float, memory_bytes: int) -> "subprocess.Popen[bytes]":
    """A new interpreter on `child.py`, with this one's import path."""
    program = (
        f"import sys; sys.path[:] = {sys.path!r}; "
        f"from service.extraction.child import main; main({timeout_s!r}, {memory_bytes!r})"
    )
    process = subprocess.Popen(  # noqa: S603  our own interpreter and program
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,
    )
    assert process.stdin is not None  # noqa: S101  for the type checker
    assert process.stdout is not None  # noqa: S101
    os.set_blocking(process.stdin.fileno(), False)
    os.set_blocking(process.stdout.fileno(), False)
    return process


def _send(process: "subprocess.Popen[bytes]", page: bytes, deadline: float) -> None:
    assert process.stdin is not None  # noqa: S101
    pipe = process.stdin.fileno()
    frame = memoryview(len(page).to_bytes(LENGTH_BYTES, "big") + page)
    while frame:
        _wait(pipe, select.POLLOUT, deadline)
        with contextlib.suppress(BlockingIOError):
            frame = frame[os.write(pipe, frame) :]


def _receive(process: "subprocess.Popen[bytes]", deadline: float) -> bytes:
    """The next frame; raises `TimeoutError` at the deadline, `EOFError` where the process ended."""
    head = _receive_bytes(process, LENGTH_BYTES, deadline)
    return _receive_bytes(process, int.from_bytes(head, "big"), deadline)


def _receive_bytes(process: "subprocess.Popen[bytes]", size: int, deadline: float) -> bytes:
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
