"""Segments are used again, over HTTP and on the command line, and go out and in as TMX."""

import httpx2
import pytest

from service.settings import Settings
from tests.conftest import running

TEXT = (
    "Hội nghị về đất đai\n\n"
    "Sáng nay, Ủy ban nhân dân tỉnh họp về đất đai.\n\n"
    "Chủ tịch tỉnh phát biểu tại hội nghị.\n"
)
SENTENCE = "Chủ tịch tỉnh phát biểu tại hội nghị."
CORRECTED = "The provincial chair spoke at the conference."
TMX = f"""<?xml version="1.0"?><tmx version="1.4"><header srclang="vi"/><body>
<tu><tuv xml:lang="vi"><seg>{SENTENCE}</seg></tuv>
<tuv xml:lang="en-GB"><seg>{CORRECTED}</seg></tuv></tu></body></tmx>"""


@pytest.fixture(scope="module")
def http(tmp_path_factory):
    settings = Settings(
        engine_replicas=1, data_dir=str(tmp_path_factory.mktemp("data")), archive_threads=0
    )
    with running(settings) as address, httpx2.Client(base_url=address, timeout=120) as client:
        yield client


def translate(http, **options):
    answer = http.post("/v1/articles", json={"text": TEXT, **options})
    assert answer.status_code == 200, answer.text
    return answer.json()


def rungs(answer):
    return {s["source"]: s["rung"] for b in answer["blocks"] for s in b["segments"]}


def _findings(answer):
    return [s["findings"] for b in answer["blocks"] for s in b["segments"]]


def settled(http, count=1):
    """Wait until segments that models made are written."""
    import time

    deadline = time.monotonic() + 30
    while http.get("/v1/memory").json()["model"] < count:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_the_second_time_comes_from_the_memory_and_reads_the_same(http):
    first = translate(http)
    sure = [
        segment
        for block in first["blocks"]
        for segment in block["segments"]
        if not {finding["check"] for finding in segment["findings"]} & {"confidence", "truncated"}
    ]
    assert sure
    settled(http, len(sure))
    second = translate(http)
    assert second["text"] == first["text"]
    assert second["verdict"] == first["verdict"]
    assert [rungs(second)[s["source"]] for s in sure] == ["memory"] * len(sure)
    assert _findings(second) == _findings(first)
    assert http.get("/v1/memory").json()["limit"] > 0


def test_the_switch_turns_it_off(http):
    translate(http)
    settled(http)
    assert "memory" not in rungs(translate(http, memory=False)).values()


def test_other_settings_do_not_share(http):
    translate(http)
    settled(http)
    body = {"glossary": {"terms": [{"source": "đất đai", "target": "land"}]}}
    assert "memory" not in rungs(translate(http, **body)).values()


def test_what_people_translated_wins_and_goes_out_again(http):
    answer = http.post("/v1/memory", content=TMX.encode())
    assert answer.json() == {"imported": 1}
    result = translate(http)
    assert rungs(result)[SENTENCE] == "approved"
    assert CORRECTED in result["text"]
    exported = http.get("/v1/memory/tmx")
    assert exported.headers["content-type"].startswith("application/x-tmx+xml")
    assert f"<seg>{CORRECTED}</seg>" in exported.text
    assert http.get("/v1/memory").json()["imported"] == 1


def test_similar_segments_are_suggested(http):
    http.post("/v1/memory", content=TMX.encode())
    query = {"text": "Chủ tịch tỉnh phát biểu ở hội nghị.", "source_language": "vi"}
    [suggestion] = http.get("/v1/memory/suggestions", params=query).json()["suggestions"]
    assert suggestion["target"] == CORRECTED
    assert 0.8 < suggestion["similarity"] < 1


@pytest.mark.parametrize("content", [b"", b"no xml", b"<a/>", b"\xff\xfe\x00"])
def test_what_is_no_tmx_is_a_problem_of_the_sender(http, content):
    answer = http.post("/v1/memory", content=content)
    assert answer.status_code == 422
    assert answer.json()["type"].endswith("/memory-not-readable")
