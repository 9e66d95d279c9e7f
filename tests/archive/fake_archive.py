"""`songngu batch` with a translator without weights: quick, and as slow as a test wants it.

    python -m tests.archive.fake_archive INPUT OUTPUT [--resume] [--seconds S] [--seen FILE]

`--seen` gets a line for every article that the pipeline finished.
"""

import argparse
import json
import time
from pathlib import Path
from threading import Event

from models.catalogue import BUNDLED_RANKER, MODELS_FOLDER
from models.ranker import load_ranker
from service.archive.run import Engine, Plan, translate_archive
from service.archive.worker import archive_run
from service.intake import read_article
from service.pipeline import Pipeline
from tests.fakes import FakeTranslator


def fake_pipeline(fake=None):
    fake = fake or FakeTranslator()
    return Pipeline(
        translators=dict.fromkeys(fake.directions, fake),
        ranker=load_ranker(MODELS_FOLDER / "weights" / BUNDLED_RANKER),
        ranker_sha256="0" * 64,
        extract=_no_pages,
        max_article_chars=10_000,
        quality={},
    )


def _no_pages(_html):
    raise AssertionError("these tests read no pages")


def fake_engine(seconds=0.0, seen=None, pipeline=None, **facts):
    pipeline = pipeline or fake_pipeline()
    run_one = archive_run(pipeline)

    def run(request, abandoned):
        time.sleep(seconds)
        result = run_one(request, abandoned)
        if seen is not None:
            with seen.open("a") as file:
                file.write(result.title.source + "\n" if result.title else "\n")
        return result

    def intake(item):
        return read_article(item.request(None), pipeline.extract, pipeline.max_article_chars)

    return Engine(run, intake, facts or {"model": "fake"})


def article(number):
    """An article whose every sentence has its number in it, so that no two are alike."""
    return (
        f"Xã số {number} công bố kế hoạch năm 2024\n\n"
        f"Sáng 15/3/2024, Ủy ban nhân dân xã số {number} công bố kế hoạch với {number + 7} mục "
        f"tiêu về đất đai và giáo dục.\n\nChủ tịch xã số {number} cho biết ngân sách là "
        f"{number * 3 + 5} tỷ đồng, tăng so với năm trước.\n"
    )


def write_archive(path, count, start=0):
    lines = [
        json.dumps({"id": f"bai-{n}", "text": article(n)}, ensure_ascii=False)
        for n in range(start, start + count)
    ]
    path.write_text("\n".join(lines) + "\n", "utf-8")


def run(inputs, output, *, engine=None, stop: Event | None = None, report=None, **options):
    plan = Plan(inputs=[str(each) for each in inputs], output=output, **{"threads": 4, **options})
    return translate_archive(
        plan, lambda _store: engine or fake_engine(), stop=stop, report=report or (lambda _: None)
    )


def outputs(folder):
    """Every output file with its bytes."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".songngu" not in path.parts
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("input")
    parser.add_argument("output", type=Path)
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--seconds", type=float, default=0.0)
    parser.add_argument("--seen", type=Path)
    given = parser.parse_args()
    engine = fake_engine(given.seconds, given.seen)
    outcome = run([given.input], given.output, engine=engine, resume=given.resume)
    print(json.dumps({**outcome.tally.to_json(), "is_complete": outcome.is_complete}))


if __name__ == "__main__":
    main()
