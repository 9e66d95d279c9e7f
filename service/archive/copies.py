"""Articles with the same body as one before: its result, with what the copy has of its own.

An archive holds an article several times: with other menus and advertisements around it, on pages
of other sites. What counts is what is left after cleaning. A copy gets, byte for byte, what its
own translation would have given, so that it makes no difference whether the first is still known.
"""

import hashlib
import threading
import zlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import asdict, replace

from service.article import Article
from service.intake import ArticleRequest, read_article
from service.pipeline import Pipeline
from service.result import RemovalResult, RepairResult, Result

KNOWN = 5000  # results that a worker remembers: about 20 MB
Translate = Callable[[ArticleRequest], Result]


class Copies:
    """Results by the blocks of their articles; safe to share between threads."""

    def __init__(self, pipeline: Pipeline, known: int = KNOWN) -> None:
        """`self.pipeline` is the pipeline to translate with: it does not extract a page again."""
        self._limit = known
        self._results: OrderedDict[bytes, bytes] = OrderedDict()
        self._lock = threading.Lock()
        self._pages = threading.local()
        self._extract = pipeline.extract
        self.pipeline = replace(pipeline, extract=self._extracted)

    def translate(self, request: ArticleRequest, translate: Translate) -> Result:
        """The result of the request; `translate` makes it where no copy of the article is known.

        With the memory, sentences are known by themselves, and each article is asked for anew; so
        are near copies, for they are like no other.
        """
        if request.memory or request.first is not None:
            return translate(request)
        article = read_article(request, self._extracted, self.pipeline.max_article_chars)
        key = _key(article, request)
        known = self._recall(key)
        if known is not None:
            return _with_its_own(known, article)
        result = translate(request)
        self._remember(key, result)
        return result

    def _extracted(self, html: str) -> Article:
        """A page that this thread has just read is not read again."""
        if getattr(self._pages, "html", None) != html:
            self._pages.article = self._extract(html)
            self._pages.html = html
        article: Article = self._pages.article
        return article

    def _recall(self, key: bytes) -> Result | None:
        with self._lock:
            packed = self._results.get(key)
            if packed is None:
                return None
            self._results.move_to_end(key)
        return Result.model_validate_json(zlib.decompress(packed))

    def _remember(self, key: bytes, result: Result) -> None:
        packed = zlib.compress(result.model_dump_json().encode(), level=1)
        with self._lock:
            self._results[key] = packed
            while len(self._results) > self._limit:
                self._results.popitem(last=False)


def _key(article: Article, request: ArticleRequest) -> bytes:
    """What the results of two articles depend on, beside `_with_its_own`."""
    wanted = replace(request, text=None, html=None)
    facts = repr((article.blocks, wanted)).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(facts, digest_size=16).digest()


def _with_its_own(result: Result, article: Article) -> Result:
    own = {
        "published": article.published,
        "byline": article.byline,
        "removed": [RemovalResult(**asdict(removal)) for removal in article.removed],
        "repairs": [RepairResult(**asdict(repair)) for repair in article.repairs],
    }
    return result.model_copy(update=own)
