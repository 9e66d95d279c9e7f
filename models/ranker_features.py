"""What the ranker measures of each sentence; language-independent, one row a sentence.

Nothing here knows Vietnamese or English: words are weighted by how common they are (a table that
comes with the weights), and the rest is position, overlap, length and typography. Spacing around
punctuation is never looked at, since training text and pasted text differ there.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from models.base import Sentence
from models.ranker_title import TitleWords

Matrix = NDArray[np.float64]

# Kinds that are no running text; the article's other kinds are treated alike.
LOOSE_KINDS = frozenset({"caption", "heading", "list_item", "table_row", "dateline", "byline"})

_WORD = re.compile(r"\w+")  # "Hà Nội, 2/9" -> "Hà", "Nội", "2", "9"
_QUOTE = re.compile("[\"“”«»„‟']")  # "“Tốt”" has two
_CLAUSE = re.compile(r"[,;:–—-]")  # "Hôm nay, tại Hà Nội" has one

PER_SENTENCE = (
    "index",
    "place",
    "from_end",
    "words",
    "length_to_mean",
    "title_recall",
    "title_precision",
    "title_pairs",
    "title_new",
    "centrality",
    "to_first",
    "to_previous",
    "to_next",
    "said_before",
    "digits",
    "capitals",
    "starts_capital_run",
    "quotes",
    "starts_quoted",
    "clauses",
    "ends_open",
    "rarity",
    "first_word",
    "second_word",
    "loose",
    "block_start",
    "title_order",
    "title_run",
    "title_triples",
    "title_cosine",
    "title_reach",
    "to_second",
    "to_third",
    "nearest",
    "likeness",
    "introduces",
    "names",
    "title_numbers",
    "ends_quoted",
)
RELATIVE = (
    "title_recall",
    "title_precision",
    "centrality",
    "words",
    "to_first",
    "rarity",
    "title_order",
    "title_cosine",
    "introduces",
    "likeness",
)
PER_ARTICLE = ("sentences", "mean_words", "title_words", "best_title_recall", "title_rarity")
NAMES = (
    *PER_SENTENCE,
    *(f"{name}_rank" for name in RELATIVE),
    *(f"{name}_to_best" for name in RELATIVE),
    *PER_ARTICLE,
)


def words(text: str) -> list[str]:
    """The words of a text in their own case, NFC."""
    return _WORD.findall(unicodedata.normalize("NFC", text))


@dataclass(frozen=True, slots=True)
class Measures:
    """An article's sentences as numbers."""

    rows: Matrix  # (sentences, len(NAMES))
    cased: Sequence[Sequence[str]]  # the words of each sentence
    lower: Sequence[Sequence[str]]  # the same in lower case
    title: Sequence[str]  # its words in lower case

    def column(self, name: str) -> Matrix:
        """One feature of every sentence."""
        return self.rows[:, NAMES.index(name)]


def measure(sentences: Sequence[Sentence], title: str, rarity: Mapping[str, float]) -> Measures:
    """Features of an article's sentences, of which there must be at least one.

    `rarity` is the inverse document frequency of lower-cased words; unknown words count as the
    rarest.
    """
    article = _Words([words(sentence.text) for sentence in sentences], words(title), rarity)
    own = _per_sentence(sentences, article)
    columns = [own[:, PER_SENTENCE.index(name)] for name in RELATIVE]
    ranks = [_ranks(column) for column in columns]
    gaps = [column - column.max() for column in columns]
    whole = (
        len(sentences),
        own[:, PER_SENTENCE.index("words")].mean(),
        len(article.title),
        own[:, PER_SENTENCE.index("title_recall")].max(),
        article.title_weights.mean() if article.title else 0.0,
    )
    shared = [np.full(len(sentences), float(value)) for value in whole]
    rows = np.column_stack([own, *ranks, *gaps, *shared])
    return Measures(rows, article.cased, article.lower, article.title)


class _Words:
    """Sentences and title as weighted bags over the article's own vocabulary."""

    def __init__(
        self, sentences: list[list[str]], title: list[str], rarity: Mapping[str, float]
    ) -> None:
        self.cased = sentences
        self.lower = [[word.lower() for word in sentence] for sentence in sentences]
        self.title = [word.lower() for word in title]
        flat = (word for sentence in [*self.lower, self.title] for word in sentence)
        known = {word: place for place, word in enumerate(dict.fromkeys(flat))}
        rarest = max(rarity.values(), default=1.0)
        self.weights = np.array([rarity.get(word, rarest) for word in known])
        self.ids = [np.array([known[w] for w in s], dtype=np.intp) for s in self.lower]
        self.title_ids = np.array(sorted({known[w] for w in self.title}), dtype=np.intp)
        self.title_weights = self.weights[self.title_ids]
        # (sentences, vocabulary): how often, then weighted and scaled to length one
        rows = np.repeat(np.arange(len(sentences)), [len(ids) for ids in self.ids])
        cells = rows * len(known) + np.concatenate([*self.ids, np.zeros(0, dtype=np.intp)])
        counts = np.bincount(cells, minlength=len(sentences) * len(known))
        self.counts = counts.reshape(len(sentences), len(known)).astype(np.float64)
        weighted = np.log1p(self.counts) * self.weights
        self.vectors = weighted / np.maximum(np.linalg.norm(weighted, axis=1, keepdims=True), 1e-9)


