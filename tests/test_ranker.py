"""The ranker: its weights are checked, its trees are the trainer's, its scores are sensible."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingRegressor

from models.base import Sentence
from models.catalogue import BUNDLED_RANKER, MODELS_FOLDER
from models.ranker import WordRanker, load_ranker
from models.ranker_features import NAMES, measure
from models.ranker_perceptron import Perceptron, read_perceptron, write_perceptron
from models.ranker_title import OVERLAP_NAMES, TitleWords
from models.ranker_trees import read_trees, write_trees

FOLDER = MODELS_FOLDER / "weights" / BUNDLED_RANKER
TITLE = "Lào Cai khởi công cầu vượt lũ 120 tỷ đồng"
TEXTS = [
    "Sáng 12/10, UBND tỉnh Lào Cai khởi công cây cầu vượt lũ có vốn 120 tỷ đồng tại xã Bản Vược.",
    "Cầu dài 300 m, rộng 9 m, nối hai bờ suối mà mùa mưa năm nào cũng chia cắt ba thôn.",
    "Trời hôm đó có mưa nhỏ.",
    "“Chúng tôi chờ cây cầu này hai mươi năm”, bà Lò Thị Mai, người dân xã Bản Vược, nói.",
    "Công trình dự kiến hoàn thành trong tháng 6 năm sau, trước mùa lũ.",
]
SENTENCES = [Sentence(text, place, "paragraph") for place, text in enumerate(TEXTS)]


@pytest.fixture(scope="module")
def ranker() -> WordRanker:
    return load_ranker(FOLDER)


def test_the_sentence_that_tells_the_title_scores_best(ranker: WordRanker) -> None:
    scores = ranker.score(SENTENCES, TITLE)
    assert int(np.argmax(scores)) == 0
    assert int(np.argmin(scores)) == 2


def test_an_english_article_is_ranked_by_the_same_weights(ranker: WordRanker) -> None:
    texts = [
        "Lao Cai province broke ground on Monday on a 300-metre flood bridge in Ban Vuoc commune.",
        "It drizzled.",
        "The bridge costs 120 billion dong and will open in June, before the floods.",
    ]
    english = [Sentence(text, place, "paragraph") for place, text in enumerate(texts)]
    scores = ranker.score(english, "Lao Cai breaks ground on flood bridge")
    assert scores[0] > scores[2] > scores[1]


def test_a_set_that_says_the_same_twice_is_worth_less_than_one_sentence(ranker: WordRanker) -> None:
    doubled = [*SENTENCES, Sentence(TEXTS[0], 5, "paragraph")]
    once, twice = ranker.read(doubled, TITLE).values([[0], [0, 5]])
    assert once > twice


@pytest.mark.parametrize("title", ["", TITLE, "!!!"])
@pytest.mark.parametrize("texts", [[], [""], ["…"], ["Tin."], ["a"] * 450])
def test_every_sentence_gets_a_finite_score(
    ranker: WordRanker, texts: list[str], title: str
) -> None:
    sentences = [Sentence(text, 0, "caption") for text in texts]
    scores = ranker.score(sentences, title)
    assert len(scores) == len(texts)
    assert all(np.isfinite(scores))


def test_later_windows_score_below_the_first(ranker: WordRanker) -> None:
    long = SENTENCES * 100
    scores = ranker.score(long, TITLE)
    assert max(scores[200:]) < max(scores[:200])
    assert ranker.read(long, TITLE).values([[0], [0, 450]])[1] == -1


def test_spacing_before_punctuation_does_not_change_the_features() -> None:
    loose = [
        Sentence(s.text.replace(",", " ,").replace(".", " ."), s.block, s.kind) for s in SENTENCES
    ]
    np.testing.assert_allclose(
        measure(SENTENCES, TITLE, {}).rows, measure(loose, TITLE, {}).rows, atol=1e-12
    )


def test_measures_have_the_named_columns() -> None:
    measures = measure(SENTENCES, TITLE, {"cầu": 0.3})
    assert measures.rows.shape == (5, len(NAMES))
    assert measures.column("words")[2] == 6
    assert measures.column("title_recall").argmax() == 0


def _overlap(title: str, sentence: str) -> dict[str, float]:
    numbers = {word: place for place, word in enumerate(dict.fromkeys(title.split()))}
    given = [numbers.get(word, -1) for word in sentence.split()]
    return dict(zip(OVERLAP_NAMES, TitleWords(title.split()).overlap(given), strict=True))


def test_a_sentence_is_compared_with_the_title_in_order_and_in_a_row() -> None:
    title = "lào cai khởi công cầu 120 tỷ"
    found = _overlap(title, "cầu 120 tỷ ở lào cai")
    assert found["order"] == found["run"] == pytest.approx(3 / 7)
    assert found["pairs"] == pytest.approx(3 / 6)
    assert found["triples"] == pytest.approx(1 / 5)
    assert (found["reach"], found["numbers"]) == (1.0, 1.0)
    assert set(_overlap(title, "trời mưa").values()) == {0.0}
    assert set(_overlap("", "mưa").values()) == {0.0}


def test_a_part_of_a_sentence_is_worth_what_its_words_are(ranker: WordRanker) -> None:
    reading = ranker.read(SENTENCES, TITLE)
    parts = reading.of([TEXTS[0], "trời hôm đó có mưa nhỏ", "cầu có vốn 120 tỷ đồng", "…"])
    assert parts is not None
    whole, rain, bridge, nothing = parts.values([[0], [1], [2], [3]])
    assert whole == pytest.approx(reading.values([[0]])[0])
    assert bridge > rain > nothing == 0
    assert ranker.read([], TITLE).of(["Tin."]) is None


def test_what_a_caption_says_is_more_likely_in_a_summary(ranker: WordRanker) -> None:
    captions = ["Cầu dài 300 m nối hai bờ suối ở Bản Vược."]
    plain, captioned = (
        ranker.read(SENTENCES, TITLE, told).values([[0], [1]]) for told in ((), captions)
    )
    assert captioned[1] - captioned[0] > plain[1] - plain[0]


def test_sentences_that_are_not_looked_at_again_never_come_first(ranker: WordRanker) -> None:
    many = SENTENCES + [Sentence(f"Đoạn {n} nói về việc khác.", n, "paragraph") for n in range(40)]
    scores = ranker.score(many, TITLE)
    assert int(np.argmax(scores)) == 0
    assert all(np.isfinite(scores))


def test_vectors_of_another_size_are_refused(tmp_path: Path) -> None:
    content = json.loads((FOLDER / "weights.json").read_bytes())
    content["vectors"]["words"].pop()
    with pytest.raises(ValueError, match="vectors"):
        load_ranker(_copy(tmp_path, json.dumps(content).encode()))


def test_beside_the_title_what_it_has_told_is_worth_less(ranker: WordRanker) -> None:
    reading = ranker.read(SENTENCES, TITLE)
    sets = [[0], [1], [4]]
    alone, beside = (reading.values(sets, with_title=flag) for flag in (False, True))
    assert alone[0] - alone[1] > beside[0] - beside[1]
    assert reading.values([[]], with_title=True)[0] > 0


def test_a_perceptron_is_written_and_read_without_change() -> None:
    chance = np.random.default_rng(6)
    layers = ((chance.normal(size=(3, 4)), np.zeros(4)), (chance.normal(size=(4, 1)), np.ones(1)))
    made = Perceptron(np.zeros(3), np.ones(3), layers)
    read = read_perceptron(json.loads(json.dumps(write_perceptron(made, "abc"))), "abc")
    rows = chance.normal(size=(50, 3))
    np.testing.assert_allclose(read.predict(rows), made.predict(rows), atol=1e-4)
    assert ((read.predict(rows) > 0) & (read.predict(rows) < 1)).all()


@pytest.mark.parametrize(
    "change",
    [{"features": ["a"]}, {"mean": [0.0]}, {"scale": [0.0, 1.0]}, {"layers": []}],
)
def test_perceptrons_that_do_not_fit_are_refused(change: dict[str, list[object]]) -> None:
    layer = {"weights": [[1.0], [1.0]], "biases": [0.0]}
    good = {"features": ["a", "b"], "mean": [0.0, 0.0], "scale": [1.0, 1.0], "layers": [layer]}
    assert read_perceptron(good, ["a", "b"])
    with pytest.raises(ValueError, match="perceptrons"):
        read_perceptron(good | change, ["a", "b"])


def test_the_ranker_knows_the_checksum_of_its_weights(ranker: WordRanker) -> None:
    raw = (FOLDER / "weights.json").read_bytes()
    assert ranker.weights_sha256 == hashlib.sha256(raw).hexdigest()


def test_exported_trees_predict_what_the_trainer_predicts() -> None:
    chance = np.random.default_rng(6)
    rows = chance.normal(size=(3000, 4)).round(1)
    labels = rows[:, 0] * rows[:, 1] + np.abs(rows[:, 2])
    trainer = HistGradientBoostingRegressor(max_iter=30, random_state=6).fit(rows, labels)
    exported = read_trees(json.loads(json.dumps(write_trees(trainer, 4))), 4)
    np.testing.assert_allclose(exported.predict(rows), trainer.predict(rows), atol=1e-4)


def _copy(folder: Path, weights: bytes, sha256: str | None = None) -> Path:
    folder.joinpath("weights.json").write_bytes(weights)
    named = sha256 or hashlib.sha256(weights).hexdigest()
    folder.joinpath("card.toml").write_text(f'[files]\n"weights.json" = "{named}"\n')
    return folder


def test_weights_other_than_the_card_names_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"must have the sha256 .* but has"):
        load_ranker(_copy(tmp_path, (FOLDER / "weights.json").read_bytes() + b" ", "0" * 64))


@pytest.mark.parametrize("content", ["{}", "[]", "{", '{"format": "other"}'])
def test_weights_that_are_no_ranker_are_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(ValueError, match="holds no ranker"):
        load_ranker(_copy(tmp_path, content.encode()))


@pytest.mark.parametrize(
    "change", [{"feature": [99]}, {"left": [7]}, {"left": [-1]}, {"value": []}]
)
def test_trees_that_point_outside_themselves_are_refused(
    tmp_path: Path, change: dict[str, list[int]]
) -> None:
    content = json.loads((FOLDER / "weights.json").read_bytes())
    leaf = {"feature": [0], "threshold": [0.0], "left": [0], "right": [0], "value": [0.5]}
    content["singles"]["trees"] = [leaf | change]
    with pytest.raises(ValueError, match="trees"):
        load_ranker(_copy(tmp_path, json.dumps(content).encode()))


def test_a_missing_file_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"weights\.json"):
        load_ranker(tmp_path)


def test_the_weights_are_small_plain_data() -> None:
    raw = (FOLDER / "weights.json").read_bytes()
    assert len(raw) <= 2_000_000
    assert json.loads(raw)["format"].startswith("songngu-ranker")
