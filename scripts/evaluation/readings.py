"""What people who read the alarms on human translations said of them: true or false.

A human reference can itself lose a number, so an alarm on it may be right. Readers who have not
seen the rules of the checks are given the alarms (`write_alarms`) and say RIGHT, WRONG or UNSURE of
each; their answers are kept by a hash of the pair and of what was claimed, since the sentences are
not ours to publish. An alarm counts as right only if every reader said so, and one that nobody has
read counts as false.
"""

import csv
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from scripts.evaluation.injections import Pair
from service.article import Finding, Severity
from service.stages.check import check_segment


class Judgement(StrEnum):
    """What is held of an alarm after all its readers."""

    RIGHT = "right"
    FALSE = "false"
    UNREAD = "unread"


@dataclass(frozen=True, slots=True)
class Alarm:
    """The major findings of one check on one pair, as a reader is shown them."""

    id: str  # of the pair, the check and what it claims
    check: str
    source: str
    target: str
    claims: tuple[str, ...]


def alarms(pairs: Iterable[Pair]) -> Iterator[Alarm]:
    """One for each pair and check with a major finding."""
    for pair in pairs:
        claims: dict[str, list[str]] = {}
        for finding in _findings(pair):
            claims.setdefault(finding.check, []).append(finding.message_en)
        for check, own in claims.items():
            name = "\t".join((pair.source, pair.target, check, *own))
            key = hashlib.sha256(name.encode()).hexdigest()[:16]
            yield Alarm(key, check, pair.source, pair.target, tuple(own))


def write_alarms(pairs: Iterable[Pair], path: Path) -> None:
    """A JSON list for the readers, whose answers are `id` and RIGHT, WRONG or UNSURE."""
    found = [asdict(alarm) for alarm in alarms(pairs)]
    path.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def read_readings(path: Path) -> dict[str, Judgement]:
    """By an alarm's id, from a TSV with the columns id and one for each reader.

    Raises:
        KeyError: a row without an id.
    """
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    return {row["id"]: _judgement([v for k, v in row.items() if k != "id"]) for row in rows}


def judged(
    pairs: Sequence[Pair], readings: Mapping[str, Judgement]
) -> dict[str, dict[Judgement, float]]:
    """By check: the share of segments with an alarm of each judgement."""
    result: dict[str, dict[Judgement, float]] = {}
    for alarm in alarms(pairs):
        row = result.setdefault(alarm.check, dict.fromkeys(Judgement, 0.0))
        row[readings.get(alarm.id, Judgement.UNREAD)] += 1 / len(pairs)
    return result


def _judgement(answers: Sequence[str]) -> Judgement:
    return Judgement.RIGHT if all(answer == "RIGHT" for answer in answers) else Judgement.FALSE


def _findings(pair: Pair) -> list[Finding]:
    found = check_segment(pair.source, pair.target, pair.source_language, pair.target_language)
    return [finding for finding in found if finding.severity is Severity.MAJOR]
