"""The extractive ranker, in numpy from plain JSON.

Boosted trees score each sentence by itself (`models.ranker_features`); small perceptrons then
judge how likely each word and pair of words is in a summary (`models.ranker_words`). Whatever is
proposed as a summary is worth the words and pairs that it has, by its length.
"""

import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from models.base import Sentence
from models.ranker_again import (
    PAIR_AGAIN_NAMES,
    WORD_AGAIN_NAMES,
    Captions,
    Narrowed,
    Second,
    narrow,
    read_captions,
)
from models.ranker_features import NAMES, Flags, Matrix, Places, measure, tokenise
from models.ranker_features import words as words_of
from models.ranker_perceptron import Perceptron, read_perceptron
from models.ranker_trees import Trees, read_trees
from models.ranker_vectors import Vectors, read_vectors, vector_names
from models.ranker_words import (
    PAIR_NAMES,
    WORD_NAMES,
    Occurrences,
    Surroundings,
    measure_pairs,
    measure_words,
    occurrences,
)

FORMAT = "songngu-ranker-4"
WEIGHTS_NAME = "weights.json"
CARD_NAME = "card.toml"
PERCEPTRONS = {  # of the weights file, in the order in which they are asked, with their features
    "words": WORD_NAMES,
    "pairs": PAIR_NAMES,
    "words_again": (*WORD_AGAIN_NAMES, *vector_names("word")),
    "pairs_again": (*PAIR_AGAIN_NAMES, *vector_names("first", "second")),
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

# Pairs count more than words, since they tell sentences apart that share a topic. On the 2,000
# articles held out, ROUGE-1/2/L were 35.0/18.9/25.8 with 1, and 34.9/19.0/25.9 with 2.
PAIR_WEIGHT = 2.0

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
        """What each set of sentences is worth: expected ROUGE-1, and ROUGE-2 twice."""
        members = np.zeros((len(sets), len(self.found.lengths)))
        for row, chosen in enumerate(sets):
            members[row, list(chosen)] = 1.0
        words = members @ self.found.one_if_has > 0
        pairs = members @ self.found.one_if_has_pair > 0
        lengths, extra, preferred = members @ self.found.lengths, 0.0, PREFERRED_WORDS
        if with_title:
            told, told_pairs, extra = self._of_title()
            words, pairs = words | told, pairs | told_pairs
            lengths, preferred = lengths + len(self.title), PREFERRED_BESIDE_TITLE
        expected = words @ self.words + PAIR_WEIGHT * (pairs @ self.pairs) + extra
        return np.asarray(2 * expected / (lengths + preferred), dtype=np.float64)

    def of(self, texts: Sequence[str]) -> "Judgement":
        """The same for other texts in place of the sentences, such as parts of them."""
        found = occurrences(tokenise(texts))
        ends = zip(self.found.first.tolist(), self.found.second.tolist(), strict=True)
        known = dict(zip(self.found.words, self.words.tolist(), strict=True))
        joined = dict(zip(ends, self.pairs.tolist(), strict=True))
        place = {word: at for at, word in enumerate(self.found.words)}
        at = [place.get(word, -1) for word in found.words]
        pairs = zip(found.first.tolist(), found.second.tolist(), strict=True)
        return Judgement(
            found,
            np.array([known.get(word, 0.0) for word in found.words]),
            np.array([joined.get((at[one], at[two]), 0.0) for one, two in pairs]),
            self.title,
        )

    def alone(self) -> Matrix:
        """The value of each sentence as a set of its own."""
        expected = self.found.one_if_has @ self.words
        expected += self.found.one_if_has_pair @ self.pairs
        return np.asarray(2 * expected / (self.found.lengths + PREFERRED_WORDS), dtype=np.float64)

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

    def of(self, texts: Sequence[str]) -> Judgement | None:
        """The judgement of other texts, such as parts of sentences; None for an empty article."""
        return None if self.first is None else self.first.of(texts)

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
    vectors: Vectors
    rarity: Mapping[str, float]
    prior: Mapping[str, float]
    weights_sha256: str = ""  # of the file they came from
    rarest: float = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "rarest", max(self.rarity.values(), default=1.0))

    def score(self, sentences: Sequence[Sentence], title: str) -> list[float]:
        """One score a sentence, about 0 to 1; higher is better."""
        return list(self.read(sentences, title).scores)

    def read(
        self, sentences: Sequence[Sentence], title: str, captions: Sequence[str] = ()
    ) -> Reading:
        """Judge an article once, for all questions about it.

        Sentences after the first `WINDOW` always score below it: news tells the most important
        first, and a window's first sentence is not the article's. `captions` are the article's,
        which are evidence of what it is about.
        """
        told = read_captions([_lower(text) for text in captions])
        first: Judgement | None = None
        scores: list[float] = []
        for start in range(0, len(sentences), WINDOW):
            look = self.look(sentences[start : start + WINDOW], title)
            judged = self._again(look, told)
            first = first or judged
            scores += (judged.alone() - start / WINDOW).tolist()
        return Reading(tuple(scores), first)

    def look(self, sentences: Sequence[Sentence], title: str) -> "FirstLook":
        """The first look at up to `WINDOW` sentences, of which there must be at least one."""
        found, around, scores, words = self._words(sentences, title)
        likely = self.perceptrons["words"].predict(words)
        joined = measure_pairs(found, around, scores, words, likely)
        pairs = self.perceptrons["pairs"].predict(joined)
        return FirstLook(found, around.title, words, joined, likely, pairs)

    def asked_first(
        self, sentences: Sequence[Sentence], title: str, perceptron: str
    ) -> tuple[Occurrences, Matrix]:
        """The words of an article, and the rows that a first perceptron is given: for training."""
        found, around, scores, words = self._words(sentences, title)
        if perceptron == "words":
            return found, words
        likely = self.perceptrons["words"].predict(words)
        return found, measure_pairs(found, around, scores, words, likely)

    def asked_again(
        self, sentences: Sequence[Sentence], title: str, captions: Sequence[str], perceptron: str
    ) -> tuple[Occurrences, Matrix, Places]:
        """The same for a second one, without vectors; last come the rows of these."""
        look = self.look(sentences, title)
        own = narrow(look.found, look.likely, look.pairs)
        second = look.second(own, read_captions([_lower(text) for text in captions]))
        at = self.vectors.places(own.found.words)
        rows = second.words(look.words[own.words])
        if perceptron == "words_again":
            return own.found, rows, at[:, None]
        again = self.perceptrons["words_again"].predict(self.vectors.beside(rows, at))
        ends = np.column_stack([at[own.found.first], at[own.found.second]])
        return own.found, second.of_pairs(look.joined[own.pairs], again), ends

    def _words(
        self, sentences: Sequence[Sentence], title: str
    ) -> tuple[Occurrences, Surroundings, Matrix, Matrix]:
        """What there is before anything is judged, with the scores of sentences."""
        measures = measure(sentences, title, self.rarity, self.rarest)
        recall = measures.column("title_recall")
        around = Surroundings(tuple(measures.title), recall, self.rarity, self.prior)
        found = occurrences(measures.tokens)
        scores = self.singles.predict(measures.rows)
        return found, around, scores, measure_words(found, around, scores)

    def _again(self, look: "FirstLook", captions: Captions) -> Judgement:
        """The second look, which is taken at the best sentences; the first stands for the rest."""
        own = narrow(look.found, look.likely, look.pairs)
        if not len(own.found.at):
            return look.judgement()
        second, at = look.second(own, captions), self.vectors.places(own.found.words)
        rows = second.words(look.words[own.words])
        again = self.perceptrons["words_again"].predict(self.vectors.beside(rows, at))
        rows = second.of_pairs(look.joined[own.pairs], again)
        wide = self.vectors.beside_pairs(rows, at[own.found.first], at[own.found.second])
        likely, pairs = look.likely.copy(), look.pairs.copy()
        likely[own.words] = again
        pairs[own.pairs] = self.perceptrons["pairs_again"].predict(wide)
        return Judgement(look.found, likely, pairs, look.title)


@dataclass(frozen=True, slots=True)
class FirstLook:
    """What is thought of an article's words and pairs at first, and from what."""

    found: Occurrences
    title: tuple[str, ...]
    words: Matrix  # rows of words
    joined: Matrix  # rows of pairs
    likely: Matrix
    pairs: Matrix

    def judgement(self) -> Judgement:
        """For articles in which there is nothing to look at again."""
        return Judgement(self.found, self.likely, self.pairs, self.title)

    def second(self, own: Narrowed, captions: Captions) -> Second:
        """The second look at some of the sentences."""
        return Second(own.found, self.likely[own.words], self.pairs[own.pairs], captions)


def _lower(text: str) -> list[str]:
    return [word.lower() for word in words_of(text)]


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
        vectors=read_vectors(content["vectors"]),
        rarity=content["rarity"],
        prior=content["prior"],
        weights_sha256=sha256,
    )
