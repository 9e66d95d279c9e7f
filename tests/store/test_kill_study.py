"""The study of kills, in short; `scripts/kill_study.py` without options is the long one."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def study(*options):
    command = [sys.executable, ROOT / "scripts" / "kill_study.py", *options]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=200)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def test_the_service_and_its_workers(store_url):
    figures = study(
        "--database", store_url, "--items=60", "--kills=6", "--lease=2", "--interval=0.3"
    )
    assert figures["kills of the service"] + figures["kills of workers"] == 6
    assert (figures["lost"], figures["duplicated"], figures["wrong"]) == (0, 0, 0)
    assert figures["integrity problems"] == 0
    assert figures["jobs made by one key"] == 1
    assert figures["same bytes twice"]


def test_the_command_line():
    figures = study("--command-line", "--items=40", "--kills=3", "--interval=1.2")
    assert (figures["lost"], figures["duplicated"]) == (0, 0)
    assert figures["in the order of the input"]
    assert figures["exit code at last"] == 0
