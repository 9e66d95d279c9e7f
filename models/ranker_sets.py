"""What the ranker measures of a set of sentences: how long, how much said, how often repeated."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.ranker_features import NAMES, Matrix, Measures

MAX_SIZE = 3  # sentences in a set that the ranker was trained on

# Features of the set's two best sentences, best first.
OF_MEMBERS = (
    "index",
    "words",
    "length_to_mean",
    "title_recall",
    "title_precision",
    "title_pairs",
    "title_new",
    "centrality",
    "to_first",
    "said_before",
    "capitals",
    "digits",
    "first_word",
    "title_recall_rank",
    "centrality_rank",
    "quotes",
    "rarity",
)
OF_SET = (
    "size",
    "best_score",
    "second_score",
    "score_sum",
    "score_to_best",
    "set_words",
    "set_title_recall",
    "set_title_precision",
    "repeated",
    "set_centrality",
    "first_index",
    "last_index",
    "span",
)
OF_ARTICLE = ("sentences", "mean_words", "title_words", "best_title_recall", "title_rarity")
SET_NAMES = (
    *OF_SET,
    *(f"best_{name}" for name in OF_MEMBERS),
    *(f"second_{name}" for name in OF_MEMBERS),
    *(f"article_{name}" for name in OF_ARTICLE),
    "article_best_score",
    "article_second_score",
)

_MEMBER_COLUMNS = [NAMES.index(name) for name in OF_MEMBERS]
_ARTICLE_COLUMNS = [NAMES.index(name) for name in OF_ARTICLE]


def measure_sets(measures: Measures, scores: Matrix, sets: Sequence[Sequence[int]]) -> Matrix:
    """Features of sets of sentences; shape (sets, len(SET_NAMES)). No set may be empty.

    `scores` are the single sentences' scores. A set of one has the second sentence's features
    at -1.
    """
    members = np.zeros((len(sets), len(scores)))
    for row, chosen in enumerate(sets):
        members[row, list(chosen)] = 1.0
    best, second = _two_best(members, scores)
    alone = members.sum(axis=1) < 2
    ordered = np.sort(scores)[::-1]
    own = _of_set(measures, scores, members, best, second)
    first_rows = measures.rows[best][:, _MEMBER_COLUMNS]
    second_rows = np.where(alone[:, None], -1.0, measures.rows[second][:, _MEMBER_COLUMNS])
    article = np.concatenate(
        [
            measures.rows[0, _ARTICLE_COLUMNS],
            ordered[:1],
            ordered[1:2] if len(scores) > 1 else [0.0],
        ]
    )
    return np.column_stack(
        [own, first_rows, second_rows, np.broadcast_to(article, (len(sets), len(article)))]
    )


def _two_best(members: Matrix, scores: Matrix) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Places of each set's best and second sentence; the same place twice for a set of one."""
    inside = np.where(members > 0, scores[None, :], -np.inf)
    best = inside.argmax(axis=1)
    without = inside.copy()
    without[np.arange(len(best)), best] = -np.inf
    second = np.where(members.sum(axis=1) > 1, without.argmax(axis=1), best)
    return best, second


def _of_set(
    measures: Measures,
    scores: Matrix,
    members: Matrix,
    best: NDArray[np.intp],
    second: NDArray[np.intp],
) -> Matrix:
    size = members.sum(axis=1)
    union = (members @ measures.present) > 0
    weight = union @ measures.weights
    separate = members @ (measures.present @ measures.weights)
    in_title = union[:, measures.title] @ measures.weights[measures.title]
    title_weight = max(float(measures.weights[measures.title].sum()), 1e-9)
    together = members @ measures.vectors
    whole = measures.vectors.sum(axis=0)
    lengths = np.linalg.norm(together, axis=1) * max(float(np.linalg.norm(whole)), 1e-9)
    places = np.arange(len(scores))
    first = np.where(members > 0, places, len(scores)).min(axis=1)
    last = np.where(members > 0, places, -1).max(axis=1)
    columns = [
        size,
        scores[best],
        np.where(size > 1, scores[second], -1.0),
        members @ scores,
        scores[best] - scores.max(),
        members @ measures.column("words"),
        in_title / title_weight,
        in_title / np.maximum(weight, 1e-9),
        1 - weight / np.maximum(separate, 1e-9),
        (together @ whole) / np.maximum(lengths, 1e-9),
        first,
        last,
        last - first,
    ]
    return np.column_stack(columns)
