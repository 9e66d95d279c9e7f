"""`/v1/jobs` over real HTTP: archives in, results out, and nothing twice."""

import base64
import hashlib
import hmac
import http.server
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest

from service.http.problems import TYPE_BASE
from service.result import Result
from service.settings import Settings
from tests.conftest import running

JSONL = {"Content-Type": "application/x-ndjson"}
SENTENCE = "Sáng 15/3/2024, UBND tỉnh họp phiên thứ {}."


@pytest.fixture(scope="module")
def receiver():
    """A server that remembers what is posted to it, and answers with `statuses` in turn."""
    posts, statuses = [], []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            posts.append((self.headers, self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(statuses.pop(0) if statuses else 204)
            self.send_header("Location", "http://127.0.0.1:1/")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    server.posts, server.statuses = posts, statuses
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def base_url(tmp_path_factory):
    settings = Settings(
        engine_replicas=1,
        body_timeout_s=2.0,
        data_dir=str(tmp_path_factory.mktemp("data")),
        max_upload_bytes=24_000_000,
        webhook_networks="127.0.0.0/8",
    )
    with running(settings) as address:
        yield address


def jsonl(count, start=0):
    lines = ({"id": f"a{n}", "text": SENTENCE.format(n)} for n in range(start, start + count))
    return "".join(json.dumps(line) + "\n" for line in lines).encode()


def send(client, content, query="summary_sentences=0", **headers):
    return client.post(f"/v1/jobs?{query}", content=content, headers={**JSONL, **headers})


def finished(client, job_id, seconds=60):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        job = client.get(f"/v1/jobs/{job_id}").json()
        if job["state"] in ("done", "cancelled"):
            return job
        time.sleep(0.1)
    raise AssertionError(job)


def results(client, job_id, **headers):
    return client.get(f"/v1/jobs/{job_id}/results", headers=headers)


def lines(answer):
    return [json.loads(line) for line in answer.text.splitlines()]


@pytest.fixture(scope="module")
def done(base_url):
    """A job that has been done: three articles, a copy of the first, and a broken line."""
    with httpx2.Client(base_url=base_url, timeout=60) as client:
        copy = json.dumps({"id": "copy", "text": SENTENCE.format(0), "place": "Huế"})
        answer = send(client, jsonl(3) + copy.encode() + b"\n{broken\n")
        assert answer.status_code == 202, answer.text
        yield finished(client, answer.json()["id"])


def test_an_upload_is_translated_and_accounted_for(client, done):
    assert done["counts"] == {
        "queued": 0, "leased": 0, "waiting": 0, "done": 4, "failed": 1, "cancelled": 0,
    }  # fmt: skip
    got = lines(results(client, done["id"]))
    assert [line["id"] for line in got] == ["a0", "a1", "a2", "copy", "upload:5"]
    assert [line["same_as"] for line in got] == [None, None, None, 0, None]
    assert got[3]["meta"] == {"place": "Huế"}
    assert got[3]["result"] == got[0]["result"]
    assert got[4]["error"]["type"] == "bad-json"
    assert Result.model_validate(got[0]["result"]).blocks[0].source == SENTENCE.format(0)


def test_results_are_the_same_bytes_each_time_and_in_parts(client, done):
    whole = results(client, done["id"])
    assert results(client, done["id"]).content == whole.content
    etag, size = whole.headers["etag"], len(whole.content)
    assert results(client, done["id"], **{"If-None-Match": etag}).status_code == 304
    for asked, start, end in [("10-19", 10, 20), ("100-", 100, size), ("-7", size - 7, size)]:
        part = results(client, done["id"], Range=f"bytes={asked}", **{"If-Range": etag})
        assert part.status_code == 206
        assert part.content == whole.content[start:end]
        assert part.headers["content-range"] == f"bytes {start}-{end - 1}/{size}"
    assert (
        results(client, done["id"], Range="bytes=0-1", **{"If-Range": '"old"'}).status_code == 200
    )
    behind = results(client, done["id"], Range=f"bytes={size}-")
    assert (behind.status_code, behind.headers["content-range"]) == (416, f"bytes */{size}")
    after = client.get(f"/v1/jobs/{done['id']}/results?after=3")
    assert [line["position"] for line in lines(after)] == [4]


def test_events_tell_of_the_end(client, done):
    answer = client.get(f"/v1/jobs/{done['id']}/events")
    assert answer.headers["content-type"].startswith("text/event-stream")
    event, data = answer.text.strip().split("\n")
    assert event == "event: end"
    assert json.loads(data.removeprefix("data: "))["id"] == done["id"]


def test_jobs_are_listed_newest_first(client, done):
    newer = send(client, jsonl(1, 500), query="name=mới").json()
    page = client.get("/v1/jobs?limit=1").json()
    assert [(job["id"], job["name"]) for job in page["jobs"]] == [(newer["id"], "mới")]
    older = client.get(page["next"]).json()["jobs"]
    assert older[0]["created_at"] < newer["created_at"]


def test_a_list_is_a_job_too(client):
    body = {
        "items": [
            {"id": "x", "title": "Phiên họp thường kỳ tháng 3", "text": SENTENCE.format(7)},
            {"no": "text"},
        ],
        "summary": {"sentences": 0},
        "target_language": "en",
    }
    answer = client.post("/v1/jobs", json=body)
    assert answer.status_code == 202, answer.text
    assert answer.headers["location"] == f"/v1/jobs/{answer.json()['id']}"
    job = finished(client, answer.json()["id"])
    good, bad = lines(results(client, job["id"]))
    assert good["id"] == "x"
    assert "Phiên họp" in good["result"]["blocks"][0]["source"]
    assert bad["error"]["type"] == "bad-field"


def test_cancel_keeps_results_and_retry_goes_on(client):
    job = send(client, jsonl(20, 1000), query="repair=false").json()
    cancelled = client.post(f"/v1/jobs/{job['id']}/cancel").json()
    assert cancelled["state"] == "cancelled"
    before = [line for line in lines(results(client, job["id"])) if line["state"] == "done"]
    told = client.post(f"/v1/jobs/{job['id']}/retry").json()
    assert (told["retried"], told["left"]) == (0, {"cancelled": 20 - len(before)})
    again = client.post(f"/v1/jobs/{job['id']}/retry?cancelled=true").json()
    assert (again["retried"], again["left"]) == (20 - len(before), {})
    assert finished(client, job["id"])["counts"]["done"] == 20
    got = lines(results(client, job["id"]))
    assert [line["position"] for line in got] == list(range(20))
    assert all(got[line["position"]] == line for line in before)


def test_a_mistyped_option_is_refused_and_the_right_names_are_told(client):
    answer = send(client, jsonl(1, 3000), query="targetlanguage=en")
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error["field"] == "query.targetlanguage"
    assert "target_language" in error["message"]
    hostile = client.get("/v1/jobs", params={"<script>": "1"})
    assert hostile.status_code == 422
    assert "<script>" not in hostile.text


def test_a_binary_upload_is_refused_as_a_whole(client):
    answer = send(client, b"PK\x03\x04\x14\0\0\0" + bytes(range(256)) * 50)
    assert answer.status_code == 422
    assert "UTF-8, not compressed" in answer.json()["detail"]


def test_a_job_can_be_deleted(client):
    job = send(client, jsonl(3, 2000)).json()
    assert client.delete(f"/v1/jobs/{job['id']}").status_code == 204
    assert client.get(f"/v1/jobs/{job['id']}").status_code == 404


@pytest.mark.parametrize("path", ["", "/events", "/results"])
def test_an_unknown_job_is_a_problem(client, path):
    answer = client.get(f"/v1/jobs/nothing{path}")
    assert (answer.status_code, answer.json()["type"]) == (404, TYPE_BASE + "job-not-found")


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"{}", b'{"items": []}', b'{"items": [1]}', b'{"items": NaN}', b"[" * 90_000,
        b'{"items": [{"text": "a"}], "typo": 1}', b"\xff\xfe",
        b'{"items": [{"text": "a"}], "webhook": {"url": "file:///etc/passwd", "secret": "%s"}}'
        % (b"s" * 20),
    ],
)  # fmt: skip
def test_a_list_of_the_wrong_shape_is_refused(client, body):
    answer = client.post("/v1/jobs", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["type"]) == (422, TYPE_BASE + "invalid-request")


