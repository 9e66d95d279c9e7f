"""The extractive ranker: boosted trees over `models.ranker_features`, in numpy, from plain JSON."""

import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.base import Sentence
from models.ranker_features import NAMES, Matrix, measure

FORMAT = "songngu-ranker-1"
WEIGHTS_NAME = "weights.json"
CARD_NAME = "card.toml"

# An article's scores come from passes over this many sentences, so that one of 5,000 sentences
# costs no more memory than many short ones; news articles have 17 on average and 40 at most.
WINDOW = 200


@dataclass(frozen=True, slots=True)
class Trees:
    """Regression trees side by side; shapes (trees, nodes). A leaf is its own child."""

    feature: NDArray[np.intp]
    threshold: Matrix
    left: NDArray[np.intp]
    right: NDArray[np.intp]
    value: Matrix
    depth: int
    baseline: float

    def predict(self, rows: Matrix) -> Matrix:
        """The sum of the leaves that each row reaches; shape (rows,)."""
        trees = np.arange(len(self.feature))[None, :]
        at = np.zeros((len(rows), len(self.feature)), dtype=np.intp)
        which = np.arange(len(rows))[:, None]
        for _ in range(self.depth):
            goes_left = rows[which, self.feature[trees, at]] <= self.threshold[trees, at]
            at = np.where(goes_left, self.left[trees, at], self.right[trees, at])
        return self.baseline + np.asarray(self.value[trees, at].sum(axis=1), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class TreeRanker:
    """Scores sentences by the ROUGE they are expected to reach as a summary on their own."""

    trees: Trees
    rarity: Mapping[str, float]

    def score(self, sentences: Sequence[Sentence], title: str) -> list[float]:
        """One score a sentence, about 0 to 1; higher is better."""
        scores: list[float] = []
        for start in range(0, len(sentences), WINDOW):
            rows = measure(sentences[start : start + WINDOW], title, self.rarity)
            # Later windows never beat the first for being the first of their window.
            scores += [float(s) - start / WINDOW for s in self.trees.predict(rows)]
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
    except (KeyError, TypeError, IndexError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ValueError(f"{folder / WEIGHTS_NAME} holds no ranker: {error!r}.") from error


def read_weights(content: Mapping[str, Any]) -> TreeRanker:
    """The ranker in the parsed weights file."""
    if content["format"] != FORMAT or tuple(content["features"]) != NAMES:
        raise ValueError(f"The ranker's weights are not of this version ({FORMAT}).")
    return TreeRanker(_read_trees(content["trees"], content["baseline"]), content["rarity"])


def _read_trees(trees: Sequence[Mapping[str, Sequence[float]]], baseline: float) -> Trees:
    nodes = max(len(tree["feature"]) for tree in trees)
    shape = (len(trees), nodes)
    feature, left, right = (np.zeros(shape, dtype=np.intp) for _ in range(3))
    threshold, value = np.zeros(shape), np.zeros(shape)
    for row, tree in enumerate(trees):
        size = len(tree["feature"])
        for name, array in (("feature", feature), ("left", left), ("right", right)):
            array[row, :size] = tree[name]
        threshold[row, :size], value[row, :size] = tree["threshold"], tree["value"]
    if not (
        feature.min() >= 0 and feature.max() < len(NAMES) and max(left.max(), right.max()) < nodes
    ):
        raise ValueError("The ranker's trees point outside themselves.")
    return Trees(feature, threshold, left, right, value, _depth(left, right), baseline)


def _depth(left: NDArray[np.intp], right: NDArray[np.intp]) -> int:
    """Steps from the root after which every path has ended in a leaf."""
    reached = np.zeros(left.shape, dtype=bool)
    reached[:, 0] = True
    rows = np.arange(len(left))[:, None] * np.ones(left.shape[1], dtype=np.intp)
    inner = left != np.arange(left.shape[1])[None, :]
    for depth in range(left.shape[1]):
        if not (reached & inner).any():
            return depth
        following = np.zeros_like(reached)
        following[rows[reached & inner], left[reached & inner]] = True
        following[rows[reached & inner], right[reached & inner]] = True
        reached = following
    raise ValueError("A tree of the ranker has a loop.")
