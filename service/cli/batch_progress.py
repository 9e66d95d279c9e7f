"""How far `songngu batch` is: a bar on a terminal, elsewhere a line now and then."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from service.archive.run import Report
from service.cli.common import notes

PLAIN_EVERY_S = 30.0  # between lines where there is no terminal


@contextmanager
def progress() -> Iterator[Callable[[Report], None]]:
    """A bar with rate and time left on a terminal; elsewhere a line now and then."""
    if not notes.is_terminal:
        yield _PlainLines().print
        return
    columns = (
        TextColumn("translating"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
        TextColumn("{task.fields[left]}"),
    )
    with Progress(*columns, console=notes, transient=True) as bar:
        task = bar.add_task("", total=None, rate="", left="")

        def show(report: Report) -> None:
            bar.update(
                task,
                completed=report.progress.counts.finished,
                total=report.total,
                rate=_rate(report),
                left=_left(report),
            )

        yield show


class _PlainLines:
    """A line every half minute."""

    def __init__(self) -> None:
        self._next = time.monotonic() + PLAIN_EVERY_S

    def print(self, report: Report) -> None:
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + PLAIN_EVERY_S
        counts = report.progress.counts
        known = f"{report.total:,}" if report.is_read else f"{report.total:,} or more"
        parts = [f"{counts.finished:,} of {known} articles", _rate(report), _left(report)]
        if counts.failed:
            parts.append(f"{counts.failed:,} failed")
        line = ", ".join(part for part in parts if part)
        notes.print(f"songngu: {line}", highlight=False, markup=False, soft_wrap=True)


def _rate(report: Report) -> str:
    rate = report.progress.rate
    return f"{rate:.1f}/s" if rate >= 1 else f"{60 * rate:.1f}/min" if rate else ""


def _left(report: Report) -> str:
    """The time left, once all inputs are read: before, nobody knows how many there are.

    >>> from service.archive.collect import Tally
    >>> from service.store.values import Progress
    >>> _left(Report(Progress(eta_s=5400), 9, True, Tally()))
    '1 h 30 min left'
    """
    eta = report.progress.eta_s
    if not report.is_read:
        return "still reading"
    if not eta:
        return ""
    if eta < 60:
        return "under a minute left"
    minutes = round(eta / 60)
    return f"{minutes // 60} h {minutes % 60} min left" if minutes >= 60 else f"{minutes} min left"
