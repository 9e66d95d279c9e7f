"""Training state on disk, as safetensors and JSON only, replaced atomically."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn


@dataclass(slots=True)
class Progress:
    """Where a run stands."""

    step: int = 0
    epoch: int = 0
    seconds: float = 0.0  # spent training, over all sessions
    target_tokens: int = 0


def _replace(tensors: dict[str, Tensor], path: Path) -> None:
    partial = path.with_suffix(".partial")
    save_file(tensors, partial)
    partial.replace(path)


def network_tensors(network: nn.Module) -> dict[str, Tensor]:
    """Trained parameters by name; tied ones appear once."""
    return {name: p.detach().contiguous() for name, p in network.named_parameters()}


def save_weights(network: nn.Module, path: Path) -> None:
    """Write the trained parameters alone, for averaging."""
    _replace(network_tensors(network), path)


def load_weights(network: nn.Module, path: Path) -> None:
    """Put stored parameters into `network`, whose shapes must match."""
    stored = load_file(path)
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            parameter.copy_(stored[name])


def save_checkpoint(
    folder: Path,
    network: nn.Module,
    optimisers: Sequence[torch.optim.Optimizer],
    progress: Progress,
) -> None:
    """Write everything that `load_checkpoint` needs; the JSON last, so it vouches for the rest."""
    folder.mkdir(parents=True, exist_ok=True)
    state: dict[str, Tensor] = {}
    for number, optimiser in enumerate(optimisers):
        for index, entries in optimiser.state_dict()["state"].items():
            for key, value in entries.items():
                state[f"{number}.{index}.{key}"] = torch.as_tensor(value).contiguous()
    save_weights(network, folder / "weights.safetensors")
    _replace(state, folder / "optimisers.safetensors")
    partial = folder / "progress.partial"
    partial.write_text(json.dumps(asdict(progress)), "utf-8")
    partial.replace(folder / "progress.json")


def load_checkpoint(
    folder: Path, network: nn.Module, optimisers: Sequence[torch.optim.Optimizer]
) -> Progress | None:
    """Resume from `folder`; None where no complete checkpoint lies there."""
    if not (folder / "progress.json").exists():
        return None
    load_weights(network, folder / "weights.safetensors")
    state = load_file(folder / "optimisers.safetensors")
    for number, optimiser in enumerate(optimisers):
        whole = optimiser.state_dict()
        whole["state"] = {}
        for name, value in state.items():
            owner, index, key = name.split(".", 2)
            if int(owner) == number:
                whole["state"].setdefault(int(index), {})[key] = value
        optimiser.load_state_dict(whole)
    return Progress(**json.loads((folder / "progress.json").read_text("utf-8")))
