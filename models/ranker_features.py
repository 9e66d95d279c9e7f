"""What the ranker measures of each sentence; language-independent, one row a sentence.

Nothing here knows Vietnamese or English: words are weighted by how common they are (a table that
comes with the weights), and the rest is position, overlap, length and typography. Spacing around
punctuation is never looked at, since training text and pasted text differ there.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.base import Sentence
from models.ranker_title import TitleWords

Matrix = NDArray[np.float64]
Places = NDArray[np.intp]
Flags = NDArray[np.bool_]

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
class Tokens:
    """The words of some sentences, indexed once for all that is measured of them."""

    words: tuple[str, ...]  # different ones, in lower case
    known: Mapping[str, int]  # the place of each among them
    digits: Flags  # (words,): begins with a digit
    at: Places  # (tokens,): the word of each token
    sentence: Places  # (tokens,): the sentence of each token
    starts: Places  # (sentences,): the first token of each
    lengths: Places  # (sentences,): tokens
    capital: Flags  # (tokens,): begins with a capital

    def numbered(self, title: Sequence[str]) -> list[list[int]]:
        """For each word of each sentence its place among the title's different words, or -1."""
        of_words = np.full(len(self.words), -1)
        for place, word in enumerate(dict.fromkeys(title)):
            if word in self.known:
                of_words[self.known[word]] = place
        numbers = of_words[self.at].tolist()
        ends = (self.starts + self.lengths).tolist()
        return [numbers[a:b] for a, b in zip(self.starts.tolist(), ends, strict=True)]


def tokenise(texts: Sequence[str]) -> Tokens:
    """The words of each text."""
    cased = [words(text) for text in texts]
    flat = [word for own in cased for word in own]
    lower = list(map(str.lower, flat))
    known = {word: place for place, word in enumerate(dict.fromkeys(lower))}
    lengths = np.array([len(own) for own in cased], dtype=np.intp)
    return Tokens(
        words=tuple(known),
        known=known,
        digits=np.array([word[0].isdigit() for word in known], dtype=bool),
        at=np.array(list(map(known.__getitem__, lower)), dtype=np.intp),
        sentence=np.repeat(np.arange(len(texts)), lengths),
        starts=np.cumsum(lengths) - lengths,
        lengths=lengths,
        capital=np.array(
            [a != b and a[0].isupper() for a, b in zip(flat, lower, strict=True)], dtype=bool
        ),
    )


@dataclass(frozen=True, slots=True)
class Measures:
    """An article's sentences as numbers."""

    rows: Matrix  # (sentences, len(NAMES))
    tokens: Tokens
    title: Sequence[str]  # its words in lower case

    def column(self, name: str) -> Matrix:
        """One feature of every sentence."""
        return self.rows[:, NAMES.index(name)]


def measure(
    sentences: Sequence[Sentence],
    title: str,
    rarity: Mapping[str, float],
    rarest: float | None = None,
) -> Measures:
    """Features of an article's sentences, of which there must be at least one.

    `rarity` is the inverse document frequency of lower-cased words; unknown words count as the
    rarest, which may be given to save looking for it.
    """
    tokens = tokenise([sentence.text for sentence in sentences])
    most = max(rarity.values(), default=1.0) if rarest is None else rarest
    article = _Words(tokens, [word.lower() for word in words(title)], rarity, most)
    own = _per_sentence(sentences, article)
    columns = own[:, [PER_SENTENCE.index(name) for name in RELATIVE]]
    whole = (
        len(sentences),
        own[:, PER_SENTENCE.index("words")].mean(),
        len(article.title),
        own[:, PER_SENTENCE.index("title_recall")].max(),
        article.title_weights.mean() if article.title else 0.0,
    )
    shared = np.broadcast_to(np.array(whole, dtype=np.float64), (len(sentences), len(whole)))
    rows = np.hstack([own, _ranks(columns), columns - columns.max(axis=0), shared])
    return Measures(rows, tokens, article.title)


