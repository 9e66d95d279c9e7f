"""The network: Marian's transformer from `transformers`, with cheaper dropout."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from transformers import MarianConfig, MarianMTModel


@dataclass(frozen=True, slots=True)
class Size:
    """Dimensions of the network; a deep encoder and a shallow decoder decode fastest."""

    width: int = 384
    encoder_layers: int = 6
    decoder_layers: int = 3

    @property
    def heads(self) -> int:
        return self.width // 64


def build_network(vocabulary_size: int, size: Size, seed: int = 0) -> MarianMTModel:
    """A fresh network; `vocabulary_size` counts `<pad>`, which is the last id."""
    torch.manual_seed(seed)
    config = MarianConfig(
        vocab_size=vocabulary_size,
        d_model=size.width,
        encoder_layers=size.encoder_layers,
        decoder_layers=size.decoder_layers,
        encoder_attention_heads=size.heads,
        decoder_attention_heads=size.heads,
        encoder_ffn_dim=4 * size.width,
        decoder_ffn_dim=4 * size.width,
        max_position_embeddings=512,
        activation_function="relu",
        scale_embedding=True,
        static_position_embeddings=True,
        dropout=0.0,  # `add_dropout` sets its own
        attention_dropout=0.0,
        activation_dropout=0.0,
        eos_token_id=0,
        forced_eos_token_id=0,
        bos_token_id=None,
        pad_token_id=vocabulary_size - 1,
        decoder_start_token_id=vocabulary_size - 1,
        bad_words_ids=[[vocabulary_size - 1]],
        # At 30 tokens a sentence plain matrix products beat the fused kernel by 24 % on CPU,
        # nearly all of it in the backward pass.
        attn_implementation="eager",
    )
    return MarianMTModel(config)


class MaskPool:
    """Dropout masks cut at random from one prepared block of random bits.

    Drawing a fresh Bernoulli mask takes 18 % of a training step on CPU (torch 2.13 draws them in
    one thread); a slice of a pool costs a copy. Masks overlap between steps, which dropout
    tolerates: a layer sees a given slice at a given place practically never twice.
    """

    def __init__(self, rate: float, numbers: int = 1 << 25) -> None:
        self.rate = rate
        keep = 1.0 - rate
        self._pool = torch.empty(numbers, dtype=torch.bfloat16).bernoulli_(keep).div_(keep)

    def to(self, device: torch.device) -> None:
        self._pool = self._pool.to(device)

    def drop(self, values: Tensor) -> Tensor:
        """`values` (any shape) with a share of `rate` zeroed and the rest scaled up."""
        count = values.numel()
        if count >= self._pool.numel():
            return nn.functional.dropout(values, self.rate)
        start = int(torch.randint(self._pool.numel() - count, ()).item())
        return values * self._pool[start : start + count].view_as(values)


def add_dropout(network: MarianMTModel, rate: float) -> MaskPool:
    """Drop out, while training, where Marian does: embeddings and each residual branch's output."""
    pool = MaskPool(rate)

    def hook(module: nn.Module, _inputs: object, output: Tensor) -> Tensor:
        return pool.drop(output) if module.training and pool.rate > 0 else output

    for name, module in network.named_modules():
        if name.endswith(("out_proj", "fc2")):
            module.register_forward_hook(hook)
    return pool
