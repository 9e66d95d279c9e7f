"""The Article page: outputs side by side, row by row; its votes and its approval."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from service.article import Language
from service.errors import ReviewItemNotFound, ReviewNotAccepted
from service.glossary import Glossary, government_glossary
from service.http.review.context import (
    AnyCaller,
    Caller,
    Form,
    PageRoute,
    Reviews,
    render,
    translations,
    wants_fragment,
)
from service.review import blind
from service.review.diff import offered_terms
from service.review.ranking import BAD, TIE
from service.review.sheet import Row, Sheet, read_sheet
from service.review.terms import compiled
from service.review.view import Lens, RowView, machine_text, view_row, view_rows
from service.store.glossaries import GlossaryStore
from service.store.memory import SegmentMemory
from service.store.review_values import Edit, ReviewItem, Role, Vote
from service.store.reviews import ARTICLE, ReviewStore
from service.tmx import Unit

MAX_OFFERS = 12
REASONS = ("numbers", "names", "omission", "style")

router = APIRouter(include_in_schema=False, route_class=PageRoute, prefix="/review/articles")


@dataclass(frozen=True, slots=True)
class Opened:
    """An item as one reviewer may see it."""

    item: ReviewItem
    sheet: Sheet
    edits: dict[str, Edit]
    round: int  # of the next vote
    rounds: int
    order: tuple[int, ...]
    hidden: bool  # whether the names are
    choices: dict[str, int]  # segment -> output
    choice: str | None  # of the article, in the last round voted
    glossaries: tuple[Glossary, ...] = ()  # whose terms are pointed out

    def lens(self, language: str, *, diff: bool = False) -> Lens:
        return Lens(self.order, language, self.edits, self.choices, self.glossaries, diff)

    def names(self) -> list[str]:
        """What each output is called, in the order shown."""
        letters = [blind.label(place) for place in range(len(self.order))]
        if self.hidden:
            return letters
        models = [self.sheet.models[output] for output in self.order]
        if len(models) == 1:
            return models
        return [f"{letter} · {model}" for letter, model in zip(letters, models, strict=True)]


def open_item(item_id: str, caller: AnyCaller, reviews: Reviews) -> Opened:
    """The item in the path; raises ReviewItemNotFound."""
    reviewer = caller.reviewer.id
    found = reviews.item(item_id, reviewer)
    rounds = blind.rounds_due(reviewer, item_id, found.outputs)
    votes = [v for v in reviews.votes(item_id=item_id) if v.reviewer_id == reviewer]
    on_article = [v for v in votes if v.segment == ARTICLE]
    voted = len(on_article)
    this_round = min(voted + 1, max(rounds, 1))
    return Opened(
        item=found,
        sheet=_sheet(tuple(reviews.outputs(item_id))),
        edits=reviews.heads(item_id),
        round=this_round,
        rounds=rounds,
        order=blind.shown_order(reviewer, found.sequence, found.outputs, this_round),
        hidden=blind.names_hidden(found.outputs, voted, rounds),
        choices={
            v.segment: int(v.choice)
            for v in votes
            if v.segment != ARTICLE and v.round == this_round and v.choice.isdigit()
        },
        choice=on_article[-1].choice if on_article and voted >= rounds else None,
        glossaries=(*_taught(reviews, Language(found.source_language)), government_glossary()),
    )


def _taught(reviews: ReviewStore, source: Language) -> tuple[Glossary, ...]:
    return compiled(GlossaryStore(reviews.store), source)


@lru_cache(maxsize=32)
def _sheet(outputs: tuple[tuple[str, str], ...]) -> Sheet:
    """Reading 500 segments takes 10 ms, which every autosave would pay."""
    return read_sheet(outputs)


Item = Annotated[Opened, Depends(open_item)]


@router.get("/{item_id}")
def article_page(request: Request, caller: AnyCaller, opened: Item) -> Response:
    diff = request.query_params.get("diff") == "1"
    return render_article(request, caller, opened, diff=diff)


def render_article(
    request: Request, caller: Caller, opened: Opened, *, diff: bool = False
) -> Response:
    rows = view_rows(opened.sheet, opened.lens(caller.language, diff=diff))
    return render(
        request,
        caller,
        "article.html",
        opened=opened,
        sheet=opened.sheet,
        item=opened.item,
        rows=rows,
        numbers={row.id: row.number for row in rows},
        doubts=sum(row.doubtful for row in rows),
        names=opened.names(),
        diff=diff,
        may_approve=caller.reviewer.role.covers(Role.EDITOR),
        vote=vote_panel(opened),
        offers=_offers(opened),
        words=_words(caller.language),
    )


def _offers(opened: Opened) -> list[tuple[str, str]]:
    """(source, target) of the glossary terms that the corrections may teach."""
    offers = []
    for row in opened.sheet.rows:
        edit = opened.edits.get(row.id)
        if edit is not None:
            offers += [
                ("", name) for name in offered_terms(machine_text(row, edit.base), edit.text)
            ]
    return list(dict.fromkeys(offers))[:MAX_OFFERS]


def _words(language: str) -> dict[str, str]:
    """What the script says."""
    _ = translations(language).gettext
    return {
        "saving": _("Saving …"),
        "saved": _("Saved at {time}"),
        "savedShort": _("Saved"),
        "offline": _("Not saved yet – trying again. Your text is kept in this browser."),
        "refused": _("Not saved. Copy your text and reload the page."),
        "empty": _("An empty sentence is not saved."),
        "conflict": _("Someone else has saved this sentence in between."),
        "chosen": _("Chosen: {letter}"),
        "copied": _("Copied"),
        "characters": _("{n} characters, source {of}"),
        "doubtful": _("{n} still doubtful"),
        "clear": _("nothing doubtful"),
    }


def vote_panel(opened: Opened) -> dict[str, object]:
    """What the vote panel shows."""
    chosen = opened.choice
    named = chosen
    if chosen is not None and chosen.isdigit():
        named = opened.names()[opened.order.index(int(chosen))]
    return {
        "asked": opened.item.outputs > 1 and opened.hidden,
        "stored": named,
        "again": opened.round > 1,
        "reasons": REASONS,
    }


def find_row(opened: Opened, segment: str) -> tuple[Row, int, bool]:
    """(row, number from 1, whether it opens a block); raises ReviewItemNotFound."""
    before = -1
    for number, row in enumerate(opened.sheet.rows, start=1):
        if row.id == segment:
            return row, number, row.block != before
        before = row.block
    raise ReviewItemNotFound


def row_view(opened: Opened, segment: str, caller: Caller, *, diff: bool = False) -> RowView:
    row, number, opens = find_row(opened, segment)
    return view_row(opened.sheet, row, number, opens, opened.lens(caller.language, diff=diff))


def render_row(
    request: Request, caller: Caller, opened: Opened, segment: str, *, diff: bool = False
) -> Response:
    """One row as a fragment."""
    return render(
        request,
        caller,
        "row_fragment.html",
        row=row_view(opened, segment, caller, diff=diff),
        sheet=opened.sheet,
        item=opened.item,
        opened=opened,
        names=opened.names(),
        diff=diff,
    )


@router.post("/{item_id}/approve")
def approve(
    request: Request, caller: AnyCaller, opened: Item, reviews: Reviews, form: Form
) -> Response:
    """Approve the article; what was corrected is remembered from now on."""
    del form  # checked to be ours
    caller.must_be(Role.EDITOR)
    reviews.approve(opened.item.id, caller.reviewer.id)
    remember(request, opened)
    return RedirectResponse(f"/review/articles/{opened.item.id}#approval", status_code=303)


def remember(request: Request, opened: Opened) -> None:
    """Hand the corrected segments to the segment memory, where there is one."""
    memory = memory_of(request)
    if memory is None:
        return
    sheet = opened.sheet
    memory.put_many(
        Unit(sheet.source_language, row.source, opened.edits[row.id].text, origin="approved")
        for row in sheet.rows
        if row.id in opened.edits
    )


def memory_of(request: Request) -> SegmentMemory | None:
    """The service's memory of segments; None where the settings want none."""
    pipeline = request.app.state.pipeline
    memory = getattr(pipeline, "memory", None)
    return memory if isinstance(memory, SegmentMemory) else None


