#!/usr/bin/env python3
"""Measure the checks: false alarms on human pairs, recall on injected errors, or flagged rates.

False alarms are segments with a major finding, which sends an article to review; `notes` are those
with a minor one. --aligned leaves out rows that are no translations of each other by a measure
that knows nothing of the checks: the bundled model's own translation of one side has less than 20
chrF in common with the other side. Rows whose languages are swapped are turned round first.

A human translation may itself lose a number: --alarms FILE writes the alarms for readers to judge,
--readings FILE takes their answers (columns id, and one for each reader) and adds the share that is
really false; what was not read counts as false.

Examples:
    python scripts/evaluate_fidelity.py
    python scripts/evaluate_fidelity.py --pairs ../shared/data/eval/news.dev.tsv --json
    python scripts/evaluate_fidelity.py --pairs ../shared/data/eval/news.test.tsv --aligned \\
        --readings scripts/evaluation/readings.news.test.tsv
    python scripts/evaluate_fidelity.py --hypotheses OUT.en --sources ref.vi --direction vi-en
    python scripts/evaluate_fidelity.py --systems ../shared/data/eval/flores-dev
"""

import json
import sys
from collections.abc import Mapping
from html import unescape
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from models.catalogue import BUNDLED_TRANSLATION, read_card
from models.ctranslate2_engine import CTranslate2Engine
from scripts.evaluation.alignment import aligned_pairs
from scripts.evaluation.fidelity import any_flagged, flagged, milliseconds_per_segment, recalls
from scripts.evaluation.injections import Pair
from scripts.evaluation.readings import Judgement, judged, read_readings, write_alarms
from service.article import Language, Severity

app = typer.Typer(add_completion=False)
DIRECTIONS = ("vi-en", "en-vi")
MAX_COLUMNS = 8  # that a terminal shows in full
Rows = dict[str, dict[str, float | int | None]]


@app.command(help=__doc__)
def main(
    pairs: Annotated[Path | None, typer.Option(help="TSV with columns vi, en.")] = None,
    hypotheses: Annotated[Path | None, typer.Option(help="A system's output, by line.")] = None,
    sources: Annotated[Path | None, typer.Option(help="Its sources, by line.")] = None,
    direction: Annotated[str | None, typer.Option(help="vi-en or en-vi; default both.")] = None,
    systems: Annotated[Path | None, typer.Option(help="Folder of stored systems.")] = None,
    data: Annotated[Path, typer.Option(help="Data folder.")] = Path("../shared/data"),
    aligned: Annotated[
        bool, typer.Option(help="Leave out rows that are no translations, see below.")
    ] = False,
    alarms: Annotated[Path | None, typer.Option(help="Write the alarms for readers here.")] = None,
    readings: Annotated[Path | None, typer.Option(help="TSV of what readers said.")] = None,
    missed: Annotated[int, typer.Option(help="Print this many missed errors by kind.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of tables.")] = False,
) -> None:
    directions = DIRECTIONS if direction is None else (direction,)
    if systems is not None:
        answer = {one: _systems(systems, one) for one in directions}
    elif hypotheses is not None:
        if sources is None or direction is None:
            message = "--hypotheses needs --sources and --direction."
            raise typer.BadParameter(message)
        given = list(zip(_lines(sources), _lines(hypotheses), strict=True))
        own = [_pair(source, target, direction) for source, target in given]
        answer = {direction: _flagged(own)}
    else:
        both = _read(pairs, data)
        if aligned:
            kept = aligned_pairs(both, CTranslate2Engine(read_card(BUNDLED_TRANSLATION)))
            print(f"{len(kept)} of {len(both)} rows are translations", file=sys.stderr)
            both = kept
        if alarms is not None:
            oriented = [_oriented(vi, en, one) for one in directions for vi, en in both]
            write_alarms(oriented, alarms)
            return
        read = None if readings is None else read_readings(readings)
        answer = {one: _figures(both, one, missed, read) for one in directions}
    if as_json:
        print(json.dumps(answer, indent=2))
    else:
        for one, rows in answer.items():
            _print(one, rows)


