"""What is written of one item, whatever the format."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from service.result import Result

ERROR = ("type", "title", "detail")  # what an error says, in this order


@dataclass(frozen=True)
class Entry:
    """A finished item of an archive: its result, or the error that it ended with.

    `result_json` is the worker's answer byte for byte, so that equal runs write equal bytes. Not
    slotted, for the sake of `result`.
    """

    position: int  # from 0, in the order of the inputs
    id: str
    input: str  # file and line
    result_json: str | None = None
    error: Mapping[str, Any] | None = None
    meta: Mapping[str, Any] = field(default_factory=dict)
    duplicate_of: str | None = None  # id of an earlier item with the same article
    near_duplicate_of: Mapping[str, Any] | None = None  # id and similarity of an earlier one

    @cached_property
    def result(self) -> Result:
        """The answer; only of an item without an error."""
        return Result.model_validate_json(self.result_json or "")

    def to_json(self) -> str:
        r"""One line of JSON.

        >>> Entry(0, "a", "a.txt", error={"type": "article-empty"}).to_json()
        '{"id":"a","input":"a.txt","state":"failed","error":{"type":"article-empty"}}'
        >>> Entry(1, "b", "b.txt", '{"x":1}', meta={"n": 2}, duplicate_of="a").to_json()
        '{"id":"b","input":"b.txt","state":"done","meta":{"n":2},"duplicate_of":"a","result":{"x":1}}'
        """
        state = "failed" if self.result_json is None else "done"
        head: dict[str, Any] = {"id": self.id, "input": self.input, "state": state}
        if self.meta:
            head["meta"] = self.meta
        if self.duplicate_of is not None:
            head["duplicate_of"] = self.duplicate_of
        if self.near_duplicate_of is not None:
            head["near_duplicate_of"] = self.near_duplicate_of
        if self.error is not None:
            head["error"] = {name: self.error[name] for name in ERROR if name in self.error}
        line = json.dumps(head, ensure_ascii=False, separators=(",", ":"))
        return line if self.result_json is None else f'{line[:-1]},"result":{self.result_json}}}'
