"""Summaries of news scored beside simple ones: articles in, one row of figures a system out."""

import json
import lzma
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from models.base import Ranker, Sentence
from scripts.evaluation.rouge import Rouge, Tokeniser, google_words, rouge, words
from service.article import BlockKind, Segment, Span
from service.stages.segment import segment

TOKENISERS: Mapping[str, Tokeniser] = {"words": words, "google": google_words}
RESAMPLES = 1000  # of the articles, for the intervals
MEASURED = 40  # articles whose scoring is timed
ORACLE_SENTENCES = 2  # as in the published figures for vietnews


@dataclass(frozen=True, slots=True)
class Document:
    """An article as the pipeline holds it, and what a good summary of it says."""

    title: str
    segments: tuple[Segment, ...]
    references: tuple[str, ...]

    @property
    def sentences(self) -> list[str]:
        """The running text, without captions."""
        return [s.text for s in self.segments if s.kind is BlockKind.PARAGRAPH]


@dataclass(frozen=True, slots=True)
class Row:
    """Mean F1 x 100 of one system; each interval holds 95 % of the bootstrap's means."""

    name: str
    rouge1: float
    rouge2: float
    rougeL: float  # noqa: N815 - the name that readers of the JSON expect
    words: float
    intervals: Mapping[str, tuple[float, float]]
    google: Mapping[str, float]  # the same with Google's tokeniser


System = Callable[[Document], str]


def read_documents(path: Path, limit: int | None = None) -> list[Document]:
    """Articles of a `.jsonl.xz` file in the layout of vietnews or of bbc-100."""
    return [_document(record) for record in islice(read_records(path), limit)]


def read_records(path: Path) -> Iterator[dict[str, object]]:
    """One object a line."""
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def score(name: str, system: System, documents: Sequence[Document]) -> Row:
    """Run one system over all documents."""
    summaries = [system(document) for document in documents]
    return score_texts(name, summaries, [document.references for document in documents])


def score_texts(name: str, summaries: Sequence[str], references: Sequence[Sequence[str]]) -> Row:
    """A system's figures from its summaries, each against one or several references."""
    pairs = list(zip(summaries, references, strict=True))
    scores = {
        tokeniser: np.array([_against(summary, own, cut) for summary, own in pairs])
        for tokeniser, cut in TOKENISERS.items()
    }
    measures = ("rouge1", "rouge2", "rougeL")
    means = dict(zip(measures, _means(scores["words"]), strict=True))
    return Row(
        name=name,
        **means,
        words=round(float(np.mean([len(words(summary)) for summary in summaries])), 1),
        intervals=dict(zip(measures, _intervals(scores["words"]), strict=True)),
        google=dict(zip(measures, _means(scores["google"]), strict=True)),
    )


def show_rows(rows: Sequence[Row], title: str) -> None:
    """Print a table of all the rows' figures."""
    table = Table(title=f"ROUGE F1 x 100 (95 % interval), {title}")
    for name in ("", "ROUGE-1", "ROUGE-2", "ROUGE-L", "words", "Google's tokeniser"):
        table.add_column(name, justify="left" if not name else "right")
    for row in rows:
        google = "/".join(f"{row.google[m]:.1f}" for m in ("rouge1", "rouge2", "rougeL"))
        cells = [
            f"{value:.2f} ({low:.1f}–{high:.1f})"
            for value, (low, high) in zip(
                (row.rouge1, row.rouge2, row.rougeL), row.intervals.values(), strict=True
            )
        ]
        table.add_row(row.name, *cells, f"{row.words:.0f}", google)
    Console(width=110).print(table)


def lead(count: int) -> System:
    """The first sentences."""
    return lambda document: " ".join(document.sentences[:count])


def textrank(count: int) -> System:
    """TextRank (Mihalcea and Tarau, 2004): PageRank over shared words, in the source's order."""

    def run(document: Document) -> str:
        ranks = textrank_scores([words(text) for text in document.sentences])
        best = sorted(np.argsort(-ranks, kind="stable")[:count])
        return " ".join(document.sentences[i] for i in best)

    return run


def textrank_scores(sentences: Sequence[Sequence[str]], damping: float = 0.85) -> np.ndarray:
    """PageRank of each sentence; links weigh shared words / (log length + log length)."""
    bags = [set(sentence) for sentence in sentences]
    logs = [np.log(max(len(sentence), 2)) for sentence in sentences]
    size = len(sentences)
    links = np.zeros((size, size))
    for i in range(size):
        for j in range(i):
            links[i, j] = links[j, i] = len(bags[i] & bags[j]) / (logs[i] + logs[j])
    sums = links.sum(axis=1, keepdims=True)
    steps = np.divide(links, sums, out=np.full_like(links, 1 / max(size, 1)), where=sums > 0)
    ranks = np.full(size, 1 / max(size, 1))
    for _ in range(50):
        ranks = (1 - damping) / max(size, 1) + damping * (steps.T @ ranks)
    return ranks


