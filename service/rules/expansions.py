"""Vietnamese government abbreviations, written out for the model."""

import re
import tomllib
from functools import cache
from importlib import resources


@cache
def _rules() -> tuple[re.Pattern[str], dict[str, str]]:
    file = resources.files("service.rules").joinpath("vi", "expansions.toml")
    words: dict[str, str] = tomllib.loads(file.read_text(encoding="utf-8"))["expansions"]
    longest_first = sorted(map(re.escape, words), key=len, reverse=True)
    return re.compile(rf"(?<![\w/-])(?:{'|'.join(longest_first)})(?![\w/&-])"), words


def expand(text: str) -> str:
    """`text` with its abbreviations written out; document numbers stay as they are.

    >>> expand("UBND tỉnh ban hành Quyết định 15/QĐ-UBND")
    'Ủy ban nhân dân tỉnh ban hành Quyết định 15/QĐ-UBND'
    """
    pattern, words = _rules()
    return pattern.sub(lambda match: words[match[0]], text)
