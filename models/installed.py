"""Models of the data folder: registered, checked, removed. `models.hub` fetches them there."""

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from models.catalogue import CARD_NAME, CONVERSIONS, Card, read_card, read_catalogue, verify_files
from models.checkpoint import check_card, detect_family, read_config, wanted, weights_of
from models.families import Family, read_families
from models.faults import CardError, FileMissing, LicenceRefused, UnknownModel, WrongArchitecture

MAX_SOURCE_TOKENS = 200  # of a segment for a model that says nothing else; sentences are shorter
RESERVED = {CONVERSIONS, "incoming"}


def add_folder(
    path: Path,
    data: Path,
    *,
    card_id: str = "",
    directions: Sequence[tuple[str, str]] = (),
    family: str = "",
    task: str = "translation",
    licence: str = "unknown",
    commercial: bool = False,
    like: Card | None = None,
) -> Card:
    """Register the model in the folder `path`, where it stays, with its files' present checksums.

    A Hugging Face checkpoint tells its family, a CTranslate2 model must be told it. A model that
    was made from one of the catalogue takes that one's prefixes and the like with `like`. Raises
    CardError where the folder holds no model that can be used, and for an id already taken.
    """
    if not path.is_dir():
        message = f"{path} is no folder."
        raise FileMissing(message)
    card_id = card_id or path.resolve().name.lower()
    _check_id(card_id)
    if card_id in read_catalogue(data=data):
        message = f"There is already a model `{card_id}`. Choose another with `--id`."
        raise CardError(message)
    names = wanted(entry.name for entry in path.iterdir() if entry.is_file())
    weights = weights_of([*names, *(entry.name for entry in path.iterdir())])
    known = _family(path, weights, family or (like.architecture if like else ""))
    if like:
        task, directions = like.task, directions or sorted(like.directions)
    files = {name: sha256_of(path / name) for name in names}
    entry: dict[str, Any] = {
        "id": card_id,
        "version": hashlib.sha256("".join(files.values()).encode()).hexdigest()[:12],
        "task": task,
        "architecture": known.name,
        "format": "ctranslate2" if weights == "model.bin" else "transformers",
        "licence": licence,
        "commercial": commercial,
        "folder": str(path.resolve()),
        "files": files,
        "weights": weights,
        "vocabulary": vocabulary_of(known, files),
        "typography": "kept",
        "max_source_tokens": MAX_SOURCE_TOKENS if task == "translation" else known.positions - 2,
        "decoding": {"beam_size": 4},
        "quality": "not measured here",
        "size_bytes": sum((path / name).stat().st_size for name in files),
        **(_rules(like) if like else {}),
        **_languages(path, task, directions, known, like),
    }
    return record(entry, data)


def record(entry: Mapping[str, Any], data: Path) -> Card:
    """Write a model's card into the data folder, after a look at its files; returns the card."""
    home = data / entry["id"]
    home.mkdir(parents=True, exist_ok=True)
    path = home / CARD_NAME
    staged = path.with_suffix(".partial")
    staged.write_text(json.dumps(entry, indent=1, ensure_ascii=False), "utf-8")
    before = path.read_bytes() if path.exists() else None
    staged.replace(path)
    try:
        card = read_card(entry["id"], data)
        check_card(card)
    except CardError:
        if before is None:
            path.unlink()
        else:
            path.write_bytes(before)
        if not any(home.iterdir()):
            home.rmdir()
        raise
    return card


def verify(card_id: str, data: Path) -> Card:
    """Compare every file with its checksum; raises CardError, also for an unknown id."""
    card = read_card(card_id, data)
    verify_files(card)
    check_card(card)
    return card


def remove(card_id: str, data: Path) -> int:
    """Delete what was fetched or converted for a model, and its card; returns the bytes freed.

    Files in a folder of your own that was only registered stay where they are.
    """
    read_card(card_id, data)
    home = data / card_id
    if not (home / CARD_NAME).exists():
        message = f"Model `{card_id}` has no files in {data}; there is nothing to remove."
        raise UnknownModel(message)
    folders = [home, *(data / CONVERSIONS).glob(f"{card_id}-{'[0-9a-f]' * 16}*")]
    freed = 0
    for folder in folders:
        inside = folder.rglob("*") if folder.is_dir() else [folder]
        freed += sum(path.stat().st_size for path in inside if path.is_file())
        if folder.is_dir():
            shutil.rmtree(folder)
        else:
            folder.unlink()
    return freed


def check_licence(card: Card) -> None:
    """Raise LicenceRefused unless the model may be used commercially without conditions."""
    if card.commercial:
        return
    instead = f" Instead: `{card.instead}`." if card.instead else ""
    message = (
        f"The licence of `{card.id}` ({card.licence}) does not allow commercial use, or only under "
        f"conditions on your own software.{instead}"
    )
    raise LicenceRefused(message)


def vocabulary_of(family: Family, files: Mapping[str, str]) -> str:
    """The file that holds the vocabulary; raises FileMissing where none does."""
    for name in family.vocabulary:
        if name in files:
            return name
    message = f"There is no vocabulary: {' or '.join(family.vocabulary)} is missing."
    raise FileMissing(message)


def sha256_of(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _family(path: Path, weights: str, name: str) -> Family:
    families = read_families()
    if name and name not in families:
        message = f"There is no family `{name}`; known: {', '.join(families)}."
        raise WrongArchitecture(message)
    if name:
        return families[name]
    if weights == "model.bin":
        message = "A CTranslate2 model does not say what it is. Name its family with `--family`."
        raise WrongArchitecture(message)
    return detect_family(path)


def _rules(like: Card) -> dict[str, Any]:
    """How a model is fed, as another is."""
    return {
        "source_prefix": dict(like.source_prefix),
        "text_prefix": dict(like.text_prefix),
        "output_prefix": dict(like.output_prefix),
        "codes": dict(like.codes),
        "max_source_tokens": like.max_source_tokens,
        "max_target_tokens": like.max_target_tokens,
        "decoding": asdict(like.decoding),
    }


def _languages(
    path: Path,
    task: str,
    directions: Sequence[tuple[str, str]],
    family: Family,
    like: Card | None,
) -> dict[str, Any]:
    """What the card says of languages, and of the tokens that its targets begin with."""
    if task == "summarisation":
        languages = sorted({source for source, _ in directions} or (like.languages if like else ()))
        if not languages:
            message = "Say which language the model summarises, for example `--direction vi`."
            raise CardError(message)
        fields: dict[str, Any] = {"languages": languages}
    elif directions:
        fields = {"directions": [list(pair) for pair in directions]}
    elif family.codes:
        fields = {"directions": [["vi", "en"], ["en", "vi"]]}
    else:
        message = "Say what it translates, for example `--direction vi-en`."
        raise CardError(message)
    config = {**read_config(path), **read_config(path, "generation_config.json")}
    if family.target and not family.codes and config.get("forced_bos_token_id") is None:
        fields["target"] = [""]  # nothing: a BART that was not taught to begin with <s>
    return fields


def _check_id(card_id: str) -> None:
    allowed = set("abcdefghijklmnopqrstuvwxyz0123456789._-")
    if not set(card_id) <= allowed or card_id.startswith(".") or card_id in RESERVED:
        message = f"`{card_id}` cannot be an id: use lower-case letters, digits, dot and dash."
        raise CardError(message)
