"""One Result with alternatives as the outputs that are compared, one of them a model."""

import json
from collections.abc import Mapping
from typing import Any

MAX_OUTPUTS = 4


def split_outputs(result: str) -> list[tuple[str, str]]:
    """(model, JSON of a Result) of the answer's own model and of each that answered beside it."""
    first = json.loads(result)
    others = first.pop("alternatives", None) or []
    answers = [first, *(_whole(first, o) for o in others if o.get("problem") is None)]
    return [
        (str(one["provenance"]["model"]), json.dumps(one, ensure_ascii=False))
        for one in answers[:MAX_OUTPUTS]
    ]


def _whole(first: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """An alternative as a Result of its own; the source side is the first one's."""
    blocks = []
    for block, theirs in zip(first["blocks"], other["blocks"], strict=True):
        own = {segment["id"]: segment for segment in theirs["segments"]}
        segments = [{**segment, **own[segment["id"]]} for segment in block["segments"]]
        blocks.append({**block, "target": theirs["target"], "segments": segments})
    title = first["title"] and {**first["title"], "target": other["title"] or ""}
    taken = ("verdict", "reasons", "terms", "text", "provenance", "timings_ms")
    return {
        **first,
        **{name: other[name] for name in taken if name in other},
        "title": title,
        "summary": {**first["summary"], "target": other["summary"]},
        "blocks": blocks,
    }
