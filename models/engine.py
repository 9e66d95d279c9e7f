"""What all engines that hold weights share: batches in, hypotheses out, in the order asked.

An engine is a codec (texts to tokens and back) and `_infer`, the only step that knows a library or
touches a device.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from models.base import Decoding, Hypothesis, Request
from models.carded import Carded
from models.catalogue import Card
from models.codec import Codec, Prompt
from models.faults import WrongArchitecture


@dataclass(frozen=True, slots=True)
class Output:
    """What the decoder wrote, without what it was given and without its end mark."""

    tokens: tuple[str, ...]
    score: float  # mean log-probability per token, the end mark counted


@dataclass(frozen=True, slots=True)
class Search:
    """How to decode one call; the same for all its prompts."""

    decoding: Decoding
    max_tokens: int
    min_tokens: int = 1


def target_limit(source_tokens: int, positions: int = 512) -> int:
    """Longest target decoded for a source, in tokens.

    Human pairs stay below 2.1 target characters a source character (FLORES dev, both ways).

    >>> target_limit(10)
    54
    """
    return min(positions - 2, max(16, int(2.2 * source_tokens) + 32))


class Engine(Carded, ABC):
    """A `models.base.Translator`, and a `models.base.Generator` where the card says so."""

    def __init__(self, card: Card, codec: Codec) -> None:
        self.card = card
        self.codec = codec

    def count_tokens(self, text: str) -> int:
        """Source tokens of `text`, without prefix and end mark."""
        return self.codec.count_tokens(text)

    def translate(
        self, requests: Sequence[Request], decoding: Decoding | None = None
    ) -> list[list[Hypothesis]]:
        """One list of `n_best` hypotheses a request, best first; in the order of the requests.

        Raises CardError for a target language that the model does not know.
        """
        if not requests:
            return []
        prompts = [self.codec.request(request) for request in requests]
        limits = [target_limit(len(prompt.source), self.codec.positions) for prompt in prompts]
        search = Search(decoding or self.card.decoding, max(limits))
        languages = [request.target_language for request in requests]
        return self._answers(prompts, search, limits, languages)

    def generate(
        self,
        texts: Sequence[str],
        *,
        max_tokens: int,
        min_tokens: int = 0,
        language: str | None = None,
        decoding: Decoding | None = None,
    ) -> list[list[Hypothesis]]:
        """One list of hypotheses a text, such as its summaries; see `models.base.Generator`."""
        if self.card.task != "summarisation":
            message = f"Model `{self.card.id}` translates; it cannot summarise."
            raise WrongArchitecture(message)
        if not texts:
            return []
        prompts = [self.codec.text(text, language) for text in texts]
        limit = min(max_tokens, self.codec.positions - 2)
        search = Search(decoding or self.card.decoding, limit, max(1, min(min_tokens, limit)))
        return self._answers(prompts, search, [limit] * len(texts), [language] * len(texts))

    @abstractmethod
    def _infer(self, prompts: Sequence[Prompt], search: Search) -> list[list[Output]]:
        """`n_best` outputs a prompt, best first; in the order of the prompts."""

    def _answers(
        self,
        prompts: Sequence[Prompt],
        search: Search,
        limits: Sequence[int],
        languages: Sequence[str | None],
    ) -> list[list[Hypothesis]]:
        outputs = self._infer(prompts, search)
        return [
            [
                Hypothesis(
                    self.codec.answer(output.tokens[:limit], language),
                    score=output.score,
                    truncated=prompt.cut or len(output.tokens) >= limit,
                )
                for output in found
            ]
            for prompt, limit, language, found in zip(
                prompts, limits, languages, outputs, strict=True
            )
        ]
