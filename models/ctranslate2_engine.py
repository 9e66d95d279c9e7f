"""The CTranslate2 engine: the default on CPU and GPU."""

from collections.abc import Sequence

import ctranslate2

from models.catalogue import Card, verify_files
from models.checkpoint import check_card
from models.codec import Codec, Prompt
from models.conversion import converted
from models.engine import Engine, Output, Search
from models.faults import CardError, FileDamaged, OutOfMemory, WrongArchitecture

# Padded source tokens decoded together on one core; the knee of the throughput curve lies at
# 1,024 to 2,048. More to do is shared out among the cores. Less is decoded as it comes: a `Batcher`
# has shared it out already, and batches of half the size cost a tenth more.
MAX_BATCH_TOKENS = 2048
MIN_BATCH_TOKENS = 1024
# With a shortlist, which is as long as what all sources of a batch may become, small ones are best:
# 219 sentences of 17 articles, each by itself, took 1.54 s at 256 and 1.58 at 192 or 384; 200 of 33
# short ones 1.95 at 256 and 1.83 at 384, where few are cut in two.
SHORTLIST_BATCH_TOKENS = 384
SHORTLIST = "vmap.txt"  # the library's own name for it; see `models.training.shortlist`
GPU_BATCH_TOKENS = 16_384  # a GPU is not full before; not measured here
GPU_STREAMS = 2  # batches on one GPU at a time: one is prepared while the other is computed

# By device, the first that it supports. CTranslate2's CPU code has no bfloat16 or float16.
COMPUTE_TYPES = {
    "cpu": ("int8_float32", "int8", "float32"),
    "cuda": ("int8_float16", "int8_bfloat16", "float16", "int8_float32", "float32"),
}
WITHOUT_FLOAT16 = {"cuda": ("int8_bfloat16", "bfloat16", "int8_float32", "float32")}


def batch_tokens(total: int, replicas: int, rows: int = 1, most: int = MAX_BATCH_TOKENS) -> int:
    """Size of the batches that `total` source tokens are cut into.

    A wide search decodes several `rows` a source: at beam 3, 682 took 10.6 s where 2,048 took 12.7.

    >>> batch_tokens(100_000, 4), batch_tokens(2_000, 4), batch_tokens(100, 4)
    (2048, 1024, 1024)
    >>> batch_tokens(100_000, 4, rows=3)
    682
    """
    return min(most // rows, max(MIN_BATCH_TOKENS, total // replicas))


def choose_compute_type(device: str, *, half_precision: bool = True) -> str:
    """The fastest arithmetic that the device has and the family's activations fit into.

    >>> choose_compute_type("cpu")
    'int8_float32'
    """
    wanted = COMPUTE_TYPES if half_precision else {**COMPUTE_TYPES, **WITHOUT_FLOAT16}
    supported = ctranslate2.get_supported_compute_types(device)
    return next((name for name in wanted[device] if name in supported), "default")


class CTranslate2Engine(Engine):
    """Runs converted weights; converts a checkpoint on first use. Thread-safe."""

    def __init__(
        self, card: Card, *, replicas: int = 1, device: str = "cpu", compute_type: str | None = None
    ) -> None:
        """Verify, convert if need be, and load the files; raises CardError.

        `replicas` batches are decoded at a time, each on one thread: that is faster than several
        threads on one batch and does not collapse on a busy machine.
        """
        try:
            chosen = compute_type or choose_compute_type(
                device, half_precision=card.family.half_precision
            )
        except (RuntimeError, ValueError) as error:
            message = f"Model `{card.id}`: device `{device}` cannot be used: {error}"
            raise CardError(message) from error
        if card.format == "transformers":
            folder = converted(card, quantization=chosen)
        else:
            verify_files(card)
            check_card(card)
            folder = card.folder
        super().__init__(card, Codec(card))
        # Sums of integers have no rounding, and all else is computed row by row: only padding
        # changes what is summed. (1,259 sentences: every score equal to the last bit.)
        self.exact = device == "cpu" and chosen.startswith("int8")
        # Prefixes of targets and the library's shortlists do not go together (4.8.5).
        self._has_shortlist = SHORTLIST in card.files and not (
            card.family.decoder_start or card.target or card.family.target
        )
        self._replicas = replicas
        self._most = MAX_BATCH_TOKENS if device == "cpu" else GPU_BATCH_TOKENS
        try:
            self._translator = ctranslate2.Translator(
                str(folder),
                device=device,
                compute_type=chosen,
                inter_threads=replicas if device == "cpu" else min(replicas, GPU_STREAMS),
                intra_threads=1,
            )
        except MemoryError as error:
            message = f"Model `{card.id}` does not fit into memory."
            raise OutOfMemory(message) from error
        except (RuntimeError, ValueError, OSError) as error:
            raise _explained(card, error) from error

    def _infer(self, prompts: Sequence[Prompt], search: Search) -> list[list[Output]]:
        sources = [list(prompt.source) for prompt in prompts]
        given = [[*prompt.start, *prompt.target] for prompt in prompts]
        decoding = search.decoding
        forced = max(len(prompt.target) for prompt in prompts)
        shortlist = decoding.shortlist and self._has_shortlist and not decoding.exact
        size = batch_tokens(sum(map(len, sources)), self._replicas, decoding.rows, self._most)
        results = self._translator.translate_batch(
            sources,
            target_prefix=given if any(given) else None,
            max_batch_size=SHORTLIST_BATCH_TOKENS if shortlist else size,
            batch_type="tokens",
            beam_size=max(decoding.beam_size, decoding.n_best),
            num_hypotheses=decoding.n_best,
            length_penalty=decoding.length_penalty,
            repetition_penalty=decoding.repetition_penalty,
            no_repeat_ngram_size=decoding.no_repeat_ngram_size,
            max_input_length=0,  # never truncate silently; callers split by `max_source_tokens`
            max_decoding_length=search.max_tokens + forced,
            min_decoding_length=search.min_tokens,
            return_scores=True,
            use_vmap=shortlist,
        )
        return [
            [
                _output(tokens, score, len(prompt.target), search)
                for tokens, score in zip(result.hypotheses, result.scores, strict=True)
            ]
            for prompt, result in zip(prompts, results, strict=True)
        ]


def _output(tokens: list[str], score: float, forced: int, search: Search) -> Output:
    """The library's hypothesis without what was forced, its score as a mean over what was not.

    The library's score is the sum of log-probabilities, none for forced tokens, divided by the
    number of all tokens to the power of the length penalty; the end mark counts.
    """
    written = tokens[forced:]
    count = len(written) + (len(written) < search.max_tokens)
    total = score * (count + forced) ** search.decoding.length_penalty
    return Output(tuple(written), total / max(1, count))


def _explained(card: Card, error: Exception) -> CardError:
    """The library's complaint as one of ours."""
    text = str(error)
    if "out of memory" in text.lower() or "alloc" in text.lower():
        return OutOfMemory(f"Model `{card.id}` does not fit into memory.")
    if "vocabulary" in text.lower() or "model_spec" in text or "Unsupported model" in text:
        return WrongArchitecture(f"Model `{card.id}` is not what its card says: {text}")
    return FileDamaged(f"Model `{card.id}` cannot be loaded: {text}")
