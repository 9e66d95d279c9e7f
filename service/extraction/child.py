"""The process that reads pages: takes them on its standard input, one after the other.

A frame is four bytes of length, most significant first, and as many bytes. A page goes in as UTF-8
(lone surrogates passed through) below a line with the numbers of the lines to keep; an answer of
`wire.py` comes out; an empty frame out says that the process is ready. It ends with its input, on a
second of overtime, and after a shortage of memory.
"""

import io
import resource
import signal
import sys

from service.errors import ArticleError, HtmlTooComplex
from service.extraction.page import extract_page
from service.extraction.wire import write_article, write_error
from service.rules import load_line_rules

LENGTH_BYTES = 4
GRACE_S = 1.0  # past the time limit; the parent kills at the limit, if it is still there


def main(timeout_s: float, memory_bytes: int) -> None:
    """Answer pages until the input ends."""
    pages, answers = io.FileIO(0, "rb"), io.FileIO(1, "wb")
    buffered = io.BufferedReader(pages)
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends the input
    signal.signal(signal.SIGALRM, signal.SIG_DFL)  # ends the process even inside C code
    load_line_rules("furniture")  # half a second, of no page's time
    _write(answers, b"")
    while (head := buffered.read(LENGTH_BYTES)) and len(head) == LENGTH_BYTES:
        page = buffered.read(int.from_bytes(head, "big"))
        signal.setitimer(signal.ITIMER_REAL, timeout_s + GRACE_S)
        answer = _answer(page)
        signal.setitimer(signal.ITIMER_REAL, 0)
        _write(answers, answer)


def _answer(page: bytes) -> bytes:
    """The answer to a page; `MemoryError` ends the process."""
    try:
        keep, _, html = page.decode("utf-8", "surrogatepass").partition("\n")
        return write_article(extract_page(html, frozenset(map(int, keep.split()))))
    except ArticleError as error:
        return write_error(error)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  a page may find any bug of three parsers; none may stop us
        return write_error(HtmlTooComplex("The page could not be read. Paste its text."))


def _write(answers: io.FileIO, answer: bytes) -> None:
    frame = memoryview(len(answer).to_bytes(LENGTH_BYTES, "big") + answer)
    while frame:
        frame = frame[answers.write(frame) :]


if __name__ == "__main__":
    main(float(sys.argv[1]), int(sys.argv[2]))
