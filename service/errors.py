"""Every error raised on purpose.

SongnguError                    base
  ArticleError                  the sender can mend it                                422
    ArticleEmpty                nothing to translate                                  422
    ArticleTooLong              more characters than the limit                        413
    ArticleNotText              bytes or characters that are no text                  422
    HtmlTooComplex              attribute bombs, nesting, too slow to read            422
    NoArticleFound              a page without an article                             422
    LanguageNotSupported        neither Vietnamese nor English                        422
    SameLanguage                source and target language are one                    422
  EngineError                   the models' side
    WeightsBroken               missing file or wrong checksum                        503
    EngineBusy                  the same request may work later                       503

`service/http/problems.py` turns them into `application/problem+json`; the CLI prints `str(error)`
as one line and exits with code 2. Messages never contain the article's own text.
"""

from typing import ClassVar


class SongnguError(Exception):
    """Base of every error raised on purpose."""

    slug: ClassVar[str] = "internal"  # last part of the problem type; stable
    title: ClassVar[str] = "Something went wrong"


class ArticleError(SongnguError):
    """The article cannot be used as it is; the message says what to send instead."""

    slug = "invalid-article"
    title = "The article cannot be used as it is"


class ArticleEmpty(ArticleError):
    """Nothing is left to translate."""

    slug = "article-empty"
    title = "The article is empty"

    def __init__(self) -> None:
        super().__init__("The article holds no text. Send at least one sentence.")


class ArticleTooLong(ArticleError):
    """More than the service takes in one article."""

    slug = "article-too-long"
    title = "The article is too long"

    def __init__(self, size: int, limit: int, unit: str = "characters") -> None:
        super().__init__(
            f"The article must have at most {limit:,} {unit}, but has {size:,}. "
            "Send it in parts, or as several articles."
        )
        self.size, self.limit = size, limit


class ArticleNotText(ArticleError):
    """Binary data, or text in no encoding that we know."""

    slug = "article-not-text"
    title = "The article is not text"


class HtmlTooComplex(ArticleError):
    """The page could not be read within the limits of time, memory and nesting."""

    slug = "html-too-complex"
    title = "The page is too complex"


class NoArticleFound(ArticleError):
    """The page was read, but no article was found in it."""

    slug = "no-article-found"
    title = "No article was found in the page"

    def __init__(self) -> None:
        super().__init__(
            "No article was found in the page. Send the article's own page, or paste its text."
        )


class LanguageNotSupported(ArticleError):
    """Neither Vietnamese nor English."""

    slug = "language-not-supported"
    title = "The language is not supported"

    def __init__(self, detected: str) -> None:
        super().__init__(
            f"The article must be in Vietnamese (vi) or English (en); detected: {detected}. "
            "If that is wrong, set `source_language`."
        )
        self.detected = detected


class SameLanguage(ArticleError):
    """Source and target language are the same."""

    slug = "same-language"
    title = "Source and target language are the same"

    def __init__(self, language: str) -> None:
        super().__init__(
            f"The article is already in the target language ({language}). "
            "Set `target_language` to the other one, or to `auto`."
        )


class EngineError(SongnguError):
    """The models cannot serve."""

    slug = "engine-unavailable"
    title = "The translation engine is not available"


class WeightsBroken(EngineError):
    """A file of a model is missing, or is not the one that its card names."""

    slug = "weights-broken"
    title = "A model's files are missing or damaged"


class EngineBusy(EngineError):
    """The queue is full."""

    slug = "engine-busy"
    title = "The service is busy"
