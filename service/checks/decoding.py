"""What the model itself says of a draft: that it was cut off, or that it is unsure."""

from service.article import Draft, Finding, Severity

TRUNCATED = "truncated"
CONFIDENCE = "confidence"


def find_decoding(draft: Draft, min_score: float | None) -> list[Finding]:
    """Findings from the decoding of a draft; `min_score` is the model's calibrated threshold."""
    findings = []
    if draft.truncated:
        findings.append(
            Finding(
                TRUNCATED,
                Severity.MAJOR,
                "Bản dịch bị cắt ở giới hạn độ dài.",
                "The translation was cut off at the length limit.",
            )
        )
    if min_score is not None and draft.score is not None and draft.score < min_score:
        findings.append(
            Finding(
                CONFIDENCE,
                Severity.MAJOR,
                "Mô hình không chắc chắn về bản dịch này.",
                "The model is unsure of this translation.",
            )
        )
    return findings
