"""`songngu batch`: a whole archive, resumable."""

import hashlib
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Annotated, Any

import typer
from rich.table import Table

from service.archive.items import ArchiveItem
from service.archive.options import options_of
from service.archive.readers import ReadOptions
from service.archive.readers.fields import FieldNames
from service.archive.run import Engine, Outcome, Plan, translate_archive
from service.archive.worker import archive_run
from service.archive.writers import Format
from service.article import Article
from service.bootstrap import build_extractor, build_pipeline, with_memory
from service.cli.batch_progress import progress
from service.cli.common import LanguageChoice, notes, one_line_errors
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
from service.intake import ArticleRequest, read_article
from service.pipeline import Pipeline
from service.render import to_html
from service.result import Result
from service.settings import Settings
from service.stages.spell_names import NameStyle
from service.store.engine import Store
from service.terms import TermList

EXAMPLES = (
    "Examples:  songngu batch pages/ --output out --to en   |   "
    "songngu batch export.csv 'more/*.jsonl.gz' --output out --format jsonl --format html --resume"
)
SOME_FAILED, INTERRUPTED = 3, 130  # exit codes


def batch(
    inputs: Annotated[
        list[str],
        typer.Argument(
            help="Folders, files or patterns: .html .txt .jsonl .csv .warc, also .gz.",
            show_default=False,
        ),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="A folder, made if need be.")],
    to: To = LanguageChoice.AUTO,
    source: From = LanguageChoice.AUTO,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the run in OUTPUT.")] = False,
    format: Annotated[  # noqa: A002
        list[Format], typer.Option(help="What to write; may be given several times.")
    ] = [Format.JSONL],  # noqa: B006 - typer copies it
    models: Annotated[
        str, typer.Option(help="Models of the catalogue, by commas; the first one's answer leads.")
    ] = "",
    glossary: GlossaryName = None,
    names: Names = NameStyle.KEEP,
    repair: Repair = True,
    summary_sentences: SummarySentences = 3,
    summary_words: SummaryWords = None,
    summary_title: SummaryTitle = False,
    summary_model: SummaryModel = None,
    encoding: Encoding = "utf-8",
    text_field: Annotated[
        str | None, typer.Option(help="Column or JSON field of the text.", show_default=False)
    ] = None,
    html_field: Annotated[
        str | None, typer.Option(help="... of the page.", show_default=False)
    ] = None,
    title_field: Annotated[
        str | None, typer.Option(help="... of the title.", show_default=False)
    ] = None,
    id_field: Annotated[str | None, typer.Option(help="... of the id.", show_default=False)] = None,
    memory: Memory = False,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="With --resume: try failed articles again.")
    ] = False,
    workers: Annotated[
        int, typer.Option(min=0, max=256, help="Articles at a time; 0: as the cores need.")
    ] = 0,
    cluster: Annotated[
        str, typer.Option(help="Decode on this Ray cluster: auto, host:port, or local.")
    ] = "",
) -> None:
    """Translate an archive: every article once, on and on from where it stopped."""
    with one_line_errors():
        settings = Settings.from_environment()
        chosen = tuple(name for each in models.split(",") if (name := each.strip()))
        if chosen:
            settings = replace(settings, translation_model=chosen[0])
        if cluster:
            settings = replace(settings, cluster=cluster)
        terms = load_terms(glossary, settings) if glossary is not None else None
        if terms is not None and to.language is not None:
            terms.glossary(to.language.other)  # raises where no article could use it
        request = ArticleRequest(
            source_language=source.language,
            target_language=to.language,
            names=names,
            repair=repair,
            summary_sentences=summary_sentences,
            summary_words=summary_words,
            summary_title=summary_title,
            summary_model=summary_model,
        )
        fields = {"id": id_field, "title": title_field, "text": text_field, "html": html_field}
        named = FieldNames(**{what: (name,) for what, name in fields.items() if name is not None})
        plan = Plan(
            inputs=inputs,
            output=output,
            formats=format,
            renders={Format.HTML: to_html},
            read=ReadOptions(fields=named, encoding=encoding),
            options=options_of(request),
            facts={
                "models": chosen,
                "glossary": _sha256(terms) if terms else None,
                "memory": memory,
            },
            resume=resume or retry_failed,
            retry_failed=retry_failed,
            threads=workers or 4 * _cores(settings),
        )
        outcome = _run(plan, settings, terms)
    _show(outcome, output)
    if not outcome.is_complete:
        # An abandoned batch may still be decoded by a thread of the engine, which does not survive
        # the interpreter's own end.
        sys.stderr.flush()
        os._exit(INTERRUPTED)
    if outcome.tally.failed:
        raise typer.Exit(SOME_FAILED)


