"""The transformers engine (extra `torch`): any encoder-decoder network, and our reference.

It shares the codec with the CTranslate2 engine, so both give their networks the same tokens.
"""

import threading
from collections.abc import Sequence
from typing import Any

from models.catalogue import Card, verify_files
from models.checkpoint import check_card
from models.codec import Codec, Prompt
from models.engine import Engine, Output, Search
from models.faults import (
    CardError,
    ExtraMissing,
    FileDamaged,
    OutOfMemory,
    WrongArchitecture,
)
from models.offline import go_offline

CPU_BATCH_TOKENS = 2048  # padded source tokens times beams decoded together
GPU_BATCH_TOKENS = 16_384
SCORED_LOGITS = 64_000_000  # numbers held at once while scoring: 256 MB as float32


class TransformersEngine(Engine):
    """Runs a Hugging Face checkpoint with torch. Calls are served one after the other."""

    def __init__(
        self, card: Card, *, device: str = "cpu", replicas: int = 0, compute_type: str | None = None
    ) -> None:
        """Verify and load the files; raises CardError.

        `compute_type` is a torch dtype's name; by default bfloat16 on a GPU that has it and float32
        on CPUs. `replicas`, if given, is the number of CPU threads.
        """
        if card.format != "transformers":
            message = f"Model `{card.id}` is a CTranslate2 model; transformers cannot read it."
            raise WrongArchitecture(message)
        verify_files(card)
        check_card(card)
        super().__init__(card, Codec(card))
        go_offline()
        try:
            import torch
            import transformers
        except ImportError as error:
            message = "The engine `transformers` needs the extras `torch` and `train`."
            raise ExtraMissing(message) from error
        self._torch: Any = torch
        self._transformers: Any = transformers
        self._device = device
        self._lock = threading.Lock()
        if replicas and device == "cpu":
            torch.set_num_threads(replicas)
        try:
            self._load(compute_type)
        except CardError:
            raise
        except (MemoryError, torch.OutOfMemoryError) as error:
            message = f"Model `{card.id}` does not fit into memory."
            raise OutOfMemory(message) from error
        except (OSError, ValueError, RuntimeError, KeyError, ImportError) as error:
            reason = str(error).strip().splitlines()
            message = f"Model `{card.id}` cannot be loaded: {(reason or [repr(error)])[0]}"
            raise FileDamaged(message) from error

    def _load(self, compute_type: str | None) -> None:
        local = {"local_files_only": True, "trust_remote_code": False}
        network, report = self._transformers.AutoModelForSeq2SeqLM.from_pretrained(
            self.card.folder,
            dtype=getattr(self._torch, compute_type or self._best_type()),
            use_safetensors=True,
            output_loading_info=True,
            **local,
        )
        missing = sorted(report["missing_keys"])
        if missing:  # transformers would fill them with random numbers
            message = f"Model `{self.card.id}`: the weights lack {missing[0]}."
            raise WrongArchitecture(message)
        self._network = network.to(self._device).eval()
        self._tokenizer = self._transformers.AutoTokenizer.from_pretrained(
            self.card.folder, **local
        )
        config = self._network.config
        self._eos = config.eos_token_id
        self._pad = config.pad_token_id
        self._start = config.decoder_start_token_id
        self._check_vocabulary()
        # So that nothing of the checkpoint's own defaults takes effect unseen.
        self._network.generation_config = self._transformers.GenerationConfig(
            pad_token_id=self._pad, eos_token_id=self._eos, decoder_start_token_id=self._start
        )

    def _best_type(self) -> str:
        if self._device == "cpu":
            return "float32"
        if self._torch.cuda.is_bf16_supported():
            return "bfloat16"
        return "float16" if self.card.family.half_precision else "float32"

    def _check_vocabulary(self) -> None:
        """Refuse a tokenizer that does not know the vocabulary's own pieces or languages.

        Some classes of transformers 5 ignore a SentencePiece file without a word.
        """
        codes = [*(self.card.codes or self.card.family.codes).values()]
        pieces = self.codec.sample()
        unknown = self._tokenizer.unk_token_id
        ids = self._ids([*codes, *pieces])
        lost = [token for token, i in zip([*codes, *pieces], ids, strict=True) if i == unknown]
        if any(code in lost for code in codes) or len(lost) > len(pieces) // 2:
            message = (
                f"Model `{self.card.id}`: the tokenizer does not know {lost[0]!r}; files of its "
                "vocabulary are missing or belong to another model."
            )
            raise WrongArchitecture(message)
        if max(ids, default=0) >= self._network.config.vocab_size:
            message = f"Model `{self.card.id}`: the vocabulary is larger than the network's."
            raise WrongArchitecture(message)

    def _ids(self, tokens: Sequence[str]) -> list[int]:
        return [int(i) for i in self._tokenizer.convert_tokens_to_ids(list(tokens))]

    def _infer(self, prompts: Sequence[Prompt], search: Search) -> list[list[Output]]:
        rows = [self._ids(prompt.source) for prompt in prompts]
        order = sorted(range(len(rows)), key=lambda place: len(rows[place]), reverse=True)
        beams = max(search.decoding.beam_size, search.decoding.n_best)
        most = (CPU_BATCH_TOKENS if self._device == "cpu" else GPU_BATCH_TOKENS) // beams
        outputs: list[list[Output]] = [[] for _ in prompts]
        with self._lock, self._torch.inference_mode():
            while order:
                size = max(1, most // len(rows[order[0]]))
                batch, order = order[:size], order[size:]
                found = self._decode(
                    [rows[place] for place in batch], [prompts[place] for place in batch], search
                )
                for place, answers in zip(batch, found, strict=True):
                    outputs[place] = answers
        return outputs

    def _decode(
        self, rows: list[list[int]], prompts: list[Prompt], search: Search
    ) -> list[list[Output]]:
        decoding = search.decoding
        beams = max(decoding.beam_size, decoding.n_best)
        sources, mask = self._padded(rows)
        given = [self._given(prompt) for prompt in prompts]
        settings = self._transformers.GenerationConfig(
            max_new_tokens=search.max_tokens,
            min_new_tokens=search.min_tokens,
            num_beams=beams,
            num_return_sequences=decoding.n_best,
            length_penalty=decoding.length_penalty,
            repetition_penalty=decoding.repetition_penalty,
            no_repeat_ngram_size=decoding.no_repeat_ngram_size,
            early_stopping=True if beams > 1 else None,
            do_sample=False,
            pad_token_id=self._pad,
            eos_token_id=self._eos,
            decoder_start_token_id=[row[0] for row in given],  # else it is put before them again
            suppress_tokens=self._ids(self.card.family.suppressed) or None,
        )
        targets = self._network.generate(
            input_ids=sources,
            attention_mask=mask,
            decoder_input_ids=self._torch.tensor(given, device=self._device),
            generation_config=settings,
        )
        written = targets[:, len(given[0]) :]
        ids = [self._until_end(row) for row in written.tolist()]
        each = decoding.n_best
        scores = self._scores(sources, mask, targets, len(given[0]), each)
        outputs = [
            Output(tuple(self._tokenizer.convert_ids_to_tokens(row)), score)
            for row, score in zip(ids, scores, strict=True)
        ]
        return [outputs[at : at + each] for at in range(0, len(outputs), each)]

    def _given(self, prompt: Prompt) -> list[int]:
        start = self._ids(prompt.start) if prompt.start else [self._start]
        return [*start, *self._ids(prompt.target)]

    def _padded(self, rows: list[list[int]]) -> tuple[Any, Any]:
        width = max(map(len, rows))
        ids = [[*row, *[self._pad] * (width - len(row))] for row in rows]
        mask = [[*[1] * len(row), *[0] * (width - len(row))] for row in rows]
        tensor = self._torch.tensor
        return tensor(ids, device=self._device), tensor(mask, device=self._device)

    def _until_end(self, row: list[int]) -> list[int]:
        return row[: row.index(self._eos)] if self._eos in row else row

    def _scores(self, sources: Any, mask: Any, targets: Any, given: int, each: int) -> list[float]:  # noqa: ANN401
        """Mean log-probability of the tokens after the given ones, the end mark counted.

        One pass over the finished targets: exact for greedy and beam search alike, and without
        keeping a whole vocabulary's scores of every step.
        """
        width = targets.shape[1] * self._network.config.vocab_size
        rows = max(1, SCORED_LOGITS // width)
        scores: list[float] = []
        for at in range(0, len(targets), rows):
            part = targets[at : at + rows]
            places = self._torch.arange(at, at + len(part), device=self._device) // each
            logits = self._network(
                input_ids=sources[places], attention_mask=mask[places], decoder_input_ids=part
            ).logits[:, given - 1 : -1]
            picked = part[:, given:]
            chances = logits.float().log_softmax(-1).gather(-1, picked[..., None])[..., 0]
            ended = (picked == self._eos).cumsum(1)
            counted = (ended == 0) | ((ended == 1) & (picked == self._eos))
            total = (chances * counted).sum(1) / counted.sum(1).clamp(min=1)
            scores += [float(value) for value in total]
        return scores
