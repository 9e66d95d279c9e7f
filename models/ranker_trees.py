"""Boosted regression trees in numpy, read from and written to plain lists."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Trees:
    """Trees one after the other in flat arrays of nodes; a leaf is its own child."""

    roots: Places  # (trees,)
    feature: Places  # (nodes,): column to compare
    threshold: Matrix  # (nodes,): left where the value is at most this
    left: Places
    right: Places
    value: Matrix  # (nodes,): 0 but in leaves
    depth: int  # steps after which every path has ended
    baseline: float

    def predict(self, rows: Matrix) -> Matrix:
        """The baseline and the sum of the leaves that each row reaches; shape (rows,)."""
        count, width = rows.shape
        flat = np.ascontiguousarray(rows).ravel()
        offsets = np.repeat(np.arange(count) * width, len(self.roots))
        at = np.tile(self.roots, count)
        children = np.column_stack([self.left, self.right]).ravel()
        for _ in range(self.depth):
            goes_right = flat.take(offsets + self.feature.take(at)) > self.threshold.take(at)
            at = children.take(2 * at + goes_right)
        leaves = self.value.take(at).reshape(count, len(self.roots))
        return self.baseline + np.asarray(leaves.sum(axis=1), dtype=np.float64)


def read_trees(content: Mapping[str, Any], width: int) -> Trees:
    """The trees in a parsed weights file, for rows of `width` columns.

    Raises ValueError where they point outside themselves, and KeyError or TypeError where the
    content is something else.
    """
    sizes = [len(tree["feature"]) for tree in content["trees"]]
    roots = np.cumsum([0, *sizes])[:-1].astype(np.intp)

    def joined(name: str) -> Matrix:
        parts: Sequence[Sequence[float]] = [tree[name] for tree in content["trees"]]
        if [len(part) for part in parts] != sizes:
            raise ValueError("The ranker's trees have columns of different lengths.")
        return np.concatenate([np.asarray(part, dtype=np.float64) for part in parts])

    shift = np.repeat(roots, sizes)
    feature = joined("feature").astype(np.intp)
    left, right = (joined(name).astype(np.intp) + shift for name in ("left", "right"))
    own = np.arange(len(feature))
    for child in (left, right):
        inside = (child >= shift) & (child < shift + np.repeat(sizes, sizes))
        if not (inside & (child >= own)).all():
            raise ValueError("The ranker's trees point outside themselves.")
    if not ((feature >= 0) & (feature < width)).all():
        raise ValueError("The ranker's trees ask for features that there are not.")
    depth = _depth(roots, left, right)
    baseline = float(content["baseline"])
    return Trees(roots, feature, joined("threshold"), left, right, joined("value"), depth, baseline)


def write_trees(predictor: Any, columns: int) -> dict[str, Any]:  # noqa: ANN401
    """What `read_trees` reads, out of scikit-learn's `HistGradientBoostingRegressor`.

    scikit-learn keeps its fitted trees in private attributes; `scripts/train_ranker.py` proves
    each export equal to the trainer's own predictions.
    """
    trees = []
    for (tree,) in predictor._predictors:  # noqa: SLF001
        nodes = tree.nodes
        leaf = nodes["is_leaf"].astype(bool)
        own = np.arange(len(nodes))
        if int(nodes["feature_idx"].max()) >= columns:
            raise ValueError("The trees ask for features that there are not.")
        trees.append(
            {
                "feature": np.where(leaf, 0, nodes["feature_idx"]).tolist(),
                "threshold": np.where(leaf, 0.0, nodes["num_threshold"]).tolist(),
                "left": np.where(leaf, own, nodes["left"]).tolist(),
                "right": np.where(leaf, own, nodes["right"]).tolist(),
                "value": _short(np.where(leaf, nodes["value"], 0.0), digits=5),
            }
        )
    return {"baseline": float(predictor._baseline_prediction.ravel()[0]), "trees": trees}  # noqa: SLF001


def _short(numbers: Matrix, digits: int) -> list[float]:
    """Numbers with so many significant digits, which keeps the file small."""
    return [float(f"{number:.{digits}g}") for number in numbers]


def _depth(roots: Places, left: Places, right: Places) -> int:
    """The longest path from a root to a leaf; children always come after their parent."""
    depths = np.zeros(len(left), dtype=np.intp)
    for node in range(len(left)):
        for child in (left[node], right[node]):
            if child != node:
                depths[child] = depths[node] + 1
    return int(depths.max()) if len(roots) else 0