@router.post("/{item_id}/vote")
def vote(
    request: Request, caller: AnyCaller, opened: Item, reviews: Reviews, form: Form
) -> Response:
    """Store which output is the best; `choice` is a letter shown, `tie` or `bad`.

    Of the whole article, or of the sentence that the query's `segment` names.
    """
    if opened.item.outputs < 2:
        message = "An article with one output has nothing to choose from."
        raise ReviewNotAccepted(message)
    segment = request.query_params.get("segment", "")
    if segment:
        find_row(opened, segment)
    reviews.vote(
        Vote(
            item_id=opened.item.id,
            reviewer_id=caller.reviewer.id,
            choice=_choice(form.get("choice"), opened.order),
            shown=opened.order,
            segment=segment,
            round=opened.round,
            reasons=tuple(reason for reason in REASONS if reason in form.all("reason")),
        )
    )
    if segment:
        return _after_segment_vote(request, caller, opened, reviews, segment)
    return RedirectResponse(f"/review/articles/{opened.item.id}#vote", status_code=303)


def _after_segment_vote(
    request: Request, caller: Caller, opened: Opened, reviews: ReviewStore, segment: str
) -> Response:
    if wants_fragment(request):
        again = open_item(opened.item.id, caller, reviews)
        return render_row(request, caller, again, segment)
    return RedirectResponse(f"/review/articles/{opened.item.id}#{segment}", status_code=303)


def _choice(given: str, order: tuple[int, ...]) -> str:
    if given in (TIE, BAD):
        return given
    letters = [blind.label(place) for place in range(len(order))]
    if given not in letters:
        message = f"`choice` must be one of {', '.join(letters)}, tie, bad."
        raise ReviewNotAccepted(message)
    return str(order[letters.index(given)])
