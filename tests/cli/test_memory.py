"""`songngu memory`: in, out and how much."""

import pytest
from typer.testing import CliRunner

from service.cli import app
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


@pytest.mark.parametrize("content", [None, "no xml"])
def test_a_bad_file_is_one_line_and_code_2(run, tmp_path, content):
    file = tmp_path / "bad.tmx"
    if content is not None:
        file.write_text(content)
    result = run("import", str(file))
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