def test_hostile_lines_are_item_errors_and_the_rest_is_translated(client):
    hostile = [
        b'{"text": NaN}', b'{"text": "a\xff"}', b"[1]", b'{"text": ""}', b'{"text": 5}',
        b"[" * 100_000, b'{"text": "\\u0000\\u0000\\u0000a"}', b"\x00\x01\x02",
        '{"text": "tin"}'.encode("utf-16"), b'{"text": "' + b"a" * 9_000_000 + b'"}',
    ]  # fmt: skip
    answer = send(client, b"\n".join(hostile) + b"\n\n" + jsonl(1, 3000))
    assert answer.status_code == 202, answer.text
    job = finished(client, answer.json()["id"])
    *bad, good = lines(results(client, job["id"]))
    assert good["state"] == "done"
    assert {line["state"] for line in bad} == {"failed"}
    assert "too-long" in {line["error"]["type"] for line in bad}
    assert "wrong-encoding" in {line["error"]["type"] for line in bad}


def refused(client, content, status, slug):
    """Send until the answer comes; the connection may be closed while the rest is still sent."""
    try:
        answer = send(client, content)
    except httpx2.TransportError:
        return
    assert (answer.status_code, answer.json()["type"]) == (status, TYPE_BASE + slug)


def test_uploads_have_a_limit_of_bytes_and_patience(client):
    def much():
        for _ in range(30):
            yield b'{"text": "' + b"a" * 1_000_000 + b'"}\n'

    def slow():
        yield jsonl(1)
        time.sleep(4)
        yield jsonl(1)

    refused(client, much(), 413, "body-too-large")
    refused(client, slow(), 408, "body-too-slow")
    refused(client, b"a" * 25_000_000, 413, "body-too-large")
    assert not any(job["state"] == "receiving" for job in client.get("/v1/jobs").json()["jobs"])


