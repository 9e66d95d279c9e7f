"""The pages of the review form: one router a page."""

from service.http.review import accounts, article, editing, exports, glossary, paste, queue, results

ROUTERS = tuple(
    module.router
    for module in (paste, queue, article, editing, exports, results, glossary, accounts)
)
