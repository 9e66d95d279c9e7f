"""`songngu digest`: several articles in, one summary of them all out."""

from enum import StrEnum
from typing import Annotated

import typer

from service.bootstrap import build_extractor, build_pipeline
from service.cli.common import fail, one_line_errors, progress_bar, read_raw_article
from service.cli.options import Encoding
from service.digest import MAX_ARTICLES, DigestOptions, DigestResult, make_digest
from service.errors import ArticleError
from service.intake import ArticleRequest
from service.settings import Settings

EXAMPLES = (
    "Examples:  songngu digest monday/*.html   |   "
    "songngu digest a.txt b.txt --sentences 3 --language en --format json"
)


class Format(StrEnum):
    JSON = "json"
    TEXT = "text"


class Shown(StrEnum):
    VI = "vi"
    EN = "en"
    BOTH = "both"


def digest(
    paths: Annotated[
        list[str], typer.Argument(help="Text or .html files, in either language; - for one.")
    ],
    sentences: Annotated[int, typer.Option(min=1, max=50, help="At most.")] = 5,
    words: Annotated[
        int | None, typer.Option(min=1, max=5000, help="At most so many in all.")
    ] = None,
    language: Annotated[Shown, typer.Option(help="What the text shows.")] = Shown.BOTH,
    format: Annotated[Format, typer.Option(help="What to print.")] = Format.TEXT,  # noqa: A002
    encoding: Encoding = "utf-8",
) -> None:
    """Summarise several articles at once, each sentence with its sources."""
    with one_line_errors():
        settings = Settings.from_environment()
        if len(paths) > MAX_ARTICLES:
            fail(f"A digest takes at most {MAX_ARTICLES} articles, not {len(paths)}.")
        requests = [_request(path, settings, encoding) for path in paths]
        result = _run(settings, requests, paths, DigestOptions(sentences, words))
    if format is Format.JSON:
        print(result.model_dump_json(indent=2))
    else:
        print(as_text(result, language))


def _request(path: str, settings: Settings, encoding: str) -> ArticleRequest | ArticleError:
    """What to run; a file that cannot be read is reported with the articles."""
    try:
        html, text = read_raw_article(path, settings, encoding)
    except ArticleError as error:
        return error
    return ArticleRequest(text=text, html=html)


def _run(
    settings: Settings,
    requests: list[ArticleRequest | ArticleError],
    names: list[str],
    options: DigestOptions,
) -> DigestResult:
    extractor = build_extractor(settings)
    try:
        pipeline = build_pipeline(settings, extractor)
        with progress_bar("articles") as bar:
            task = bar.add_task("articles", total=len(requests))
            return make_digest(
                requests,
                pipeline,
                options,
                names=names,
                progress=lambda done, total: bar.update(task, completed=done, total=total),
            )
    finally:
        extractor.close()


def as_text(result: DigestResult, shown: Shown) -> str:
    """Sentences with the numbers of their articles, then the articles by number."""
    lines: list[str] = []
    for sentence in result.sentences:
        numbers = sorted({cite.article + 1 for cite in sentence.cites})
        cited = "".join(f" [{number}]" for number in numbers)
        mark = " (review)" if sentence.review else ""
        if shown is Shown.BOTH:
            lines += [f"• {sentence.vi}{cited}{mark}", f"  {sentence.en}"]
        else:
            lines.append(f"• {sentence.vi if shown is Shown.VI else sentence.en}{cited}{mark}")
    lines.append("")
    for article in result.articles:
        title = article.title.source if article.title else ""
        told = article.error.detail if article.error else title
        label = article.name or ""
        lines.append(f"[{article.index + 1}] {label}{': ' if label and told else ''}{told}")
    return "\n".join(lines)
