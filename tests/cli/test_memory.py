"""`songngu memory`: in, out and how much."""

import io
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from service.cli import app
from service.tmx import read_tmx
from tests.http.test_memory import CORRECTED, TMX


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("SONGNGU_DATA_DIR", str(tmp_path))
    return lambda *arguments: CliRunner().invoke(app, ["memory", *arguments])


def test_in_and_out_again(run, tmp_path):
    file = tmp_path / "agency.tmx"
    file.write_text(TMX, "utf-8")
    assert run("import", str(file)).output == "1 segments imported\n"
    exported = run("export")
    assert CORRECTED in exported.output
    again = tmp_path / "again.tmx"
    again.write_text(exported.output, "utf-8")
    assert run("import", str(again)).exit_code == 0
    assert "imported                       1" in run("stats").output


def test_a_reader_that_leaves_early_is_no_fault(tmp_path, monkeypatch):
    monkeypatch.setenv("SONGNGU_DATA_DIR", str(tmp_path))
    command = [str(Path(sys.executable).with_name("songngu")), "memory", "export"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.close()
    with process.stderr as told:
        assert told.read() == b""
    assert process.wait(60) == 141


@pytest.mark.parametrize("content", [None, "no xml"])
def test_a_bad_file_is_one_line_and_code_2(run, tmp_path, content):
    file = tmp_path / "bad.tmx"
    if content is not None:
        file.write_text(content)
    result = run("import", str(file))
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1


def test_an_article_takes_what_was_imported(run, tmp_path, monkeypatch):
    monkeypatch.setenv("SONGNGU_ENGINE_REPLICAS", "1")
    file = tmp_path / "agency.tmx"
    file.write_text(TMX, "utf-8")
    run("import", str(file))
    (source,) = [unit.source for unit in read_tmx(io.BytesIO(TMX.encode())) if unit.source]
    page = tmp_path / "page.txt"
    page.write_text(f"Tin trong tỉnh\n\n{source}\n", "utf-8")
    plain = CliRunner().invoke(app, ["article", str(page)]).output
    remembered = CliRunner().invoke(app, ["article", str(page), "--memory"]).output
    assert CORRECTED in remembered
    assert CORRECTED not in plain