def oracle(document: Document) -> str:
    """The sentences that score best against the reference, added greedily: an upper bound."""
    sentences = document.sentences
    chosen: list[int] = []
    best = 0.0
    while len(chosen) < min(ORACLE_SENTENCES, len(sentences)):
        gains = [
            (_mean(" ".join(sentences[k] for k in sorted({*chosen, i})), document), -i)
            for i in range(len(sentences))
            if i not in chosen
        ]
        gain, place = max(gains)
        if gain <= best:
            break
        best = gain
        chosen.append(-place)
    return " ".join(sentences[i] for i in sorted(chosen))


def scoring_ms(ranker: Ranker, documents: Sequence[Document], sentences: int = 50) -> float:
    """CPU milliseconds to score an article of so many sentences: median of 40, each the best of 5.

    Articles are joined until they are long enough, under the title of the last.
    """
    texts: list[str] = []
    found: list[float] = []
    for document in documents:
        texts += document.sentences
        if len(texts) < sentences or len(found) == MEASURED:
            continue
        article = [Sentence(text, i, "paragraph") for i, text in enumerate(texts[:sentences])]
        texts = []
        runs = []
        for _ in range(5):
            started = time.process_time()
            ranker.score(article, document.title)
            runs.append(time.process_time() - started)
        found.append(min(runs))
    return 1000 * float(np.median(found)) if found else 0.0


def _mean(summary: str, document: Document) -> float:
    return float(_against(summary, document.references, words).mean())


def _against(summary: str, references: Sequence[str], cut: Tokeniser) -> np.ndarray:
    """ROUGE-1, -2 and -L, averaged over the references; shape (3,)."""
    candidate = cut(summary)
    found: list[Rouge] = [rouge(cut(reference), candidate) for reference in references]
    return np.mean([(r.rouge1, r.rouge2, r.rouge_l) for r in found], axis=0)


def _means(scores: np.ndarray) -> list[float]:
    return [round(100 * float(mean), 2) for mean in scores.mean(axis=0)]


def _intervals(scores: np.ndarray) -> list[tuple[float, float]]:
    """2.5th and 97.5th percentile of the means of resampled articles, seeded."""
    chance = np.random.default_rng(6)
    picks = chance.integers(len(scores), size=(RESAMPLES, len(scores)))
    means = 100 * np.stack([scores[pick].mean(axis=0) for pick in picks])
    low, high = np.percentile(means, [2.5, 97.5], axis=0)
    return [(round(float(a), 2), round(float(b), 2)) for a, b in zip(low, high, strict=True)]


def _document(record: Mapping[str, object]) -> Document:
    if "body" in record:
        return Document(str(record["title"]), _given_sentences(record), (str(record["abstract"]),))
    title, _, body = str(record["article"]).partition("\n")
    paragraphs = [(BlockKind.PARAGRAPH, line) for line in body.splitlines() if line.strip()]
    blocks = [(BlockKind.TITLE, title), *paragraphs]
    return Document(title, as_segments(blocks), (str(record["summary"]),))


def _given_sentences(record: Mapping[str, object]) -> tuple[Segment, ...]:
    """The data's own sentences, one paragraph each, so that Lead-N means what others mean by it."""
    kinds = ((BlockKind.PARAGRAPH, "body"), (BlockKind.CAPTION, "captions"))
    title = [(BlockKind.TITLE, str(record["title"]))]
    texts = [(kind, str(text)) for kind, key in kinds for text in _list(record.get(key, []))]
    blocks = title + texts
    return tuple(
        Segment(f"b{index + 1}s1", index, kind, Span(0, len(text)), text, None)
        for index, (kind, text) in enumerate(blocks)
    )


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        message = "`body` and `captions` must be lists of sentences."
        raise TypeError(message)
    return value


def as_segments(blocks: Sequence[tuple[BlockKind, str]]) -> tuple[Segment, ...]:
    """The blocks' sentences, cut as the pipeline cuts them."""
    return tuple(
        Segment(f"b{index + 1}s{number}", index, kind, span, span.of(text), None)
        for index, (kind, text) in enumerate(blocks)
        for number, span in enumerate(segment(text, None), start=1)
    )