def _per_sentence(sentences: Sequence[Sentence], article: _Words) -> Matrix:
    count = len(sentences)
    index = np.arange(count, dtype=np.float64)
    lengths = np.array([len(ids) for ids in article.ids], dtype=np.float64)
    present = article.counts > 0
    vectors = article.vectors
    whole = vectors.sum(axis=0)
    others = whole - vectors  # each sentence against the rest of the article
    centrality = (vectors * others).sum(axis=1) / np.maximum(np.linalg.norm(others, axis=1), 1e-9)
    beside = (vectors[1:] * vectors[:-1]).sum(axis=1)
    in_title = present[:, article.title_ids]
    title_weight = max(float(article.title_weights.sum()), 1e-9)
    sentence_weight = np.maximum((present * article.weights).sum(axis=1), 1e-9)
    seen_before = np.vstack([np.zeros((1, present.shape[1]), bool), present[:-1]])
    seen_before = np.maximum.accumulate(seen_before, axis=0)
    told = (present & seen_before) @ article.weights
    shared = in_title @ article.title_weights
    alike = vectors @ vectors.T
    np.fill_diagonal(alike, 0.0)
    title_vector = np.zeros(present.shape[1])
    title_vector[article.title_ids] = article.title_weights / max(
        float(np.linalg.norm(article.title_weights)), 1e-9
    )
    often = present.sum(axis=0) > 1
    introduced = (present & ~seen_before & often) @ article.weights
    titled = TitleWords(article.title)
    overlap = np.array([titled.overlap(sentence) for sentence in article.lower])
    order, run, pairs, triples, reach, numbers = overlap.T
    upper = _flags(article.cased, str.isupper)
    inner = [own[1:] for own in upper]
    new = (in_title & ~seen_before[:, article.title_ids]) @ article.title_weights
    own = [
        index,
        index / count,
        count - 1 - index,
        lengths,
        lengths / max(float(lengths.mean()), 1.0),
        shared / title_weight,
        shared / sentence_weight,
        pairs,
        new / title_weight,
        centrality,
        vectors @ vectors[0],
        np.concatenate([[0.0], beside]),
        np.concatenate([beside, [0.0]]),
        told / sentence_weight,
        [sum(own) for own in _flags(article.cased, str.isdigit)],
        [sum(own) for own in inner] / np.maximum(lengths, 1),
        [[*own[:4], False].index(False) for own in upper],
        [len(_QUOTE.findall(sentence.text)) for sentence in sentences],
        [_QUOTE.match(sentence.text.lstrip(" -–")) is not None for sentence in sentences],
        [len(_CLAUSE.findall(sentence.text)) for sentence in sentences],
        [sentence.text.rstrip().endswith((":", "?", "…", "...")) for sentence in sentences],
        sentence_weight / np.maximum(present.sum(axis=1), 1),
        [_weight_at(article, row, 0) for row in range(count)],
        [_weight_at(article, row, 1) for row in range(count)],
        [sentence.kind in LOOSE_KINDS for sentence in sentences],
        [i == 0 or sentences[i - 1].block != s.block for i, s in enumerate(sentences)],
        order,
        run,
        triples,
        vectors @ title_vector,
        reach,
        vectors @ vectors[min(1, count - 1)],
        vectors @ vectors[min(2, count - 1)],
        alike.max(axis=1),
        np.sqrt(alike).mean(axis=1),
        introduced / sentence_weight,
        [sum(b and not a for a, b in pairwise(own)) for own in upper],
        numbers,
        [s.text.rstrip(" .,").endswith(('"', "”", "'")) for s in sentences],
    ]
    return np.column_stack([np.asarray(column, dtype=np.float64) for column in own])


def _ranks(column: Matrix) -> Matrix:
    """Place of each value from the greatest down, 0 to 1; equals keep the article's order."""
    ranks = np.empty(len(column))
    ranks[np.argsort(-column, kind="stable")] = np.arange(len(column))
    return ranks / max(len(column) - 1, 1)


def _flags(sentences: Sequence[Sequence[str]], ask: Callable[[str], bool]) -> list[list[bool]]:
    """The answer for the first letter of every word."""
    return [[ask(word[0]) for word in sentence] for sentence in sentences]


def _weight_at(article: _Words, row: int, place: int) -> float:
    ids = article.ids[row]
    return float(article.weights[ids[place]]) if len(ids) > place else 0.0


def count_documents(texts: Sequence[str]) -> Counter[str]:
    """In how many of the texts each lower-cased word occurs."""
    return Counter(word for text in texts for word in {w.lower() for w in words(text)})
