"""The extractive ranker, in numpy from plain JSON.

Boosted trees score each sentence by itself (`models.ranker_features`); small perceptrons then
judge how likely each word and pair of words is in a summary (`models.ranker_words`). Whatever is
proposed as a summary is worth the words and pairs that it has, by its length.
"""

import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from models.base import Sentence
from models.ranker_features import NAMES, Matrix, measure
from models.ranker_perceptron import Perceptron, read_perceptron
from models.ranker_trees import Trees, read_trees
from models.ranker_words import (
    PAIR_AGAIN_NAMES,
    PAIR_NAMES,
    WORD_AGAIN_NAMES,
    WORD_NAMES,
    Flags,
    Occurrences,
    Surroundings,
    measure_pairs,
    measure_pairs_again,
    measure_words,
    measure_words_again,
    occurrences,
)

FORMAT = "songngu-ranker-3"
WEIGHTS_NAME = "weights.json"
CARD_NAME = "card.toml"
PERCEPTRONS = {  # of the weights file, in the order in which they are asked, with their features
    "words": WORD_NAMES,
    "pairs": PAIR_NAMES,
    "words_again": WORD_AGAIN_NAMES,
    "pairs_again": PAIR_AGAIN_NAMES,
}

# Sentences are compared with others of their window only, so that the cost of an article of 5,000
# sentences grows with its length and not with its square. News articles have 17 on average and 40
# at most.
WINDOW = 200


# A summary of about so many words is liked best, between the two sides of F1. On 1,000 held-out
# articles of vietnews.train, sets of two sentences had 42, 43, 45 words with 25, 28, 32, and the
# same ROUGE within 0.1 from 28 on; beside a title they had 36, 37, 39 words, title included, with
# 28, 32, 36, and the same ROUGE within 0.1.
PREFERRED_WORDS = 28.0
PREFERRED_BESIDE_TITLE = 34.0

# How likely a word or pair of the title is in a summary, where no sentence has it. NOT MEASURED.
ONLY_IN_TITLE = 0.35
PAIR_ONLY_IN_TITLE = 0.2


@dataclass(frozen=True, slots=True)
class Judgement:
    """How likely the words of some sentences, and their pairs, are in a summary."""

    found: Occurrences
    words: Matrix  # (words,)
    pairs: Matrix  # (pairs,)
    title: tuple[str, ...] = ()

    def values(self, sets: Sequence[Sequence[int]], *, with_title: bool = False) -> Matrix:
        """The expected ROUGE-1 and ROUGE-2 together of each set of sentences as a summary."""
        members = np.zeros((len(sets), len(self.found.lengths)))
        for row, chosen in enumerate(sets):
            members[row, list(chosen)] = 1.0
        words, pairs = members @ self.found.has > 0, members @ self.found.has_pair > 0
        lengths, extra, preferred = members @ self.found.lengths, 0.0, PREFERRED_WORDS
        if with_title:
            told, told_pairs, extra = self._of_title()
            words, pairs = words | told, pairs | told_pairs
            lengths, preferred = lengths + len(self.title), PREFERRED_BESIDE_TITLE
        expected = words @ self.words + pairs @ self.pairs + extra
        return np.asarray(2 * expected / (lengths + preferred), dtype=np.float64)

    def _of_title(self) -> tuple[Flags, Flags, float]:
        """Which words and pairs the title has, and what those only in the title are worth."""
        own, neighbours = set(self.title), set(pairwise(self.title))
        words = np.array([word in own for word in self.found.words], dtype=bool)
        ends = zip(self.found.first.tolist(), self.found.second.tolist(), strict=True)
        known = [(self.found.words[one], self.found.words[two]) for one, two in ends]
        pairs = np.array([pair in neighbours for pair in known], dtype=bool)
        unseen = len(own) - int(words.sum())
        unseen_pairs = len(neighbours) - int(pairs.sum())
        return words, pairs, ONLY_IN_TITLE * unseen + PAIR_ONLY_IN_TITLE * unseen_pairs


@dataclass(frozen=True, slots=True)
class Reading:
    """What the ranker thinks of one article."""

    scores: tuple[float, ...]  # of every sentence as a summary by itself
    first: Judgement | None  # of the first `WINDOW` sentences; None where there are none

    def values(self, sets: Sequence[Sequence[int]], *, with_title: bool = False) -> list[float]:
        """One value a set of places, about 0 to 1; higher is better. `with_title`: beside it.

        Only sets within the first `WINDOW` sentences can be told apart; others are worth -1.
        """
        known = 0 if self.first is None else len(self.first.found.lengths)
        inside = [place for place, chosen in enumerate(sets) if max(chosen, default=0) < known]
        values = [-1.0] * len(sets)
        if self.first is not None:
            found = self.first.values([sets[place] for place in inside], with_title=with_title)
            for place, value in zip(inside, found.tolist(), strict=True):
                values[place] = value
        return values


