"""Between the pipeline and the memory of segments: what is asked of it, and what it is told."""

from collections.abc import Mapping, Sequence

from service.article import Draft, Finding, Language, Segment
from service.checks.decoding import CONFIDENCE, TRUNCATED
from service.drafting import needs_model
from service.memory import MadeBy, Memory

_OF_DECODING = (CONFIDENCE, TRUNCATED)


def recalled(
    memory: Memory | None, segments: Sequence[Segment], target: Language, key: MadeBy
) -> dict[str, Draft]:
    """Drafts by segment id, for the segments that the memory knows."""
    if memory is None:
        return {}
    asked = [segment for segment in segments if needs_model(segment, target)]
    known = memory.recall(list(dict.fromkeys(segment.text for segment in asked)), key)
    return {
        segment.id: Draft(known[segment.text].target, known[segment.text].rung)
        for segment in asked
        if segment.text in known
    }


def sure_targets(
    segments: Sequence[Segment], checked: Mapping[str, tuple[Draft, Sequence[Finding]]]
) -> dict[str, str]:
    """Targets by source of what the model made, but for what it was unsure of or cut off.

    The checks find again what they found in the text; scores are not remembered.
    """
    return {
        segment.text: draft.target
        for segment in segments
        for draft, findings in [checked[segment.id]]
        if draft.rung != "kept" and not any(f.check in _OF_DECODING for f in findings)
    }