class _Words:
    """Sentences and title as weighted bags over the article's own vocabulary."""

    def __init__(
        self, tokens: Tokens, title: list[str], rarity: Mapping[str, float], rarest: float
    ) -> None:
        self.tokens, self.title = tokens, title
        known = dict(tokens.known)
        for word in title:
            known.setdefault(word, len(known))
        self.weights = np.array([rarity.get(word, rarest) for word in known])
        self.title_ids = np.array(sorted({known[w] for w in title}), dtype=np.intp)
        self.title_weights = self.weights[self.title_ids]
        # (sentences, vocabulary): how often, then weighted and scaled to length one
        count = len(tokens.lengths)
        cells = tokens.sentence * len(known) + tokens.at
        counts = np.bincount(cells, minlength=count * len(known)).reshape(count, len(known))
        self.present = counts > 0
        weighted = np.log1p(np.arange(counts.max(initial=0) + 1.0)).take(counts) * self.weights
        self.vectors = weighted / np.maximum(np.linalg.norm(weighted, axis=1, keepdims=True), 1e-9)
        self.numbered = tokens.numbered(title)


def _per_sentence(sentences: Sequence[Sentence], article: _Words) -> Matrix:
    count = len(sentences)
    index = np.arange(count, dtype=np.float64)
    tokens = article.tokens
    lengths = tokens.lengths.astype(np.float64)
    present = article.present
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
    overlap = np.array([titled.overlap(sentence) for sentence in article.numbered])
    order, run, pairs, triples, reach, numbers = overlap.T
    inner = tokens.capital.copy()
    inner[tokens.starts[tokens.lengths > 0]] = False
    begins = inner.copy()  # a run of capitals, after the first word
    begins[1:] &= ~tokens.capital[:-1]
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
        _sums(tokens.digits[tokens.at], tokens),
        _sums(inner, tokens) / np.maximum(lengths, 1),
        _opening_capitals(tokens),
        [len(_QUOTE.findall(sentence.text)) for sentence in sentences],
        [_QUOTE.match(sentence.text.lstrip(" -–")) is not None for sentence in sentences],
        [len(_CLAUSE.findall(sentence.text)) for sentence in sentences],
        [sentence.text.rstrip().endswith((":", "?", "…", "...")) for sentence in sentences],
        sentence_weight / np.maximum(present.sum(axis=1), 1),
        _weights_at(article, 0),
        _weights_at(article, 1),
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
        _sums(begins, tokens),
        numbers,
        [s.text.rstrip(" .,").endswith(('"', "”", "'")) for s in sentences],
    ]
    return np.column_stack([np.asarray(column, dtype=np.float64) for column in own])


def _ranks(columns: Matrix) -> Matrix:
    """Place of each value in its column from the greatest down, 0 to 1; equals keep their order."""
    count = len(columns)
    order = np.argsort(-columns, axis=0, kind="stable")
    ranks = np.empty(columns.shape)
    np.put_along_axis(ranks, order, np.arange(count, dtype=np.float64)[:, None], axis=0)
    return ranks / max(count - 1, 1)


def _sums(flags: Flags, tokens: Tokens) -> Matrix:
    """How many tokens of each sentence it is true of."""
    found = np.bincount(tokens.sentence, weights=flags, minlength=len(tokens.lengths))
    return np.asarray(found, dtype=np.float64)


def _opening_capitals(tokens: Tokens) -> Matrix:
    """How many of the first four words of each sentence begin with capitals, up to one without."""
    run = np.ones(len(tokens.lengths), dtype=bool)
    found = np.zeros(len(run))
    for place in range(4):
        here = tokens.starts + place
        inside = place < tokens.lengths
        run &= inside
        run[inside] &= tokens.capital[here[inside]]
        found += run
    return found


def _weights_at(article: _Words, place: int) -> Matrix:
    """The weight of each sentence's word at a place, 0 where it is shorter."""
    tokens = article.tokens
    inside = place < tokens.lengths
    found = np.zeros(len(inside))
    found[inside] = article.weights[tokens.at[tokens.starts[inside] + place]]
    return found


def count_documents(texts: Sequence[str]) -> Counter[str]:
    """In how many of the texts each lower-cased word occurs."""
    return Counter(word for text in texts for word in {w.lower() for w in words(text)})
