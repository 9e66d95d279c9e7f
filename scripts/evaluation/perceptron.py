"""Fits the ranker's small perceptrons with torch."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import torch
from torch import nn

from models.ranker_perceptron import Perceptron
from models.ranker_vectors import WIDTH

BATCH = 8192
PEAK_RATE = 4e-3


def fit_perceptron(
    rows: np.ndarray,
    labels: np.ndarray,
    hidden: tuple[int, ...],
    *,
    vectors: tuple[np.ndarray, int] | None = None,
    epochs: int = 3,
    say: Callable[[str], None] = print,
) -> tuple[Perceptron, np.ndarray]:
    """A perceptron for the probability of each label; cross-entropy, AdamW, one learning cycle.

    With `vectors`, the rows of a table that each example has and the number of them all, that
    table is learnt too; its numbers come after the features. It is the second of what is returned.
    """
    torch.manual_seed(6)
    sample = rows[::7].astype(np.float32)
    mean, scale = sample.mean(axis=0), sample.std(axis=0) + 1e-3
    places, count = vectors or (np.zeros((len(rows), 0), dtype=np.int64), 1)
    table = nn.Embedding(count, WIDTH)
    nn.init.normal_(table.weight, std=0.05)
    widths = [rows.shape[1] + WIDTH * places.shape[1], *hidden, 1]
    layers = [nn.Linear(a, b) for a, b in pairwise(widths)]
    network = nn.Sequential(*(part for layer in layers for part in (layer, nn.ReLU())))[:-1]
    learnt = [*network.parameters(), *table.parameters()]
    optimiser = torch.optim.AdamW(learnt, weight_decay=1e-4)
    batch = min(BATCH, len(rows))
    steps = epochs * (len(rows) // batch)
    cycle = torch.optim.lr_scheduler.OneCycleLR(optimiser, PEAK_RATE, total_steps=steps + 1)
    chance = np.random.default_rng(6)
    middle, width = torch.tensor(mean), torch.tensor(scale)
    for epoch in range(epochs):
        order = chance.permutation(len(rows))
        losses = []
        for start in range(0, len(order) - batch + 1, batch):
            picked = np.sort(order[start : start + batch])
            given = (torch.tensor(rows[picked].astype(np.float32)) - middle) / width
            own = table(torch.tensor(places[picked].astype(np.int64))).flatten(1)
            wanted = torch.tensor(labels[picked].astype(np.float32))
            found = network(torch.cat([given, own], dim=1))[:, 0]
            loss = nn.functional.binary_cross_entropy_with_logits(found, wanted)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            cycle.step()
            losses.append(loss.item())
        say(f"  epoch {epoch + 1}: cross-entropy {np.mean(losses):.4f}")
    added = np.zeros(WIDTH * places.shape[1])
    fitted = Perceptron(
        np.concatenate([mean.astype(np.float64), added]),
        np.concatenate([scale.astype(np.float64), added + 1]),
        tuple(
            (layer.weight.detach().numpy().T.copy(), layer.bias.detach().numpy())
            for layer in layers
        ),
    )
    return fitted, table.weight.detach().numpy().astype(np.float64)
