"""The extractive ranker: boosted trees over `models.ranker_features`, in numpy, from plain JSON."""

import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.base import Sentence
from models.ranker_features import NAMES, measure
from models.ranker_sets import SET_NAMES, measure_sets
from models.ranker_trees import Trees, read_trees

FORMAT = "songngu-ranker-2"
WEIGHTS_NAME = "weights.json"
CARD_NAME = "card.toml"

# Sentences are compared with others of their window only, so that the cost of an article of 5,000
# sentences grows with its length and not with its square. News articles have 17 on average and 40
# at most.
WINDOW = 200


@dataclass(frozen=True, slots=True)
class TreeRanker:
    """Scores sentences, and sets of them, by the mean ROUGE they are expected to reach."""

    singles: Trees
    sets: Trees
    rarity: Mapping[str, float]

    def score(self, sentences: Sequence[Sentence], title: str) -> list[float]:
        """One score a sentence, about 0 to 1; higher is better.

        Sentences after the first `WINDOW` always score below it: news tells the most important
        first, and a window's first sentence is not the article's.
        """
        scores: list[float] = []
        for start in range(0, len(sentences), WINDOW):
            rows = measure(sentences[start : start + WINDOW], title, self.rarity).rows
            scores += (self.singles.predict(rows) - start / WINDOW).tolist()
        return scores

    def score_sets(
        self, sentences: Sequence[Sentence], title: str, sets: Sequence[Sequence[int]]
    ) -> list[float]:
        """One score a set of places in `sentences`, each set not empty; higher is better.

        Only sets within the first `WINDOW` sentences can be told apart; others score -1.
        """
        window = sentences[:WINDOW]
        inside = [place for place, chosen in enumerate(sets) if max(chosen) < len(window)]
        scores = [-1.0] * len(sets)
        if inside:
            measures = measure(window, title, self.rarity)
            singles = self.singles.predict(measures.rows)
            rows = measure_sets(measures, singles, [sets[place] for place in inside])
            for place, value in zip(inside, self.sets.predict(rows).tolist(), strict=True):
                scores[place] = value
        return scores


def load_ranker(folder: Path) -> TreeRanker:
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
        return read_weights(json.loads(raw))
    except (KeyError, TypeError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ValueError(f"{folder / WEIGHTS_NAME} holds no ranker: {error!r}.") from error


def read_weights(content: Mapping[str, Any]) -> TreeRanker:
    """The ranker in a parsed weights file; raises ValueError where it is another version's."""
    names = (tuple(content["features"]), tuple(content["set_features"]))
    if content["format"] != FORMAT or names != (NAMES, SET_NAMES):
        raise ValueError(f"The ranker's weights must be of the version {FORMAT}.")
    return TreeRanker(
        singles=read_trees(content["singles"], len(NAMES)),
        sets=read_trees(content["sets"], len(SET_NAMES)),
        rarity=content["rarity"],
    )
