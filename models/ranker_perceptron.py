"""A small perceptron in numpy, read from and written to plain lists."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.ranker_features import Matrix

Numbers = NDArray[np.floating[Any]]

DIGITS = 5  # of a weight that are kept in the file


@dataclass(frozen=True, slots=True)
class Perceptron:
    """Layers with rectifiers between them and one probability at the end."""

    mean: Matrix  # (features,)
    scale: Matrix  # (features,)
    layers: tuple[tuple[Numbers, Numbers], ...]  # weights (inputs, outputs) and biases (outputs,)
    scaled: tuple[Numbers, Numbers] = field(init=False, repr=False)  # the first, for rows as given

    def __post_init__(self) -> None:
        """Put mean and scale into the first layer once, which saves a third of each prediction."""
        weights, biases = (part.astype(np.float64) for part in self.layers[0])
        own = weights / self.scale[:, None]
        shifted = biases - self.mean @ own
        object.__setattr__(self, "scaled", (own.astype(np.float32), shifted.astype(np.float32)))

    def predict(self, rows: Matrix) -> Matrix:
        """A probability for each row; shape (rows,)."""
        values: Numbers = rows.astype(np.float32)
        for place, (weights, biases) in enumerate((self.scaled, *self.layers[1:])):
            values = values @ weights
            values += biases
            if place < len(self.layers) - 1:
                np.maximum(values, 0.0, out=values)
        return np.asarray(1.0 / (1.0 + np.exp(-values[:, 0].astype(np.float64))))


def read_perceptron(content: Mapping[str, Any], names: Sequence[str]) -> Perceptron:
    """The perceptron in a part of a weights file, for features of these names.

    Raises ValueError where it has other features or layers that do not fit together, and KeyError
    or TypeError where the content is something else.
    """
    if tuple(content["features"]) != tuple(names):
        raise ValueError("The ranker's perceptrons ask for features that there are not.")
    mean, scale = (np.asarray(content[key], dtype=np.float64) for key in ("mean", "scale"))
    layers = tuple(
        (
            np.asarray(layer["weights"], dtype=np.float32),
            np.asarray(layer["biases"], dtype=np.float32),
        )
        for layer in content["layers"]
    )
    widths = [len(names), *(len(biases) for _, biases in layers)]
    shapes = [weights.shape for weights, _ in layers]
    fits = shapes == list(pairwise(widths)) and widths[-1] == 1
    if not fits or mean.shape != (len(names),) or scale.shape != mean.shape or (scale <= 0).any():
        raise ValueError("The ranker's perceptrons have layers that do not fit together.")
    return Perceptron(mean, scale, layers)


def write_perceptron(perceptron: Perceptron, names: Sequence[str]) -> dict[str, Any]:
    """What `read_perceptron` reads."""
    return {
        "features": list(names),
        "mean": _short(perceptron.mean),
        "scale": _short(perceptron.scale),
        "layers": [
            {"weights": [_short(row) for row in weights], "biases": _short(biases)}
            for weights, biases in perceptron.layers
        ],
    }


def _short(numbers: Numbers) -> list[float]:
    return [float(f"{number:.{DIGITS}g}") for number in numbers]
