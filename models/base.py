"""What the rest of the product knows of a model: values and protocols, no tensors."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One output of a model for one source."""

    text: str
    score: float  # mean log-probability per target token; 0.0 is certain
    truncated: bool = False  # decoding stopped at the length limit


@dataclass(frozen=True, slots=True)
class Decoding:
    """All search options together."""

    beam_size: int = 4
    n_best: int = 1
    length_penalty: float = 1.0
    repetition_penalty: float = 1.0
    no_repeat_ngram_size: int = 0
    # Each source as if it were decoded alone, whatever it shares a batch with. Only engines that
    # have `exact` can: for archives, whose outcomes must not depend on what else was in work.
    exact: bool = False
    # Among the words alone that the batch's sources are likely to become: faster, and what shares a
    # batch matters more. For engines and models that have such a list.
    shortlist: bool = False

    @property
    def rows(self) -> int:
        """Rows that a source takes in a batch; beams beyond 4 do not make batches smaller."""
        return min(4, max(self.beam_size, self.n_best))


@dataclass(frozen=True, slots=True)
class Request:
    """One source to translate; `terms` must appear in the target where the model can obey."""

    text: str
    target_language: str
    terms: tuple[str, ...] = ()


class Translator(Protocol):
    """Turns requests into hypotheses: same number, same order, best hypothesis first."""

    @property
    def model_id(self) -> str: ...

    @property
    def weights_sha256(self) -> str: ...

    @property
    def directions(self) -> frozenset[tuple[str, str]]:
        """(source language, target language) pairs that the model translates."""
        ...

    @property
    def decoding(self) -> Decoding:
        """The model's own defaults."""
        ...

    @property
    def max_source_tokens(self) -> int: ...

    @property
    def min_score(self) -> float | None:
        """Score below which a hypothesis is probably poor; None where it was not measured."""
        ...

    @property
    def placeholders(self) -> tuple[str, ...]:
        """Tokens that the model copies as they are; empty where it knows none."""
        ...

    def count_tokens(self, text: str) -> int: ...

    def translate(
        self, requests: Sequence[Request], decoding: Decoding | None = None
    ) -> list[list[Hypothesis]]: ...


class Generator(Protocol):
    """Writes one text for each text it is given, such as a summary; best hypothesis first."""

    @property
    def model_id(self) -> str: ...

    @property
    def weights_sha256(self) -> str: ...

    @property
    def languages(self) -> frozenset[str]:
        """Languages that the model reads; it writes in the language it reads."""
        ...

    @property
    def max_source_tokens(self) -> int: ...

    def count_tokens(self, text: str) -> int: ...

    def generate(
        self,
        texts: Sequence[str],
        *,
        max_tokens: int,
        min_tokens: int = 0,
        language: str | None = None,
        decoding: Decoding | None = None,
    ) -> list[list[Hypothesis]]:
        """Same number and order as `texts`; a text that did not fit is flagged `truncated`.

        `language` is that of the texts, for a model that must be told; None where it reads one.
        """
        ...


@dataclass(frozen=True, slots=True)
class Sentence:
    """What a ranker sees of one sentence; positions are counted over the article's sentences."""

    text: str
    block: int
    kind: str  # a `BlockKind` value


class Ranker(Protocol):
    """Scores sentences of one article for an extractive summary; higher is better."""

    def score(self, sentences: Sequence[Sentence], title: str) -> list[float]: ...
