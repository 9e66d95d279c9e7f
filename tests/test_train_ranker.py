"""The ranker's recipe: what it learns from, and that its file is one that the product reads."""

import json
import lzma
import random
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from models.ranker import load_ranker
from models.ranker_features import tokenise
from models.ranker_words import occurrences
from scripts.evaluation.ranker_data import Example, label_pairs, label_words, word_prior

ROOT = Path(__file__).parents[1]
WORDS = re.findall(
    r"\w+", "tỉnh cầu lũ xã dân vốn tỷ đồng khởi công thông xe đường huyện mùa năm dài mới hai ba"
)


def example(abstract: str, *sentences: str) -> Example:
    return Example("Tin", abstract, sentences, np.zeros(len(sentences)))


def test_labels_say_what_the_abstract_has() -> None:
    one = example("Cầu lũ thông xe", "Xã có cầu lũ", "Xe thông")
    found = occurrences(tokenise(one.sentences))
    named = dict(zip(found.words, label_words(one, found).tolist(), strict=True))
    assert named == {"xã": False, "có": False, "cầu": True, "lũ": True, "xe": True, "thông": True}
    assert label_pairs(one, found).sum() == 1  # "cầu lũ"


def test_the_prior_is_of_words_that_abstracts_like_or_avoid() -> None:
    prior = word_prior([example("cầu mới", "cầu mới ở xã này")] * 120)
    assert prior["cầu"] > 0 > prior["xã"]
    assert word_prior([example("cầu", "cầu xã")] * 10) == {}


def test_the_recipe_writes_weights_that_load(tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="the recipe needs torch")
    chance = random.Random(6)
    articles = []
    for _ in range(80):
        body = [" ".join(chance.sample(WORDS, 12)).capitalize() + "." for _ in range(6)]
        articles.append({"title": body[0][:20], "abstract": body[0], "body": body, "captions": []})
    for name, records in (
        ("summ/vietnews.train.jsonl.xz", articles),
        ("mono/en.news-bbc.jsonl.xz", [{"text": "The bridge opened."}] * 5),
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        with lzma.open(tmp_path / name, "wt", encoding="utf-8") as lines:
            lines.writelines(json.dumps(record) + "\n" for record in records)
    command = [sys.executable, "scripts/train_ranker.py", "--data", str(tmp_path), "--out"]
    sizes = [
        "--processes",
        "1",
        "--singles",
        "30",
        "--first",
        "40",
        "--second",
        "20",
        "--trees",
        "2",
    ]
    run = subprocess.run(
        [*command, str(tmp_path / "out"), *sizes], cwd=ROOT, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    assert len(load_ranker(tmp_path / "out").weights_sha256) == 64
    assert "the first 30 articles" in (tmp_path / "out" / "card.toml").read_text("utf-8")
