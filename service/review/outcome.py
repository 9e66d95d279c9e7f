"""All votes and corrections, summed up by model."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from service.review.diff import edit_distance
from service.review.ranking import (
    BAD,
    TIE,
    Agreement,
    Ballot,
    Standing,
    between_reviewers,
    standings,
    with_oneself,
)
from service.review.sheet import read_sheet
from service.review.view import machine_text
from service.store.reviews import ARTICLE, ReviewStore


@dataclass(frozen=True, slots=True)
class Distance:
    """How much of a model's text was corrected."""

    model: str
    segments: int  # corrected or confirmed
    unchanged: int
    edits: int  # words put in, taken out, replaced
    words: int  # of the corrected text

    @property
    def per_hundred(self) -> float:
        """Edits to a hundred words."""
        return 100 * self.edits / self.words if self.words else 0.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the Results page shows."""

    votes: int
    standings: list[Standing]
    between: Agreement
    oneself: Agreement
    reasons: list[tuple[str, int]]
    first_chosen: int  # votes for the output shown first, a sign of bias
    decided: int  # votes for one of the outputs
    distances: list[Distance]


def summarise_reviews(reviews: ReviewStore) -> Outcome:
    """The sums over all items; takes time in proportion to the votes and corrections."""
    votes = [vote for vote in reviews.votes() if vote.segment == ARTICLE]
    models = reviews.models()
    ballots, first, reasons = [], 0, Counter[str]()
    for vote in votes:
        own = models.get(vote.item_id, ())
        shown = tuple(own[number] for number in vote.shown if number < len(own))
        if vote.choice in (TIE, BAD):
            choice = vote.choice
        elif int(vote.choice) < len(own):
            choice = own[int(vote.choice)]
            first += vote.shown[0] == int(vote.choice)
        else:
            continue
        reasons.update(vote.reasons)
        ballots.append(Ballot(vote.item_id, vote.reviewer_id, shown, choice, vote.round))
    counted = [ballot for ballot in ballots if ballot.round == 1]
    return Outcome(
        votes=len(counted),
        standings=standings(counted),
        between=between_reviewers(ballots),
        oneself=with_oneself(ballots),
        reasons=reasons.most_common(),
        first_chosen=first,
        decided=sum(ballot.choice not in (TIE, BAD) for ballot in ballots),
        distances=_distances(reviews),
    )


def _distances(reviews: ReviewStore) -> list[Distance]:
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for item_id in reviews.edited_items():
        sheet = read_sheet(reviews.outputs(item_id))
        heads = reviews.heads(item_id)
        for row in sheet.rows:
            edit = heads.get(row.id)
            if edit is None:
                continue
            edits, words = edit_distance(machine_text(row, edit.base), edit.text)
            own = sums[sheet.models[edit.base]]
            for place, value in enumerate((1, edits == 0, edits, words)):
                own[place] += value
    return [Distance(model, *values) for model, values in sorted(sums.items())]
