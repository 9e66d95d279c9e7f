"""The models that can be used here: the shipped `catalogue.toml`, and cards in the data folder.

A folder of the data folder holds one model: its `card.json` has the fields of an entry, above all
the files with their checksums, and is laid over the catalogue's entry of the same id.
"""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from models.base import Decoding
from models.families import Family, read_families
from models.faults import CardError, ChecksumMismatch, FileMissing, NotInstalled, UnknownModel

__all__ = ["Card", "CardError", "read_card", "read_catalogue", "verify_files"]

MODELS_FOLDER = Path(__file__).parent
BUNDLED_TRANSLATION = "songngu-small"
BUNDLED_RANKER = "ranker"
CARD_NAME = "card.json"
CONVERSIONS = "conversions"  # folder in the data folder


@dataclass(frozen=True, slots=True)
class Card:
    """What is known of one model before its weights are opened."""

    id: str
    version: str
    task: str  # translation or summarisation
    architecture: str  # a name in families.toml
    licence: str
    commercial: bool  # may be used commercially without conditions on your own software
    folder: Path
    files: Mapping[str, str]  # name in `folder` -> sha256; empty until the model is installed
    weights: str  # which of `files` holds the weights
    vocabulary: str  # which of `files` is the vocabulary: SentencePiece, or tokenizer.json
    directions: frozenset[tuple[str, str]]  # (source language, target language)
    source_prefix: Mapping[str, str]  # target language -> token put first in the source
    obeys_terms: bool  # trained with inline term constraints
    knows_placeholders: bool  # trained with placeholder tokens
    max_source_tokens: int
    decoding: Decoding
    # Sentences that score below are more often poor than not (scripts/calibrate_confidence.py).
    min_score: float | None
    quality: str  # one honest line; a figure only where scripts/evaluate.py measured it
    format: str = "ctranslate2"  # of `files`: ctranslate2, transformers, or endpoint for none
    engine: str = "ctranslate2"  # that runs it by default
    typography: str = "plain"  # "kept" for models that were trained on curly quotes and dashes
    text_prefix: Mapping[str, str] = field(default_factory=dict)  # language -> text put first
    output_prefix: Mapping[str, str] = field(
        default_factory=dict
    )  # language -> text it writes first
    codes: Mapping[str, str] = field(default_factory=dict)  # language -> code token
    target: tuple[str, ...] = ()  # tokens that the decoder must write first
    languages: frozenset[str] = frozenset()  # that a summariser reads
    max_target_tokens: int = 0  # of a summary; 0 where the text decides
    known_files: Mapping[str, str] = field(default_factory=dict)  # sha256 known before fetching
    repository: str = ""  # on the hub: owner/name
    revision: str = "main"
    size_bytes: int = 0  # of the files, about; 0 where unknown
    instead: str = ""  # id of a model with a clean licence for the same task
    note: str = ""  # what to know before using it
    conversions: Path | None = None  # where conversions are kept; None: the system's cache

    @property
    def family(self) -> Family:
        return read_families()[self.architecture]

    @property
    def installed(self) -> bool:
        return bool(self.files)

    @property
    def weights_sha256(self) -> str:
        """Of the weights' file; of all their checksums where there are several."""
        if not self.weights.endswith(".index.json"):
            return self.files[self.weights]
        shards = [sha for name, sha in sorted(self.files.items()) if name.endswith(".safetensors")]
        return hashlib.sha256("".join(shards).encode()).hexdigest()

    def source_of(self, target_language: str) -> str:
        """The language it translates from into `target_language`; raises CardError if none."""
        for source, target in sorted(self.directions):
            if target == target_language:
                return source
        message = f"Model `{self.id}` does not translate into `{target_language}`."
        raise CardError(message)


def read_catalogue(
    path: Path = MODELS_FOLDER / "catalogue.toml", data: Path | None = None
) -> dict[str, Card]:
    """Cards by id: the catalogue's at `path`, with those of the data folder laid over them.

    The catalogue's folders are relative to its own. Raises CardError where an entry lacks a field
    or says nonsense.
    """
    entries = {entry.get("id"): (entry, path.parent) for entry in _read_toml(path)}
    for local in sorted(data.glob(f"*/{CARD_NAME}")) if data is not None else ():
        overlay = _read_json(local)
        known = entries.get(overlay.get("id"), ({}, None))[0]
        entries[overlay.get("id")] = ({**known, "folder": ".", **overlay}, local.parent)
    cards = [_card(entry, root, path, data) for entry, root in entries.values()]
    return {card.id: card for card in cards}


def read_card(card_id: str, data: Path | None = None) -> Card:
    """The card of one model; raises UnknownModel for an unknown id."""
    cards = read_catalogue(data=data)
    if card_id not in cards:
        message = f"Model `{card_id}` is not in the catalogue; known: {', '.join(sorted(cards))}."
        raise UnknownModel(message)
    return cards[card_id]


def verify_files(card: Card) -> None:
    """Raise CardError unless every file is there and has the sha256 that its card names."""
    if not card.installed:
        message = f"Model `{card.id}` is not installed. Run `songngu models pull {card.id}`."
        raise NotInstalled(message)
    for name, expected in card.files.items():
        verify_file(card.folder / name, expected, f"Model `{card.id}`")


def verify_file(path: Path, expected: str, whose: str) -> None:
    """Raise FileMissing or ChecksumMismatch unless the file has this sha256."""
    try:
        with path.open("rb") as content:
            found = hashlib.file_digest(content, "sha256").hexdigest()
    except OSError as error:
        message = f"{whose}: file {path.name} is missing or cannot be read."
        raise FileMissing(message) from error
    if found != expected:
        message = (
            f"{whose}: file {path.name} is damaged or was replaced "
            f"(sha256 {found[:12]}…, its card says {expected[:12]}…)."
        )
        raise ChecksumMismatch(message)


def _card(entry: Mapping[str, Any], root: Path, path: Path, data: Path | None) -> Card:
    fields = dict(entry)
    try:
        fields["folder"] = root / fields.pop("folder", "")
        fields["directions"] = frozenset((a, b) for a, b in fields.get("directions", ()))
        fields["languages"] = frozenset(fields.get("languages", ()))
        fields["target"] = tuple(fields.get("target", ()))
        fields["decoding"] = Decoding(**fields.get("decoding", {}))
        for name in (
            "files",
            "source_prefix",
            "text_prefix",
            "output_prefix",
            "codes",
            "known_files",
        ):
            fields[name] = MappingProxyType(dict(fields.get(name, {})))
        defaults = {
            "version": "",
            "weights": "",
            "vocabulary": "",
            "obeys_terms": False,
            "knows_placeholders": False,
            "min_score": None,
            "conversions": data / CONVERSIONS if data is not None else None,
        }
        card = Card(**{**defaults, **fields})
        _ = card.family if card.format != "endpoint" else None
    except (KeyError, TypeError, ValueError) as error:
        name = entry.get("id", "without an id")
        message = f"The entry {name} in the catalogue {path.name} cannot be read: {error}."
        raise CardError(message) from error
    return card


def _read_toml(path: Path) -> list[dict[str, Any]]:
    try:
        entries = tomllib.loads(path.read_text("utf-8")).get("model", [])
    except (OSError, ValueError) as error:
        message = f"The catalogue {path.name} cannot be read: {error}."
        raise CardError(message) from error
    return list(entries)


def _read_json(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        message = f"The card {path} cannot be read: {error}."
        raise CardError(message) from error
    if not isinstance(content, dict):
        message = f"The card {path} must be an object."
        raise CardError(message)
    return content
