"""What the ranker learns from: articles with labels, sets with labels, how common words are."""

import hashlib
import json
import lzma
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, islice
from multiprocessing.pool import Pool
from pathlib import Path

import numpy as np

from models.ranker import CARD_NAME, WEIGHTS_NAME
from models.ranker_features import count_documents
from models.ranker_sets import MAX_SIZE
from scripts.evaluation.rouge import rouge, words

BEST = 8  # sentences from which sets are made, as in service.stages.summarise
MAX_SET_WORDS = 80  # longer sets are no short summary
WORDS_A_LANGUAGE = 4000


@dataclass(frozen=True, slots=True)
class Example:
    """An article; each label is the mean ROUGE of the sentence alone, 0 to 1."""

    title: str
    abstract: str
    sentences: tuple[str, ...]
    labels: np.ndarray

    @property
    def text(self) -> str:
        return " ".join([self.title, *self.sentences])


@dataclass(frozen=True, slots=True)
class TrainingSet:
    """Rows of features, and what each is worth."""

    rows: np.ndarray
    labels: np.ndarray

    @classmethod
    def joined(cls, parts: Sequence["TrainingSet"]) -> "TrainingSet":
        return cls(
            np.vstack([part.rows for part in parts]),
            np.concatenate([part.labels for part in parts]),
        )


def read_examples(path: Path, pool: Pool, limit: int) -> list[Example]:
    """The first articles of a file in the vietnews layout, labelled."""
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        return pool.map(_example, list(islice(lines, limit)), chunksize=200)


def _example(line: str) -> Example:
    record = json.loads(line)
    reference = words(record["abstract"])
    labels = np.array([rouge(reference, words(text)).mean for text in record["body"]])
    return Example(record["title"], record["abstract"], tuple(record["body"]), labels)


def candidate_sets(scores: np.ndarray, lengths: np.ndarray) -> list[tuple[int, ...]]:
    """Sets of up to three of the best sentences that are short enough; all singles."""
    best = sorted(np.argsort(-scores, kind="stable")[:BEST].tolist())
    return [
        chosen
        for size in range(1, MAX_SIZE + 1)
        for chosen in combinations(best, size)
        if size == 1 or lengths[list(chosen)].sum() <= MAX_SET_WORDS
    ]


def label_sets(example: Example, sets: Sequence[Sequence[int]]) -> np.ndarray:
    """Mean ROUGE of each set as a summary."""
    reference = words(example.abstract)
    cut = [words(text) for text in example.sentences]
    joined = [[word for place in chosen for word in cut[place]] for chosen in sets]
    return np.array([rouge(reference, summary).mean for summary in joined])


def word_rarity(vietnamese: Sequence[str], english: Path) -> dict[str, float]:
    """Inverse document frequency, 0 to 1, of the commonest words of both languages.

    A word of both is as common as in the language that has it more often; a word that one
    document in a thousand has, or fewer, counts 1 and is left out.
    """
    with lzma.open(english, "rt", encoding="utf-8") as lines:
        other = [" ".join(str(value) for value in json.loads(line).values()) for line in lines]
    found: dict[str, float] = {}
    for texts in (vietnamese, other):
        for word, count in count_documents(texts).most_common(WORDS_A_LANGUAGE):
            value = round(min(math.log(len(texts) / count) / math.log(1000), 1.0), 2)
            found[word] = min(found.get(word, 1.0), value)
    return {word: value for word, value in found.items() if value < 1}


def write_card(folder: Path, raw: bytes, articles: tuple[int, int, int], reached: float) -> None:
    """Say what the weights are, beside them."""
    first, second, held_out = articles
    (folder / CARD_NAME).write_text(
        f"""# Written by scripts/train_ranker.py.
id = "ranker"
version = "2"
task = "extractive-summary"
architecture = "two stages of gradient-boosted regression trees (scikit-learn), run in numpy"
licence = "the project's own; the training text states none"
data = \"\"\"
vietnews.train: {first:,} articles for single sentences, {second:,} for sets, {held_out:,} held out.
How common words are: the same articles, and en.news-bbc. vietnews states no licence; the weights
hold no sentence of it, only split points over counts, and frequencies of single words.\"\"\"
quality = "mean of ROUGE-1/2/L on the held-out articles: {reached:.2f} (F1 x 100, diacritic-aware)"

[files]
"{WEIGHTS_NAME}" = "{hashlib.sha256(raw).hexdigest()}"
""",
        encoding="utf-8",
    )
