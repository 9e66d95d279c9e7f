"""What an engine says of itself: what its card says."""

from models.base import Decoding
from models.catalogue import Card
from models.control_tokens import PLACEHOLDERS


class Carded:
    """The facts of `models.base.Translator`, read from the card; engines add the decoding."""

    card: Card

    @property
    def model_id(self) -> str:
        return f"{self.card.id}@{self.card.version}"

    @property
    def weights_sha256(self) -> str:
        return self.card.weights_sha256

    @property
    def directions(self) -> frozenset[tuple[str, str]]:
        return self.card.directions

    @property
    def languages(self) -> frozenset[str]:
        return self.card.languages

    @property
    def decoding(self) -> Decoding:
        return self.card.decoding

    @property
    def max_source_tokens(self) -> int:
        return self.card.max_source_tokens

    @property
    def min_score(self) -> float | None:
        return self.card.min_score

    @property
    def placeholders(self) -> tuple[str, ...]:
        return PLACEHOLDERS if self.card.knows_placeholders else ()
