"""Who may do what: sign-in, keys, roles, forged and foreign requests."""

import re

import httpx2
import pytest
from typer.testing import CliRunner

from service.cli import app as command
from service.errors import ReviewerNotAccepted, SignInDelayed, SignInFailed
from service.http.app import create_app
from service.review import access
from service.review.attempts import FORGOTTEN_AFTER_S, LONGEST_WAIT_S, Attempts
from service.settings import Settings
from service.store.engine import open_store
from service.store.review_values import Role
from service.store.reviewers import ReviewerStore
from service.store.reviews import ReviewStore
from tests.conftest import running
from tests.review.items import add_item, plain_result

PASSWORD = "mật khẩu rất dài"
HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def guarded(tmp_path_factory):
    """A server with a reviewer, an editor and an admin: (address, store)."""
    settings = Settings(engine_replicas=1, data_dir=str(tmp_path_factory.mktemp("guarded")))
    store = open_store(settings.store_url)
    for name, role in (("ann", Role.ADMIN), ("ed", Role.EDITOR), ("rev", Role.REVIEWER)):
        access.add_reviewer(ReviewerStore(store), name, role, PASSWORD)
    with running(settings) as address:
        yield address, store
    store.close()


@pytest.fixture
def visitor(guarded):
    with httpx2.Client(base_url=guarded[0], follow_redirects=False) as client:
        yield client


def token_of(page):
    return re.search(r'name="form_token" value="(\w+)"', page.text)[1]


def sign_in(client, name, password=PASSWORD):
    token = token_of(client.get("/sign-in"))
    fields = {"name": name, "password": password, "form_token": token}
    return client.post("/sign-in", data=fields, headers=HTML)


def an_item(guarded):
    return add_item(ReviewStore(guarded[1]), [plain_result(("Một.", "One."))])


def test_review_pages_ask_for_a_sign_in_where_there_are_reviewers(visitor):
    for path in ("/", "/review", "/review/results", "/review/export"):
        assert visitor.get(path, headers=HTML).headers["location"] == "/sign-in"
        assert visitor.get(path).status_code == 401
    assert visitor.get("/livez").status_code == 200


def test_a_wrong_password_and_an_unknown_name_are_told_alike(visitor):
    answers = [sign_in(visitor, "ann", "x" * 12), sign_in(visitor, "nobody", PASSWORD)]
    assert [answer.status_code for answer in answers] == [401, 401]
    shown = [re.search(r'class="problem"[^>]*>(.*?)<', answer.text)[1] for answer in answers]
    assert shown[0] == shown[1]


def test_guessing_a_password_gets_slower_and_the_owner_gets_in_from_elsewhere(visitor, guarded):
    reviewers = ReviewerStore(guarded[1])
    access.add_reviewer(reviewers, "attacked", Role.REVIEWER, PASSWORD)
    guesses = [sign_in(visitor, "attacked", f"guess number {n}") for n in range(6)]
    assert [answer.status_code for answer in guesses] == [401] * 5 + [429]
    assert int(guesses[-1].headers["retry-after"]) >= 1
    assert "Wait" in guesses[-1].text
    right = sign_in(visitor, "attacked")
    assert right.status_code == 429, "the right password is not tried either"
    assert access.sign_in(reviewers, "attacked", PASSWORD, Attempts(), "192.0.2.7")


def test_attempts_wait_longer_each_time_and_are_forgotten():
    now = 0.0
    attempts = Attempts(lambda: now)

    def waits(name="ann", address="192.0.2.1"):
        try:
            attempts.check(name, address)
        except SignInDelayed as error:
            return error.retry_after_s
        return 0.0

    seen = []
    for _ in range(14):
        attempts.failed("ann", "192.0.2.1")
        seen.append(waits())
    assert seen[:4] == [0.0] * 4
    assert seen[4:8] == [2.0, 4.0, 8.0, 16.0]
    assert seen[-1] == LONGEST_WAIT_S
    assert waits("bob") == waits("ann", "192.0.2.2") == 0.0
    now += LONGEST_WAIT_S
    assert waits() == 0.0
    now += FORGOTTEN_AFTER_S
    attempts.failed("ann", "192.0.2.1")
    assert waits() == 0.0, "after an hour one slip is one slip"
    attempts.succeeded("ann", "192.0.2.1")
    assert waits() == 0.0


def test_signing_in_and_out(visitor):
    answer = sign_in(visitor, "rev")
    assert answer.status_code == 303
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    page = visitor.get("/review", headers=HTML)
    assert "rev" in page.text
    visitor.post("/sign-out", data={"form_token": token_of(page)})
    assert visitor.get("/review").status_code == 401


def test_roles_bound_what_a_reviewer_may_do(guarded, visitor):
    item = an_item(guarded)
    sign_in(visitor, "rev")
    page = visitor.get(f"/review/articles/{item}/segments/b1s1", headers=HTML)
    token = token_of(page)
    fields = {"form_token": token, "text": "1", "version": "0", "base": "0"}
    saved = visitor.post(f"/review/articles/{item}/segments/b1s1", data=fields)
    assert saved.status_code == 303
    for path in (f"/review/articles/{item}/approve", "/review/glossary", "/review/reviewers"):
        answer = visitor.post(path, data={"form_token": token, "language": "vi"})
        assert answer.status_code == 403, path
    assert visitor.get("/review/reviewers").status_code == 403
    sign_in(visitor, "ed")
    token = token_of(visitor.get("/"))
    approved = visitor.post(f"/review/articles/{item}/approve", data={"form_token": token})
    assert approved.status_code == 303


