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
    ModelNotKnown               no model of this name                                 422
    DirectionNotSupported       the model does not translate in this direction        422
    MemoryNotReadable           a file that is no TMX                                 422
  EngineError                   the models' side
    WeightsBroken               missing file or wrong checksum                        503
    ModelUnavailable            not installed, too large, or failed to load           503
    EngineFailed                an error while decoding                               503
    EngineBusy                  the same request may work later                       503
    RequestAbandoned            nobody waits any more, or the service stops           503
    TookTooLong                 not done before the request's deadline                504
  BodyTooLarge                  an upload of more bytes than the limit                413
  BodyTooSlow                   an upload that stands still                           408
  StoreUnavailable              the database cannot be reached or written             503
    StoreBusy                   another transaction was in the way                    503
  StoreFull                     its disk is full                                      507
  JobError                      about a job
    JobNotFound                 no such job, or another key's                         404
    JobNotAccepted              the upload holds no item, or too many                 422
    KeyInUse                    the first request with this key is still running      409
    KeyReused                   the key came with another request before              422
  ArchiveError                  the command line's archives: no status
    ArchiveNotReadable          no such input, or none of a kind that is read
    OutputNotWritable           the output folder cannot be used, or its disk is full
    RunMismatch                 the output folder belongs to another run
  ReviewError                   about reviewing
    ReviewItemNotFound          no such article under review                          404
    EditConflict                someone else saved the segment in between             409
    VoteStored                  a stored vote is final                                409
    SignInRequired              nobody is signed in                                   401
    SignInFailed                wrong name, password or key                           401
    SignInDelayed               too many wrong passwords in a row                     429
    NotPermitted                the role does not cover it, or a forged form          403
    ReviewerNotAccepted         a name or password that cannot be used                422
    ReviewNotAccepted           a vote, edit or export that cannot be used            422

`service/http/problems.py` turns them into `application/problem+json`; the CLI prints `str(error)`
as one line and exits with code 2. Messages never contain the article's own text.
"""

import math
from collections.abc import Iterable, Sequence
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
            "If that is wrong, say which it is (`source_language`; `--from` of the commands)."
        )
        self.detected = detected


class SameLanguage(ArticleError):
    """Source and target language are the same."""

    slug = "same-language"
    title = "Source and target language are the same"

    def __init__(self, language: str) -> None:
        super().__init__(
            f"The article is already in the target language ({language}). "
            "Choose the other one or `auto` (`target_language`; `--to` of the commands)."
        )


class GlossaryBroken(ArticleError):
    """A glossary does not say what a glossary needs; the message names the line."""

    slug = "glossary-broken"
    title = "The glossary cannot be used as it is"


class GlossaryOtherDirection(ArticleError):
    """A glossary for articles in one language was asked for with an article in the other."""

    slug = "glossary-other-direction"
    title = "The glossary is for the other direction"

    def __init__(self, glossary: str, article: str) -> None:
        super().__init__(
            f"The glossary is for articles in `{glossary}`, but this one is in `{article}`. "
            "Leave it out, or give one whose source column is in the article's language."
        )


class GlossaryNotFound(ArticleError):
    """No glossary of this name, or no such version of it, is stored."""

    slug = "glossary-not-found"
    title = "No such glossary is stored"

    def __init__(self) -> None:
        super().__init__(
            "No glossary of this name and version is stored. See GET /v1/glossaries, or "
            "`songngu glossary list`."
        )


class ModelNotKnown(ArticleError):
    """No model of this name."""

    slug = "model-not-known"
    title = "There is no such model"

    def __init__(self, known: Iterable[str], field: str = "models") -> None:
        told = ", ".join(sorted(known))
        super().__init__(f"`{field}` names an unknown model; known: {told}.")


class DirectionNotSupported(ArticleError):
    """The model does not translate in the article's direction."""

    slug = "direction-not-supported"
    title = "The model does not translate in this direction"

    def __init__(self, model: str, source: str, target: str) -> None:
        super().__init__(
            f"Model `{model}` does not translate from {source} to {target}. Choose another one."
        )


class DigestEmpty(ArticleError):
    """None of the articles of a digest can be used; `reasons` has why, one for each."""

    slug = "digest-empty"
    title = "None of the articles can be used"

    def __init__(self, reasons: Sequence[str]) -> None:
        told = " ".join(f"{number}: {reason}" for number, reason in enumerate(reasons[:3], 1))
        super().__init__(f"None of the {len(reasons)} articles can be used. {told}".rstrip())
        self.reasons = tuple(reasons)


class GlossaryConflict(ArticleError):
    """A stored glossary is not at the version that the writer started from."""

    slug = "glossary-conflict"
    title = "The glossary has changed in between"

    def __init__(self) -> None:
        super().__init__(
            "The glossary is no longer at the version of `If-Match`. Read it again, then write."
        )


class MemoryNotReadable(ArticleError):
    """A file is no translation memory (TMX) that can be read."""

    slug = "memory-not-readable"
    title = "The translation memory cannot be read"


class EngineError(SongnguError):
    """The models cannot serve."""

    slug = "engine-unavailable"
    title = "The translation engine is not available"


class WeightsBroken(EngineError):
    """A file of a model is missing, or is not the one that its card names."""

    slug = "weights-broken"
    title = "A model's files are missing or damaged"


class EngineBusy(EngineError):
    """The queue is full; there is room in about `retry_after_s` seconds."""

    slug = "engine-busy"
    title = "The service is busy"

    def __init__(self, message: str, retry_after_s: float = 5.0) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class ModelUnavailable(EngineError):
    """A known model is not installed, does not fit into memory, or cannot be loaded."""

    slug = "model-unavailable"
    title = "The model cannot be used now"


