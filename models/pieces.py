"""Text to vocabulary pieces and back, by SentencePiece or by a tokenizer.json.

Both engines cut text with the model's own file here, never with the tokenizer classes of
transformers: version 5 of those drops SentencePiece's normaliser for mBART, so that Vietnamese with
combining marks becomes unknown tokens.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import sentencepiece

from models.faults import ExtraMissing, FileDamaged

# Tokens that are no text: `</s>`, `<extra_id_7>`, `madeupword0`, `__vi__`, `vie_Latn`, `vi_VN`.
_SPECIAL = re.compile(
    r"</?s>|<pad>|<mask>|<extra_id_\d+>|madeupword\d+"
    r"|__[a-z]{2,3}__|[a-z]{3}_[A-Z][a-z]{3}|[a-z]{2}_[A-Z]{2}|>>[a-z_A-Z]+<<"
)


class Pieces(Protocol):
    """A vocabulary."""

    def encode(self, text: str) -> list[str]: ...

    def decode(self, tokens: Sequence[str]) -> str: ...


class SentencePieces:
    """A SentencePiece model, with the normaliser inside it."""

    def __init__(self, path: Path) -> None:
        """Raises FileDamaged where the file is no SentencePiece model."""
        try:
            self._model = sentencepiece.SentencePieceProcessor(model_file=str(path))
        except (RuntimeError, OSError) as error:
            message = f"{path.name} is no SentencePiece model."
            raise FileDamaged(message) from error

    def encode(self, text: str) -> list[str]:
        pieces: list[str] = self._model.encode(text, out_type=str)
        return pieces

    def decode(self, tokens: Sequence[str]) -> str:
        return str(self._model.decode(list(tokens)))


class JsonPieces:
    """A tokenizer.json, or byte-level BPE in vocab.json with merges.txt beside it.

    Checkpoints that transformers 5 wrote have no other vocabulary.
    """

    def __init__(self, path: Path) -> None:
        """Raises FileDamaged where the file is no vocabulary."""
        try:
            self._model: Any = _read_json(path)
        except ImportError as error:
            message = f"The vocabulary in {path.name} needs the package `tokenizers`."
            raise ExtraMissing(message) from error
        except Exception as error:  # the Rust library raises no narrower one
            message = f"{path.name} is no vocabulary that `tokenizers` reads."
            raise FileDamaged(message) from error

    def encode(self, text: str) -> list[str]:
        return list(self._model.encode(text, add_special_tokens=False).tokens)

    def decode(self, tokens: Sequence[str]) -> str:
        return str(self._model.decoder.decode(list(tokens)))


def open_pieces(path: Path) -> Pieces:
    """The vocabulary in a file; raises FileDamaged."""
    return JsonPieces(path) if path.suffix == ".json" else SentencePieces(path)


def without_specials(tokens: Sequence[str]) -> list[str]:
    """Tokens that are text.

    >>> without_specials(["vie_Latn", "▁Chính", "▁phủ", "</s>"])
    ['▁Chính', '▁phủ']
    """
    return [token for token in tokens if not _SPECIAL.fullmatch(token)]


def _read_json(path: Path) -> Any:  # noqa: ANN401 - tokenizers has no types
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers

    if path.name != "vocab.json":
        tokenizer = Tokenizer.from_file(str(path))
        tokenizer.encode_special_tokens = True  # a text that spells "</s>" is still text
        return tokenizer
    merges = path.with_name("merges.txt")
    tokenizer = Tokenizer(models.BPE.from_file(str(path), str(merges)))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer
