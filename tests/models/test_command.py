"""`songngu models`, run as a user runs it, but in this process."""

import json

import pytest
from typer.testing import CliRunner

from service.cli import app
from tests.models.files import marian_files
from tests.models.hub_server import Hub, serving


@pytest.fixture
def songngu(tmp_path, monkeypatch):
    """`songngu("list")` with a data folder of its own and the hub of the block, if any."""
    monkeypatch.setenv("SONGNGU_MODELS_DIR", str(tmp_path / "models"))

    def run(*arguments):
        return CliRunner().invoke(app, ["models", *map(str, arguments)])

    return run


@pytest.fixture
def hub(monkeypatch):
    with serving(Hub(marian_files(), repository="Helsinki-NLP/opus-mt-vi-en")) as running:
        monkeypatch.setenv("SONGNGU_HUB_ENDPOINT", running.url)
        yield running


def rows(answer):
    return {row["id"]: row for row in json.loads(answer.stdout)}


def test_the_list_says_licence_size_and_what_is_installed(songngu):
    known = rows(songngu("list", "--json"))
    assert known["songngu-small"]["installed"]
    assert not known["m2m100-418m"]["installed"]
    assert known["nllb-200-distilled-600m"]["licence"] == "CC-BY-NC-4.0"
    table = songngu("list").stdout
    for words in ("songngu-small", "Apache-2.0", "vi ⇄ en", "1.9 GB", "summarisation"):
        assert words in table


def test_the_commercial_list_has_no_conditions(songngu):
    known = rows(songngu("list", "--commercial", "--json"))
    assert "madlad400-3b-mt" in known
    assert not {row["licence"] for row in known.values()} - {"Apache-2.0", "MIT"}


def test_pull_verify_remove(songngu, hub):
    answer = songngu("pull", "opus-mt-vi-en", "--commercial")
    assert answer.exit_code == 0, answer.output
    assert "licence Apache-2.0" in answer.stderr
    assert "opus-mt-vi-en 0123456789ab installed" in answer.stdout
    assert rows(songngu("list", "--json"))["opus-mt-vi-en"]["installed"]
    checked = songngu("verify")
    assert "songngu-small: 5 files" in checked.stdout
    assert "opus-mt-vi-en: 6 files" in checked.stdout
    assert "removed" in songngu("remove", "opus-mt-vi-en").stdout
    assert not rows(songngu("list", "--json"))["opus-mt-vi-en"]["installed"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["pull", "gpt-9"], "not in the catalogue"),
        (["pull", "nllb-200-distilled-600m", "--commercial"], "Instead: `madlad400-3b-mt`"),
        (["pull", "vinai-translate-en2vi-v2", "--commercial"], "AGPL-3.0"),
        (["pull", "songngu-small"], "nothing to fetch"),
        (["pull", "m2m100-418m"], "has no facebook/m2m100_418M"),
        (["verify", "m2m100-418m"], "songngu models pull m2m100-418m"),
        (["convert", "m2m100-418m"], "songngu models pull m2m100-418m"),
        (["remove", "songngu-small"], "nothing to remove"),
        (["add", "/no/such/folder"], "no folder"),
        (["add", ".", "--direction", "vi-fr"], "no direction"),
    ],
)
def test_refusals_are_one_line(songngu, hub, arguments, words):
    answer = songngu(*arguments)
    assert answer.exit_code == 2
    assert words in answer.stderr.splitlines()[-1]


def test_a_model_of_your_own(songngu, checkpoint, converting_here):
    folder = checkpoint("mbart").folder
    answer = songngu("add", folder, "--id", "own", "--direction", "vi-en", "--licence", "MIT")
    assert answer.exit_code == 0, answer.output
    row = rows(songngu("list", "--json"))["own"]
    assert (row["languages"], row["licence"], row["architecture"]) == (["vi-en"], "MIT", "mbart")
    assert "own is ready" in songngu("convert", "own").stdout
    assert songngu("remove", "own").exit_code == 0
    assert (folder / "model.safetensors").exists()


def test_a_folder_that_cannot_be_written_is_one_line(songngu, checkpoint, tmp_path):
    (tmp_path / "models").write_text("x", "utf-8")
    answer = songngu("add", checkpoint("mbart").folder, "--id", "own")
    assert answer.exit_code == 2
    assert "Not a directory" in answer.stderr or "File exists" in answer.stderr
