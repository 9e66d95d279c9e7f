"""Translators without weights, for what is about the pipeline and not about a model."""

from collections.abc import Callable, Sequence

from models.base import Decoding, Hypothesis, Request
from models.control_tokens import PLACEHOLDERS


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
