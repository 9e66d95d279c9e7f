"""Glossaries over real HTTP: stored, versioned, guarded, and used with the bundled model."""

import uuid

import pytest

TEXT = (
    "Sở Y tế tổ chức hội nghị\n\n"
    "Sáng 15/3/2024, sở y tế đã tổ chức hội nghị về công tác tiêm chủng cho trẻ em.\n\n"
    "Tại hội nghị, các tổ dân phố đã ký cam kết với đoàn thanh niên của phường."
)
TSV = "vi\ten\nsở y tế\tHealth Bureau\ntổ dân phố\tresidential cluster\n"


@pytest.fixture
def address():
    return f"/v1/glossaries/g{uuid.uuid4().hex[:8]}"


def put(client, address, text=TSV, kind="text/tab-separated-values", **headers):
    return client.put(address, content=text.encode(), headers={"Content-Type": kind, **headers})


def test_a_glossary_is_stored_read_changed_and_removed(client, address):
    made = put(client, address)
    assert (made.status_code, made.json()["version"], made.json()["terms"]) == (201, 1, 2)
    read = client.get(address)
    assert read.headers["ETag"] == made.headers["ETag"]
    assert read.json()["terms"][0] == {"source": "sở y tế", "target": "Health Bureau"}
    again = put(client, address)
    assert (again.status_code, again.json()["version"]) == (201, 1)
    changed = put(client, address, TSV + "đặc khu\tspecial zone\n")
    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    assert len(client.get(f"{address}?version=1").json()["terms"]) == 2
    versions = client.get(f"{address}/versions").json()["versions"]
    assert [one["version"] for one in versions] == [2, 1]
    assert client.delete(address).status_code == 204
    assert client.get(address).json()["type"].endswith("glossary-not-found")


def test_json_csv_and_tsv_are_the_same(client, address):
    terms = [{"source": "sở y tế", "target": "Health Bureau"}]
    body = {"source_language": "vi", "terms": terms}
    first = client.put(address, json=body)
    assert first.status_code == 201, first.text
    same = put(client, f"{address}?source_language=vi", "sở y tế,Health Bureau\n", "text/csv")
    assert same.json()["version"] == 1
    exported = client.get(address, headers={"Accept": "text/tab-separated-values"})
    assert exported.text == "vi\ten\nsở y tế\tHealth Bureau\n"
    assert put(client, address, exported.text).json()["version"] == 1


def test_a_list_has_the_newest_version(client, address):
    put(client, address)
    put(client, address, TSV + "đặc khu\tspecial zone\n")
    found = {one["id"]: one for one in client.get("/v1/glossaries").json()["glossaries"]}
    assert found[address.rpartition("/")[2]]["version"] == 2


def test_nobody_writes_over_anothers_change(client, address):
    first = put(client, address).headers["ETag"]
    second = put(client, address, TSV + "đặc khu\tspecial zone\n", **{"If-Match": first})
    assert second.status_code == 200
    late = put(client, address, TSV + "họp\tmeeting\n", **{"If-Match": first})
    assert (late.status_code, late.json()["type"].rpartition("/")[2]) == (412, "glossary-conflict")
    assert put(client, address, **{"If-None-Match": "*"}).status_code == 412
    assert client.delete(address, headers={"If-Match": first}).status_code == 412
    newest = second.headers["ETag"]
    assert client.get(address, headers={"If-None-Match": newest}).status_code == 304
    assert client.delete(address, headers={"If-Match": newest}).status_code == 204


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("vi\ten\nsở y tế\n", "Line 2"),
        ("sở y tế\tHealth Bureau", "source_language"),
        ("", "no terms"),
    ],
)
def test_errors_name_the_line(client, address, text, words):
    answer = put(client, address, text)
    assert (answer.status_code, words in answer.json()["detail"]) == (422, True)


@pytest.mark.parametrize("body", [{}, {"source_language": "fr", "terms": []}, {"terms": 1}, []])
def test_json_of_another_shape_names_the_field(client, address, body):
    answer = client.put(address, json=body)
    assert answer.status_code == 422
    assert answer.json()["errors"]


def test_a_name_that_no_glossary_can_have(client):
    assert put(client, "/v1/glossaries/Ủy-ban").status_code == 422


def reported(answer):
    return {term["source"].lower(): term for term in answer.json()["terms"]}


def test_inline_terms_are_applied_and_reported(client):
    terms = [{"source": "sở y tế", "target": "Health Bureau"}]
    answer = client.post("/v1/articles", json={"text": TEXT, "glossary": {"terms": terms}})
    assert answer.status_code == 200, answer.text
    own = reported(answer)["sở y tế"]
    assert own["glossary"] == "user"
    assert own["matched"] == 2 == len(own["applied"]) + len(own["not_applied"])
    segments = {s["id"]: s for b in answer.json()["blocks"] for s in b["segments"]}
    assert len(own["applied"]) >= 1
    for segment_id in own["applied"]:
        assert "health bureau" in segments[segment_id]["target"].lower()
    for segment_id in own["not_applied"]:
        checks = [finding["check"] for finding in segments[segment_id]["findings"]]
        assert "glossary" in checks


def test_a_stored_glossary_is_used_by_its_name_and_version(client, address):
    put(client, address)
    put(client, address, "vi\ten\nđặc khu\tspecial zone\n")
    name = address.rpartition("/")[2]
    body = {"text": TEXT, "glossary": {"id": name, "version": 1}}
    answer = client.post("/v1/articles", json=body)
    assert answer.json()["provenance"]["glossary"] == f"{name}@1"
    assert {"sở y tế", "tổ dân phố"} <= set(reported(answer))
    newest = client.post("/v1/articles", json={"text": TEXT, "glossary": {"id": name}})
    assert newest.json()["provenance"]["glossary"] == f"{name}@2"
    users = [term for term in newest.json()["terms"] if term["glossary"] == "user"]
    assert users == []


@pytest.mark.parametrize(
    ("glossary", "status", "slug"),
    [
        ({"id": "nothing-of-this-name"}, 404, "glossary-not-found"),
        ({"terms": []}, 422, "invalid-request"),
        ({}, 422, "invalid-request"),
        ({"id": "x", "terms": [{"source": "a", "target": "b"}]}, 422, "invalid-request"),
        ({"terms": [{"source": "…", "target": "b"}]}, 422, "glossary-broken"),
        ({"terms": [{"source": "a", "target": "b"}] * 501}, 422, "invalid-request"),
    ],
)
def test_a_glossary_that_cannot_be_used(client, glossary, status, slug):
    answer = client.post("/v1/articles", json={"text": TEXT, "glossary": glossary})
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (status, slug)


def test_a_glossary_of_the_other_direction_is_refused(client, address):
    put(client, address, "en\tvi\nHealth Bureau\tsở y tế\n")
    body = {"text": TEXT, "glossary": {"id": address.rpartition("/")[2]}}
    answer = client.post("/v1/articles", json=body)
    assert answer.json()["type"].endswith("glossary-other-direction")


def test_names_without_marks_by_request(client):
    text = "Sáng nay, ông Nguyễn Văn Hùng đã phát biểu tại hội nghị của tỉnh về y tế."
    answer = client.post("/v1/articles", json={"text": text, "names": "ascii"})
    assert answer.status_code == 200, answer.text
    assert answer.json()["text"].isascii()
