"""`songngu article`: one article in, one translation out."""

from contextlib import ExitStack, closing
from enum import StrEnum
from typing import Annotated

import typer

from service.bootstrap import build_extractor, build_pipeline, with_memory
from service.cli.common import (
    LanguageChoice,
    one_line_errors,
    progress_bar,
    read_raw_article,
)
from service.cli.glossary import load_terms
from service.cli.options import (
    Encoding,
    From,
    GlossaryName,
    Memory,
    Names,
    Repair,
    SummaryModel,
    SummarySentences,
    SummaryTitle,
    SummaryWords,
    To,
)
from service.intake import MAX_MODELS, ArticleRequest
from service.render import to_html
from service.result import Result
from service.settings import Settings
from service.stages.spell_names import NameStyle
from service.store.engine import open_store

EXAMPLES = (
    "Examples:  songngu article page.html --format json   |   "
    "pbpaste | songngu article - --to en --summary-sentences 2 --glossary terms.csv"
)


class Format(StrEnum):
    JSON = "json"
    TEXT = "text"
    HTML = "html"


def article(
    path: Annotated[str, typer.Argument(help="A .html/.htm or text file; - reads text or HTML.")],
    to: To = LanguageChoice.AUTO,
    source: From = LanguageChoice.AUTO,
    format: Annotated[Format, typer.Option(help="What to print.")] = Format.TEXT,  # noqa: A002
    summary_sentences: SummarySentences = 3,
    summary_words: SummaryWords = None,
    summary_title: SummaryTitle = False,
    summary_model: SummaryModel = None,
    glossary: GlossaryName = None,
    names: Names = NameStyle.KEEP,
    repair: Repair = True,
    memory: Memory = False,
    encoding: Encoding = "utf-8",
    model: Annotated[
        list[str] | None,
        typer.Option(help="Model to translate with; up to four to compare, the first one leads."),
    ] = None,
) -> None:
    """Clean, translate, check and summarise one article."""
    with one_line_errors():
        settings = Settings.from_environment()
        html, text = read_raw_article(path, settings, encoding)
        request = ArticleRequest(
            text=text,
            html=html,
            source_language=source.language,
            target_language=to.language,
            summary_sentences=summary_sentences,
            summary_words=summary_words,
            summary_title=summary_title,
            summary_model=summary_model,
            glossary=load_terms(glossary, settings) if glossary is not None else None,
            names=names,
            repair=repair,
            memory=memory,
            models=tuple(dict.fromkeys(model or ()))[:MAX_MODELS],
        )
        _show(_run(settings, request), format)


def _show(result: Result, format: Format) -> None:  # noqa: A002
    match format:
        case Format.JSON:
            print(result.model_dump_json(indent=2))
        case Format.HTML:
            print(to_html(result))
        case Format.TEXT:
            print(_as_text(result))


def _run(settings: Settings, request: ArticleRequest) -> Result:
    with ExitStack() as stack:
        extractor = stack.enter_context(closing(build_extractor(settings)))
        pipeline = build_pipeline(settings, extractor)
        if request.memory:
            store = stack.enter_context(closing(open_store(settings.store_url)))
            pipeline = with_memory(pipeline, store, settings)
            if pipeline.memory is not None:  # written before the store is closed
                stack.callback(pipeline.memory.close)
        bar = stack.enter_context(progress_bar("translating"))
        task = bar.add_task("translating", total=None)
        return pipeline.run(
            request, lambda done, total: bar.update(task, completed=done, total=total)
        )


def _as_text(result: Result) -> str:
    summary = "\n".join(f"  • {sentence.text}" for sentence in result.summary.target)
    writer = result.provenance.summary_model
    heading = f"Summary, written by {writer}" if writer else "Summary"
    parts = [f"{heading}\n{summary}\n"] if summary else []
    parts.append(result.text)
    missed = [term for term in result.terms if term.not_applied and term.glossary == "user"]
    if missed:
        listed = ", ".join(f"“{term.target}” ({', '.join(term.not_applied)})" for term in missed)
        parts.append(f"\n[terms not applied] {listed}")
    if result.summary.read_to:
        parts.append(f"\n[summary] the model read as far as {result.summary.read_to}")
    if refused := result.summary.refused:
        told = f"{refused.model} was not used ({refused.reason}): {refused.message.en}"
        parts.append(f"\n[summary] {told}")
    if result.verdict == "review":
        parts.append("\n[review] " + "; ".join(result.reasons))
    for other in result.alternatives:
        answer = other.problem.detail if other.problem else other.text
        parts.append(f"\n[{other.model}]\n{answer}")
    return "\n".join(parts)
