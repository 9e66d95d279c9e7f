"""One answer of several models becomes several outputs; lines of finished articles come back."""

import json

import pytest

from service.errors import ReviewItemNotFound
from service.review.outputs import MAX_OUTPUTS, split_outputs
from service.review.putting_back import with_line
from service.review.sheet import read_sheet
from tests.review.items import plain_result


def alternative(model, *targets, problem=None):
    return {
        "model": model,
        "problem": problem,
        "title": targets[0] if targets else None,
        "summary": [{"text": targets[0], "cites": ["b1s1"]}] if targets else [],
        "blocks": [
            {
                "target": target,
                "segments": [
                    {
                        "id": f"b{n}s1",
                        "target": target,
                        "target_span": [0, len(target)],
                        "findings": [],
                        "rung": "model",
                        "score": None,
                    }
                ],
            }
            for n, target in enumerate(targets, start=1)
        ],
        "provenance": {"model": f"{model}@1", "quality": ""},
    }


def test_each_model_that_answered_is_an_output_over_the_same_sentences():
    answer = plain_result(("Một.", "One."), ("Hai.", "Two."))
    answer["alternatives"] = [
        alternative("broken", problem={"type": "t", "title": "t", "detail": "d"}),
        alternative("second", "1.", "2."),
    ]
    sheet = read_sheet(split_outputs(json.dumps(answer)))
    assert sheet.models == ("one@1", "second@1")
    assert [[cell.target for cell in row.cells] for row in sheet.rows] == [
        ["One.", "1."],
        ["Two.", "2."],
    ]
    assert sheet.target_summaries[1][0].text == "1."


def test_no_more_outputs_than_can_be_shown():
    answer = plain_result(("Một.", "One."))
    answer["alternatives"] = [alternative(f"m{n}", f"{n}.") for n in range(9)]
    assert len(split_outputs(json.dumps(answer))) == MAX_OUTPUTS


def test_an_answer_of_one_model_is_one_output():
    answer = plain_result(("Một.", "One."))
    ((model, text),) = split_outputs(json.dumps(answer))
    assert (model, json.loads(text)) == ("one@1", answer)


def test_a_line_comes_back_as_a_paragraph_and_is_removed_no_more():
    answer = plain_result(("Một.", "One."))
    answer["removed"] = [
        {"text": "Tin liên quan", "line": 2, "rule": "r"},
        {"text": "Bình luận (0)", "line": 3, "rule": "r"},
    ]
    answer |= {"repairs": [], "published": "2024-03-15", "byline": None}
    article = with_line(json.dumps(answer), 3)
    assert [block.text for block in article.blocks] == ["Một.", "Bình luận (0)"]
    assert [one.line for one in article.removed] == [2]
    with pytest.raises(ReviewItemNotFound):
        with_line(json.dumps(answer), 9)
