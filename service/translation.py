"""Segments to checked drafts: translate, check, repair, spell; for an article and its summary."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

from models.base import Translator
from service.article import Draft, Finding, Language, Segment
from service.glossary import Glossary, agreed_terms, terms_of
from service.memory import PEOPLES_RUNG
from service.stages.check import badness, check_draft, verdict
from service.stages.repair import Ladder, repair
from service.stages.segment import split_long
from service.stages.spell_names import NameStyle, spell_names
from service.stages.translate import Progress, asks_for_terms, translate
from service.waiting import service_errors

Checked = dict[str, tuple[Draft, list[Finding]]]  # by segment id


@dataclass(slots=True)
class Timings:
    """Milliseconds spent by stage."""

    ms: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        started = time.perf_counter()
        try:
            yield
        finally:
            self.ms[name] = round((time.perf_counter() - started) * 1000, 2)


def build_ladder(
    source: Language, target: Language, translator: Translator, user: Glossary | None = None
) -> Ladder:
    """What the repair ladder needs for one direction; `user` are the user's terms."""
    return Ladder(
        source=source,
        target=target,
        translator=translator,
        check=partial(check_draft, min_score=translator.min_score, glossary=user),
        badness=badness,
        split_long=split_long,
        placeholders=translator.placeholders,
        find_terms=partial(agreed_terms, language=source, user=user),
    )


def draft_all(
    segments: Sequence[Segment],
    known: Mapping[str, Draft],
    *,
    ladder: Ladder,
    user: Glossary | None,
    repairing: bool,
    timings: Timings,
    progress: Progress | None = None,
) -> Checked:
    """Every segment translated, unless its draft is known, then checked and repaired."""
    source, target = ladder.source, ladder.target
    fresh = [segment for segment in segments if segment.id not in known]
    asked = user if asks_for_terms(target, repairing=repairing) else None
    with timings.stage("translate"), service_errors():
        drafts = translate(
            fresh,
            target,
            ladder.translator,
            split_long=split_long,
            find_terms=partial(terms_of, asked, language=source) if asked else None,
            progress=progress,
        )
    with timings.stage("check"):
        made = {segment.id: own[0] for segment, own in zip(fresh, drafts, strict=True)}
        checked: Checked = {}
        for segment in segments:
            draft = known.get(segment.id) or made[segment.id]
            checked[segment.id] = draft, ladder.check(segment.text, draft, source, target)
    with timings.stage("repair"), service_errors():
        if repairing:
            found = [checked[segment.id][1] for segment in fresh]
            mended = zip(*repair(fresh, drafts, found, ladder), strict=True)
            checked |= zip((segment.id for segment in fresh), mended, strict=True)
    return checked


def same_as(
    added: Sequence[Segment], segments: Sequence[Segment], checked: Checked
) -> dict[str, Draft]:
    """Drafts by id for what stands word for word among the segments."""
    made = {segment.text: checked[segment.id][0] for segment in segments}
    return {segment.id: made[segment.text] for segment in added if segment.text in made}


def spell_all(
    segments: Sequence[Segment], checked: Checked, ladder: Ladder, style: NameStyle
) -> tuple[list[Draft], list[list[Finding]]]:
    """Drafts with one spelling of every name, but for people's, and what is found in them then."""
    before = [checked[segment.id] for segment in segments]
    spelt = spell_names(segments, [draft for draft, _ in before], ladder.target, style)
    drafts, findings = [], []
    for segment, (draft, found), new in zip(segments, before, spelt, strict=True):
        if new is draft or draft.rung == PEOPLES_RUNG:
            drafts.append(draft)
            findings.append(found)
        else:
            drafts.append(new)
            findings.append(ladder.check(segment.text, new, ladder.source, ladder.target))
    return drafts, findings


def decide(
    findings: Sequence[Sequence[Finding]], of_summary: Sequence[Sequence[Finding]]
) -> tuple[Literal["ready", "review"], list[str]]:
    """The verdict on the segments and on the sentences of a written summary."""
    decision, reasons = verdict(findings)
    _, more = verdict(of_summary)
    if not more:
        return decision, reasons
    checks = ", ".join(reason.partition(":")[0] for reason in more)
    return "review", [*reasons, f"summary: {checks}"]
