"""What Vietnamese government texts write short, written out for the model."""

import re
import tomllib
from functools import cache
from importlib import resources

_QUARTERS = {"I": 1, "II": 2, "III": 3, "IV": 4, "1": 1, "2": 2, "3": 3, "4": 4}
# e.g. "Quý II/2024", "quý 3 năm 2023"
_QUARTER = re.compile(r"\b[Qq]uý (I{1,3}|IV|[1-4]) ?(?:/|năm ) ?((?:19|20)\d\d)(?![\d/])")
_CAPITAL_QUARTER = re.compile(r"(?<=[\w,] )Quý(?= (?:I{1,3}|IV|[1-4])\b)")  # "trong Quý I"
_AFTERNOON = re.compile(r"\bChiều (?=\d{1,2}/\d)")  # e.g. "Chiều 12/9"
# e.g. "đồng/người/tháng", "USD/tấn"
_FOR_EACH = re.compile(
    r"(?<=đồng|.USD|.VND)(?:/(?:người|hộ|tháng|năm|ngày|giờ|kg|tấn|tạ|lít|kWh|m2|m²|ha|sào|lượt"
    r"|cổ phiếu|chỉ|lượng|căn|suất|con|km)(?!\w))+"
)
_LETTERS = {"k": "thousand", "m": "million", "bn": "billion", "tn": "trillion"}
_SIGN = re.compile(r"([£$€])(m|bn)\b")  # of a column of amounts: "£m"
# e.g. "£230.5m", "3.2bn", "14.5m people"; "50m" alone may be metres
_AMOUNT = re.compile(
    r"(?<![\w.,])(?:([£$€]\d{1,9}(?:[.,]\d{1,9}){0,5})(k|m|bn|tn)\b|(\d{1,9}(?:\.\d{1,9})?)(?:(bn|tn)\b"
    r"|(k|m)(?= (?:people|homes|houses|households|jobs|workers|patients|children|pupils|students"
    r"|adults|visitors|passengers|barrels|doses|users|voters|refugees|tonnes|tons|families|pounds|dollars)\b)))"
)


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

    So are quarters, afternoons and what is paid for each thing, of which the bundled model else
    makes "In Quý II/2024", "Many of September 12" and "per morning".

    >>> expand("Chiều 12/9, giá quý II/2024 là 3 triệu đồng/người/tháng.")
    'Buổi chiều 12/9, giá quý 2 năm 2024 là 3 triệu đồng mỗi người mỗi tháng.'
    """
    pattern, words = _rules()
    text = pattern.sub(lambda match: words[match[0]], text)
    text = _QUARTER.sub(lambda match: f"quý {_QUARTERS[match[1]]} năm {match[2]}", text)
    text = _CAPITAL_QUARTER.sub("quý", text)
    text = _AFTERNOON.sub("Buổi chiều ", text)
    return _FOR_EACH.sub(lambda match: match[0].replace("/", " mỗi "), text)


def expand_english(text: str) -> str:
    """`text` with the letters that stand for thousands, millions and billions written out.

    The bundled model else drops them, or leaves them in Vietnamese.

    >>> expand_english("It cost £230.5m (£m, 2024) and moved 14.5m people over 50m.")
    'It cost £230.5 million (£ million, 2024) and moved 14.5 million people over 50m.'
    """

    def written_out(match: re.Match[str]) -> str:
        letters = match[2] or match[4] or match[5]
        return f"{match[1] or match[3]} {_LETTERS[letters]}"

    text = _SIGN.sub(lambda match: f"{match[1]} {_LETTERS[match[2]]}", text)
    return _AMOUNT.sub(written_out, text)
