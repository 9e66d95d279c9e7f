"""Generators in the queue that translations wait in: tickets, urgency, several at once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from models.base import Decoding, Generator, Hypothesis, Request
from models.batching import Batcher
from models.tickets import WHENEVER, Ticket


class Summariser(Generator, Protocol):
    """A generator that also says how it searches; every engine whose card has languages is one."""

    @property
    def decoding(self) -> Decoding: ...


@dataclass(frozen=True, slots=True)
class SummaryRequest(Request):
    """A text to summarise in its own language, which is the target's."""

    max_tokens: int = 256


class SummaryEngine:
    """A summariser as the `models.base.Translator` that a `Batcher` decodes with."""

    directions: frozenset[tuple[str, str]] = frozenset()
    min_score = None
    placeholders: tuple[str, ...] = ()

    def __init__(
        self, summariser: Summariser, most_tokens: int = 0, *, max_source_tokens: int = 0
    ) -> None:
        """`most_tokens` of a summary; 0 where the request alone says.

        `max_source_tokens` of an article, where it is not what the summariser says.
        """
        self.summariser = summariser
        self._most_tokens = most_tokens
        self._max_source_tokens = max_source_tokens

    @property
    def model_id(self) -> str:
        return self.summariser.model_id

    @property
    def weights_sha256(self) -> str:
        return self.summariser.weights_sha256

    @property
    def decoding(self) -> Decoding:
        """All that the search finds: where one summary is refused another may do."""
        own = self.summariser.decoding
        return replace(own, n_best=own.beam_size)

    @property
    def max_source_tokens(self) -> int:
        return self._max_source_tokens or self.summariser.max_source_tokens

    def count_tokens(self, text: str) -> int:
        return self.summariser.count_tokens(text)

    def translate(
        self, requests: Sequence[Request], decoding: Decoding | None = None
    ) -> list[list[Hypothesis]]:
        """The summaries of each `SummaryRequest`.

        Articles are read one by one: one fills a batch, and what is written of it depends on
        nothing else then.
        """
        answers = []
        for request in requests:
            asked = request.max_tokens if isinstance(request, SummaryRequest) else 256
            answers += self.summariser.generate(
                [request.text],
                max_tokens=min(asked, self._most_tokens or asked),
                language=request.target_language,
                decoding=decoding or self.decoding,
            )
        return answers


class BatchedGenerator:
    """A `models.base.Generator` for one caller: the model's facts, the batcher's queue."""

    def __init__(self, batcher: Batcher, ticket: Ticket = WHENEVER) -> None:
        """`batcher` has a `SummaryEngine`."""
        if not isinstance(batcher.engine, SummaryEngine):
            message = f"{batcher.engine.model_id} does not summarise."
            raise TypeError(message)
        self._batcher = batcher
        self._summariser = batcher.engine.summariser
        self._ticket = ticket

    @property
    def model_id(self) -> str:
        return self._summariser.model_id

    @property
    def weights_sha256(self) -> str:
        return self._summariser.weights_sha256

    @property
    def languages(self) -> frozenset[str]:
        return self._summariser.languages

    @property
    def max_source_tokens(self) -> int:
        return self._batcher.engine.max_source_tokens

    def count_tokens(self, text: str) -> int:
        return self._summariser.count_tokens(text)

    def generate(
        self,
        texts: Sequence[str],
        *,
        max_tokens: int,
        min_tokens: int = 0,  # noqa: ARG002 - the queue has no place for it, and nobody asks
        language: str | None = None,
        decoding: Decoding | None = None,
    ) -> list[list[Hypothesis]]:
        """Wait for the summaries; raises a `WaitingError`."""
        requests = [SummaryRequest(text, language or "", max_tokens=max_tokens) for text in texts]
        chosen = decoding or self._batcher.engine.decoding
        return self._batcher.translate(requests, chosen, self._ticket, admitted=False)