@dataclass(frozen=True, slots=True)
class WordRanker:
    """Scores sentences, and sets of them, by the ROUGE they are expected to reach."""

    singles: Trees
    perceptrons: Mapping[str, Perceptron]
    rarity: Mapping[str, float]
    prior: Mapping[str, float]
    weights_sha256: str = ""  # of the file they came from

    def score(self, sentences: Sequence[Sentence], title: str) -> list[float]:
        """One score a sentence, about 0 to 1; higher is better."""
        return list(self.read(sentences, title).scores)

    def read(self, sentences: Sequence[Sentence], title: str) -> Reading:
        """Judge an article once, for all questions about it.

        Sentences after the first `WINDOW` always score below it: news tells the most important
        first, and a window's first sentence is not the article's.
        """
        first: Judgement | None = None
        scores: list[float] = []
        for start in range(0, len(sentences), WINDOW):
            window = sentences[start : start + WINDOW]
            rows, found, around = survey(window, title, self.rarity, self.prior)
            judged, _ = judge(found, around, self.singles.predict(rows), self.perceptrons)
            first = first or judged
            alone = judged.values([[place] for place in range(len(window))])
            scores += (alone - start / WINDOW).tolist()
        return Reading(tuple(scores), first)

    def asked(
        self, sentences: Sequence[Sentence], title: str, perceptron: str
    ) -> tuple[Occurrences, Matrix]:
        """The words of an article, and the rows that one of the perceptrons is given: training."""
        rows, found, around = survey(sentences, title, self.rarity, self.prior)
        scores = self.singles.predict(rows)
        return found, judge(found, around, scores, self.perceptrons, perceptron)[1]


def survey(
    sentences: Sequence[Sentence],
    title: str,
    rarity: Mapping[str, float],
    prior: Mapping[str, float],
) -> tuple[Matrix, Occurrences, Surroundings]:
    """All that is measured before anything is judged: rows of sentences, words, surroundings."""
    measures = measure(sentences, title, rarity)
    recall = measures.column("title_recall")
    around = Surroundings(tuple(measures.title), recall, rarity, prior)
    return measures.rows, occurrences(measures.cased, measures.lower), around


def judge(
    found: Occurrences,
    around: Surroundings,
    scores: Matrix,
    perceptrons: Mapping[str, Perceptron],
    until: str = "",
) -> tuple[Judgement, Matrix]:
    """Two passes over words and pairs; `scores` are those of single sentences.

    Returns the last judgement, and what it was made from. With `until`, the name of a perceptron,
    that one is not asked any more, which is how its training rows are made.
    """
    title = around.title
    rows = measure_words(found, around, scores)
    likely = pairs = np.zeros(0)
    if until == "words":
        return Judgement(found, likely, pairs, title), rows
    likely = perceptrons["words"].predict(rows)
    pair_rows = measure_pairs(found, around, scores, rows, likely)
    if until == "pairs":
        return Judgement(found, likely, pairs, title), pair_rows
    pairs = perceptrons["pairs"].predict(pair_rows)
    again = measure_words_again(found, rows, likely, pairs)
    if until == "words_again":
        return Judgement(found, likely, pairs, title), again
    likely_again = perceptrons["words_again"].predict(again)
    pairs_again = measure_pairs_again(found, pair_rows, likely, likely_again, pairs)
    if until != "pairs_again":
        pairs = perceptrons["pairs_again"].predict(pairs_again)
    return Judgement(found, likely_again, pairs, title), pairs_again


def load_ranker(folder: Path) -> WordRanker:
    """Read the weights of `folder`, checked against the sha256 in its card.

    Raises OSError where a file cannot be read, and ValueError where it is not what it should be.
    """
    raw = (folder / WEIGHTS_NAME).read_bytes()
    try:
        card = tomllib.loads((folder / CARD_NAME).read_text("utf-8"))
        expected = card["files"][WEIGHTS_NAME]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, TypeError) as error:
        raise ValueError(f"{folder / CARD_NAME} is no card of a ranker: {error!r}.") from error
    found = hashlib.sha256(raw).hexdigest()
    if found != expected:
        raise ValueError(
            f"{folder / WEIGHTS_NAME} must have the sha256 {expected}, but has {found}."
        )
    try:
        return read_weights(json.loads(raw), found)
    except (KeyError, TypeError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ValueError(f"{folder / WEIGHTS_NAME} holds no ranker: {error!r}.") from error


def read_weights(content: Mapping[str, Any], sha256: str = "") -> WordRanker:
    """The ranker in a parsed weights file; raises ValueError where it is another version's."""
    names = tuple(content["features"])
    if content["format"] != FORMAT or names != NAMES:
        raise ValueError(f"The ranker's weights must be of the version {FORMAT}.")
    return WordRanker(
        singles=read_trees(content["singles"], len(NAMES)),
        perceptrons={
            name: read_perceptron(content[name], names) for name, names in PERCEPTRONS.items()
        },
        rarity=content["rarity"],
        prior=content["prior"],
        weights_sha256=sha256,
    )
