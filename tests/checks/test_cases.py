"""Each check on its own table of pairs; most rows are pairs on which it must be silent."""

import tomllib
from pathlib import Path

import pytest

from service.article import Finding, Language
from service.stages.check import CHECKS, check_segment

TABLE = tomllib.loads((Path(__file__).parents[1] / "cases" / "checks.toml").read_text("utf-8"))
ROWS = [
    pytest.param(check, row, id=f"{check}: {row['why']}")
    for check, rows in TABLE.items()
    for row in rows
]


def _findings(check: str, row: dict[str, str], source: Language) -> list[Finding]:
    texts = {Language.VI: row["vi"], Language.EN: row["en"]}
    found = check_segment(texts[source], texts[source.other], source, source.other)
    return [finding for finding in found if finding.check == check]


@pytest.mark.parametrize(("check", "row"), ROWS)
def test_the_check_says_what_the_row_asks(check: str, row: dict[str, str]):
    directions = [Language(row["from"])] if "from" in row else list(Language)
    for source in directions:
        findings = _findings(check, row, source)
        if "finds" in row:
            shown = {
                finding.source_span.of(row[source.value])
                if finding.source_span
                else finding.target_span.of(row[source.other.value])
                for finding in findings
            }
            assert row["finds"] in shown
        elif "finds_target" in row:
            shown = {finding.target_span.of(row[source.other.value]) for finding in findings}
            assert any(text.startswith(row["finds_target"]) for text in shown), shown
        else:
            assert findings == []


def test_every_check_has_a_pair_that_fails_and_a_pair_that_passes():
    for check in CHECKS:
        loud = ["finds" in row or "finds_target" in row for row in TABLE[check.id]]
        assert any(loud), check.id
        assert not all(loud), check.id


def test_every_message_is_in_both_languages():
    for check, rows in TABLE.items():
        for row in rows:
            for finding in _findings(check, row, Language(row.get("from", "vi"))):
                assert finding.message_vi.endswith((".", "”.", "vị."))
                assert finding.message_en.endswith(".")
                assert finding.message_vi != finding.message_en
