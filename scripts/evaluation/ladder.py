"""What the repair ladder does to a model's output, and what it costs."""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from models.base import Translator
from scripts.evaluation.translation import (
    Pair,
    Scores,
    cut_lines,
    draft,
    join_lines,
    lost_names,
    mend,
    score,
)
from service.article import Language
from service.checks.mixed_language import ID as MIXED
from service.stages.check import check_segment


@dataclass(frozen=True, slots=True)
class Outcome:
    """Scores of one output; `names_beyond_floor` are those that a stored system has (%)."""

    scores: Scores
    names_beyond_floor: float | None  # None without stored systems
    mixed: int  # lines with a word made of two languages, or one of the other language


@dataclass(frozen=True, slots=True)
class Effect:
    """The model alone and with the ladder; seconds are of CPU."""

    alone: Outcome
    ladder: Outcome
    decoding_seconds: float
    ladder_seconds: float  # checks and further drafts
    rungs: dict[str, int]

    @property
    def time_ratio(self) -> float:
        return (self.decoding_seconds + self.ladder_seconds) / self.decoding_seconds


def measure(
    pairs: Sequence[Pair],
    direction: str,
    translator: Translator,
    systems: Sequence[Sequence[str]] = (),
) -> Effect:
    """The ladder's effect on the sources of `pairs`; `systems` are other outputs for them."""
    lines = [source for source, _ in pairs]
    segments = cut_lines(lines, direction)
    started = time.process_time()
    drafts = draft(segments, direction, translator, repaired=True)
    drafted = time.process_time()
    mended = mend(segments, drafts, direction, translator)
    done = time.process_time()
    before = join_lines(lines, segments, [own[0] for own in drafts])
    after = join_lines(lines, segments, mended)
    return Effect(
        alone=_outcome(pairs, before, direction, systems),
        ladder=_outcome(pairs, after, direction, systems),
        decoding_seconds=drafted - started,
        ladder_seconds=done - drafted,
        rungs=dict(Counter(one.rung for one in mended).most_common()),
    )


def _outcome(
    pairs: Sequence[Pair],
    outputs: Sequence[str],
    direction: str,
    systems: Sequence[Sequence[str]],
) -> Outcome:
    languages = [Language(code) for code in direction.split("-")]
    mixed = sum(
        bool(check_segment(source, output, *languages, only={MIXED}))
        for (source, _), output in zip(pairs, outputs, strict=True)
    )
    return Outcome(
        score(pairs, outputs, direction),
        lost_names(pairs, outputs, systems) if systems else None,
        mixed,
    )