class EngineFailed(EngineError):
    """The model raised an error while it decoded."""

    slug = "engine-failed"
    title = "The translation engine failed"

    def __init__(self) -> None:
        super().__init__("The translation engine failed. Send the article again.")


class RequestAbandoned(EngineError):
    """Nobody waits for the answer any more, or the service is stopping."""

    slug = "request-abandoned"
    title = "The request was abandoned"

    def __init__(self) -> None:
        super().__init__("The service is stopping, or the connection was closed. Send it again.")


class TookTooLong(EngineError):
    """The article was not done before the request's deadline."""

    slug = "took-too-long"
    title = "The article took too long"

    def __init__(self) -> None:
        super().__init__(
            "The article was not done in time. Send it in parts, or later; long ones and many "
            "are better sent as a job."
        )


class BodyTooLarge(SongnguError):
    """An upload of more bytes than the limit."""

    slug = "body-too-large"
    title = "Body too large"


class BodyTooSlow(SongnguError):
    """An upload that stands still."""

    slug = "body-too-slow"
    title = "Body too slow"


class StoreUnavailable(SongnguError):
    """The database cannot be opened, reached or written."""

    slug = "store-unavailable"
    title = "The store is not available"


class StoreBusy(StoreUnavailable):
    """Another transaction was in the way, and stayed there."""

    slug = "store-busy"
    title = "The store is busy"


class StoreFull(SongnguError):
    """The disk that holds the store is full; what was accepted before is safe."""

    slug = "store-full"
    title = "The store is full"


class JobError(SongnguError):
    """Something about a job."""

    slug = "job-error"
    title = "The job cannot be used"


class JobNotFound(JobError):
    """No such job, or one of another key: the answer is the same."""

    slug = "job-not-found"
    title = "There is no such job"

    def __init__(self) -> None:
        super().__init__("There is no job with this id. GET /v1/jobs lists yours.")


class JobNotAccepted(JobError):
    """The upload cannot become a job."""

    slug = "job-not-accepted"
    title = "The upload cannot become a job"


class KeyInUse(JobError):
    """The first request with this Idempotency-Key has not been answered yet."""

    slug = "idempotency-key-in-use"
    title = "A request with this Idempotency-Key is still running"

    def __init__(self) -> None:
        super().__init__("Wait for the first request with this Idempotency-Key, then ask again.")


class KeyReused(JobError):
    """This Idempotency-Key came with another request."""

    slug = "idempotency-key-reused"
    title = "This Idempotency-Key belongs to another request"

    def __init__(self) -> None:
        super().__init__("The Idempotency-Key was sent with another body before. Use a new key.")


class ArchiveError(SongnguError):
    """An archive cannot be translated as it was asked for; its finished items are safe."""

    slug = "archive-error"
    title = "The archive cannot be translated"


class ArchiveNotReadable(ArchiveError):
    """No such input, or none of a kind that is read."""

    slug = "archive-not-readable"
    title = "The input cannot be read"


class OutputNotWritable(ArchiveError):
    """The output folder cannot be used, or its disk is full."""

    slug = "output-not-writable"
    title = "The output cannot be written"


class RunMismatch(ArchiveError):
    """The output folder belongs to another run, or the inputs are not the same any more."""

    slug = "run-mismatch"
    title = "The output belongs to another run"


class ReviewError(SongnguError):
    """Something about reviewing."""

    slug = "review-error"
    title = "The review cannot go on"


class ReviewItemNotFound(ReviewError):
    """No such article, or no such segment of it, is under review."""

    slug = "review-item-not-found"
    title = "There is no such article under review"

    def __init__(self) -> None:
        super().__init__("There is no such article or segment under review. See the queue.")


class EditConflict(ReviewError):
    """Someone else has saved the segment since it was opened."""

    slug = "edit-conflict"
    title = "Someone else has saved this segment"

    def __init__(self) -> None:
        super().__init__("Someone else has saved this segment in between. Compare both texts.")


class VoteStored(ReviewError):
    """The names have been shown, so the vote stays as it is."""

    slug = "vote-stored"
    title = "Your vote on this article is stored"

    def __init__(self) -> None:
        super().__init__("Your vote on this article is stored and cannot be changed.")


class SignInRequired(ReviewError):
    """Nobody is signed in, and the request does not come from this machine."""

    slug = "sign-in-required"
    title = "Sign in first"

    def __init__(self) -> None:
        super().__init__("Sign in at /sign-in, or send `Authorization: Bearer` with an API key.")


class SignInFailed(ReviewError):
    """The name, password or key is wrong; which of them is not said."""

    slug = "sign-in-failed"
    title = "The name, password or key is wrong"

    def __init__(self) -> None:
        super().__init__("The name, password or key is wrong.")


class SignInDelayed(ReviewError):
    """Too many wrong passwords; the next attempt is due in about `retry_after_s` seconds."""

    slug = "sign-in-delayed"
    title = "Too many failed sign-ins"

    def __init__(self, retry_after_s: float) -> None:
        super().__init__(f"Wait {max(1, math.ceil(retry_after_s))} seconds, then try again.")
        self.retry_after_s = retry_after_s


class NotPermitted(ReviewError):
    """The reviewer's role does not cover it, or the form is not one of ours."""

    slug = "not-permitted"
    title = "This is not permitted"


class ReviewerNotAccepted(ReviewError):
    """A reviewer's name or password cannot be used."""

    slug = "reviewer-not-accepted"
    title = "The reviewer cannot be added"


class ReviewNotAccepted(ReviewError):
    """A vote, an edit, or what was asked for cannot be used."""

    slug = "review-not-accepted"
    title = "The review cannot be used as it is"
