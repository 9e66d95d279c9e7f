"""Requests to the tokens that a model reads, and the tokens it writes to text.

The rules are the card's and its family's data; no model is known here by name.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from models.base import Request
from models.catalogue import Card
from models.checkpoint import read_config
from models.control_tokens import CONTROL_TOKENS, PLACEHOLDERS, with_terms
from models.normalise import normalise
from models.pieces import Pieces, open_pieces, without_specials

# Texts whose pieces are kept. Each is cut by the thread that sends it, which counts its tokens, and
# so need not be again by the engine's: there, each call of the library gives up Python's lock, and
# waits a millisecond for it among busy readers, while a core stands still.
KEPT = 512

# Never text in any language, and some vocabularies have pieces for them.
_INVISIBLE = dict.fromkeys(map(ord, "\N{ZERO WIDTH SPACE}\N{SOFT HYPHEN}\ufeff"))


@dataclass(frozen=True, slots=True)
class Prompt:
    """What the networks are given for one text."""

    source: tuple[str, ...]  # tokens that the encoder reads
    start: tuple[str, ...]  # tokens that the decoder reads first in place of its own start token
    target: tuple[str, ...]  # tokens that the decoder must write first
    cut: bool  # the text did not fit


class Codec:
    """Tokens of one model; its vocabulary is open."""

    def __init__(self, card: Card) -> None:
        """Open the card's vocabulary; raises CardError."""
        self.card = card
        self.family = card.family
        said = read_config(card.folder).get("max_position_embeddings")
        self.positions = min(self.family.positions, said or self.family.positions)
        self._pieces: Pieces = open_pieces(card.folder / card.vocabulary)
        self._cut = lru_cache(KEPT)(self._cut_anew)
        second = self.family.target_vocabulary
        self._target_pieces = (
            open_pieces(card.folder / second) if second in card.files else self._pieces
        )

    def count_tokens(self, text: str) -> int:
        """Source tokens of `text`, without prefix and end mark."""
        return len(self._cut(self._clean(text)))

    def _cut_anew(self, text: str) -> tuple[str, ...]:
        return tuple(self._pieces.encode(text))

    @cached_property
    def room(self) -> int:
        """Tokens that a text may have beside what is put before and behind it."""
        prefixes = (len(self._pieces.encode(text)) for text in self.card.text_prefix.values())
        return self.positions - len(self.family.source) + 1 - max(prefixes, default=0)

    def request(self, request: Request) -> Prompt:
        """The prompt of a translation; raises CardError for a language the model does not know."""
        target = request.target_language
        source = self.card.source_of(target)
        text = self._clean(request.text)
        if request.terms and self.card.obeys_terms:
            text = with_terms(text, [normalise(term) for term in request.terms])
        names = {
            "prefix": self.card.source_prefix.get(target),
            "source_code": self._code(source),
            "target_code": self._code(target),
        }
        return self._prompt(text, self.card.text_prefix.get(target, ""), names)

    def text(self, text: str, language: str | None) -> Prompt:
        """The prompt of a summary, in a language that the model reads."""
        known = language or next(iter(sorted(self.card.languages)), "")
        code = self._code(known)
        names = {"source_code": code, "target_code": code}
        return self._prompt(self._clean(text), self.card.text_prefix.get(known, ""), names)

    def answer(self, tokens: Sequence[str], language: str | None) -> str:
        """The text of what the decoder wrote, without the prefix of every answer of the model."""
        if self.card.knows_placeholders:
            return _without_controls(self._pieces.decode(list(tokens)))
        text = self._target_pieces.decode(without_specials(tokens)).strip()
        return text.removeprefix(self.card.output_prefix.get(language or "", "").strip()).strip()

    def sample(self) -> list[str]:
        """Some pieces that any vocabulary for these languages has."""
        return [
            *dict.fromkeys(self._pieces.encode("Chính phủ họp về kinh tế. The government met."))
        ]

    def _prompt(self, text: str, prefix: str, names: Mapping[str, str | None]) -> Prompt:
        room = self.positions - len(self.family.source) + 1
        pieces = self._cut(prefix + text)
        source: list[str] = []
        for part in self.family.source:
            source += pieces[:room] if part == "{text}" else _filled(part, names)
        forced = self.card.target or self.family.target
        return Prompt(
            source=tuple(source),
            start=tuple(_filled(self.family.decoder_start, names)),
            target=tuple(filled for token in forced for filled in _filled(token, names)),
            cut=len(pieces) > room,
        )

    def _clean(self, text: str) -> str:
        if self.card.knows_placeholders:
            return _keep_placeholders(text)
        if self.card.typography == "plain":
            return normalise(text)
        return " ".join(unicodedata.normalize("NFC", text.translate(_INVISIBLE)).split())

    def _code(self, language: str) -> str | None:
        return self.card.codes.get(language) or self.family.codes.get(language)


def _filled(token: str, names: Mapping[str, str | None]) -> list[str]:
    """The token itself, or what a name in braces stands for; nothing where that is not known."""
    if not token.startswith("{"):
        return [token] if token else []
    value = names.get(token.strip("{}"))
    return [value] if value else []


def _keep_placeholders(text: str) -> str:
    """Normalise around placeholder tokens, which `normalise` would take for outside brackets."""
    parts: list[str] = []
    at = 0
    while at < len(text):
        start = text.find("｟", at)
        token = text[start : start + 3] if start >= 0 else ""
        if start < 0:
            parts.append(text[at:])
            break
        if token in PLACEHOLDERS:
            parts += [text[at:start], token]
            at = start + 3
        else:
            parts.append(text[at : start + 1])
            at = start + 1
    return "".join(
        part if part in PLACEHOLDERS else _normalise_part(part) for part in parts
    ).strip()


def _normalise_part(part: str) -> str:
    """`normalise`, keeping one space at each end where there was one."""
    core = normalise(part)
    if not core:
        return " " if part else ""
    return f"{' ' * part[0].isspace()}{core}{' ' * part[-1].isspace()}"


def _without_controls(text: str) -> str:
    """Drop control tokens other than placeholders that a weak model may write."""
    for token in CONTROL_TOKENS:
        if token not in PLACEHOLDERS:
            text = text.replace(token, "")
    return text.strip()
