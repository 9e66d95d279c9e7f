"""Digests of several articles scored beside simple ones, on clusters with human references."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest
from pathlib import Path

import numpy as np

from models.base import Ranker
from scripts.evaluation.rouge import words
from scripts.evaluation.summaries import (
    Row,
    as_segments,
    read_records,
    score_texts,
    textrank_scores,
)
from service.article import BlockKind, Segment
from service.stages.digest import Source, digest

_TITLE = re.compile(r"\bTITLE:\s*(.*?)\s*SUMMARY:")  # "LINK: x TITLE: Tin SUMMARY: y" has "Tin"


@dataclass(frozen=True, slots=True)
class Cluster:
    """Articles on one event, and what people wrote of them all."""

    articles: tuple[tuple[str, tuple[Segment, ...]], ...]  # title and sentences
    references: tuple[str, ...]


Digester = Callable[[Cluster], str]


def read_clusters(path: Path, skip: int = 0, limit: int | None = None) -> list[Cluster]:
    """Clusters of a `.jsonl.xz` file in the layout of vietnamese-mds."""
    stop = None if limit is None else skip + limit
    return [_cluster(record) for record in islice(read_records(path), skip, stop)]


def score_digests(name: str, system: Digester, clusters: Sequence[Cluster]) -> Row:
    """Run one system over all clusters."""
    return score_texts(name, [system(c) for c in clusters], [c.references for c in clusters])


def ours(ranker: Ranker, max_words: int) -> Digester:
    """What the product returns, as one text."""

    def run(cluster: Cluster) -> str:
        sources = [Source(title, segments) for title, segments in cluster.articles]
        found = digest(sources, ranker, sentences=50, max_words=max_words)
        return " ".join(sentence.text for sentence in found)

    return run


def lead(max_words: int) -> Digester:
    """The first sentence of each article, then the second of each, while they fit."""

    def run(cluster: Cluster) -> str:
        turns = zip_longest(*([s.text for s in segments] for _, segments in cluster.articles))
        return " ".join(_fitting([text for turn in turns for text in turn if text], max_words))

    return run


def lead_of_first(max_words: int) -> Digester:
    """The head of the first article."""
    return lambda cluster: " ".join(
        _fitting([segment.text for segment in cluster.articles[0][1]], max_words)
    )


def textrank(max_words: int) -> Digester:
    """TextRank over the sentences of all articles, in their order."""

    def run(cluster: Cluster) -> str:
        texts = [segment.text for _, segments in cluster.articles for segment in segments]
        ranks = textrank_scores([words(text) for text in texts])
        order = np.argsort(-ranks, kind="stable").tolist()
        chosen = set(_fitting([texts[i] for i in order], max_words))
        return " ".join(text for text in texts if text in chosen)

    return run


def _fitting(texts: Sequence[str], max_words: int) -> list[str]:
    """The texts from the start that fit together; one that is too long is passed over."""
    chosen: list[str] = []
    left = max_words
    for text in texts:
        if len(words(text)) <= left:
            chosen.append(text)
            left -= len(words(text))
    return chosen


def _cluster(record: Mapping[str, object]) -> Cluster:
    documents, references = record["docs"], record["refs"]
    if not isinstance(documents, list) or not isinstance(references, list):
        message = "`docs` and `refs` must be lists."
        raise TypeError(message)
    articles = tuple(
        (_title(str(document["info"])), as_segments(_paragraphs(str(document["body"]))))
        for document in documents
    )
    return Cluster(articles, tuple(map(str, references)))


def _title(info: str) -> str:
    found = _TITLE.search(info)
    return found[1].replace("_", " ") if found else ""


def _paragraphs(body: str) -> list[tuple[BlockKind, str]]:
    return [(BlockKind.PARAGRAPH, line) for line in body.splitlines() if line.strip()]
