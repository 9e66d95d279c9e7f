"""From a run's checkpoints to the files that ship: average, convert, quantise, describe."""

import hashlib
import shutil
from collections.abc import Sequence
from pathlib import Path

import ctranslate2
import torch
from safetensors.torch import load_file, save_file
from transformers import MarianTokenizer

from models.training.checkpoints import load_weights
from models.training.network import Size, build_network

SHIPPED = ("model.bin", "config.json", "shared_vocabulary.json", "source.spm")


def average(paths: Sequence[Path], out: Path) -> None:
    """Write the mean of the parameters of several checkpoints of one run."""
    total: dict[str, torch.Tensor] = {}
    for path in paths:
        for name, tensor in load_file(path).items():
            total[name] = total[name] + tensor.float() if name in total else tensor.float()
    save_file({name: tensor / len(paths) for name, tensor in total.items()}, out)


def export_transformers(weights: Path, vocabulary: Path, size: Size, out: Path) -> None:
    """A folder that `MarianMTModel.from_pretrained` and `MarianTokenizer` read."""
    tokenizer = MarianTokenizer.from_pretrained(vocabulary)
    network = build_network(len(tokenizer), size)
    load_weights(network, weights)
    network.save_pretrained(out)
    tokenizer.save_pretrained(out)


def convert(transformers_folder: Path, out: Path, quantization: str = "int8") -> dict[str, str]:
    """CTranslate2 files in `out`, replacing what lies there; returns their sha256 by name."""
    converter = ctranslate2.converters.TransformersConverter(
        str(transformers_folder), copy_files=["source.spm"]
    )
    staging = out.with_name(out.name + ".staging")
    converter.convert(str(staging), quantization=quantization, force=True)
    out.mkdir(parents=True, exist_ok=True)
    for name in SHIPPED:
        shutil.move(staging / name, out / name)
    shutil.rmtree(staging)
    return {name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name in SHIPPED}
