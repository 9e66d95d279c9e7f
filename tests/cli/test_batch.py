"""`songngu batch`, run as a user runs it, with the bundled model."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from service.cli import app
from tests.samples import ENGLISH, VIETNAMESE

COMMAND = [str(Path(sys.executable).with_name("songngu")), "batch"]
ENVIRONMENT = {**os.environ, "SONGNGU_ENGINE_REPLICAS": "1", "OMP_NUM_THREADS": "1"}


def batch(*arguments, **environment):
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        capture_output=True,
        env={**ENVIRONMENT, **environment},
        timeout=280,
        check=False,
        text=True,
    )


def lines_of(folder, name="articles.jsonl"):
    return [json.loads(line) for line in (folder / name).read_text("utf-8").splitlines()]


def check_refused(arguments, words):
    answer = CliRunner().invoke(app, ["batch", *map(str, arguments)])
    assert answer.exit_code == 2
    assert answer.stdout == ""
    assert len(answer.stderr.strip().splitlines()) == 1
    assert words in answer.stderr


def test_an_archive_with_good_and_bad_items_then_again(tmp_path):
    pytest.importorskip("docx", reason="Word documents need the extra `office`")
    archive, out = tmp_path / "in", tmp_path / "out"
    archive.mkdir()
    (archive / "a.txt").write_text(VIETNAMESE, "utf-8")
    title, _, first, second = (part for part in ENGLISH.split("\n\n")[1:5])
    page = f"<article><h1>{title}</h1><p>{first}</p><p>{second}</p></article>"
    (archive / "b.html").write_text(f"<html><body>{page}</body></html>", "utf-8")
    (archive / "c.csv").write_text(f'id,text\n7,"{VIETNAMESE}"\n8,\n', "utf-8")
    formats = [f"--format={name}" for name in ("jsonl", "text", "html", "docx")]
    (tmp_path / "terms.tsv").write_text("vi\ten\nông dân\tgrower\n", "utf-8")
    glossary = ["--glossary", tmp_path / "terms.tsv"]

    answer = batch(archive, "--output", out, *formats, *glossary)
    assert answer.returncode == 3, answer.stderr
    assert answer.stdout == ""
    assert "bad-field" in answer.stderr
    states = [(line["id"], line["state"], line.get("duplicate_of")) for line in lines_of(out)]
    assert states == [
        ("a.txt", "done", None),
        ("b.html", "done", None),
        ("7", "done", "a.txt"),
        ("8", "failed", None),
    ]
    assert {"a.txt.txt", "b.html.txt", "7.txt"} == {p.name for p in (out / "text").iterdir()}
    assert (out / "html" / "b.html.html").read_text("utf-8").startswith("<!doctype html>")

    written = (out / "articles.jsonl").read_bytes()
    check_refused([archive, "--output", out, *formats, *glossary], "--resume")
    check_refused([archive, "--output", out, "--resume"], "glossary")
    again = batch(archive, "--output", out, *formats, *glossary, "--resume")
    assert again.returncode == 3, again.stderr
    assert (out / "articles.jsonl").read_bytes() == written


def start(archive, out):
    """A run that has just written an article."""
    path = out / "articles.jsonl"
    before = path.read_bytes().count(b"\n") if path.exists() else 0
    process = subprocess.Popen(
        [*COMMAND, str(archive), "--output", str(out), "--workers", "2", "--resume"],
        stderr=subprocess.PIPE,
        env=ENVIRONMENT,
        text=True,
    )
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        if path.exists() and path.read_bytes().count(b"\n") > before:
            return process
        time.sleep(0.05)
    raise AssertionError(process.communicate())


@pytest.fixture
def long_archive(tmp_path):
    """Two hundred articles of which no two are alike."""
    path = tmp_path / "a.jsonl"
    articles = (
        VIETNAMESE.replace("15/3/2024", f"{1 + n % 28}/{1 + n % 12}/2024").replace(
            "12 lượt", f"{n}"
        )
        for n in range(200)
    )
    records = [json.dumps({"id": str(n), "text": text}) for n, text in enumerate(articles)]
    path.write_text("\n".join(records))
    return path


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_and_sigterm_stop_cleanly_and_resume_goes_on(tmp_path, long_archive, number):
    out = tmp_path / "out"
    process = start(long_archive, out)
    process.send_signal(number)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "--resume goes on" in said
    assert "Traceback" not in said
    written = (out / "articles.jsonl").read_bytes()
    assert written.endswith(b"\n")
    # What was in work was given back at once: going on waits for no lease.
    process = start(long_archive, out)
    process.send_signal(signal.SIGINT)
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)  # at once
    process.communicate(timeout=30)
    assert process.returncode == 130
    assert (out / "articles.jsonl").read_bytes().startswith(written)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["none"], "none holds no article"),
        (["a.txt", "--output", "a.txt"], "is a file"),
        (["a.txt", "--encoding", "utf-99"], "utf-99"),
        (["a.txt", "--models", "no-such"], "no-such"),
        (["a.txt", "--glossary", "terms.tsv"], "glossary"),
    ],
)
def test_a_usage_error_is_one_line_and_leaves_no_run(tmp_path, monkeypatch, arguments, words):
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text(VIETNAMESE, "utf-8")
    Path("terms.tsv").write_text("only one column\n", "utf-8")
    check_refused(["--output", "out", *arguments], words)
    assert not Path("out/.songngu/run.json").exists()


def test_help_has_examples():
    assert "Examples" in CliRunner().invoke(app, ["batch", "--help"]).stdout
