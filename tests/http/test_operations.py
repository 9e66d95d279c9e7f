"""Health, documentation, the page's headers, admission and shutdown."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from service.errors import EngineBusy, WeightsBroken
from service.http.admission import Admission
from service.http.problems import problem_of
from service.result import Result


def test_live_and_ready(client):
    assert client.get("/livez").json() == {"status": "live"}
    ready = client.get("/readyz").json()
    assert ready["status"] == "ready"
    assert ready["model"].startswith("songngu-small@")


def test_documentation_shows_a_real_example(client):
    specification = client.get("/openapi.json").json()
    schemas = specification["components"]["schemas"]
    assert "UBND" in schemas["ArticleIn"]["examples"][0]["text"]
    assert set(schemas["Result"]["properties"]) == set(Result.model_fields)
    post = specification["paths"]["/v1/articles"]["post"]
    assert "application/problem+json" in post["responses"]["422"]["content"]
    assert client.get("/docs").status_code == 200


def test_the_documented_example_works(client):
    specification = client.get("/openapi.json").json()
    example = specification["components"]["schemas"]["ArticleIn"]["examples"][0]
    answer = client.post("/v1/articles", json=example)
    assert answer.status_code == 200
    Result.model_validate_json(answer.content)


def test_the_page_loads_nothing_from_elsewhere(client):
    page = client.get("/")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert page.headers["x-content-type-options"] == "nosniff"
    assert "http://" not in page.text
    assert "https://" not in page.text
    for path in ("/static/paste.js", "/static/songngu.css"):
        assert client.get(path).status_code == 200


def test_admission_turns_away_what_exceeds_the_queue():
    async def scenario() -> tuple[int, int]:
        admission = Admission(running=1, waiting=1)
        release = asyncio.Event()
        turned_away = 0

        async def caller() -> None:
            async with admission.slot():
                await release.wait()

        callers = [asyncio.create_task(caller()) for _ in range(2)]
        await asyncio.sleep(0)
        try:
            async with admission.slot():
                pass
        except EngineBusy:
            turned_away += 1
        release.set()
        await asyncio.gather(*callers)
        async with admission.slot():
            return turned_away, 1

    assert asyncio.run(scenario()) == (1, 1)


@pytest.mark.parametrize("error", [EngineBusy("Too many."), WeightsBroken("model.bin is missing")])
def test_busy_and_broken_engines_say_when_to_come_back(error):
    answer = problem_of(error)
    assert answer.status_code == 503
    assert answer.headers["retry-after"]


CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
)


def test_fuzzing_from_the_description_finds_no_server_error(base_url, tmp_path):
    """Schemathesis makes requests up from /openapi.json; every answer must be a described one."""
    command = [
        str(Path(sys.executable).with_name("schemathesis")),
        "run",
        f"{base_url}/openapi.json",
        "--max-examples=40",
        f"--checks={','.join(CHECKS)}",
        "--seed=1",
    ]
    hooks = Path(__file__).with_name("fuzzing.py")
    environment = {**os.environ, "SCHEMATHESIS_HOOKS": str(hooks)}
    run = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
        cwd=tmp_path,
        env=environment,
    )
    assert run.returncode == 0, run.stdout[-4000:]
