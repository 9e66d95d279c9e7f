"""What is done to text before the bundled model sees it, in training and in use alike."""

import re
import unicodedata

# Typographic variants that carry no meaning a translation would keep apart. A small vocabulary
# spends its pieces better on words; digits, letters and symbols stay untouched (never NFKC, which
# turns "m²" into "m2" and so changes facts).
_TYPOGRAPHY = str.maketrans(
    {
        "“": '"',
        "”": '"',
        "„": '"',
        "«": '"',
        "»": '"',
        "‘": "'",
        "’": "'",
        "‚": "'",
        "…": "...",
        "–": "-",
        "—": "-",
        "‑": "-",
        "−": "-",
        "\N{NO-BREAK SPACE}": " ",
        "\N{NARROW NO-BREAK SPACE}": " ",
        "\N{ZERO WIDTH SPACE}": None,
        "\N{SOFT HYPHEN}": None,
        "\N{ZERO WIDTH NO-BREAK SPACE}": None,
        # Brackets of the model's own control tokens: nothing from outside may spell one.
        "｟": "(",
        "｠": ")",
    }
)
_SPACES = re.compile(r"\s+")


def normalise(text: str) -> str:
    """`text` in NFC with plain quotes, dashes and single spaces.

    Combining marks must have been capped before (NFC is quadratic in their number on Python 3.11);
    `service.stages.repair` does.

    >>> normalise("“Quý  I” – 3,5 %…")
    '"Quý I" - 3,5 %...'
    """
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text.translate(_TYPOGRAPHY))).strip()