def test_an_upload_without_an_article_is_refused(client):
    answer = send(client, b"\n \n")
    assert (answer.status_code, answer.json()["type"]) == (422, TYPE_BASE + "job-not-accepted")


def test_twenty_requests_with_one_key_make_one_job(base_url, client):
    def once(_n):
        with httpx2.Client(base_url=base_url, timeout=60) as own:
            return send(own, jsonl(2, 4000), **{"Idempotency-Key": "archive 2024"})

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(once, range(20)))
    assert {answer.status_code for answer in answers} <= {202, 409}
    assert len({answer.json()["id"] for answer in answers if answer.status_code == 202}) == 1
    assert all("retry-after" in answer.headers for answer in answers if answer.status_code == 409)
    again = once(0)
    assert (again.status_code, again.headers["idempotency-replayed"]) == (202, "true")
    other = send(client, jsonl(3, 4000), **{"Idempotency-Key": "archive 2024"})
    assert (other.status_code, other.json()["type"]) == (422, TYPE_BASE + "idempotency-key-reused")


def test_a_refused_request_leaves_its_key_free(client):
    assert send(client, b"", **{"Idempotency-Key": "k"}).status_code == 422
    assert send(client, jsonl(1, 5000), **{"Idempotency-Key": "k"}).status_code == 202


