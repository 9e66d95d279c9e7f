"""Conversion on first use: once, whole, in a process of its own."""

import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

pytest.importorskip("torch", reason="checkpoints are converted with torch")
from models import conversion
from models.base import Decoding, Request
from models.catalogue import read_card
from models.conversion import MANIFEST, converted
from models.engines import load_translator
from models.faults import CardError, ConversionFailed, ExtraMissing, OutOfMemory
from models.hub import pull
from models.installed import remove
from tests.models.hub_server import Hub, serving


@pytest.fixture
def card(checkpoint, tmp_path):
    return replace(checkpoint("mbart"), conversions=tmp_path / "conversions")


def test_first_use_converts_in_a_child_and_the_second_finds_it(card, monkeypatch):
    engine = load_translator(card)
    [[first]] = engine.translate([Request("Chính phủ họp.", "en")])
    monkeypatch.setattr(conversion, "_run", None)  # would fail if it were called again
    [[second]] = load_translator(card).translate([Request("Chính phủ họp.", "en")])
    assert first == second
    [folder] = [path for path in card.conversions.iterdir() if path.is_dir()]
    files = json.loads((folder / MANIFEST).read_text("utf-8"))["files"]
    assert set(files) == {"model.bin", "config.json", "shared_vocabulary.json"}
    settings = json.loads((folder / "config.json").read_text("utf-8"))
    assert settings["decoder_start_token"] is None  # the language's code, with each request


def counting(monkeypatch):
    runs = []

    def run(card, quantization, out):
        runs.append(out)
        conversion.main(str(card.folder), str(out), quantization, card.architecture)

    monkeypatch.setattr(conversion, "_run", run)
    return runs


def test_two_at_a_time_convert_once(card, monkeypatch):
    runs = counting(monkeypatch)
    with ThreadPoolExecutor(2) as pool:
        folders = list(pool.map(lambda _: converted(card, quantization="int8"), range(2)))
    assert folders[0] == folders[1]
    assert len(runs) == 1


@pytest.mark.parametrize("damage", ["truncated", "missing", "no manifest"])
def test_a_damaged_conversion_is_made_again(card, monkeypatch, damage):
    runs = counting(monkeypatch)
    folder = converted(card, quantization="int8")
    weights = folder / "model.bin"
    match damage:
        case "truncated":
            weights.write_bytes(weights.read_bytes()[:-10])
        case "missing":
            weights.unlink()
        case _:
            (folder / MANIFEST).unlink()
    assert converted(card, quantization="int8") == folder
    assert len(runs) == 2


def test_what_a_killed_conversion_left_is_cleared_away(card, monkeypatch):
    counting(monkeypatch)
    folder = converted(card, quantization="int8")
    folder.rename(folder.with_suffix(".partial"))
    assert converted(card, quantization="int8").is_dir()
    assert not folder.with_suffix(".partial").exists()


def test_other_weights_and_other_arithmetic_are_other_conversions(card, monkeypatch):
    counting(monkeypatch)
    folders = {
        converted(card, quantization="int8"),
        converted(card, quantization="float32"),
    }
    assert len(folders) == 2


def stopping(monkeypatch, code, complaint):
    done = subprocess.CompletedProcess([], code, "", complaint)
    monkeypatch.setattr(conversion.subprocess, "run", lambda *_, **__: done)


@pytest.mark.parametrize(
    ("code", "complaint", "error", "words"),
    [
        (-9, "", OutOfMemory, "too little memory"),
        (1, "Traceback\nMemoryError", OutOfMemory, "too little memory"),
        (1, "Traceback\nValueError: no such thing", ConversionFailed, "no such thing"),
    ],
)
def test_a_failed_child_is_one_clear_error(card, monkeypatch, code, complaint, error, words):
    stopping(monkeypatch, code, complaint)
    with pytest.raises(error, match=words):
        converted(card, quantization="int8")


def test_without_torch_it_says_what_to_install(card, monkeypatch):
    monkeypatch.setattr(conversion.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ExtraMissing, match="extras `torch`"):
        converted(card, quantization="int8")


def test_a_folder_that_cannot_be_written_is_one_clear_error(card, tmp_path):
    (tmp_path / "file").write_text("x", "utf-8")
    with pytest.raises(ConversionFailed, match="cannot be converted into"):
        converted(replace(card, conversions=tmp_path / "file" / "x"), quantization="int8")


def test_from_the_hub_to_a_translation_and_away_again(checkpoint, tmp_path, converting_here):
    original = checkpoint("mbart")
    files = {name: (original.folder / name).read_bytes() for name in original.files}
    card = replace(read_card("vinai-translate-vi2en-v2"), repository="owner/tiny")
    with serving(Hub(files)) as hub:
        pull(card, tmp_path, endpoint=hub.url)
    card = read_card(card.id, tmp_path)
    engine = load_translator(card)
    [[answer]] = engine.translate([Request("Chính phủ họp.", "en")], Decoding(beam_size=1))
    assert answer.text
    assert engine.model_id == f"{card.id}@{card.version}"
    assert engine.weights_sha256 == original.weights_sha256
    with pytest.raises(CardError, match="does not translate into `vi`"):
        engine.translate([Request("The plan.", "vi")])
    assert remove(card.id, tmp_path) > len(files["model.safetensors"])
    assert not any(path.is_dir() for path in (tmp_path / "conversions").iterdir())
