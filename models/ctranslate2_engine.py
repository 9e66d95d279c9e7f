"""The CTranslate2 engine: three steps, of which only `_infer` touches the device."""

from collections.abc import Sequence
from dataclasses import replace

import ctranslate2
import sentencepiece

from models.base import Decoding, Hypothesis, Request
from models.catalogue import Card, CardError, verify_files
from models.control_tokens import CONTROL_TOKENS, PLACEHOLDERS, with_terms
from models.normalise import normalise

# Padded source tokens decoded together on one core; the knee of the throughput curve lies at
# 1,024 to 2,048. Less to do is shared out among the cores, down to batches that still pay.
MAX_BATCH_TOKENS = 2048
MIN_BATCH_TOKENS = 256
END_OF_SENTENCE = "</s>"
# Marian's position table, for sources and targets alike; what lies beyond cannot be computed.
POSITIONS = 512


def batch_tokens(total: int, replicas: int) -> int:
    """Size of the batches that `total` source tokens are cut into.

    >>> batch_tokens(100_000, 4), batch_tokens(2_000, 4), batch_tokens(100, 4)
    (2048, 500, 256)
    """
    return min(MAX_BATCH_TOKENS, max(MIN_BATCH_TOKENS, total // replicas))


def target_limit(source_tokens: int) -> int:
    """Longest target decoded for a source, in tokens.

    Human pairs stay below 2.1 target characters a source character (FLORES dev, both ways).

    >>> target_limit(10)
    54
    """
    return min(POSITIONS - 2, max(16, int(2.2 * source_tokens) + 32))


class CTranslate2Engine:
    """A `models.base.Translator` over a converted Marian model; thread-safe."""

    def __init__(self, card: Card, *, replicas: int = 1, device: str = "cpu") -> None:
        """Verify and load the files; raises CardError.

        `replicas` sentences-batches are decoded at a time, each on one thread: that is faster
        than several threads on one batch and does not collapse on a busy machine.
        """
        verify_files(card)
        self.card = card
        self._replicas = replicas
        try:
            self._pieces = sentencepiece.SentencePieceProcessor(
                model_file=str(card.folder / card.vocabulary)
            )
            self._translator = ctranslate2.Translator(
                str(card.folder),
                device=device,
                compute_type="int8" if device == "cpu" else "int8_float16",
                inter_threads=replicas,
                intra_threads=1,
            )
        except (RuntimeError, ValueError, OSError) as error:
            message = f"Model `{card.id}` cannot be loaded; run `songngu models verify`."
            raise CardError(message) from error

    @property
    def model_id(self) -> str:
        return f"{self.card.id}@{self.card.version}"

    @property
    def weights_sha256(self) -> str:
        return self.card.weights_sha256

    @property
    def directions(self) -> frozenset[tuple[str, str]]:
        return self.card.directions

    @property
    def decoding(self) -> Decoding:
        return self.card.decoding

    @property
    def max_source_tokens(self) -> int:
        return self.card.max_source_tokens

    @property
    def min_score(self) -> float | None:
        return self.card.min_score

    @property
    def placeholders(self) -> tuple[str, ...]:
        return PLACEHOLDERS if self.card.knows_placeholders else ()

    def count_tokens(self, text: str) -> int:
        """Source tokens of `text`, without prefix and end mark."""
        return len(self._pieces.encode(normalise(text)))

    def translate(
        self, requests: Sequence[Request], decoding: Decoding | None = None
    ) -> list[list[Hypothesis]]:
        """One list of `n_best` hypotheses a request, best first; in the order of the requests."""
        if not requests:
            return []
        chosen = decoding or self.card.decoding
        return self._finish(*self._infer([self._prepare(request) for request in requests], chosen))

    def _prepare(self, request: Request) -> list[str]:
        text = _keep_placeholders(request.text)
        if request.terms and self.card.obeys_terms:
            text = with_terms(text, [normalise(term) for term in request.terms])
        pieces: list[str] = self._pieces.encode(text, out_type=str)[: POSITIONS - 2]
        return [self.card.source_prefix[request.target_language], *pieces, END_OF_SENTENCE]

    def _infer(
        self, sources: list[list[str]], decoding: Decoding
    ) -> tuple[list[list[str]], list[ctranslate2.TranslationResult], int]:
        limit = target_limit(max(map(len, sources)))
        results = self._translator.translate_batch(
            sources,
            max_batch_size=batch_tokens(sum(map(len, sources)), self._replicas),
            batch_type="tokens",
            beam_size=max(decoding.beam_size, decoding.n_best),
            num_hypotheses=decoding.n_best,
            length_penalty=decoding.length_penalty,
            repetition_penalty=decoding.repetition_penalty,
            no_repeat_ngram_size=decoding.no_repeat_ngram_size,
            max_input_length=0,  # never truncate silently; callers split by `max_source_tokens`
            max_decoding_length=limit,
            return_scores=True,
        )
        return sources, results, limit

    def _finish(
        self, sources: list[list[str]], results: list[ctranslate2.TranslationResult], limit: int
    ) -> list[list[Hypothesis]]:
        answers = []
        for source, result in zip(sources, results, strict=True):
            longest = target_limit(len(source))
            cut = len(source) >= POSITIONS  # a caller that did not mind `max_source_tokens`
            hypotheses = [
                Hypothesis(
                    self._pieces.decode(tokens),
                    score=float(score),
                    truncated=cut or len(tokens) >= min(limit, longest),
                )
                for tokens, score in zip(result.hypotheses, result.scores, strict=True)
            ]
            answers.append([replace(h, text=_without_controls(h.text)) for h in hypotheses])
        return answers


def _keep_placeholders(text: str) -> str:
    """Normalise around placeholder tokens, which `normalise` would take for outside brackets."""
    parts: list[str] = []
    at = 0
    while at < len(text):
        start = text.find("｟", at)
        token = text[start : start + 3] if start >= 0 else ""
        if start < 0:
            parts.append(text[at:])
            break
        if token in PLACEHOLDERS:
            parts += [text[at:start], token]
            at = start + 3
        else:
            parts.append(text[at : start + 1])
            at = start + 1
    return "".join(
        part if part in PLACEHOLDERS else _normalise_part(part) for part in parts
    ).strip()


def _normalise_part(part: str) -> str:
    """`normalise`, keeping one space at each end where there was one."""
    core = normalise(part)
    if not core:
        return " " if part else ""
    return f"{' ' * part[0].isspace()}{core}{' ' * part[-1].isspace()}"


def _without_controls(text: str) -> str:
    """Drop control tokens other than placeholders that a weak model may write."""
    for token in CONTROL_TOKENS:
        if token not in PLACEHOLDERS:
            text = text.replace(token, "")
    return text.strip()
