"""Tokens of the bundled model that are no text: direction tags, placeholders, term constraints.

They are pieces of the vocabulary and appear in training (`models.training.augment`), so the model
knows what they mean. `models.normalise` keeps outside text from spelling one.
"""

from collections.abc import Sequence

TARGET_TAG = {"vi": ">>vie<<", "en": ">>eng<<"}

# Each stands for one number, reference, address or name and is copied as it is.
PLACEHOLDERS = tuple(f"｟{index}｠" for index in range(10))

# Behind the source sentence: `｟=｠ target term`, once for each term that the target must contain.
TERM = "｟=｠"

CONTROL_TOKENS: tuple[str, ...] = (*TARGET_TAG.values(), *PLACEHOLDERS, TERM)


def with_terms(source: str, terms: Sequence[str]) -> str:
    """`source` with the constraints behind it that ask for `terms` in the target.

    >>> with_terms("Bộ Tài chính họp.", ["Ministry of Finance"])
    'Bộ Tài chính họp. ｟=｠ Ministry of Finance'
    """
    return " ".join([source, *(f"{TERM} {term}" for term in terms)])
