"""Our ROUGE against `rouge_score`, and the Vietnamese that `rouge_score` cannot read."""

import random

import pytest
from rouge_score.rouge_scorer import RougeScorer

from scripts.evaluation.rouge import common_subsequence, google_words, rouge, words

REFERENCE = "The government on Monday approved a plan to build 12 new bridges before 2030."
CANDIDATES = [
    "The government approved the plan on Monday.",
    "On Monday a plan to build 12 bridges was approved by the government, before 2030",
    "Twelve bridges",
    "",
    REFERENCE,
    "a a a plan plan to to build build",
]


@pytest.mark.parametrize("candidate", CANDIDATES)
def test_rouge_equals_rouge_score_on_ascii_english(candidate: str) -> None:
    expected = RougeScorer(["rouge1", "rouge2", "rougeL"]).score(REFERENCE, candidate)
    got = rouge(words(REFERENCE), words(candidate))
    assert got.rouge1 == pytest.approx(expected["rouge1"].fmeasure)
    assert got.rouge2 == pytest.approx(expected["rouge2"].fmeasure)
    assert got.rouge_l == pytest.approx(expected["rougeL"].fmeasure)


def test_rouge_equals_rouge_score_on_random_words() -> None:
    chance = random.Random(6)
    scorer = RougeScorer(["rouge1", "rouge2", "rougeL"])
    for _ in range(200):
        texts = [" ".join(chance.choices("abcdefg", k=chance.randint(0, 30))) for _ in range(2)]
        expected = scorer.score(texts[0], texts[1])
        got = rouge(words(texts[0]), words(texts[1]))
        assert [got.rouge1, got.rouge2, got.rouge_l] == pytest.approx(
            [expected[name].fmeasure for name in ("rouge1", "rouge2", "rougeL")]
        )


def test_words_tell_tones_apart_where_google_words_do_not() -> None:
    right, wrong = "Quốc hội thông qua luật", "Quộc hời thống quà luất"
    assert rouge(words(right), words(wrong)).rouge1 == 0
    assert rouge(google_words(right), google_words(wrong)).rouge1 > 0.8


def test_words_are_the_same_for_composed_and_decomposed_letters() -> None:
    assert words("Qu\u1ed1c") == words("Quo\u0302\u0301c")


def test_google_words_are_what_rouge_score_sees() -> None:
    reference, candidate = "Thủ tướng dự lễ khởi công cầu", "Thủ tướng dự khởi công"
    expected = RougeScorer(["rouge1"]).score(reference, candidate)["rouge1"].fmeasure
    assert rouge(google_words(reference), google_words(candidate)).rouge1 == pytest.approx(expected)


def test_common_subsequence_keeps_the_order() -> None:
    assert common_subsequence(["a", "b", "c", "d"], ["d", "c", "b", "a"]) == 1
    assert common_subsequence(["a", "b", "c", "d"], ["a", "c", "d"]) == 3
    assert common_subsequence([], ["a"]) == 0
