"""How likely each word, and each pair of words, of an article is to be in a summary of it.

A summary's worth is then the sum over the words and pairs that it has, by its length: the ROUGE
that it is expected to reach. This first look sees counts, places, the title and the scores of the
sentences around a word; `models.ranker_again` then looks again at those of the best sentences.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from models.ranker_features import Flags, Matrix, Places, Tokens

# Words of the summary that a candidate is compared with; vietnews' abstracts have 33 on average,
# and 25 gave the best ROUGE on held-out articles of its training set.
REFERENCE_WORDS = 25.0
SHARPNESS = 20.0  # of the shares that sentences have in a word: differences of 0.05 count e-fold

WORD_NAMES = (
    "count",
    "sentences_with",
    "share_of_sentences",
    "first_sentence",
    "first_share",
    "last_share",
    "in_first",
    "in_second",
    "in_third",
    "in_title",
    "place_in_title",
    "count_in_title",
    "capitals",
    "digit",
    "rarity",
    "letters",
    "mean_place",
    "best_score",
    "mean_score",
    "score_share",
    "in_best",
    "in_runner_up",
    "after_title_word",
    "before_title_word",
    "best_title_recall",
    "prior",
    "sentences",
    "title_words",
)
PAIR_NAMES = (
    "count",
    "sentences_with",
    "first_sentence",
    "in_first",
    "in_second",
    "in_title",
    "both_in_title",
    "one_in_title",
    "first_likely",
    "second_likely",
    "both_likely",
    "least_rarity",
    "most_rarity",
    "best_score",
    "mean_score",
    "capitals",
    "sentences",
)


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Where the words and pairs of an article stand; a pair is two words next to each other."""

    words: tuple[str, ...]  # lower-case
    digits: Flags  # (words,): begins with a digit
    capitals: Matrix  # (words,): share of the occurrences inside a sentence that have a capital
    at: Places  # (tokens,): the word of each token
    sentence: Places  # (tokens,): the sentence of each token
    within: Matrix  # (tokens,): place in its sentence, 0 to 1
    lengths: Matrix  # (sentences,): tokens
    has: Flags  # (sentences, words)
    joined: Flags  # (tokens - 1,): whether a token and the next are of one sentence
    first: Places  # (pairs,): the pair's first word
    second: Places
    counts: Matrix  # (pairs,)
    has_pair: Flags  # (sentences, pairs)
    one_if_has: Matrix  # the two before as numbers, which are multiplied faster
    one_if_has_pair: Matrix