def _figures(
    both: list[tuple[str, str]],
    direction: str,
    missed: int,
    readings: Mapping[str, Judgement] | None,
) -> Rows:
    pairs = [_oriented(vi, en, direction) for vi, en in both]
    noted = flagged(pairs, Severity.MINOR)
    rows: Rows = {
        check: {"false_alarms": share, "notes": noted[check], "recall": None}
        for check, share in flagged(pairs).items()
    }
    if readings is not None:
        for check, shares in judged(pairs, readings).items():
            unread = shares[Judgement.UNREAD]
            rows[check] |= {"truly false": shares[Judgement.FALSE] + unread, "unread": unread}
    for check, kinds in recalls(pairs).items():
        injected = sum(recall.injected for recall in kinds.values())
        found = sum(recall.found for recall in kinds.values())
        major = sum(recall.major for recall in kinds.values())
        rows[check]["recall"] = found / injected if injected else None
        rows[check]["recall by major"] = major / injected if injected else None
        for kind, recall in kinds.items():
            rows[check][f"recall, {kind}"] = recall.share
            rows[check][f"injected, {kind}"] = recall.injected
            for source, bad in recall.missed[:missed]:
                print(f"missed {check}, {kind}:\n  {source}\n  {bad}")
    rows["all"] = {
        "segments": len(pairs),
        "false_alarms": any_flagged(pairs),
        "ms_per_segment": milliseconds_per_segment(pairs),
    }
    return rows


def _systems(folder: Path, direction: str) -> Rows:
    source, target = direction.split("-")
    sources = _lines(folder / f"ref.{source}")
    rows: Rows = {}
    for path in (folder / f"ref.{target}", *sorted(folder.glob(f"{direction}.*.{target}"))):
        given = zip(sources, _lines(path), strict=True)
        pairs = [_pair(line, unescape(output), direction) for line, output in given]
        rows[path.name] = {**flagged(pairs), "any": any_flagged(pairs)}
    return rows


def _flagged(pairs: list[Pair]) -> Rows:
    rows: Rows = {check: {"flagged": share} for check, share in flagged(pairs).items()}
    rows["all"] = {"segments": len(pairs), "flagged": any_flagged(pairs)}
    return rows


def _read(pairs: Path | None, data: Path) -> list[tuple[str, str]]:
    if pairs is None:
        folder = data / "eval" / "flores-dev"
        return list(zip(_lines(folder / "ref.vi"), _lines(folder / "ref.en"), strict=True))
    rows = (line.split("\t") for line in _lines(pairs))
    return [(row[0], row[1]) for row in rows if len(row) > 1]


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").removesuffix("\n").split("\n")


def _oriented(vi: str, en: str, direction: str) -> Pair:
    return _pair(vi, en, direction) if direction == "vi-en" else _pair(en, vi, direction)


def _pair(source: str, target: str, direction: str) -> Pair:
    first, second = direction.split("-")
    return Pair(source, target, Language(first), Language(second))


def _print(title: str, rows: Rows) -> None:
    columns = list(dict.fromkeys(column for row in rows.values() for column in row))
    shown = [column for column in columns if not column.startswith(("recall,", "injected,"))]
    if len(shown) > MAX_COLUMNS:  # of systems: one column each
        table = Table("", *rows, title=title)
        for column in shown:
            table.add_row(column, *(_cell(column, row.get(column)) for row in rows.values()))
    else:
        table = Table("", *shown, title=title)
        for name, row in rows.items():
            table.add_row(name, *(_cell(column, row.get(column)) for column in shown))
    Console().print(table)


def _cell(column: str, value: float | None) -> str:
    if value is None:
        return ""
    if column in {"segments", "ms_per_segment"}:
        return f"{value:.3f}".removesuffix(".000")
    return f"{value:.1%}"


if __name__ == "__main__":
    app()
