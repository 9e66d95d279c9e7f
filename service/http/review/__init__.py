"""The pages of the review form: one router a page."""

from service.http.review import (
    accounts,
    article,
    editing,
    exports,
    glossary,
    paste,
    queue,
    restoring,
    results,
)

ROUTERS = tuple(
    module.router
    for module in (paste, queue, article, editing, exports, restoring, results, glossary, accounts)
)
