"""The evaluation command counts what it says it counts."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

pytest.importorskip("sacrebleu")
from scripts.evaluation.translation import (
    is_loop,
    lost_names,
    names_in,
    numbers_in,
    read_pairs,
    score,
    shared_names,
    shared_numbers,
)

ROOT = Path(__file__).parent.parent
PAIRS = [
    (
        "Năm 2023, tỉnh có 1.500 hộ nghèo ở huyện Sa Pa.",
        "In 2023 the province had 1,500 poor households in Sa Pa.",
    ),
    ("Cuộc họp có ba người dự.", "Three people attended the meeting."),
]


def test_a_perfect_hypothesis_loses_nothing():
    scores = score(PAIRS, [reference for _, reference in PAIRS], "vi-en")
    assert scores.bleu == pytest.approx(100)
    assert (scores.number_loss, scores.name_loss, scores.loops, scores.short) == (0, 0, 0, 0)
    assert "version:" in scores.signature


def test_lost_numbers_names_and_text_are_counted():
    hypotheses = ["In 2023 the province had 1,600 poor households.", "Yes."]
    scores = score(PAIRS, hypotheses, "vi-en")
    assert scores.number_loss == 50.0
    assert scores.name_loss == 100.0
    assert scores.short == 1
    assert scores.flagged >= 1


def test_number_formats_of_both_languages_are_one_number():
    assert shared_numbers("tăng 1.234,5 tỷ", "rose by 1,234.5 billion") == Counter({"12345": 1})


def test_spelled_out_numbers_are_accepted():
    wanted = shared_numbers("có 3 người", "there are 3 people")
    assert numbers_in("there are three people", wanted) == wanted


def test_names_are_shared_up_to_diacritics():
    wanted = shared_names("Thưa ông Nguyễn Văn Minh", "Mr. said Nguyen Van Minh")
    assert names_in("by nguyen van minh", wanted).total() == wanted.total() > 0


def test_loops():
    assert is_loop("the people of the people of the people of the people")
    assert not is_loop("The people met the people of the province.")


def test_a_header_line_is_skipped(tmp_path):
    path = tmp_path / "pairs.tsv"
    path.write_text("vi\ten\nMột.\tOne.\n", "utf-8")
    assert read_pairs(path, "en-vi") == [("One.", "Một.")]


def test_the_command_prints_the_promised_keys(tmp_path):
    path = tmp_path / "pairs.tsv"
    path.write_text("".join(f"{vi}\t{en}\n" for vi, en in PAIRS), "utf-8")
    command = [sys.executable, "scripts/evaluate.py", "--direction", "vi-en", "--json"]
    run = subprocess.run(
        [*command, "--pairs", str(path), "--limit", "2"],
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        timeout=200,
        check=True,
    )
    keys = {"bleu", "chrf", "signature", "number_loss", "name_loss", "loops", "short"}
    assert keys <= set(json.loads(run.stdout))


def test_the_ladders_effect_is_printed_with_its_cost(tmp_path):
    path = tmp_path / "pairs.tsv"
    path.write_text("".join(f"{vi}\t{en}\n" for vi, en in PAIRS), "utf-8")
    run = subprocess.run(
        [sys.executable, "scripts/evaluate.py", "--ladder", "--json", "--pairs", str(path)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=True,
    )
    effect = json.loads(run.stdout)["vi-en"]
    assert effect["time_ratio"] >= 1
    assert sum(effect["rungs"].values()) == len(PAIRS)
    for row in ("alone", "ladder"):
        assert effect[row]["mixed"] == 0
        assert effect[row]["scores"]["loops"] == 0


def test_names_that_good_systems_translate_are_no_loss():
    pairs = [("He sailed the Black Sea with Jane.", "Ông đi Black Sea với Jane.")]
    system = ["Ông đi Biển Đen với Jane."]
    assert lost_names(pairs, system, []) > 0
    assert lost_names(pairs, system, [system]) == 0
    assert lost_names(pairs, ["Ông đi Biển Đen."], [system]) == 100
