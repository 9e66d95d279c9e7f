"""Did the model come to an end by itself? Asked of a draft, not of its text."""

from service.article import Draft, Finding, Severity

ID = "truncated"


def find_truncated(draft: Draft) -> list[Finding]:
    """A finding where decoding stopped at the length limit: text is probably missing."""
    if not draft.truncated:
        return []
    return [
        Finding(
            ID,
            Severity.MAJOR,
            "Bản dịch bị cắt ở giới hạn độ dài.",
            "The translation was cut off at the length limit.",
        )
    ]
