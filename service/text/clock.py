"""Times of day that Vietnamese writes with letters, "15h00", with a colon."""

import re

# e.g. "15h00", "7h30", "19g45", "8 giờ 30 phút", "15h"; neither "24h/24h" nor "1.15h"
_TIME = re.compile(
    r"(?<![\w.,:/-])(?P<hour>[01]?\d|2[0-4])"
    r"(?:(?:[hgH]| ?giờ ?)(?P<minute>[0-5]\d)(?: ?phút| ?['’p])?|h)"
    r"(?![\w/]|[.,:]\d)(?P<half> (?:trưa|chiều|tối)\b)?"
)
_LOOK = 12  # characters before and after that are looked at
# Before what is a length of time: "trong 24h", "kéo dài 1h30"
_IS_LENGTH = re.compile(
    r"\b(?:trong|dài|mất|thêm|sau|hơn|gần|qua|chậm|muộn|sớm|suốt|liền|tiếng|cả)(?: khoảng)? $",
    re.IGNORECASE,
)
# An hour alone, "15h", is a time of day behind "lúc", or before the part of a day, or the day; so
# it is behind "từ", unless what follows says of what there are so many hours.
_BEFORE_HOUR = re.compile(r"\b(?:lúc|hồi|vào|từ|đến|tới|trước)(?: khoảng)? $", re.IGNORECASE)
_IS_HOURS = re.compile(
    r" (?:trở|làm|mỗi|một|liên|liền|qua|đồng hồ|học|bay|đầu|tới|nữa|sau|lao động|lái|chơi)\b|[-–]\d"
)
_AFTER_HOUR = re.compile(r" (?:ngày|sáng|trưa|chiều|tối|đêm|hôm|cùng ngày)\b")
# Of a range, e.g. "từ 8h đến 22h", "8h - 11h30"; a length is "từ 2 đến 3 giờ"
_RANGE_AFTER = re.compile(r" ?(?:đến|tới|[-–]) ?\d{1,2}h(?![\w/])|(?: đến| tới| ?[-–]) \d\d?h\d\d")
_RANGE_BEFORE = re.compile(r"\d(?:h|h\d\d|:\d\d) ?(?:đến|tới|[-–]) ?$")


def with_colons(text: str) -> str:
    """`text` with its times of day as English writes them; lengths of time stay.

    Of afternoons and evenings the hour is one of twelve, as the half of the day says the rest.

    >>> with_colons("Từ 15h00 ngày 20/11; lúc 8h; 19g45 tối nay; trong 24h; dài 1h30 phút.")
    'Từ 15:00 ngày 20/11; lúc 8:00; 7:45 tối nay; trong 24h; dài 1h30 phút.'
    >>> with_colons("Mở cửa từ 8h đến 22h hằng ngày, làm 8h một ngày.")
    'Mở cửa từ 8:00 đến 22:00 hằng ngày, làm 8h một ngày.'
    """

    def written(match: re.Match[str]) -> str:
        before = text[max(0, match.start() - _LOOK) : match.start()]
        if _IS_LENGTH.search(before):
            return match[0]
        if match["minute"] is None and not (
            match["half"]
            or (_BEFORE_HOUR.search(before) and not _IS_HOURS.match(text, match.end()))
            or _RANGE_BEFORE.search(before)
            or _AFTER_HOUR.match(text, match.end())
            or _RANGE_AFTER.match(text, match.end())
        ):
            return match[0]
        hour, half = int(match["hour"]), match["half"] or ""
        if half and hour > 12:
            hour -= 12
        return f"{hour}:{match['minute'] or '00'}{half}"

    return _TIME.sub(written, text)
