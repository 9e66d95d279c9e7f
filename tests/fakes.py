"""Translators without weights, for what is about the pipeline and not about a model."""

from collections.abc import Callable, Sequence

from models.base import Decoding, Hypothesis, Request
from models.control_tokens import PLACEHOLDERS
from service.article import Language
from service.result import DecodingResult, Provenance, Result, SummaryResult


class FakeTranslator:
    """Answers with `answer(text)`: one hypothesis, or several where it returns a list.

    `asked` records the texts of every call.
    """

    model_id = "fake@1"
    weights_sha256 = "0" * 64
    directions = frozenset({("vi", "en"), ("en", "vi")})
    decoding = Decoding(beam_size=1)
    placeholders = PLACEHOLDERS
    min_score = None

    def __init__(
        self, answer: Callable[[str], str | list[str]] = str.upper, max_source_tokens: int = 50
    ) -> None:
        self.answer = answer
        self.max_source_tokens = max_source_tokens
        self.asked: list[list[str]] = []

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def translate(
        self, requests: Sequence[Request], decoding: Decoding | None = None
    ) -> list[list[Hypothesis]]:
        self.asked.append([request.text for request in requests])
        answers = []
        for request in requests:
            texts = self.answer(request.text)
            texts = [texts] if isinstance(texts, str) else texts
            wanted = decoding.n_best if decoding else 1
            answers.append([Hypothesis(text, score=-0.1) for text in texts[:wanted]])
        return answers


def plain_result(text: str) -> Result:
    """A result that says `text`, as quickly as one can be made."""
    nothing = Decoding(beam_size=1)
    return Result(
        title=None,
        published=None,
        byline=None,
        source_language=Language.VI,
        target_language=Language.EN,
        verdict="ready",
        reasons=[],
        summary=SummaryResult(source=[], target=[]),
        blocks=[],
        terms=[],
        removed=[],
        repairs=[],
        text=text,
        provenance=Provenance(
            software="songngu",
            model="fake@1",
            weights_sha256="0" * 64,
            decoding=DecodingResult(
                beam_size=nothing.beam_size,
                n_best=nothing.n_best,
                length_penalty=nothing.length_penalty,
                repetition_penalty=nothing.repetition_penalty,
                no_repeat_ngram_size=nothing.no_repeat_ngram_size,
            ),
            ranker_sha256="0" * 64,
            quality="none",
        ),
        timings_ms={"translate": 1.0},
    )


class FakeSummariser:
    """Writes `answer(text)`; `asked` records the texts."""

    weights_sha256 = "5" * 64
    decoding = Decoding(beam_size=1)

    def __init__(
        self,
        answer: Callable[[str], str],
        *,
        model_id: str = "writer@1",
        languages: Sequence[str] = ("vi", "en"),
        max_source_tokens: int = 1000,
    ) -> None:
        self.answer = answer
        self.model_id = model_id
        self.languages = frozenset(languages)
        self.max_source_tokens = max_source_tokens
        self.asked: list[str] = []

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def generate(
        self,
        texts: Sequence[str],
        *,
        max_tokens: int,
        min_tokens: int = 0,
        language: str | None = None,
        decoding: Decoding | None = None,
    ) -> list[list[Hypothesis]]:
        self.asked += texts
        return [[Hypothesis(self.answer(text), score=-0.5)] for text in texts]
