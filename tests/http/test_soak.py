"""A short soak: memory after hundreds of articles is what it was after the first ones."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "soak.py"


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads Linux's own accounts")
def test_memory_is_flat_and_every_answer_as_it_must_be(tmp_path):
    out = tmp_path / "soak.json"
    command = [sys.executable, str(SCRIPT), "--requests", "300", "--clients", "4"]
    run = subprocess.run(
        [*command, "--most", "0.25", "--out", str(out)],
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
        env={**os.environ, "PYTHONPATH": str(SCRIPT.parents[1])},
    )
    assert run.returncode == 0, run.stdout[-1000:] + run.stderr[-2000:]
    report = json.loads(out.read_text("utf-8"))
    assert report["unexpected_answers"] == 0
    assert report["peak_rss_mb"] < 1024
