"""What comes in over HTTP."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from service.article import Language
from service.intake import MAX_MODELS, ArticleRequest
from service.stages.spell_names import NameStyle
from service.terms import TermList, make_terms

LanguageChoice = Literal["auto", "vi", "en"]
_SURROGATE = re.compile("[\ud800-\udfff]")

EXAMPLE_TEXT = (
    "Chủ tịch UBND tỉnh tiếp công dân định kỳ tháng 3\n\n"
    "Sáng 15/3/2024, Chủ tịch UBND tỉnh chủ trì buổi tiếp công dân định kỳ. "
    "Đã có 12 lượt công dân đến trình bày ý kiến về đất đai và chế độ, chính sách.\n\n"
    "Nguồn\n\nBình luận (0)"
)


def _no_surrogates(text: str) -> str:
    if _SURROGATE.search(text):
        message = "must be valid Unicode text: it holds a lone surrogate"
        raise ValueError(message)
    return text


UnicodeText = Annotated[str, AfterValidator(_no_surrogates)]


class Body(BaseModel):
    """Base of request bodies: unknown fields are an error, so that typing mistakes are noticed."""

    model_config = ConfigDict(extra="forbid", strict=True)


ModelName = Annotated[UnicodeText, Field(min_length=1, max_length=64)]


class SummaryOptions(Body):
    sentences: int = Field(default=3, ge=0, le=50, description="at most; 0 for no summary")
    words: int | None = Field(
        default=None, ge=1, le=5000, description="at most so many in all; sentences stay whole"
    )
    title: bool = Field(
        default=False, description="begin with the title, for a summary that is read by itself"
    )
    model: ModelName | None = Field(
        default=None,
        description="id of an installed model that summarises, or `auto`: it writes the summary. "
        "Where it invents something, or cannot be used, sentences are chosen as without it, and "
        "`refused` says why",
        examples=["auto"],
    )


MAX_INLINE_TERMS = 500
MAX_NAME_CHARS = 200


class TermIn(Body):
    """A term and its translation; more forms are divided by semicolons, the preferred first."""

    source: UnicodeText = Field(min_length=1, max_length=1000, examples=["sở y tế"])
    target: UnicodeText = Field(min_length=1, max_length=1000, examples=["Department of Health"])


def terms_of(terms: Sequence[TermIn], source: Language | None, label: str = "") -> TermList:
    """The terms of a request; raises GlossaryBroken, which counts them from 1."""
    rows = ((n, (term.source.strip(), term.target.strip())) for n, term in enumerate(terms, 1))
    return make_terms(rows, source, label)


class GlossaryIn(Body):
    """Terms to use, before the built-in ones: given here, or by the id of a stored glossary."""

    terms: list[TermIn] | None = Field(
        default=None,
        min_length=1,
        max_length=MAX_INLINE_TERMS,
        description="from the article's language into the other",
    )
    id: str | None = Field(default=None, max_length=64, description="of a stored glossary")
    version: int | None = Field(
        default=None, ge=1, le=2**31 - 1, description="the newest if not given"
    )

    @model_validator(mode="after")
    def _one_kind(self) -> "GlossaryIn":
        if (self.terms is None) == (self.id is None):
            message = "give either `terms` or the `id` of a stored glossary, and not both"
            raise ValueError(message)
        if self.id is None and self.version is not None:
            message = "`version` goes with `id`"
            raise ValueError(message)
        return self


class ArticleOptions(Body):
    """What may be asked of an article, and so of each article of a job."""

    source_language: LanguageChoice = Field(default="auto", description="`auto` detects it")
    target_language: LanguageChoice = Field(
        default="auto", description="`auto` is the other language"
    )
    summary: SummaryOptions = SummaryOptions()
    repair: bool = Field(
        default=True, description="try again where a check found something; slower"
    )
    names: NameStyle = Field(
        default=NameStyle.KEEP,
        strict=False,
        description="Vietnamese names in English: `keep` their marks, or `ascii` without",
    )
    models: list[ModelName] | None = Field(
        default=None,
        min_length=1,
        max_length=MAX_MODELS,
        description="ids of models to compare: the first answers, the others are `alternatives`",
        examples=[["songngu-small"]],
    )
    memory: bool = Field(
        default=True, description="use segments that were translated before; remember these"
    )

    @model_validator(mode="after")
    def _different_models(self) -> Self:
        if self.models is not None and len(set(self.models)) < len(self.models):
            message = "`models` must not name one model twice"
            raise ValueError(message)
        return self

    def options(self) -> ArticleRequest:
        """A request without its article."""
        return ArticleRequest(
            source_language=_chosen(self.source_language),
            target_language=_chosen(self.target_language),
            summary_sentences=self.summary.sentences,
            summary_words=self.summary.words,
            summary_title=self.summary.title,
            summary_model=self.summary.model,
            repair=self.repair,
            names=self.names,
            models=tuple(self.models or ()),
            memory=self.memory,
        )


class ArticleIn(ArticleOptions):
    """One raw article, as pasted text or as a page's HTML."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={
            "examples": [
                {"text": EXAMPLE_TEXT, "target_language": "en", "summary": {"sentences": 1}}
            ]
        },
    )

    text: UnicodeText | None = Field(default=None, description="the page as pasted")
    html: UnicodeText | None = Field(default=None, description="the page's HTML")
    glossary: GlossaryIn | None = Field(
        default=None,
        description="your own terms; the answer's `terms` says where they were applied",
    )

    @model_validator(mode="after")
    def _one_input(self) -> "ArticleIn":
        if (self.text is None) == (self.html is None):
            message = "give either `text` or `html`, and not both"
            raise ValueError(message)
        return self

    def to_request(self, stored: TermList | None = None) -> ArticleRequest:
        """The request; `stored` are the terms of the stored glossary that it names."""
        terms = stored
        if self.glossary is not None and self.glossary.terms is not None:
            terms = terms_of(self.glossary.terms, None, "request")
        return replace(self.options(), text=self.text, html=self.html, glossary=terms)


def _chosen(choice: LanguageChoice) -> Language | None:
    return None if choice == "auto" else Language(choice)


class Problem(BaseModel):
    """RFC 9457 problem details."""

    type: str = Field(examples=["https://songngu.invalid/problems/language-not-supported"])
    title: str = Field(examples=["The language is not supported"])
    status: int = Field(examples=[422])
    detail: str = Field(
        examples=["The article must be in Vietnamese (vi) or English (en); detected: fr."]
    )
    errors: list[dict[str, str]] | None = Field(
        default=None, description="the fields at fault, where the body's shape is wrong"
    )
    request_id: str = Field(examples=["01a2b3c4d5e6"])


class Live(BaseModel):
    status: Literal["live"] = "live"


class Ready(BaseModel):
    status: Literal["ready", "starting", "stopping"]
    model: str | None = None
