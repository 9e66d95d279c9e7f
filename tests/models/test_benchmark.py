"""The benchmark measures what it names, on real segments."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.evaluation.account import COUNTS, FIRST
from scripts.evaluation.benchmark import open_raw, sample_requests, segments_of
from scripts.evaluation.benchmark_service import Load, overhead, segments_in

SCRIPT = Path(__file__).parents[2] / "scripts" / "benchmark.py"


def test_the_sample_is_different_segments_in_short_articles():
    requests = sample_requests(150)
    segments = [segment for text in requests for segment in segments_of(text)]
    assert 140 <= len(segments) <= 150
    assert len(set(segments)) == len(segments)
    assert len(requests) >= 20


def test_sorting_changes_no_answer():
    sources = segments_of(sample_requests(20)[0])
    assert open_raw(1, 1, batched=True)(sources) == open_raw(1, 1, batched=False)(sources)


def test_transformers_and_our_engine_write_as_much(toy):
    pytest.importorskip("torch", reason="the benchmark compares with transformers")
    from scripts.evaluation.benchmark import open_transformers

    sources = ["Thủ tướng họp hôm nay.", "Bộ Tài chính đọc báo cáo."]
    for batched in (False, True):
        lengths = open_transformers(toy.transformers, 1, 1, batched=batched)(sources)
        assert len(lengths) == 2
        assert all(length > 0 for length in lengths)


def test_figures_of_a_load():
    segments = [{"rung": "model"}, {"rung": "kept"}, {"rung": "n-best"}]
    answer = {
        "blocks": [{"segments": segments}],
        "timings_ms": {"translate": 800.0, "repair": 200.0},
    }
    load = Load(3.0, 2.0, (1.1, 1.2, 1.3), (answer, answer, answer))
    assert segments_in(load) == 6
    assert overhead(load) == pytest.approx(0.2)
    assert load.percentile(0.5) == 1.2
    assert load.percentile(0.95) == 1.3


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads Linux's own accounts")
def test_one_command_measures_all_and_writes_json(tmp_path):
    out = tmp_path / "figures.json"
    command = [sys.executable, str(SCRIPT), "--segments", "12", "--rounds", "1", "--short", "3"]
    run = subprocess.run(
        [*command, "--out", str(out)],
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
        env={**os.environ, "PYTHONPATH": str(SCRIPT.parents[1])},
    )
    assert run.returncode == 0, run.stderr[-2000:]
    report = json.loads(out.read_text("utf-8"))
    rows = {row["system"]: row for row in report["rows"]}
    assert rows["CTranslate2 int8, sorted"]["wall_to_raw"] == 1.0
    assert {f"songngu over HTTP, {n} clients" for n in (1, 8, 32)} <= set(rows)
    assert all(row["sentences_per_s"] > 0 for row in rows.values())
    assert len({row["segments"] for row in rows.values()}) == 1
    assert report["service_peak_rss_mb"] > 50
    assert report["archive_items_done_beside"] > 0


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="reads Linux's own accounts")
def test_the_account_leaves_no_processor_time_out(tmp_path):
    out = tmp_path / "account.json"
    command = [sys.executable, str(SCRIPT), "--account", "--segments", "40", "--rounds", "1"]
    run = subprocess.run(
        [*command, "--out", str(out)],
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
        env={**os.environ, "PYTHONPATH": str(SCRIPT.parents[1])},
    )
    assert run.returncode == 0, run.stderr[-2000:]
    served = json.loads(out.read_text("utf-8"))["8 clients"]
    counted = (*COUNTS, "whole", "segments")
    parts = {name: seconds for name, seconds in served.items() if not name.endswith(counted)}
    assert sum(parts.values()) == pytest.approx(served["whole"], rel=0.1, abs=0.1)
    assert max(parts, key=parts.get) == FIRST
    assert served[f"{FIRST}, rows"] == served["segments"]
