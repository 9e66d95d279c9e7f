"""The evaluation command for digests: its layout, its baselines and its rows."""

import json
import lzma
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.evaluation.digests import lead, lead_of_first, read_clusters, textrank

ROOT = Path(__file__).parents[1]
FIRST = [
    "Tỉnh Lào Cai khởi công cầu vượt lũ ở xã Bản Vược.",
    "Vốn của cầu vượt lũ là 120 tỷ đồng.",
    "Trời có mưa nhỏ.",
]
SECOND = ["Cầu vượt lũ ở xã Bản Vược dài 300 m và nối hai xã.", "Đội thi công có 80 công nhân."]
CLUSTER = {
    "id": "cluster_1",
    "docs": [
        {"id": "1", "info": "LINK: x TITLE: Lào_Cai xây cầu SUMMARY: y", "body": " ".join(FIRST)},
        {"id": "2", "info": "LINK: x", "body": " ".join(SECOND)},
    ],
    "refs": ["Tỉnh Lào Cai khởi công cầu vượt lũ 120 tỷ đồng.", "Cầu dài 300 m nối hai xã."],
}


@pytest.fixture
def clusters(tmp_path: Path) -> Path:
    path = tmp_path / "clusters.jsonl.xz"
    with lzma.open(path, "wt", encoding="utf-8") as lines:
        for _ in range(3):
            lines.write(json.dumps(CLUSTER, ensure_ascii=False) + "\n")
    return path


def test_a_cluster_has_titles_sentences_and_references(clusters: Path) -> None:
    found = read_clusters(clusters, skip=1, limit=1)
    assert len(found) == 1
    assert [title for title, _ in found[0].articles] == ["Lào Cai xây cầu", ""]
    assert [s.text for s in found[0].articles[0][1]] == FIRST
    assert len(found[0].references) == 2


def test_baselines_take_what_their_names_say_within_the_limit(clusters: Path) -> None:
    cluster = read_clusters(clusters)[0]
    assert lead(26)(cluster) == f"{FIRST[0]} {SECOND[0]}"
    assert lead_of_first(21)(cluster) == f"{FIRST[0]} {FIRST[1]}"
    assert FIRST[2] not in textrank(36)(cluster)


def test_the_command_prints_rows_as_json(clusters: Path) -> None:
    command = [sys.executable, "scripts/evaluate_digests.py", "--clusters", str(clusters)]
    run = subprocess.run(
        [*command, "--skip", "0", "--max-words", "30", "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    rows = {row["name"]: row for row in json.loads(run.stdout)["rows"]}
    assert {"songngu", "lead", "lead-of-first", "textrank"} == rows.keys()
    assert all(0 < row["words"] <= 30 for row in rows.values())
