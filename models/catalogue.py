"""The models that this installation knows: one entry of `catalogue.toml` each."""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from models.base import Decoding

MODELS_FOLDER = Path(__file__).parent
BUNDLED_TRANSLATION = "songngu-small"
BUNDLED_RANKER = "ranker"


class CardError(Exception):
    """A model's entry, or one of its files, is not what it should be; the message says which."""


@dataclass(frozen=True, slots=True)
class Card:
    """What is known of one model before its weights are opened."""

    id: str
    version: str
    task: str
    architecture: str
    licence: str
    commercial: bool  # may be used commercially as far as its licence says
    folder: Path
    files: Mapping[str, str]  # name in `folder` -> sha256
    weights: str  # which of `files` holds the weights
    vocabulary: str  # which of `files` is the SentencePiece model
    directions: frozenset[tuple[str, str]]  # (source language, target language)
    source_prefix: Mapping[str, str]  # target language -> token put first in the source
    obeys_terms: bool  # trained with inline term constraints
    knows_placeholders: bool  # trained with placeholder tokens
    max_source_tokens: int
    decoding: Decoding
    # Sentences that score below are more often poor than not (scripts/calibrate_confidence.py).
    min_score: float | None
    quality: str  # one honest line, as measured by scripts/evaluate.py

    @property
    def weights_sha256(self) -> str:
        return self.files[self.weights]


def _card(entry: Mapping[str, Any], root: Path) -> Card:
    return Card(
        id=entry["id"],
        version=entry["version"],
        task=entry["task"],
        architecture=entry["architecture"],
        licence=entry["licence"],
        commercial=entry["commercial"],
        folder=root / entry["folder"],
        files=MappingProxyType(entry["files"]),
        weights=entry["weights"],
        vocabulary=entry["vocabulary"],
        directions=frozenset((pair[0], pair[1]) for pair in entry["directions"]),
        source_prefix=MappingProxyType(entry["source_prefix"]),
        obeys_terms=entry["obeys_terms"],
        knows_placeholders=entry["knows_placeholders"],
        max_source_tokens=entry["max_source_tokens"],
        decoding=Decoding(**entry["decoding"]),
        min_score=entry.get("min_score"),
        quality=entry["quality"],
    )


def read_catalogue(path: Path = MODELS_FOLDER / "catalogue.toml") -> dict[str, Card]:
    """Cards by id. Folders are relative to the catalogue's own folder.

    Raises CardError where an entry lacks a field or says nonsense.
    """
    try:
        entries = tomllib.loads(path.read_text("utf-8")).get("model", [])
        cards = [_card(entry, path.parent) for entry in entries]
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, IndexError) as error:
        message = f"The catalogue {path.name} cannot be read: {error}."
        raise CardError(message) from error
    return {card.id: card for card in cards}


def read_card(card_id: str) -> Card:
    """The card of one model; raises CardError for an unknown id."""
    cards = read_catalogue()
    if card_id not in cards:
        message = f"Model `{card_id}` is not in the catalogue; known: {', '.join(sorted(cards))}."
        raise CardError(message)
    return cards[card_id]


def verify_files(card: Card) -> None:
    """Raise CardError unless every file is there and has the sha256 that its card names."""
    for name, expected in card.files.items():
        path = card.folder / name
        try:
            with path.open("rb") as content:
                found = hashlib.file_digest(content, "sha256").hexdigest()
        except OSError as error:
            message = f"Model `{card.id}`: file {name} is missing or cannot be read."
            raise CardError(message) from error
        if found != expected:
            message = (
                f"Model `{card.id}`: file {name} is damaged or was replaced "
                f"(sha256 {found[:12]}…, its card says {expected[:12]}…)."
            )
            raise CardError(message)
