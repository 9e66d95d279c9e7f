"""The second look at words and pairs: those of the best sentences only, by their neighbours.

What the first look thought of the words around one says more than the word itself; besides there
are the photo captions, which an editor writes to tell the news as well.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from models.ranker_features import Flags, Matrix, Places
from models.ranker_words import (
    PAIR_NAMES,
    WORD_NAMES,
    Occurrences,
    best_of,
    shares_of,
    values_of,
)

# Sentences that are looked at again: on 800 held-out articles all sentences of 12 and more agreed
# on the summary, and a summary is made from the best 10 of them.
LOOKED_AT_AGAIN = 12

NEAR, FAR, BESIDE = 3, 8, 5  # words on each side of one that are its surroundings
NO_WORD, NO_PAIR = -4.0, -7.0  # log odds at a sentence's ends: about as for the least likely

WORD_AGAIN_NAMES = (
    *WORD_NAMES,
    "likely",
    "mean_before",
    "mean_after",
    "best_before",
    "best_after",
    "best_pair_from",
    "best_pair_to",
    "pair_share_from",
    "pair_share_to",
    "best_value",
    "value_share",
    "best_density",
    "in_best_value",
    "in_runner_up_value",
    "rank",
    "likely_words",
    "near_best",
    "near_mean",
    "far_best",
    "far_mean",
    "far_in_value",
    "pairs_best",
    "pairs_mean",
    "place_in_best_value",
    "opens_article",
    "far_in_best_value",
    "far_in_runner_up_value",
    "in_caption",
    "share_of_captions",
    "captions",
)
PAIR_AGAIN_NAMES = (
    *PAIR_NAMES,
    "likely",
    "first_likely_again",
    "second_likely_again",
    "both_likely_again",
    "best_value",
    "value_share",
    "least_likely",
    "pair_before_mean",
    "pair_before_best",
    "pair_after_mean",
    "pair_after_best",
    "word_before_mean",
    "word_before_best",
    "word_after_mean",
    "word_after_best",
    "far_best",
    "pairs_best",
    "far_in_value",
    "mean_place",
    "in_best_value",
    "in_runner_up_value",
    "digits",
    "share_from",
    "share_to",
    "in_caption",
    "share_of_captions",
)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """The words and pairs of some sentences of an article, as an article of their own."""

    found: Occurrences
    words: Places  # of the whole article, which are in these sentences
    pairs: Places


@dataclass(frozen=True, slots=True)
class Captions:
    """In how many of an article's captions words and pairs are."""

    count: int
    words: Counter[str]
    pairs: Counter[tuple[str, str]]


def read_captions(captions: Sequence[Sequence[str]]) -> Captions:
    """From the lower-case words of each."""
    return Captions(
        len(captions),
        Counter(word for own in captions for word in set(own)),
        Counter(pair for own in captions for pair in set(pairwise(own))),
    )


def narrow(found: Occurrences, likely: Matrix, pairs: Matrix) -> Narrowed:
    """The sentences that are worth most by the first look, in the order of the article."""
    order = np.argsort(-values_of(found, likely, pairs), kind="stable")
    chosen = np.sort(order[:LOOKED_AT_AGAIN])
    kept = np.zeros(len(found.lengths), dtype=bool)
    kept[chosen] = True
    here = kept[found.sentence]
    has, has_pair = found.has[chosen], found.has_pair[chosen]
    words, held = np.flatnonzero(has.any(axis=0)), np.flatnonzero(has_pair.any(axis=0))
    place = np.zeros(len(found.words), dtype=np.intp)
    place[words] = np.arange(len(words))
    sentence = (np.cumsum(kept) - 1)[found.sentence[here]]
    at, joined = place[found.at[here]], sentence[1:] == sentence[:-1]
    first, second = place[found.first[held]], place[found.second[held]]
    which = _pair_of(at, joined, first, second, len(words))
    own = Occurrences(
        tuple(found.words[i] for i in words.tolist()),
        found.digits[words],
        found.capitals[words],
        at,
        sentence,
        found.within[here],
        found.lengths[chosen],
        has[:, words],
        joined,
        first,
        second,
        np.bincount(which, minlength=len(held)).astype(np.float64),
        has_pair[:, held],
        has[:, words].astype(np.float64),
        has_pair[:, held].astype(np.float64),
    )
    return Narrowed(own, words, held)


