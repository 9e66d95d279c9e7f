"""Articles under review, for tests."""

import json

import httpx2

from service.review.sheet import read_sheet
from service.store.review_values import NewReviewItem
from service.store.reviews import ReviewStore


def result_of(base_url: str, text: str) -> dict:
    """What a running service makes of an article."""
    answer = httpx2.post(f"{base_url}/v1/articles", json={"text": text}, timeout=120)
    assert answer.status_code == 200, answer.text
    return answer.json()


def plain_result(*pairs: tuple[str, str], model: str = "one@1") -> dict:
    """As much of a Result as a sheet is read from: each pair a paragraph of one sentence."""
    blocks = [
        {
            "kind": "paragraph",
            "source": source,
            "target": target,
            "segments": [
                {
                    "id": f"b{number}s1",
                    "source": source,
                    "target": target,
                    "source_span": [0, len(source)],
                    "target_span": [0, len(target)],
                    "findings": [],
                    "rung": "model",
                }
            ],
        }
        for number, (source, target) in enumerate(pairs, start=1)
    ]
    return {
        "title": {"source": pairs[0][0], "target": pairs[0][1]},
        "source_language": "vi",
        "target_language": "en",
        "summary": {"source": [], "target": []},
        "blocks": blocks,
        "removed": [],
        "provenance": {"model": model, "quality": ""},
    }


def add_item(reviews: ReviewStore, results: list[dict], **values) -> str:
    """Put results of one article up for review; returns the item's id."""
    outputs = tuple((one["provenance"]["model"], json.dumps(one)) for one in results)
    sheet = read_sheet(outputs)
    item = NewReviewItem(
        outputs=outputs,
        title=sheet.title,
        source_language=sheet.source_language,
        target_language=sheet.target_language,
        segments=len(sheet.rows),
        flagged=sheet.flagged,
        **values,
    )
    return reviews.add(item)