def test_a_webhook_tells_of_the_end_signed(client, receiver, monkeypatch):
    monkeypatch.setattr("service.store.webhooks.DELAYS_S", (0, 0, 0))
    receiver.statuses[:] = [500, 302]
    address = f"http://127.0.0.1:{receiver.server_port}/hook?a=1"
    headers = {"Webhook-Secret": "a-secret-of-words"}
    answer = send(client, jsonl(1, 6000), query=f"webhook_url={address}", **headers)
    assert answer.status_code == 202, answer.text
    job_id, deadline = answer.json()["id"], time.monotonic() + 30
    while (hook := client.get(f"/v1/jobs/{job_id}").json()["webhook"])["state"] == "armed":
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert (hook["state"], hook["attempts"], hook["last_status"]) == ("delivered", 3, 204)
    sent, body = receiver.posts[-1]
    assert json.loads(body)["job"]["id"] == job_id
    signed = f"{sent['webhook-id']}.{sent['webhook-timestamp']}.".encode() + body
    digest = hmac.new(b"a-secret-of-words", signed, hashlib.sha256).digest()
    assert sent["webhook-signature"] == "v1," + base64.b64encode(digest).decode()


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "https://user@example.org/", "https://example.org\\@a/", "x"]
)
def test_a_webhook_to_nowhere_is_refused_at_once(client, url):
    answer = send(
        client, jsonl(1), query=f"webhook_url={url}", **{"Webhook-Secret": "a-secret-of-words"}
    )
    assert (answer.status_code, answer.json()["type"]) == (422, TYPE_BASE + "invalid-request")


WITH_TERMS = "Sáng 15/3/2024, sở y tế đã tổ chức hội nghị về công tác tiêm chủng cho trẻ em."
IN_ENGLISH = "On Friday morning the province held a meeting on vaccination for children."


@pytest.fixture
def glossary(client):
    def put(target):
        content = f"vi\ten\nsở y tế\t{target}\n".encode()
        kind = {"Content-Type": "text/tab-separated-values"}
        return client.put("/v1/glossaries/of-jobs", content=content, headers=kind).json()["version"]

    put("Health Bureau")
    yield put
    client.delete("/v1/glossaries/of-jobs")


def test_a_job_keeps_to_the_glossary_as_it_was_when_the_job_was_taken(client, glossary):
    version = glossary("Health Bureau")
    texts = [WITH_TERMS, IN_ENGLISH]
    lines = "".join(json.dumps({"text": text}) + "\n" for text in texts).encode()
    took = send(client, lines, "summary_sentences=0&glossary=of-jobs")
    assert took.status_code == 202, took.text
    assert took.json()["options"]["glossary"] == f"of-jobs@{version}"
    glossary("Agency for Health")
    assert finished(client, took.json()["id"])["counts"]["done"] == 2
    vietnamese, english = (
        json.loads(line) for line in results(client, took.json()["id"]).text.splitlines()
    )
    assert "Health Bureau" in vietnamese["result"]["text"]
    assert vietnamese["result"]["provenance"]["glossary"] == f"of-jobs@{version}"
    assert english["result"]["provenance"]["glossary"] is None
    older = send(client, lines, f"summary_sentences=0&glossary=of-jobs@{version}")
    assert older.json()["options"]["glossary"] == f"of-jobs@{version}"


def test_a_list_brings_its_own_terms(client):
    terms = [{"source": "sở y tế", "target": "Bureau of Health"}]
    body = {"items": [{"text": WITH_TERMS}], "glossary": {"terms": terms}}
    took = client.post("/v1/jobs", json=body)
    assert took.json()["options"]["glossary"] == "request"
    finished(client, took.json()["id"])
    [line] = results(client, took.json()["id"]).text.splitlines()
    assert "Bureau of Health" in json.loads(line)["result"]["text"]


@pytest.mark.parametrize(
    ("query", "status", "kind"),
    [
        ("glossary=nobody-has-it", 404, "glossary-not-found"),
        ("glossary=of-jobs@999", 404, "glossary-not-found"),
        ("glossary=of-jobs&target_language=vi", 422, "glossary-other-direction"),
        ("glossary=../x", 422, "invalid-request"),
        ("models=nobody-has-it", 422, "model-not-known"),
    ],
)
def test_what_no_article_could_use_is_refused_at_once(client, glossary, query, status, kind):
    before = client.get("/v1/jobs").json()["jobs"]
    answer = send(client, jsonl(2), query)
    assert answer.status_code == status
    assert answer.json()["type"] == TYPE_BASE + kind
    assert client.get("/v1/jobs").json()["jobs"] == before
