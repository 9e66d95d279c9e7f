"""Muon for the matrices inside the layers, AdamW for embeddings, biases and norms."""

import torch
from torch import nn
from transformers import MarianMTModel

# Muon orthogonalises the momentum of weight matrices (Jordan et al. 2024); with the update's
# root mean square matched to AdamW's (Liu et al. 2025, "Muon is scalable") both share one
# learning rate.
MUON_MOMENTUM = 0.95
BETAS = (0.9, 0.98)
WEIGHT_DECAY = 0.01


def split_parameters(
    network: MarianMTModel,
) -> tuple[list[nn.Parameter], list[nn.Parameter]]:
    """(matrices of the layers, everything else that is trained)."""
    matrices: list[nn.Parameter] = []
    others: list[nn.Parameter] = []
    for name, parameter in network.named_parameters():
        if not parameter.requires_grad:
            continue
        (matrices if parameter.ndim == 2 and ".layers." in name else others).append(parameter)
    return matrices, others


def build_optimisers(network: MarianMTModel, *, muon: bool) -> list[torch.optim.Optimizer]:
    """One or two optimisers whose learning rate the loop sets before every step."""
    matrices, others = split_parameters(network)
    if not muon:
        return [torch.optim.AdamW([*matrices, *others], betas=BETAS, weight_decay=WEIGHT_DECAY)]
    return [
        torch.optim.Muon(
            matrices,
            momentum=MUON_MOMENTUM,
            weight_decay=WEIGHT_DECAY,
            adjust_lr_fn="match_rms_adamw",
        ),
        torch.optim.AdamW(others, betas=BETAS, weight_decay=0.0),
    ]
