"""What a folder of weights is, found out without running anything in it.

Only data is read: safetensors, CTranslate2's `model.bin`, SentencePiece models and JSON. Nothing is
unpickled and no code that came with a model is run.
"""

import json
import re
import struct
from collections.abc import Iterable, Mapping
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from models.catalogue import Card
from models.families import Family, family_of
from models.faults import FileDamaged, FileMissing, UnsafeFile, WrongArchitecture

# Files that are fetched, registered and read; whatever else lies beside them is left alone.
WANTED = (
    "config.json",
    "generation_config.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "tokenizer.json",
    "vocab.json",
    "merges.txt",
    "source.spm",
    "target.spm",
    "spiece.model",
    "sentencepiece.bpe.model",
    "sentencepiece.model",
    "shared_vocabulary.*",
    "source_vocabulary.*",
    "target_vocabulary.*",
    "model.bin",
    "model.safetensors",
    "model.safetensors.index.json",
    "model-*-of-*.safetensors",
)
_SAFE = re.compile(r"[\w.-]+\.(?:safetensors|json|txt|spm|model)|model\.bin")  # "spiece.model"
# Endings of files that run code when they are loaded, or may.
_PICKLES = (".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle", ".ot", ".msgpack", ".h5", ".npy")
_PICKLE_STARTS = (b"PK\x03\x04", b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")


def wanted(names: Iterable[str]) -> list[str]:
    """The files of a model's folder that are used.

    A PyTorch pickle is not, not even one that calls itself `model.bin`: `check_card` looks inside.

    >>> wanted(["README.md", "config.json", "pytorch_model.bin", "model.safetensors", "a/b.json"])
    ['config.json', 'model.safetensors']
    """
    return [
        name
        for name in sorted(names)
        if _SAFE.fullmatch(name) and any(fnmatch(name, form) for form in WANTED)
    ]


def weights_of(names: Iterable[str]) -> str:
    """Which file holds, or lists, the weights; raises UnsafeFile or FileMissing if none.

    >>> weights_of(["config.json", "model-00001-of-00002.safetensors",
    ...             "model-00002-of-00002.safetensors", "model.safetensors.index.json"])
    'model.safetensors.index.json'
    """
    present = set(names)
    for name in ("model.safetensors", "model.safetensors.index.json", "model.bin"):
        if name in present:
            return name
    pickles = sorted(name for name in present if name.endswith(_PICKLES))
    pickles.sort(key=lambda name: "pytorch" not in name)
    if pickles:
        message = (
            f"The weights are a pickle ({pickles[0]}), which can run code when it is opened. Only "
            "safetensors and CTranslate2 models are read. The hub's own bot offers many models as "
            "safetensors in a pull request: try `--revision refs/pr/1` and so on."
        )
        raise UnsafeFile(message)
    message = "There are no weights: neither model.safetensors nor CTranslate2's model.bin."
    raise FileMissing(message)


def read_config(folder: Path, name: str = "config.json") -> dict[str, Any]:
    """A JSON object of the folder, empty where there is no such file; raises FileDamaged."""
    path = folder / name
    if not path.is_file():
        return {}
    try:
        content = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        message = f"{name} is not JSON: {error}."
        raise FileDamaged(message) from error
    if not isinstance(content, dict):
        message = f"{name} must be an object."
        raise FileDamaged(message)
    return content


def detect_family(folder: Path) -> Family:
    """The family of a Hugging Face checkpoint; raises WrongArchitecture where none fits."""
    config = read_config(folder)
    tokenizer = read_config(folder, "tokenizer_config.json").get("tokenizer_class")
    kind, named = config.get("model_type", ""), tokenizer or config.get("tokenizer_class") or ""
    family = family_of(kind, named)
    if family is None:
        said = f"{kind or 'none'} with tokenizer {named or 'none'}"
        message = f"No known family has the architecture {said}. Name it with `--family`."
        raise WrongArchitecture(message)
    return family


def check_card(card: Card) -> None:
    """Raise CardError where the files cannot be what the card says, or could run code.

    Reads headers only; `verify_files` compares checksums.
    """
    for name in card.files:
        if not _SAFE.fullmatch(name):
            message = f"Model `{card.id}`: {name} is of a kind that is never opened."
            raise UnsafeFile(message)
    for name in (card.weights, card.vocabulary):
        if name not in card.files or not (card.folder / name).is_file():
            message = f"Model `{card.id}`: file {name or 'with the weights'} is missing."
            raise FileMissing(message)
    for name in card.files:
        _check_file(card.folder / name)
    if card.format == "transformers":
        _check_config(card)
        _check_shards(card)


def _check_file(path: Path) -> None:
    if path.suffix == ".safetensors":
        check_safetensors(path)
    elif path.name == "model.bin":
        _check_ctranslate2(path)


def check_safetensors(path: Path) -> None:
    """Raise FileDamaged unless the file is as long as its header says.

    Layout: 8 bytes little-endian length of a JSON header, the header, the tensors at the offsets
    that it names (documentation of the safetensors format).
    """
    size = path.stat().st_size
    with path.open("rb") as content:
        start = content.read(8)
        _refuse_pickle(path, start)
        length = struct.unpack("<Q", start)[0] if len(start) == 8 else size
        if length > min(size - 8, 100_000_000):
            message = f"{path.name} is no safetensors file, or ends within its header."
            raise FileDamaged(message)
        try:
            header: dict[str, Any] = json.loads(content.read(length))
            tensors = [value for key, value in header.items() if key != "__metadata__"]
            end = max((tensor["data_offsets"][1] for tensor in tensors), default=0)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            message = f"{path.name} is no safetensors file: its header cannot be read."
            raise FileDamaged(message) from error
    if size != 8 + length + end:
        message = f"{path.name} must have {8 + length + end:,} bytes, but has {size:,}."
        raise FileDamaged(message)


def _check_ctranslate2(path: Path) -> None:
    """A CTranslate2 model starts with its binary version and the name of its specification."""
    with path.open("rb") as content:
        start = content.read(64)
    _refuse_pickle(path, start)
    if len(start) < 8 or struct.unpack("<I", start[:4])[0] > 100:
        message = f"{path.name} is no CTranslate2 model."
        raise FileDamaged(message)
    if not start[6:].startswith(b"TransformerSpec"):
        message = f"{path.name} holds no encoder-decoder Transformer."
        raise WrongArchitecture(message)


def _refuse_pickle(path: Path, start: bytes) -> None:
    if start.startswith(_PICKLE_STARTS):
        message = f"{path.name} is a pickle, which can run code when it is opened."
        raise UnsafeFile(message)


def _check_config(card: Card) -> None:
    config = read_config(card.folder)
    family = card.family
    for name in ("config.json", "tokenizer_config.json"):
        if "auto_map" in read_config(card.folder, name):
            message = f"Model `{card.id}` needs code from its repository; such code is never run."
            raise UnsafeFile(message)
    if config.get("model_type") not in family.model_types:
        message = (
            f"Model `{card.id}` must be of the architecture {' or '.join(family.model_types)}, "
            f"but its config.json says {config.get('model_type')!r}."
        )
        raise WrongArchitecture(message)
    _check_variant(card, config, family)


def _check_variant(card: Card, config: Mapping[str, Any], family: Family) -> None:
    """Refuse what transformers would compute in one way and CTranslate2 in another, or wrongly.

    Where the norms stand is fixed in transformers' classes, whatever the file says, and read from
    the file by CTranslate2's converter.
    """
    for name, must in family.must_be.items():
        if config.get(name, must) != must:
            message = (
                f"Model `{card.id}`: {name} is {config[name]}, but networks of the family "
                f"{family.name} are computed with {must}; its output would be noise."
            )
            raise WrongArchitecture(message)


def _check_shards(card: Card) -> None:
    if not card.weights.endswith(".index.json"):
        return
    listed = set(read_config(card.folder, card.weights).get("weight_map", {}).values())
    missing = sorted(str(name) for name in listed if name not in card.files)
    if missing or not listed:
        message = f"Model `{card.id}`: file {(missing or ['of the weights'])[0]} is missing."
        raise FileMissing(message)
