"""Between the pipeline and the memory of segments: what is asked of it, and what it is told."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from service.article import Draft, Finding, Language, Segment
from service.checks.decoding import CONFIDENCE, TRUNCATED
from service.drafting import needs_model
from service.memory import RUNG, MadeBy, Memory

_OF_DECODING = (CONFIDENCE, TRUNCATED)
_WITHOUT_MODEL = ("kept", "figures", "credit", "formula")


def recalled(
    memory: Memory | None, segments: Sequence[Segment], target: Language, key: MadeBy
) -> dict[str, Draft]:
    """Drafts by segment id, for the segments that the memory knows."""
    if memory is None:
        return {}
    asked = [segment for segment in segments if needs_model(segment, target)]
    texts = list(dict.fromkeys(segment.text for segment in asked))
    known = memory.recall(texts, key)
    drafts = {text: Draft(found.target, found.rung, found.score) for text, found in known.items()}
    drafts |= memory.unsure.recall([text for text in texts if text not in known], key)
    return {segment.id: drafts[segment.text] for segment in asked if segment.text in drafts}


def remember(
    memory: Memory,
    segments: Sequence[Segment],
    checked: Mapping[str, tuple[Draft, Sequence[Finding]]],
    key: MadeBy,
) -> None:
    """Tell the memory what the model made; what it was unsure of, or cut off, with its score.

    The checks find again what they found in the text.
    """
    sure: dict[str, str] = {}
    unsure: dict[str, Draft] = {}
    for segment in segments:
        draft, findings = checked[segment.id]
        if draft.rung in _WITHOUT_MODEL:
            continue
        if any(finding.check in _OF_DECODING for finding in findings):
            unsure[segment.text] = replace(draft, rung=RUNG)
        else:
            sure[segment.text] = draft.target
    memory.remember(sure, key)
    memory.unsure.remember(unsure, key)
