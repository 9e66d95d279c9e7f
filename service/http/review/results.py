"""The Results page: what the votes and corrections say of the models."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from service.http.review.context import AnyCaller, PageRoute, Reviews, render
from service.review.outcome import summarise_reviews

router = APIRouter(include_in_schema=False, route_class=PageRoute)


@router.get("/review/results")
def results_page(request: Request, caller: AnyCaller, reviews: Reviews) -> Response:
    return render(request, caller, "results.html", outcome=summarise_reviews(reviews))
