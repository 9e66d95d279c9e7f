"""`POST /v1/articles` over real HTTP, with the bundled model."""

import pytest

from tests.samples import ENGLISH, VIETNAMESE


@pytest.fixture(scope="module")
def vietnamese(base_url):
    import httpx2

    answer = httpx2.post(f"{base_url}/v1/articles", json={"text": VIETNAMESE}, timeout=120)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture(scope="module")
def english(base_url):
    import httpx2

    answer = httpx2.post(f"{base_url}/v1/articles", json={"text": ENGLISH}, timeout=120)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_auto_translates_into_the_other_language(vietnamese, english):
    assert (vietnamese["source_language"], vietnamese["target_language"]) == ("vi", "en")
    assert (english["source_language"], english["target_language"]) == ("en", "vi")


def test_metadata_is_found(vietnamese, english):
    assert vietnamese["title"]["source"] == "Chủ tịch UBND tỉnh tiếp công dân định kỳ tháng 3"
    assert vietnamese["published"] == "2024-03-15"
    assert vietnamese["byline"] == "Minh Hà"
    assert english["title"]["source"].startswith("Ministry of Health launches")


def test_furniture_is_removed_and_accounted_for(vietnamese):
    removed = {line["text"]: line for line in vietnamese["removed"]}
    kept = "\n".join(block["source"] for block in vietnamese["blocks"])
    for line in ("Nguồn", "Bình luận (0)", "Tin liên quan", "Hội nghị triển khai nhiệm vụ quý II"):
        assert removed[line]["rule"]
        assert VIETNAMESE.split("\n")[removed[line]["line"] - 1] == line
        assert line not in kept.split("\n")


def test_every_body_word_is_kept(vietnamese):
    kept = " ".join(block["source"] for block in vietnamese["blocks"])
    for words in ("12 lượt công dân", "Nghị định số 15/2024/NĐ-CP", "tăng 7,5 % so với"):
        assert words in kept


@pytest.mark.parametrize("name", ["vietnamese", "english"])
def test_spans_point_at_the_segments_on_both_sides(name, request):
    for block in request.getfixturevalue(name)["blocks"]:
        for segment in block["segments"]:
            for side in ("source", "target"):
                start, end = segment[f"{side}_span"]
                assert block[side][start:end] == segment[side]


@pytest.mark.parametrize("name", ["vietnamese", "english"])
def test_gaps_between_segments_are_whitespace_and_survive(name, request):
    for block in request.getfixturevalue(name)["blocks"]:
        at = 0
        for segment in block["segments"]:
            start, end = segment["source_span"]
            assert block["source"][at:start].strip() == ""
            at = end
        assert block["source"][at:].strip() == ""


@pytest.mark.parametrize("name", ["vietnamese", "english"])
def test_every_segment_has_a_target_and_a_unique_id(name, request):
    segments = [s for b in request.getfixturevalue(name)["blocks"] for s in b["segments"]]
    assert all(segment["target"].strip() for segment in segments)
    assert len({segment["id"] for segment in segments}) == len(segments)


def test_summary_is_the_same_segments_in_both_languages(vietnamese):
    summary = vietnamese["summary"]
    segments = {s["id"]: s for b in vietnamese["blocks"] for s in b["segments"]}
    assert 1 <= len(summary["source"]) <= 3
    for source, target in zip(summary["source"], summary["target"], strict=True):
        assert source["cites"] == target["cites"]
        assert source["text"] == " ".join(segments[i]["source"] for i in source["cites"])
        assert target["text"] == " ".join(segments[i]["target"] for i in target["cites"])


def test_text_is_the_translation_block_by_block(vietnamese):
    assert vietnamese["text"] == "\n\n".join(block["target"] for block in vietnamese["blocks"])


def test_provenance_names_model_weights_and_quality(vietnamese):
    provenance = vietnamese["provenance"]
    assert provenance["model"].startswith("songngu-small@")
    assert len(provenance["weights_sha256"]) == 64
    assert "BLEU" in provenance["quality"]
    assert {"intake", "translate", "check", "summarise"} <= set(vietnamese["timings_ms"])


def test_verdict_has_reasons_exactly_when_it_is_review(vietnamese, english):
    for answer in (vietnamese, english):
        major = any(
            finding["severity"] == "major"
            for block in answer["blocks"]
            for segment in block["segments"]
            for finding in segment["findings"]
        )
        assert (answer["verdict"] == "review") == major == bool(answer["reasons"])


def test_the_same_article_gives_the_same_answer(client, vietnamese):
    again = client.post("/v1/articles", json={"text": VIETNAMESE, "memory": False}).json()
    assert _without_origins(again) == _without_origins(vietnamese)


def _without_origins(answer):
    """All but how long it took, and whether a segment was made now or remembered."""
    blocks = [
        {**block, "segments": [{**s, "rung": None, "score": None} for s in block["segments"]]}
        for block in answer["blocks"]
    ]
    return {**answer, "timings_ms": None, "blocks": blocks}


def test_summary_of_no_sentences(client):
    body = {"text": ENGLISH, "summary": {"sentences": 0}}
    summary = client.post("/v1/articles", json=body).json()["summary"]
    assert (summary["source"], summary["target"], summary["headline"]) == ([], [], None)


