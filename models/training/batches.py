"""Examples of one epoch, cut into token batches of similar length."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import sentencepiece
import torch
from torch import Tensor

from models.control_tokens import TARGET_TAG
from models.training.augment import augment
from models.training.corpus import Pair

EOS = 0
IGNORED = -100  # label of a padded position
MAX_TOKENS = 160  # longer examples are left out of an epoch

# Share of the pairs of tiers 1 to 4 drawn per epoch: interface strings and machine-translated
# technical prose teach little news; NOT YET MEASURED one against the other.
TIER_SHARES = (1.0, 1.0, 0.5, 0.25)

Example = tuple[list[int], list[int]]  # source ids, target ids; both end with EOS


class Row(NamedTuple):
    """One example as text; `synthetic` where a model wrote one of the sides."""

    source: str
    target: str
    language: str  # of the target
    synthetic: bool = False


@dataclass(frozen=True, slots=True)
class Batch:
    """Padded ids; the first two are [rows, source], the others [rows, target]."""

    source: Tensor
    source_mask: Tensor
    decoder_input: Tensor
    labels: Tensor

    def to(self, device: torch.device) -> "Batch":
        return Batch(
            self.source.to(device),
            self.source_mask.to(device),
            self.decoder_input.to(device),
            self.labels.to(device),
        )


class Encoder:
    """Text to ids, with sampled segmentations while `sampling` is above 0."""

    def __init__(self, spm_path: str, sampling: float = 0.0) -> None:
        self._pieces = sentencepiece.SentencePieceProcessor(model_file=spm_path)
        self._sampling = sampling
        self._tags = {
            language: self._pieces.piece_to_id(tag) for language, tag in TARGET_TAG.items()
        }

    @property
    def pad(self) -> int:
        return int(self._pieces.get_piece_size())

    def _ids(self, texts: list[str]) -> list[list[int]]:
        if self._sampling > 0:
            return [
                self._pieces.encode(text, enable_sampling=True, alpha=self._sampling, nbest_size=-1)
                for text in texts
            ]
        encoded: list[list[int]] = self._pieces.encode(texts)
        return encoded

    def examples(self, rows: Sequence[Row]) -> list[Example]:
        """Ids of the rows; over-long ones are left out. A synthetic row's tag stands twice."""
        sources = self._ids([row.source for row in rows])
        targets = self._ids([row.target for row in rows])
        return [
            ([self._tags[row.language]] * (1 + row.synthetic) + [*source, EOS], [*target, EOS])
            for source, target, row in zip(sources, targets, rows, strict=True)
            if max(len(source), len(target)) <= MAX_TOKENS
        ]


def draw_epoch(
    pairs: Sequence[Pair],
    rng: random.Random,
    shares: Sequence[float] = TIER_SHARES,
    synthetic_share: float = 0.5,
) -> list[Row]:
    """Rows of one epoch: both directions, augmented anew.

    `shares` are of the pairs of each tier; `synthetic_share` is of those with a machine side.
    """
    rows = []
    for pair in pairs:
        synthetic = bool(pair.machine)
        if rng.random() >= (synthetic_share if synthetic else shares[pair.tier - 1]):
            continue
        rows.append(Row(*augment(pair.vi, pair.en, rng), "en", synthetic))
        rows.append(Row(*augment(pair.en, pair.vi, rng), "vi", synthetic))
    return rows


def _rounded(length: int) -> int:
    """Up to a multiple of four: fewer shapes, so that prepared kernels are reused."""
    return -(-length // 4) * 4


def pad_batch(examples: Sequence[Example], pad: int) -> Batch:
    """Pad to the longest; the decoder starts from `pad`, as Marian does."""
    width = _rounded(max(len(source) for source, _ in examples))
    height = _rounded(max(len(target) for _, target in examples))
    rows = len(examples)
    source = torch.full((rows, width), pad)
    decoder_input = torch.full((rows, height), pad)
    labels = torch.full((rows, height), IGNORED)
    for row, (source_ids, target_ids) in enumerate(examples):
        source[row, : len(source_ids)] = torch.tensor(source_ids)
        labels[row, : len(target_ids)] = torch.tensor(target_ids)
        decoder_input[row, 1 : len(target_ids)] = torch.tensor(target_ids[:-1])
    return Batch(source, (source != pad).long(), decoder_input, labels)


def cut_batches(
    examples: Sequence[Example], *, tokens: int, pad: int, rng: random.Random
) -> Iterator[Batch]:
    """Batches of at most `tokens` padded positions on the longer side, in random order.

    Sorted by length with a little noise, so that neighbours differ between epochs.
    """

    def length(example: Example) -> float:
        return max(len(example[0]), len(example[1])) + rng.random() * 2

    ordered = sorted(examples, key=length)
    groups: list[list[Example]] = []
    widest = 0
    for example in ordered:
        widest = max(widest, len(example[0]), len(example[1]))
        if not groups or widest * (len(groups[-1]) + 1) > tokens:
            groups.append([])
            widest = max(len(example[0]), len(example[1]))
        groups[-1].append(example)
    rng.shuffle(groups)
    for group in groups:
        yield pad_batch(group, pad)
