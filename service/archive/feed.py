"""Puts the items of an archive into the store, while the first of them are being translated."""

import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from service.archive.duplicates import DuplicateIndex, Fingerprint, fingerprint
from service.archive.items import ArchiveItem, ItemError
from service.archive.near_copies import NEAR
from service.article import Article
from service.errors import RunMismatch, SongnguError
from service.store.jobs import JobStore
from service.store.values import NewItem

STOP_WITHIN_S = 5.0  # of the thread, after the signal
# Items a transaction: the first few at once, so that there is work to do.
FIRST_CHUNK, CHUNK = 8, 64

Intake = Callable[[ArchiveItem], Article]  # raises a SongnguError


class Feeder:
    """Reads, cleans, fingerprints and stores every item, in a thread of its own.

    Items that an earlier run stored are compared with what is read now: RunMismatch says which is
    not the same any more. An article with the blocks of an earlier one is stored with its key, so
    that the store translates them once.
    """

    def __init__(
        self,
        jobs: JobStore,
        job_id: str,
        items: Iterable[ArchiveItem | ItemError],
        index: DuplicateIndex,
        intake: Intake,
    ) -> None:
        self.wake = threading.Event()  # set whenever there is new work
        self.error: Exception | None = None  # what ended the thread
        self._jobs, self._job_id = jobs, job_id
        self._items, self._index, self._intake = items, index, intake
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="archive-feeder", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End at the next item; what is stored stays stored. A disk that hangs is left behind."""
        self._stopping.set()
        self._thread.join(STOP_WITHIN_S)

    @property
    def is_done(self) -> bool:
        """Whether all items are stored, or none will come any more."""
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            new = self._new_items(self._jobs.get(self._job_id).total)
            size = FIRST_CHUNK
            while chunk := self._take(new, size):
                self._jobs.add_items(self._job_id, chunk)
                self.wake.set()
                size = CHUNK
            if not self._stopping.is_set():
                self._jobs.seal(self._job_id)
        except Exception as error:  # noqa: BLE001 - the run's thread raises it again
            self.error = error
        finally:
            self.wake.set()

    def _take(self, items: Iterator[NewItem], size: int) -> list[NewItem]:
        """At most `size` items; all that are ready where the run stops."""
        chunk: list[NewItem] = []
        while len(chunk) < size and not self._stopping.is_set():
            item = next(items, None)
            if item is None:
                break
            chunk.append(item)
        return chunk

    def _new_items(self, stored: int) -> Iterator[NewItem]:
        """The items behind the first `stored`, which must be the same as before."""
        position = -1
        for position, item in enumerate(self._items):
            if position >= stored:
                yield self._new_item(position, item)
                continue
            digest = self._index.restore(position)
            if digest not in (None, item.digest):
                message = (
                    f"The inputs have changed since this run began: {item.place} is not what item "
                    f"{position + 1} was. Put them back, or name another output folder."
                )
                raise RunMismatch(message)
            if self._stopping.is_set():
                return
        if position + 1 < stored:
            message = (
                f"The inputs have changed since this run began: {stored} items then, "
                f"{position + 1} now. Put them back, or name another output folder."
            )
            raise RunMismatch(message)

    def _new_item(self, position: int, item: ArchiveItem | ItemError) -> NewItem:
        meta: dict[str, Any] = {"input": str(item.place)}
        if isinstance(item, ItemError):
            self._index.add(position, item.digest, None)
            error = {"type": item.fault.value, "title": UNREADABLE, "detail": item.message}
            return NewItem(external_id=item.id, error=error, meta=meta)
        meta |= {"meta": dict(item.meta)} if item.meta else {}
        article = self._article(item)
        found = fingerprint(article) if article else None
        match = self._index.add(position, item.digest, found)
        if article and match and match.exact:
            meta["own"] = own_parts(article)
        elif match:
            meta["near"] = {"position": match.position, "similarity": match.similarity}
        near = match is not None and not match.exact
        return NewItem(
            external_id=item.id,
            text=item.text,
            html=item.html,
            meta=meta,
            options={NEAR: match.position} if match and near else None,
            same_key=_key(position, found),
        )

    def _article(self, item: ArchiveItem) -> Article | None:
        """The cleaned article; None where it cannot be read, which the worker will say."""
        try:
            return self._intake(item)
        except SongnguError:
            return None
        except Exception:  # noqa: BLE001 - the boundary: the worker meets and reports it
            return None


UNREADABLE = "The item cannot be read"


def own_parts(article: Article) -> dict[str, Any]:
    """What a copy has of its own beside the translation of the first, as in its result."""
    return {
        "published": article.published.isoformat() if article.published else None,
        "byline": article.byline,
        "removed": [{"text": r.text, "line": r.line, "rule": r.rule} for r in article.removed],
        "repairs": [{"rule": r.rule, "count": r.count} for r in article.repairs],
    }


def _key(position: int, found: Fingerprint | None) -> str:
    """The store translates items of one key once; one that has no article is alone."""
    return f"blocks:{found.exact.hex()}" if found else f"item:{position}"