def test_a_sentence_in_the_target_language_is_kept(client):
    text = (
        "Phát biểu tại lễ khai mạc, đại biểu nước ngoài bày tỏ vui mừng khi được dự hội nghị. "
        '"We are very happy to join this conference and to work with our friends in Vietnam." '
        "Hội nghị kéo dài trong hai ngày và có nhiều phiên thảo luận quan trọng."
    )
    answer = client.post("/v1/articles", json={"text": text}).json()
    quote = next(
        s for b in answer["blocks"] for s in b["segments"] if "We are very happy" in s["source"]
    )
    assert quote["rung"] == "kept"
    assert quote["target"] == quote["source"]


def test_html_goes_the_same_way(client):
    body = "".join(
        f"<p>{'(Chinhphu.vn) – ' * (n == 1)}Đoạn văn thứ {n} của bài viết nói về công tác "
        "cải cách hành chính của tỉnh, với nhiều kết quả quan trọng trong năm qua.</p>"
        for n in range(1, 6)
    )
    html = (
        "<html><head><title>Cải cách hành chính</title></head><body><nav><a href='/'>Trang chủ</a>"
        f"</nav><article><h1>Cải cách hành chính</h1>{body}</article></body></html>"
    )
    answer = client.post("/v1/articles", json={"html": html}).json()
    paragraphs = [b for b in answer["blocks"] if b["kind"] in ("paragraph", "lead")]
    assert len(paragraphs) == 5
    [dateline] = [b for b in answer["blocks"] if b["kind"] == "dateline"]
    assert [s["source"] for s in dateline["segments"]] == ["(Chinhphu.vn) –"]
    assert paragraphs[0]["source"].startswith("Đoạn văn thứ 1")
    assert answer["source_language"] == "vi"
    assert any(line["text"] == "Trang chủ" for line in answer["removed"])


def test_table_cells_stay_apart(client):
    text = (
        "Kết quả thu ngân sách của tỉnh\n\n"
        "Dưới đây là kết quả thu ngân sách nhà nước của tỉnh trong hai năm gần đây.\n\n"
        "Chỉ tiêu\tNăm 2022\tNăm 2023\nThu nội địa\t1.234,5\t1.500,0\n"
    )
    answer = client.post("/v1/articles", json={"text": text}).json()
    rows = [block for block in answer["blocks"] if block["kind"] == "table_row"]
    assert [block["source"].count("\t") for block in rows] == [2, 2]
    assert [block["target"].count("\t") for block in rows] == [2, 2]
    assert "1.234,5" in rows[1]["source"]


LONG = (
    "Quảng Ninh khởi công cầu mới\n\n"
    "Sáng 15/3/2024, UBND tỉnh Quảng Ninh khởi công cây cầu dài 300 m qua sông Ba Chẽ. "
    "Công trình có tổng vốn 120 tỷ đồng và dự kiến hoàn thành trong 18 tháng.\n\n"
    "Người dân hai xã lâu nay phải đi vòng 14 km vào mùa mưa lũ hằng năm. "
    "Chủ tịch UBND tỉnh yêu cầu nhà thầu bảo đảm tiến độ và an toàn.\n"
)


def test_the_headline_is_one_short_sentence_of_the_article_beside_its_title(client):
    answer = client.post("/v1/articles", json={"text": LONG}).json()
    headline = answer["summary"]["headline"]
    [cited] = headline["cites"]
    segments = {s["id"]: s for b in answer["blocks"] for s in b["segments"]}
    assert headline["source"] == segments[cited]["source"] != answer["title"]["source"]
    assert headline["target"] == segments[cited]["target"]
    assert len(headline["source"].split()) <= 30


def test_a_shortened_sentence_is_a_stretch_of_its_segment_and_translated_as_such(client):
    text = LONG.replace(
        "Sáng 15/3/2024, UBND tỉnh Quảng Ninh khởi công cây cầu dài 300 m qua sông Ba Chẽ.",
        "Sáng 15/3/2024, UBND tỉnh Quảng Ninh đã khởi công cây cầu dài 300 m qua sông Ba Chẽ, "
        "nhằm giảm ùn tắc giao thông cho người dân hai xã.",
    )
    answer = client.post("/v1/articles", json={"text": text, "summary": {"words": 24}}).json()
    segments = {s["id"]: s for b in answer["blocks"] for s in b["segments"]}
    sides = zip(answer["summary"]["source"], answer["summary"]["target"], strict=True)
    for source, target in sides:
        [cited] = source["cites"]
        assert source["text"].rstrip(".").lower() in segments[cited]["source"].lower()
        whole = source["text"] == segments[cited]["source"]
        assert (target["text"] == segments[cited]["target"]) == whole
    assert answer["summary"]["source"]


def test_a_summary_that_is_read_by_itself_begins_with_the_title(client):
    body = {"text": LONG, "summary": {"sentences": 2, "title": True}}
    answer = client.post("/v1/articles", json=body).json()
    first, second = answer["summary"]["target"]
    assert first["text"] == answer["title"]["target"]
    assert second["cites"] != first["cites"]


def test_a_digest_of_two_articles_cites_both(client):
    other = LONG.replace("Quảng Ninh khởi công cầu mới", "Cầu mới qua sông Ba Chẽ").replace(
        "Người dân hai xã lâu nay", "Theo kế hoạch, học sinh hai xã"
    )
    answer = client.post("/v1/digests", json={"articles": [{"text": LONG}, {"text": other}]})
    assert answer.status_code == 200
    sentences = answer.json()["sentences"]
    assert {cite["article"] for one in sentences for cite in one["cites"]} == {0, 1}
    assert all(one["vi"] and one["en"] for one in sentences)
