"""What the ranker learns from: labelled articles, words and pairs, and how common words are."""

import hashlib
import json
import lzma
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from multiprocessing.pool import Pool
from pathlib import Path

import numpy as np

from models.base import Sentence
from models.ranker import CARD_NAME, WEIGHTS_NAME, WordRanker
from models.ranker_features import count_documents
from models.ranker_words import Occurrences
from scripts.evaluation.rouge import rouge, words

BEST = 8  # sentences from which sets are made, as in service.stages.summarise
MAX_SENTENCES = 60  # of an article; the longest have 40
WORDS_A_LANGUAGE = 4000

# Of the words with numbers of their own.
MAX_VECTORS = 6000
MIN_ARTICLES_OF_VECTOR = 50

# Of the prior: in how many articles a word must be, what steadies its ratio, what is worth a line.
MIN_ARTICLES = 100
SMOOTHING = 5
MIN_PRIOR = 0.1


@dataclass(frozen=True, slots=True)
class Example:
    """An article; each label is the mean ROUGE of the sentence alone, 0 to 1."""

    title: str
    abstract: str
    sentences: tuple[str, ...]
    labels: np.ndarray
    captions: tuple[str, ...] = ()

    @property
    def as_seen(self) -> list[Sentence]:
        """As the ranker sees the article: each sentence a paragraph."""
        return [Sentence(text, place, "paragraph") for place, text in enumerate(self.sentences)]

    @property
    def text(self) -> str:
        return " ".join([self.title, *self.sentences])


def read_examples(path: Path, pool: Pool) -> list[Example]:
    """The articles of a file in the vietnews layout, labelled."""
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        return pool.map(_example, list(lines), chunksize=200)


def _example(line: str) -> Example:
    record = json.loads(line)
    reference = words(record["abstract"])
    labels = np.array([rouge(reference, words(text)).mean for text in record["body"]])
    return Example(
        record["title"],
        record["abstract"],
        tuple(record["body"][:MAX_SENTENCES]),
        labels[:MAX_SENTENCES],
        tuple(record["captions"]),
    )


def label_words(example: Example, found: Occurrences) -> np.ndarray:
    """Which words are in the abstract."""
    wanted = set(words(example.abstract))
    return np.array([word in wanted for word in found.words], dtype=bool)


def label_pairs(example: Example, found: Occurrences) -> np.ndarray:
    """Which pairs of words are in the abstract."""
    wanted = set(pairwise(words(example.abstract)))
    ends = zip(found.first.tolist(), found.second.tolist(), strict=True)
    return np.array([(found.words[i], found.words[j]) in wanted for i, j in ends], dtype=bool)


def reached(examples: Sequence[Example], ranker: WordRanker) -> float:
    """Mean ROUGE x 100 of the best sentence, or two of the best, by the ranker."""
    found = []
    for example in examples:
        reading = ranker.read(example.as_seen, example.title, example.captions)
        best = sorted(np.argsort(-np.array(reading.scores), kind="stable")[:BEST].tolist())
        sets = [[place] for place in best] + [list(two) for two in combinations(best, 2)]
        chosen = sets[int(np.argmax(reading.values(sets)))]
        summary = [word for place in chosen for word in words(example.sentences[place])]
        found.append(rouge(words(example.abstract), summary).mean)
    return 100 * float(np.mean(found))


def vocabulary(examples: Sequence[Example]) -> list[str]:
    """The commonest words, which get numbers of their own."""
    counts = count_documents([example.text for example in examples])
    common = [word for word, count in counts.items() if count >= MIN_ARTICLES_OF_VECTOR]
    return sorted(common, key=lambda word: (-counts[word], word))[:MAX_VECTORS]


def word_prior(examples: Sequence[Example]) -> dict[str, float]:
    """By how much each word is oftener in abstracts than others of its articles, as a logarithm.

    Words of fewer than 100 articles, and those near 0, are left out.
    """
    seen: Counter[str] = Counter()
    taken: Counter[str] = Counter()
    expected: Counter[str] = Counter()
    for example in examples:
        own = {word for text in example.sentences for word in words(text)}
        wanted = own & set(words(example.abstract))
        seen.update(own)
        taken.update(wanted)
        share = len(wanted) / max(len(own), 1)
        for word in own:
            expected[word] += share  # type: ignore[assignment]
    found = {}
    for word in sorted(word for word, count in seen.items() if count >= MIN_ARTICLES):
        value = round(math.log((taken[word] + SMOOTHING) / (expected[word] + SMOOTHING)), 2)
        if abs(value) > MIN_PRIOR:
            found[word] = value
    return found


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


def write_card(
    folder: Path, raw: bytes, articles: tuple[int, int, int, int], reached: float
) -> None:
    """Say what the weights are, beside them."""
    singles, first, second, held_out = articles
    (folder / CARD_NAME).write_text(
        f"""# Written by scripts/train_ranker.py.
id = "ranker"
version = "4"
task = "extractive-summary"
architecture = "gradient-boosted trees for sentences, perceptrons for words and pairs; numpy"
licence = "the project's own; the training text states none"
data = \"\"\"
vietnews.train: the first {singles:,} articles for sentences, the first {first:,} for the first pass
over words and pairs, the {second:,} after them for the second, the last {held_out:,} held out.
How common words are: the same articles, and en.news-bbc. vietnews states no licence; the weights
hold no sentence of it, only weights over counts, and frequencies of single words.\"\"\"
quality = "mean of ROUGE-1/2/L on the held-out articles: {reached:.2f} (F1 x 100, diacritic-aware)"

[files]
"{WEIGHTS_NAME}" = "{hashlib.sha256(raw).hexdigest()}"
""",
        encoding="utf-8",
    )