def _run(plan: Plan, settings: Settings, terms: TermList | None) -> Outcome:
    extractor = build_extractor(settings)
    stop = threading.Event()

    def open_engine(store: Store) -> Engine:
        pipeline = build_pipeline(settings, extractor)
        if plan.facts["memory"]:
            pipeline = with_memory(pipeline, store, settings)
        several = plan.facts["models"] if len(plan.facts["models"]) > 1 else ()
        use_memory = pipeline.memory is not None
        return _engine(pipeline, ArticleRequest(glossary=terms, memory=use_memory, models=several))

    try:
        with _interruptible(stop), progress() as report:
            return translate_archive(plan, open_engine, report=report, stop=stop)
    finally:
        extractor.close()


def _engine(pipeline: Pipeline, common: ArticleRequest) -> Engine:
    """The pipeline as the archive's worker calls it, with what `common` asks for every article."""
    run_one = archive_run(pipeline)

    def run(request: ArticleRequest, abandoned: Callable[[], bool]) -> Result:
        wanted = replace(
            request, glossary=common.glossary, memory=common.memory, models=common.models
        )
        return run_one(wanted, abandoned)

    def intake(item: ArchiveItem) -> Article:
        return read_article(item.request(None), pipeline.extract, pipeline.max_article_chars)

    made_by = {engine.model_id: engine.weights_sha256 for engine in pipeline.translators.values()}
    # The models go with the process: to wait for a batch that nobody wants would hold up a stop.
    close = pipeline.memory.close if pipeline.memory is not None else _nothing
    return Engine(run, intake, {"weights": made_by}, close)


def _nothing() -> None:
    pass


def _sha256(terms: TermList) -> str:
    return hashlib.sha256(terms.to_tsv().encode("utf-8")).hexdigest()


def _cores(settings: Settings) -> int:
    if settings.engine_replicas:
        return settings.engine_replicas
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def _interruptible(stop: threading.Event) -> Iterator[None]:
    """Ctrl-C and SIGTERM ask the run to stop; a second Ctrl-C ends it at once."""

    def ask(number: int, _frame: FrameType | None) -> None:
        if stop.is_set() and number == signal.SIGINT:
            os._exit(INTERRUPTED)
        stop.set()
        notes.print("songngu: stopping; Ctrl-C again ends it at once.", highlight=False)

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _show(outcome: Outcome, output: Path) -> None:
    """The table at the end, on standard error like all that is not the output."""
    tally = outcome.tally
    table = Table("", "articles", show_edge=False)
    table.columns[1].justify = "right"
    rows: list[tuple[str, Any]] = [
        ("done", tally.done),
        ("  of them to review", tally.review),
        ("  of them copies of another", tally.duplicates),
        ("  of them nearly copies", tally.near_duplicates),
        ("failed", tally.failed.total()),
        *((f"  {kind}", count) for kind, count in sorted(tally.failed.items())),
    ]
    for name, count in rows:
        table.add_row(name, f"{count:,}")
    notes.print(table)
    per_minute = 60 * outcome.finished / max(outcome.seconds, 0.001)
    parts = [f"{outcome.finished:,} in {outcome.seconds:,.0f} s", f"{per_minute:.1f} a minute"]
    if not outcome.is_complete:
        parts.append("stopped; the same command with --resume goes on")
    notes.print(f"{output}: {', '.join(parts)}", highlight=False, markup=False, soft_wrap=True)