class Second:
    """The second look at one article; `rows`, `likely` and `pairs` are the first's, narrowed."""

    def __init__(
        self, found: Occurrences, likely: Matrix, pairs: Matrix, captions: Captions
    ) -> None:
        self.found, self.likely, self.pairs, self.captions = found, likely, pairs, captions
        self._odds, self._pair_odds = _log_odds(likely), _log_odds(pairs)
        self._values = values_of(found, likely, pairs)
        self._gaps = self._values - self._values.max()
        self._best, *others = np.argsort(-self._values, kind="stable").tolist()
        self._runner_up = others[0] if others else self._best
        ends = np.cumsum(found.lengths).astype(np.intp)
        self._end = ends[found.sentence]
        self._start = (ends - found.lengths.astype(np.intp))[found.sentence]
        size = len(found.words)
        self._occurs = np.bincount(found.at, minlength=size).astype(np.float64)
        self._which = _pair_of(found.at, found.joined, found.first, found.second, size)
        self._held = np.flatnonzero(found.joined)  # tokens that begin a pair
        self._of_token = self._odds[found.at]
        self._far = self._around(self._of_token, FAR, NO_WORD)
        self._far_likely = self._around(likely[found.at], FAR, 0.0)
        beginning = np.zeros(len(found.at))
        beginning[self._held] = pairs[self._which]
        self._pairs_around = self._around(beginning, BESIDE, 0.0)

    def words(self, rows: Matrix) -> Matrix:
        """What the words' second perceptron sees; shape (words, len(WORD_AGAIN_NAMES))."""
        found, at, size = self.found, self.found.at, len(self.found.words)
        before, after = np.full(len(at), NO_WORD), np.full(len(at), NO_WORD)
        before[1:] = np.where(found.joined, self._of_token[:-1], NO_WORD)
        after[:-1] = np.where(found.joined, self._of_token[1:], NO_WORD)
        density = found.one_if_has @ self.likely / np.maximum(found.has.sum(axis=1), 1)
        rank = np.empty(size)
        rank[np.argsort(-self.likely, kind="stable")] = np.arange(size)
        near = self._around(self._of_token, NEAR, NO_WORD)
        gaps = self._gaps[found.sentence]
        place = np.full(size, -0.5)
        in_best = found.sentence == self._best
        place[at[in_best]] = found.within[in_best]
        in_next = found.sentence == self._runner_up
        shares = np.zeros(size)
        if self.captions.count:
            counted = [self.captions.words[word] for word in found.words]
            shares = np.array(counted) / self.captions.count
        columns = [
            self._odds,
            self._mean(before),
            self._mean(after),
            _greatest(before, at, size, -9.0),
            _greatest(after, at, size, -9.0),
            _greatest(self._pair_odds, found.first, size, NO_PAIR),
            _greatest(self._pair_odds, found.second, size, NO_PAIR),
            _greatest(found.counts / self._occurs[found.first], found.first, size, 0.0),
            _greatest(found.counts / self._occurs[found.second], found.second, size, 0.0),
            best_of(found.has, self._gaps) * 5,
            shares_of(found.one_if_has, self._gaps),
            best_of(found.has, density),
            found.has[self._best],
            found.has[self._runner_up],
            np.log1p(rank),
            np.full(size, self.likely.sum() / 30),
            _greatest(near, at, size, -9.0),
            self._mean(near),
            _greatest(self._far, at, size, -9.0),
            self._mean(self._far),
            _greatest(self._far_likely + gaps, at, size, -9.0),
            _greatest(self._pairs_around, at, size, 0.0),
            self._mean(self._pairs_around),
            place,
            self._mean((found.sentence == 0) & (found.within < 0.3)),
            _greatest(np.where(in_best, self._far_likely, 0), at, size, 0.0),
            _greatest(np.where(in_next, self._far_likely, 0), at, size, 0.0),
            shares > 0,
            shares,
            np.full(size, min(self.captions.count, 4) / 4),
        ]
        return np.column_stack([rows, *columns])

    def of_pairs(self, rows: Matrix, again: Matrix) -> Matrix:
        """What the pairs' second perceptron sees; `again` is the second judgement of words."""
        found, held, count = self.found, self._held, len(self.found.first)
        one, two = again[found.first], again[found.second]
        token = np.full(len(found.at) + 2, NO_PAIR)  # of the pair that each token begins
        token[held] = self._pair_odds[self._which]
        words = np.append(self._of_token, [NO_WORD, NO_WORD])
        inside_before = held > self._start[held]
        inside_after = held + 2 < self._end[held]
        beside = [
            np.where(inside_before, token[held - 1], NO_PAIR),
            np.where(inside_after, token[held + 1], NO_PAIR),
            np.where(inside_before, words[held - 1], NO_WORD),
            np.where(inside_after, words[held + 2], NO_WORD),
        ]
        neighbours = [
            column
            for values in beside
            for column in (self._pair_mean(values), self._pair_best(values, -9.0))
        ]
        gaps = self._gaps[found.sentence][held]
        digit = found.digits.astype(np.float64)
        shares = np.zeros(count)
        if self.captions.count:
            ends = zip(found.first.tolist(), found.second.tolist(), strict=True)
            counted = [self.captions.pairs[found.words[i], found.words[j]] for i, j in ends]
            shares = np.array(counted, dtype=np.float64) / self.captions.count
        columns = [
            self._pair_odds,
            _log_odds(one),
            _log_odds(two),
            one * two,
            best_of(found.has_pair, self._gaps) * 5,
            shares_of(found.one_if_has_pair, self._gaps),
            np.minimum(one, two),
            *neighbours,
            self._pair_best(self._far[held], -9.0),
            self._pair_best(self._pairs_around[held], 0.0),
            self._pair_best(self._far_likely[held] + gaps, -9.0),
            self._pair_mean(found.within[held]),
            found.has_pair[self._best],
            found.has_pair[self._runner_up],
            digit[found.first] + digit[found.second],
            found.counts / self._occurs[found.first],
            found.counts / self._occurs[found.second],
            shares > 0,
            shares,
        ]
        assert rows.shape[0] == count  # noqa: S101 - the caller narrows both alike
        return np.column_stack([rows, *columns])

    def _around(self, values: Matrix, reach: int, least: float) -> Matrix:
        """The mean of the `reach` tokens on each side of each, within its sentence."""
        sums = np.concatenate([[0.0], np.cumsum(values)])
        token = np.arange(len(values))
        first = np.maximum(token - reach, self._start)
        last = np.minimum(token + reach + 1, self._end)
        others = last - first - 1
        mean = (sums[last] - sums[first] - values) / np.maximum(others, 1)
        return np.where(others > 0, mean, least)

    def _mean(self, values: Matrix | Flags) -> Matrix:
        """By word, over the tokens."""
        total = np.bincount(self.found.at, weights=values, minlength=len(self.found.words))
        return np.asarray(total / self._occurs, dtype=np.float64)

    def _pair_mean(self, values: Matrix) -> Matrix:
        """By pair, over the tokens that begin one."""
        total = np.bincount(self._which, weights=values, minlength=len(self.found.first))
        return np.asarray(total / self.found.counts, dtype=np.float64)

    def _pair_best(self, values: Matrix, least: float) -> Matrix:
        return _greatest(values, self._which, len(self.found.first), least)


def _pair_of(at: Places, joined: Flags, first: Places, second: Places, size: int) -> Places:
    """Which pair each token begins that begins one; pairs come sorted by their words' places."""
    keys = at[:-1][joined] * size + at[1:][joined]
    return np.searchsorted(first * size + second, keys)


def _log_odds(likely: Matrix) -> Matrix:
    kept = np.clip(likely, 1e-4, 1 - 1e-4)
    return np.asarray(np.log(kept / (1 - kept)), dtype=np.float64)


def _greatest(values: Matrix, of: Places, size: int, least: float) -> Matrix:
    """The greatest value of each of `size` groups, at least `least`."""
    found = np.full(size, least)
    np.maximum.at(found, of, values)
    return found
