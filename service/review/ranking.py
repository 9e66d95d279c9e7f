"""What votes say of models: wins, Bradley-Terry strengths with an interval, agreement."""

import math
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

TIE, BAD = "tie", "bad"
SAMPLES = 400
CONFIDENCE = 0.95
ITERATIONS = 100
# Half a win of everyone over everyone keeps the strength of who never lost finite.
PRIOR = 0.5


@dataclass(frozen=True, slots=True)
class Ballot:
    """One vote on one article: the models shown, and the best of them, TIE or BAD."""

    item: str
    reviewer: str
    models: tuple[str, ...]
    choice: str  # a model, TIE or BAD
    round: int = 1


@dataclass(frozen=True, slots=True)
class Standing:
    """How a model fares; strengths of all models have the mean 0 (natural logarithm)."""

    model: str
    wins: int
    losses: int
    ties: int
    bad: int
    strength: float
    low: float
    high: float


def standings(ballots: Sequence[Ballot], seed: int = 1) -> list[Standing]:
    """Every model's standing, the strongest first.

    Bradley-Terry by minorisation-maximisation (Hunter 2004, Annals of Statistics 32); a tie is
    half a win for each; intervals are percentiles of a bootstrap over articles.
    """
    models = sorted({model for ballot in ballots for model in ballot.models})
    if not models:
        return []
    by_item: dict[str, list[Ballot]] = defaultdict(list)
    for ballot in ballots:
        by_item[ballot.item].append(ballot)
    strengths = _strengths(ballots, models)
    items = sorted(by_item)
    dice = random.Random(seed)
    drawn: dict[str, list[float]] = {model: [] for model in models}
    for _ in range(SAMPLES):
        sample = [b for item in dice.choices(items, k=len(items)) for b in by_item[item]]
        for model, strength in _strengths(sample, models).items():
            drawn[model].append(strength)
    table = [_standing(m, ballots, strengths[m], sorted(drawn[m])) for m in models]
    return sorted(table, key=lambda row: (-row.strength, row.model))


def _standing(
    model: str, ballots: Sequence[Ballot], strength: float, drawn: Sequence[float]
) -> Standing:
    own = [ballot for ballot in ballots if model in ballot.models]
    edge = (1 - CONFIDENCE) / 2
    return Standing(
        model=model,
        wins=sum(ballot.choice == model for ballot in own),
        losses=sum(ballot.choice not in (model, TIE, BAD) for ballot in own),
        ties=sum(ballot.choice == TIE for ballot in own),
        bad=sum(ballot.choice == BAD for ballot in own),
        strength=strength,
        low=drawn[int(edge * (len(drawn) - 1))],
        high=drawn[math.ceil((1 - edge) * (len(drawn) - 1))],
    )


def _strengths(ballots: Sequence[Ballot], models: Sequence[str]) -> dict[str, float]:
    wins: dict[tuple[str, str], float] = defaultdict(float)
    for ballot in ballots:
        for one in ballot.models:
            for other in ballot.models:
                if one == other or ballot.choice == BAD:
                    continue
                if ballot.choice == one:
                    wins[one, other] += 1
                elif ballot.choice == TIE:
                    wins[one, other] += 0.5
    for one in models:
        for other in models:
            if one != other:
                wins[one, other] += PRIOR
    return _fit(wins, models)


def _fit(wins: Mapping[tuple[str, str], float], models: Sequence[str]) -> dict[str, float]:
    worth = dict.fromkeys(models, 1.0)
    for _ in range(ITERATIONS):
        before = dict(worth)
        for one in models:
            others = [other for other in models if other != one]
            won = sum(wins[one, other] for other in others)
            met = sum(
                (wins[one, other] + wins[other, one]) / (worth[one] + worth[other])
                for other in others
            )
            worth[one] = won / met if met else 1.0
        mean = math.exp(sum(map(math.log, worth.values())) / len(worth))
        worth = {model: value / mean for model, value in worth.items()}
        if max(abs(worth[m] - before[m]) for m in models) < 1e-9:
            break
    return {model: math.log(value) for model, value in worth.items()}


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two sets of choices agree; `kappa` is None where chance would agree always."""

    shared: int
    same: int
    kappa: float | None


def agreement(pairs: Sequence[tuple[str, str]]) -> Agreement:
    """Cohen's kappa (1960) of two raters' choices on the same articles.

    >>> agreement([("a", "a"), ("b", "b"), ("a", "b"), ("b", "b")]).kappa
    0.5
    """
    shared = len(pairs)
    same = sum(one == other for one, other in pairs)
    if not shared:
        return Agreement(0, 0, None)
    choices = {choice for pair in pairs for choice in pair}
    by_chance = sum(
        sum(one == c for one, _ in pairs) * sum(other == c for _, other in pairs) for c in choices
    ) / (shared * shared)
    if by_chance >= 1:
        return Agreement(shared, same, None)
    kappa = (same / shared - by_chance) / (1 - by_chance)
    return Agreement(shared, same, round(kappa, 4))


def between_reviewers(ballots: Sequence[Ballot]) -> Agreement:
    """Agreement of every two reviewers on the articles that both have seen, taken together."""
    by_item: dict[str, list[Ballot]] = defaultdict(list)
    for ballot in ballots:
        if ballot.round == 1:
            by_item[ballot.item].append(ballot)
    pairs = []
    for own in by_item.values():
        own.sort(key=lambda ballot: ballot.reviewer)
        pairs += [(a.choice, b.choice) for n, a in enumerate(own) for b in own[n + 1 :]]
    return agreement(pairs)


def with_oneself(ballots: Sequence[Ballot]) -> Agreement:
    """Agreement of reviewers with their own first vote, on the articles shown again."""
    rounds: dict[tuple[str, str], dict[int, str]] = defaultdict(dict)
    for ballot in ballots:
        rounds[ballot.item, ballot.reviewer][ballot.round] = ballot.choice
    return agreement([(own[1], own[2]) for own in rounds.values() if len(own) == 2])
