"""How families of networks are fed: rows of `families.toml`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

PATH = Path(__file__).with_name("families.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """What networks of one architecture have in common.

    `source`, `decoder_start` and `target` are tokens. In them stand `{text}` for the text's own
    tokens, `{prefix}` for the card's token of the target language, `{source_code}` and
    `{target_code}` for the card's language codes; what a card does not have is left out.
    """

    name: str
    model_types: tuple[str, ...]  # `model_type` in a checkpoint's config.json
    tokenizers: tuple[str, ...] = ()  # classes that tell families of one model type apart
    source: tuple[str, ...]  # what the encoder reads
    decoder_start: str = ""  # what the decoder reads first; empty: as the checkpoint says
    target: tuple[str, ...] = ()  # what it must write first
    suppressed: tuple[str, ...] = ()  # what it must never write
    positions: int  # tokens a text may have at most, both for sources and targets
    half_precision: bool = True  # float16 can hold its activations
    vocabulary: tuple[str, ...]  # files that may hold it, the first that is there counts
    target_vocabulary: str = ""  # where the target has one of its own
    # Fields of config.json which, if there, must say this: both engines compute nothing else.
    must_be: Mapping[str, bool] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)  # language -> code


@cache
def read_families() -> dict[str, Family]:
    """Families by name.

    >>> read_families()["nllb"].codes["vi"]
    'vie_Latn'
    """
    rows = tomllib.loads(PATH.read_text("utf-8"))["family"]
    families = [Family(**{key: _frozen(value) for key, value in row.items()}) for row in rows]
    return {family.name: family for family in families}


def family_of(model_type: str, tokenizer: str) -> Family | None:
    """The family of a checkpoint, by `model_type` and `tokenizer_class` of its files.

    >>> family_of("mbart", "MBart50Tokenizer").name, family_of("llama", "")
    ('mbart50', None)
    """
    fitting = [f for f in read_families().values() if model_type in f.model_types]
    named = [family for family in fitting if tokenizer in family.tokenizers]
    if named or len(fitting) != 1:
        return named[0] if named else None
    return fitting[0]


def _frozen(value: Any) -> Any:  # noqa: ANN401 - what TOML holds
    match value:
        case list():
            return tuple(value)
        case dict():
            return MappingProxyType(value)
        case _:
            return value
