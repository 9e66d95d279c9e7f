"""Takes finished items out of the store in the order of the inputs, and has them written."""

import json
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import ValidationError

from service.archive.folder import Folder, writing
from service.archive.writers import Entry, Writer
from service.errors import RunMismatch
from service.store.jobs import JobStore
from service.store.values import ItemResult

PAGE = 32  # results taken out of the store at once
SAVE_S = 2.0  # between notes of how far the outputs are


@dataclass(slots=True)
class Tally:
    """What became of the items so far."""

    done: int = 0
    review: int = 0  # of those done, with the verdict `review`
    duplicates: int = 0  # of those done, exact copies of an earlier item
    near_duplicates: int = 0
    failed: Counter[str] = field(default_factory=Counter)  # by type of error

    @property
    def total(self) -> int:
        return self.done + self.failed.total()

    def count(self, entry: Entry, verdict: str | None) -> None:
        if entry.error is not None:
            self.failed[str(entry.error.get("type", "internal"))] += 1
            return
        self.done += 1
        self.review += verdict == "review"
        self.duplicates += entry.duplicate_of is not None
        self.near_duplicates += entry.near_duplicate_of is not None

    def to_json(self) -> dict[str, Any]:
        return {
            "done": self.done,
            "review": self.review,
            "duplicates": self.duplicates,
            "near_duplicates": self.near_duplicates,
            "failed": dict(sorted(self.failed.items())),
        }

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Tally":
        names = ("done", "review", "duplicates", "near_duplicates")
        counts = {name: int(value.get(name, 0)) for name in names}
        return cls(**counts, failed=Counter(value.get("failed", {})))


class Collector:
    """Brings every output up to the last item before which none is open.

    How far each output is stands in `written.json`; an output that is behind, since its format
    was asked for later or its file is gone, is brought up from the store.
    """

    def __init__(
        self, jobs: JobStore, job_id: str, folder: Folder, writers: Sequence[Writer]
    ) -> None:
        self._jobs, self._job_id = jobs, job_id
        self._folder, self._writers = folder, list(writers)
        noted = folder.read("written.json")
        self.tally = Tally.from_json(noted.get("tally", {}))
        self._counted = self.tally.total
        self._next: dict[str, int] = {}
        with writing(folder.path):
            for writer in self._writers:
                state = noted.get("outputs", {}).get(writer.name, {})
                kept = writer.restore(state)
                self._next[writer.name] = int(state.get("next", 0)) if kept else 0
        self._others = {  # outputs of formats that are not asked for this time
            name: state
            for name, state in noted.get("outputs", {}).items()
            if name not in self._next
        }
        self._saved_at = time.monotonic()

    @property
    def position(self) -> int:
        """The item that the outputs wait for; those before it are written."""
        return min([self._counted, *self._next.values()])

    def step(self) -> int:
        """Write what can be written now, a page at most; how many items that was."""
        at = self.position
        ready = self._jobs.results(self._job_id, after=at - 1, limit=1)
        if not ready or ready[0].position != at:
            return 0
        page = self._jobs.results(self._job_id, after=at - 1, limit=PAGE)
        done = 0
        for item in page:
            if item.position != at + done:
                break
            self._write(item)
            done += 1
        if time.monotonic() - self._saved_at > SAVE_S:
            self.save()
        return done

    def save(self) -> None:
        """Note how far the outputs are, once what they hold is on the disk."""
        with writing(self._folder.path):
            outputs = {
                writer.name: {"next": self._next[writer.name], **writer.state()}
                for writer in self._writers
            }
        note = {"tally": self.tally.to_json(), "outputs": {**self._others, **outputs}}
        self._folder.write("written.json", note)
        self._saved_at = time.monotonic()

    def close(self) -> None:
        for writer in self._writers:
            writer.close()

    def _write(self, item: ItemResult) -> None:
        entry, verdict = self._entry(item)
        if item.position == self._counted:
            self.tally.count(entry, verdict)
            self._counted += 1
        for writer in self._writers:
            if self._next[writer.name] > item.position:
                continue
            try:
                with writing(self._folder.path):
                    writer.write(entry)
            except ValidationError as error:
                message = "Finished items are of another version of songngu; use that to go on."
                raise RunMismatch(message) from error
            self._next[writer.name] = item.position + 1

    def _entry(self, item: ItemResult) -> tuple[Entry, str | None]:
        """What is written of an item, and its verdict."""
        meta = item.meta or {}
        entry = Entry(
            position=item.position,
            id=item.external_id or str(item.position),
            input=meta.get("input", ""),
            result_json=item.result,
            error=item.error,
            meta=meta.get("meta", {}),
        )
        if item.result is None:
            return entry, None
        result = json.loads(item.result)
        if item.same_as is not None:
            if "own" in meta:
                own = json.dumps({**result, **meta["own"]}, ensure_ascii=False, separators=_TIGHT)
                entry = replace(entry, result_json=own)
            entry = replace(entry, duplicate_of=self._id_of(item.same_as))
        elif "near" in meta:
            first, similarity = self._id_of(meta["near"]["position"]), meta["near"]["similarity"]
            entry = replace(entry, near_duplicate_of={"id": first, "similarity": similarity})
        return entry, result.get("verdict")

    def _id_of(self, position: int) -> str:
        """The id of an earlier item, which has ended like all before this one."""
        first = self._jobs.result(self._job_id, position)
        return (first and first.external_id) or str(position)


_TIGHT = (",", ":")
