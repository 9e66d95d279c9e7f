"""The benchmark measures what it names, on real sentences."""

from functools import partial

import pytest

pytest.importorskip("torch", reason="the benchmark compares with transformers")
from scripts.evaluation.benchmark import measure, open_engine, open_transformers, sample


def test_the_sample_is_real_sentences_without_repetition():
    sentences = sample(100)
    assert len(sentences) == len(set(sentences)) == 100


def test_both_sides_are_measured(toy):
    systems = {
        "transformers": partial(open_transformers, toy.transformers, 1),
        "batched": partial(open_engine, 1, batched=True),
    }
    for name, opener in systems.items():
        measurement = measure(name, opener, 6)
        assert measurement.sentences_per_s > 0
        assert measurement.target_tokens_per_s > 0
        assert measurement.peak_rss_mb > 10