def occurrences(tokens: Tokens) -> Occurrences:
    """Index the pairs of an article's sentences, and where its words are."""
    at, sentence, lengths = tokens.at, tokens.sentence, tokens.lengths
    count, size = len(lengths), len(tokens.words)
    place = np.arange(len(at)) - tokens.starts[sentence]
    within = place / np.maximum(lengths[sentence], 1)
    has = np.zeros((count, size), dtype=bool)
    has[sentence, at] = True
    inner = place > 0
    capitals = np.bincount(at, weights=tokens.capital & inner, minlength=size) / np.maximum(
        np.bincount(at, weights=inner, minlength=size), 1
    )
    joined = sentence[1:] == sentence[:-1]
    keys = at[:-1][joined] * size + at[1:][joined]
    pairs, which = np.unique(keys, return_inverse=True)
    has_pair = np.zeros((count, len(pairs)), dtype=bool)
    has_pair[sentence[:-1][joined], which] = True
    return Occurrences(
        tokens.words,
        tokens.digits,
        capitals,
        at,
        sentence,
        within,
        lengths.astype(np.float64),
        has,
        joined,
        pairs // max(size, 1),
        pairs % max(size, 1),
        np.bincount(which, minlength=len(pairs)).astype(np.float64),
        has_pair,
        has.astype(np.float64),
        has_pair.astype(np.float64),
    )


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known of an article before its words are judged."""

    title: tuple[str, ...]  # lower-case
    title_recall: Matrix  # (sentences,): share of the title's weight that the sentence has
    rarity: Mapping[str, float]
    prior: Mapping[str, float]  # log of how much oftener than others a word is in abstracts


def measure_words(found: Occurrences, around: Surroundings, scores: Matrix) -> Matrix:
    """First features, given the sentences' scores; shape (words, len(WORD_NAMES))."""
    count, size = found.has.shape
    occurs = np.bincount(found.at, minlength=size).astype(np.float64)
    spread = found.one_if_has.sum(axis=0)
    first = found.has.argmax(axis=0)
    last = count - 1 - found.has[::-1].argmax(axis=0)
    places = {word: place for place, word in reversed(list(enumerate(around.title)))}
    in_title = np.array([places.get(word, -1) for word in found.words])
    told = Counter(around.title)
    titled = in_title >= 0
    times_told = np.zeros(size)
    for place in np.flatnonzero(titled).tolist():
        times_told[place] = told[found.words[place]]
    gaps = scores - scores.max()
    order = np.argsort(-scores, kind="stable")
    before, after = np.zeros(len(found.at)), np.zeros(len(found.at))
    flags = titled[found.at].astype(np.float64)
    before[1:] = flags[:-1] * found.joined
    after[:-1] = flags[1:] * found.joined
    columns = [
        np.log1p(occurs),
        np.log1p(spread),
        spread / count,
        np.log1p(first),
        first / count,
        last / count,
        found.has[0],
        found.has[min(1, count - 1)],
        found.has[min(2, count - 1)],
        titled,
        np.where(titled, in_title / max(len(around.title), 1), -0.5),
        times_told,
        found.capitals,
        found.digits,
        [around.rarity.get(word, 1.0) for word in found.words],
        [min(len(word), 12) / 6 for word in found.words],
        np.bincount(found.at, weights=found.within, minlength=size) / occurs,
        best_of(found.has, gaps) * 5,
        gaps @ found.one_if_has / spread * 5,
        shares_of(found.one_if_has, gaps),
        found.has[order[0]],
        found.has[order[min(1, count - 1)]],
        np.bincount(found.at, weights=before, minlength=size) / occurs,
        np.bincount(found.at, weights=after, minlength=size) / occurs,
        best_of(found.has, around.title_recall),
        [around.prior.get(word, 0.0) for word in found.words],
        np.full(size, np.log1p(count)),
        np.full(size, len(around.title) / 15),
    ]
    return np.column_stack([np.asarray(column, dtype=np.float64) for column in columns])


def measure_pairs(
    found: Occurrences, around: Surroundings, scores: Matrix, words: Matrix, likely: Matrix
) -> Matrix:
    """First features of pairs, given those of words and how likely these are."""
    count = len(found.lengths)
    one, two = found.first, found.second
    titled = words[:, WORD_NAMES.index("in_title")] > 0
    rarity = words[:, WORD_NAMES.index("rarity")]
    neighbours = set(zip(around.title, around.title[1:], strict=False))
    both = titled[one] & titled[two]
    next_in_title = np.zeros(len(one))
    for place in np.flatnonzero(both).tolist():
        ends = found.words[one[place]], found.words[two[place]]
        next_in_title[place] = ends in neighbours
    gaps = scores - scores.max()
    spread = found.one_if_has_pair.sum(axis=0)
    columns = [
        np.log1p(found.counts),
        np.log1p(spread),
        np.log1p(found.has_pair.argmax(axis=0)),
        found.has_pair[0],
        found.has_pair[min(1, count - 1)],
        next_in_title,
        both,
        titled[one] ^ titled[two],
        likely[one],
        likely[two],
        likely[one] * likely[two],
        np.minimum(rarity[one], rarity[two]),
        np.maximum(rarity[one], rarity[two]),
        best_of(found.has_pair, gaps) * 5,
        gaps @ found.one_if_has_pair / spread * 5,
        (found.capitals[one] + found.capitals[two]) / 2,
        np.full(len(one), np.log1p(count)),
    ]
    return np.column_stack([np.asarray(column, dtype=np.float64) for column in columns])


def values_of(found: Occurrences, likely: Matrix, pairs: Matrix) -> Matrix:
    """What each sentence is worth as a summary, from the likelihoods of its words and pairs."""
    expected = found.one_if_has @ likely + found.one_if_has_pair @ pairs
    return np.asarray(2 * expected / (found.lengths + REFERENCE_WORDS), dtype=np.float64)


def best_of(has: Flags, gaps: Matrix) -> Matrix:
    """The best of the sentences that have it."""
    order = np.argsort(-gaps, kind="stable")
    return np.asarray(gaps[order][has[order].argmax(axis=0)], dtype=np.float64)


def shares_of(has: Matrix, gaps: Matrix) -> Matrix:
    """How much of the sentences' weight is with those that have it, 0 to 1."""
    weights = np.exp(gaps * SHARPNESS)
    return np.asarray(weights @ has / weights.sum(), dtype=np.float64)
