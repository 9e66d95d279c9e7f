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
    """A `models.base.Translator`, and a `models.base.Generator` where the card says so.

    `exact`: a source's outputs do not depend on others of its length that are decoded with it.
    """

    exact: bool = False

    def __init__(self, card: Card, codec: Codec) -> None:
        self.card = card
        self.codec = codec

    @property
    def max_source_tokens(self) -> int:
        """As the card says, and no more than the network has positions for."""
        return min(self.card.max_source_tokens, self.codec.room)

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
        languages = [request.target_language for request in requests]
        chosen = decoding or self.card.decoding
        if not chosen.exact:
            return self._answers(prompts, Search(chosen, max(limits)), limits, languages)
        found: dict[int, list[Hypothesis]] = {}
        for same in _of_equal_length(prompts):
            limit = limits[same[0]]
            answers = self._answers(
                [prompts[index] for index in same],
                Search(chosen, limit),
                [limit] * len(same),
                [languages[index] for index in same],
            )
            found |= zip(same, answers, strict=True)
        return [found[index] for index in range(len(prompts))]

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


def _of_equal_length(prompts: Sequence[Prompt]) -> list[list[int]]:
    """Places of the prompts that can be decoded together without padding."""
    groups: dict[tuple[int, int], list[int]] = {}
    for index, prompt in enumerate(prompts):
        groups.setdefault((len(prompt.source), len(prompt.target)), []).append(index)
    return list(groups.values())
