"""How often the checks are right: on human translations, on spoilt ones, on systems' outputs."""

import random
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from scripts.evaluation.injections import SPOILS, Pair, Spoil, sentence_dropped
from service.article import Finding, Severity
from service.stages.check import CHECKS, check_segment

# An error counts as found if any of these checks says something new: a year is a number and a
# part of a date, a province is a name.
ALSO = {
    "numbers": frozenset({"numbers", "dates", "legal-references", "units"}),
    "dates": frozenset({"dates"}),
    "names": frozenset({"names", "places"}),
    "legal-references": frozenset({"legal-references", "numbers"}),
    "places": frozenset({"places", "names"}),
}
SEED = 20260
# What models were seen to make of contacts.
CONTACTS = {
    "address cut": ("thongtin@moha.gov.vn", "pepper.moha.gov.vn"),
    "path changed": (
        "https://www.moha.gov.vn/opa/pr/24-701",
        "https://ww.moha.gov.vn/pr/pr/24-701",
    ),
    "phone as a number": ("024.3822.5678", "024,3822,5678"),
    "phone digit changed": ("1900 1234", "1900 1243"),
}
NEIGHBOURS = (2, 3)  # segments joined for a dropped sentence


@dataclass(slots=True)
class Recall:
    """Injected errors of one kind: how many, and how many were found."""

    injected: int = 0
    found: int = 0
    major: int = 0  # of those found: by a major finding
    missed: list[tuple[str, str]] = field(default_factory=list)

    @property
    def share(self) -> float | None:
        return self.found / self.injected if self.injected else None


def flagged(pairs: Sequence[Pair], severity: Severity = Severity.MAJOR) -> dict[str, float]:
    """The share of segments with a finding of that severity, by check id."""
    counts = Counter(
        check
        for pair in pairs
        for check in {f.check for f in _check(pair) if f.severity is severity}
    )
    return {check.id: counts[check.id] / len(pairs) for check in CHECKS}


def any_flagged(pairs: Sequence[Pair]) -> float:
    """The share of segments with any major finding."""
    return sum(any(f.severity is Severity.MAJOR for f in _check(pair)) for pair in pairs) / len(
        pairs
    )


def recalls(pairs: Sequence[Pair]) -> dict[str, dict[str, Recall]]:
    """By check id and kind of error."""
    result = {
        check: {kind: _recall(check, spoil, pairs) for kind, spoil in kinds.items()}
        for check, kinds in SPOILS.items()
    }
    result["contacts"] = {
        kind: _count("contacts", _with_contacts(pairs, good, bad))
        for kind, (good, bad) in CONTACTS.items()
    }
    result["coverage"] = {"sentence dropped": _recall_of_sentences(pairs)}
    return result


def milliseconds_per_segment(pairs: Sequence[Pair]) -> float:
    """Mean time of all checks together on one core; the first call is not counted."""
    _check(pairs[0])
    started = time.process_time()
    for pair in pairs:
        _check(pair)
    return (time.process_time() - started) * 1000 / len(pairs)


def _recall(check: str, spoil: Spoil, pairs: Iterable[Pair]) -> Recall:
    rng = random.Random(SEED)
    spoilt = ((pair, spoil(pair, rng)) for pair in pairs)
    return _count(check, ((pair, bad) for pair, bad in spoilt if bad and bad != pair.target))


def _with_contacts(pairs: Iterable[Pair], good: str, bad: str) -> Iterator[tuple[Pair, str]]:
    """The pairs with a contact behind them, and their targets with a spoilt one."""
    for pair in pairs:
        yield (
            replace(pair, source=f"{pair.source} ({good})", target=f"{pair.target} ({good})"),
            f"{pair.target} ({bad})",
        )


def _recall_of_sentences(pairs: Sequence[Pair]) -> Recall:
    rng = random.Random(SEED)

    def joined() -> Iterator[tuple[Pair, str]]:
        at = 0
        while at < len(pairs):
            length = rng.choice(NEIGHBOURS)
            own = sentence_dropped(pairs[at : at + length], rng)
            if own and at + length <= len(pairs):
                yield own
            at += length

    return _count("coverage", joined())


def _count(check: str, spoilt: Iterable[tuple[Pair, str]]) -> Recall:
    """Only what the check says of the spoilt target and not of the good one counts as found."""
    recall = Recall()
    accepted = ALSO.get(check, frozenset({check}))
    for pair, bad in spoilt:
        before = Counter(_signs(_check(pair), accepted))
        after = Counter(
            _signs(
                check_segment(pair.source, bad, pair.source_language, pair.target_language),
                accepted,
            )
        )
        recall.injected += 1
        new = after - before
        if new:
            recall.found += 1
            recall.major += any(severity is Severity.MAJOR for _, severity in new)
        else:
            recall.missed.append((pair.source, bad))
    return recall


def _signs(findings: Iterable[Finding], accepted: frozenset[str]) -> Iterator[tuple[str, Severity]]:
    return ((f.message_en, f.severity) for f in findings if f.check in accepted)


def _check(pair: Pair) -> list[Finding]:
    return check_segment(pair.source, pair.target, pair.source_language, pair.target_language)