def test_a_form_of_another_site_is_refused(guarded, visitor):
    item = an_item(guarded)
    sign_in(visitor, "ed")
    token = token_of(visitor.get("/"))
    path = f"/review/articles/{item}/approve"
    for headers, fields in (
        ({}, {}),
        ({}, {"form_token": "0" * 32}),
        ({"Origin": "https://evil.example"}, {"form_token": token}),
        ({"Origin": "null"}, {"form_token": token}),
        ({"Sec-Fetch-Site": "cross-site"}, {"form_token": token}),
    ):
        assert visitor.post(path, data=fields, headers=headers).status_code == 403
    assert ReviewStore(guarded[1]).item(item).approved is False


def test_an_api_key_needs_no_form_and_ends_with_its_reviewer(guarded):
    reviewers = ReviewerStore(guarded[1])
    made = access.add_reviewer(reviewers, "bot", Role.EDITOR, None)
    key = access.make_key(reviewers, made.id).key
    item = an_item(guarded)
    headers = {"Authorization": f"Bearer {key}"}
    with httpx2.Client(base_url=guarded[0], headers=headers) as client:
        assert client.get("/review").status_code == 200
        assert client.post(f"/review/articles/{item}/approve").status_code in (200, 303)
        reviewers.disable(made.id)
        assert client.get("/review").status_code == 401
    for wrong in (key[:-1] + ("a" if key[-1] != "a" else "b"), "sgr_x", "Basic abc", "x"):
        answer = httpx2.get(f"{guarded[0]}/review", headers={"Authorization": f"Bearer {wrong}"})
        assert answer.status_code == 401


def test_a_name_pointed_at_this_machine_is_not_local(base_url, guarded):
    """DNS rebinding, or a proxy: the Host says that the request was meant for another name."""
    host = {"Host": "songngu.example"}
    for address in (base_url, guarded[0]):
        assert httpx2.get(f"{address}/review", headers=host).status_code == 401
        answer = httpx2.post(f"{address}/v1/articles", json={"text": "Xin chào."}, headers=host)
        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"
        assert httpx2.get(f"{address}/readyz", headers=host).status_code == 200


def test_this_machine_needs_no_password_while_there_are_no_reviewers(base_url):
    assert httpx2.get(f"{base_url}/review").status_code == 200


def test_pages_carry_the_security_headers(base_url):
    headers = httpx2.get(f"{base_url}/review").headers
    assert headers["content-security-policy"].startswith("default-src 'none'; script-src 'self';")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"


def test_listening_to_other_machines_without_reviewers_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("SONGNGU_DATA_DIR", str(tmp_path))
    outcome = CliRunner().invoke(command, ["serve", "--host", "0.0.0.0"])  # noqa: S104
    assert outcome.exit_code == 2
    assert "reviewer add" in outcome.output


def test_the_first_reviewer_is_an_admin_with_a_password(tmp_path):
    store = open_store(f"sqlite:///{tmp_path / 's.db'}")
    reviewers = ReviewerStore(store)
    for role, password in ((Role.EDITOR, PASSWORD), (Role.ADMIN, None), (Role.ADMIN, "short")):
        with pytest.raises(ReviewerNotAccepted):
            access.add_reviewer(reviewers, "ann", role, password)
    made = access.add_reviewer(reviewers, " ann ", Role.ADMIN, PASSWORD)
    with pytest.raises(ReviewerNotAccepted, match="already"):
        access.add_reviewer(reviewers, "ann", Role.EDITOR, PASSWORD)
    stored = reviewers.by_name("ann")[1]
    assert stored.startswith("$argon2id$")
    attempts = Attempts()
    assert access.sign_in(reviewers, "ann", PASSWORD, attempts, "::1")[0] == made
    with pytest.raises(SignInFailed):
        access.sign_in(reviewers, "ann", PASSWORD + "!", attempts, "::1")
    store.close()


def test_the_app_can_be_made_without_a_start():
    assert create_app(Settings()).state.store is None


def test_a_key_changes_what_all_articles_depend_on_only_for_editors(guarded):
    reviewers = ReviewerStore(guarded[1])
    answers = {}
    for role in (Role.REVIEWER, Role.EDITOR):
        made = access.add_reviewer(reviewers, f"script-{role}", role, None)
        key = access.make_key(reviewers, made.id).key
        with httpx2.Client(base_url=guarded[0], headers={"Authorization": f"Bearer {key}"}) as c:
            rows = {"source_language": "vi", "terms": [{"source": "sở", "target": "department"}]}
            answers[role] = [
                c.put(f"/v1/glossaries/of-{role}", json=rows).status_code,
                c.post("/v1/memory", content=b"<tmx/>").status_code,
                c.get("/v1/glossaries").status_code,
            ]
    assert answers[Role.REVIEWER] == [403, 403, 200]
    assert answers[Role.EDITOR][0] == 201
    assert answers[Role.EDITOR][1] != 403


def test_a_job_is_seen_only_by_the_key_that_made_it(guarded):
    reviewers = ReviewerStore(guarded[1])
    keys = []
    for name in ("first", "second"):
        made = access.add_reviewer(reviewers, f"jobs-{name}", Role.REVIEWER, None)
        keys.append({"Authorization": f"Bearer {access.make_key(reviewers, made.id).key}"})
    job = httpx2.post(
        f"{guarded[0]}/v1/jobs", json={"items": [{"text": "Tin vắn."}]}, headers=keys[0]
    ).json()["id"]
    seen = [httpx2.get(f"{guarded[0]}/v1/jobs/{job}", headers=k).status_code for k in keys]
    assert seen == [200, 404]
