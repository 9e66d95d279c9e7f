"""One article through several models: read once, answered side by side."""

import dataclasses
from contextlib import contextmanager

import pytest

from models.tickets import Cancelled, DeadlinePassed, Ticket
from service import serving
from service.abstracts import still_loading
from service.article import Language
from service.errors import (
    DirectionNotSupported,
    ModelNotKnown,
    ModelUnavailable,
    RequestAbandoned,
    TookTooLong,
)
from service.intake import ArticleRequest
from service.pipeline import Pipeline
from service.render import to_html
from tests.fakes import FakeSummariser, FakeTranslator

TEXT = (
    "Hội nghị cải cách hành chính\n\n"
    "Sáng nay, Ủy ban nhân dân tỉnh họp về cải cách hành chính tại hội trường lớn. "
    "Hội nghị bàn ba nội dung về đất đai và đầu tư công của tỉnh.\n"
)


class LastSentences:
    """A ranker that prefers what comes first."""

    def score(self, sentences, title):
        return [-float(number) for number, _ in enumerate(sentences)]


class Source:
    """Models by name; a name that holds an error raises it."""

    def __init__(self, **models):
        self.models = models
        self.ticket = None

    def check(self, models):
        if not set(models) <= set(self.models):
            raise ModelNotKnown(self.models)

    @contextmanager
    def lease(self, model, source, target):
        if isinstance(self.models[model], Exception):
            raise self.models[model]
        yield self.models[model]

    def under(self, ticket):
        self.ticket = ticket
        return self

    def close(self):
        pass


def fake(name, answer=None):
    translator = FakeTranslator(answer or (lambda text: f"{name} {len(text)} words here."))
    translator.model_id = f"{name}@1"
    return translator


def late(text):
    raise DeadlinePassed("late")


def pipeline(extracted=None, **models):
    own = fake("own")
    return Pipeline(
        translators=dict.fromkeys(own.directions, own),
        ranker=LastSentences(),
        ranker_sha256="0" * 64,
        extract=extracted,
        max_article_chars=10_000,
        quality={},
        models=Source(own=own, other=fake("other"), **models),
    )


def request(*models, **options):
    return ArticleRequest(text=TEXT, models=models, repair=False, **options)


def test_without_models_the_services_own_answers_alone():
    result = pipeline().run(request())
    assert result.provenance.model == "own@1"
    assert result.alternatives == []


def test_the_first_leads_and_the_others_stand_beside_it():
    result = pipeline().run(request("other", "own"))
    assert result.provenance.model == "other@1"
    [own] = result.alternatives
    assert (own.model, own.provenance.model, own.problem) == ("own", "own@1", None)
    assert [len(b.segments) for b in own.blocks] == [len(b.segments) for b in result.blocks]
    assert [s.id for b in own.blocks for s in b.segments] == [
        s.id for b in result.blocks for s in b.segments
    ]
    for block in own.blocks:
        for segment in block.segments:
            start, end = segment.target_span
            assert block.target[start:end] == segment.target
    assert own.summary[0].cites == result.summary.target[0].cites
    assert own.summary[0].text != result.summary.target[0].text
    assert own.verdict in ("ready", "review")
    assert own.text == "\n\n".join(block.target for block in own.blocks)


def test_the_same_model_alone_and_beside_others_answers_the_same():
    alone = pipeline().run(request("own"))
    beside = pipeline().run(request("own", "other"))
    assert alone.blocks == beside.blocks
    assert beside.alternatives[0].model == "other"


def test_the_page_is_read_once_for_all_models():
    reads = []

    def extract(html):
        from service.stages.classify import classify
        from service.stages.clean import clean

        reads.append(html)
        return classify(clean(TEXT)[0])

    result = pipeline(extract).run(
        ArticleRequest(html="<p>x</p>", models=("own", "other"), repair=False)
    )
    assert len(result.alternatives) == 1
    assert len(reads) == 1


@pytest.mark.parametrize(
    "error", [ModelUnavailable("too large"), DirectionNotSupported("bad", "vi", "en")]
)
def test_a_model_that_cannot_be_used_is_a_problem_of_its_own(error):
    result = pipeline(bad=error).run(request("own", "bad", "other"))
    assert [a.model for a in result.alternatives] == ["bad", "other"]
    assert result.alternatives[0].problem.type == error.slug
    assert result.alternatives[0].problem.detail == str(error)
    assert result.alternatives[0].blocks == []
    assert result.alternatives[1].problem is None


def test_the_first_model_must_answer():
    with pytest.raises(ModelUnavailable):
        pipeline(bad=ModelUnavailable("too large")).run(request("bad", "own"))


def test_an_unknown_name_stops_the_request_before_any_work():
    with pytest.raises(ModelNotKnown, match="known: other, own"):
        pipeline().run(ArticleRequest(text="", models=("own", "nobody")))


def test_a_deadline_passed_in_the_second_model_leaves_the_first_answer():
    result = pipeline(slow=fake("slow", late)).run(request("own", "slow"))
    assert result.alternatives[0].problem.type == "took-too-long"
    with pytest.raises(TookTooLong):
        pipeline(slow=fake("slow", late)).run(request("slow", "own"))


def test_who_has_gone_gets_nothing():
    with pytest.raises(RequestAbandoned):
        pipeline(gone=RequestAbandoned()).run(request("own", "gone"))


def test_each_outcome_is_a_whole_result_for_those_who_compare():
    error = ModelUnavailable("too large")
    outcomes = pipeline(bad=error).run_each(request("own", "bad", "other"))
    assert [getattr(o, "provenance", None) and o.provenance.model for o in outcomes] == [
        "own@1",
        None,
        "other@1",
    ]
    assert outcomes[1] is error


def test_progress_runs_once_over_all_models():
    seen = []
    pipeline().run(request("own", "other"), lambda done, total: seen.append((done, total)))
    assert seen[-1][0] == seen[-1][1]
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert len({total for _, total in seen}) == 1


def test_a_ticket_reaches_the_named_models():
    one = pipeline()
    ticket = Ticket()
    serving.run(one, request("own", target_language=Language.EN), ticket)
    assert one.models.ticket is ticket


WRITTEN = "Ủy ban nhân dân tỉnh họp về cải cách hành chính tại hội trường lớn."


@contextmanager
def writer(model, language):
    yield FakeSummariser(lambda text: WRITTEN) if model == "writer" else still_loading(model)


def writing(**models):
    one = pipeline(**models)
    one.models.check_summary = lambda model: None
    one.models.writer = writer
    return one


def test_a_written_summary_is_one_for_all_models_and_each_translates_it():
    result = writing().run(request("own", "other", summary_model="writer"))
    assert result.summary.kind == "abstractive"
    assert [one.text for one in result.summary.source] == [WRITTEN]
    [other] = result.alternatives
    assert other.summary[0].cites == result.summary.target[0].cites
    assert other.summary[0].text.startswith("other ")
    assert result.summary.target[0].text.startswith("own ")
    assert result.provenance.summary_model == other.provenance.summary_model == "writer@1"


def test_without_a_written_summary_all_models_have_the_chosen_one():
    result = writing().run(request("own", "other", summary_model="elsewhere"))
    assert (result.summary.kind, result.summary.refused.reason) == ("extractive", "loading")
    assert result.alternatives[0].summary[0].cites == result.summary.target[0].cites


def only_the_article(text):
    """Translates all but the written summary, for which it is too late."""
    return late(text) if text == WRITTEN else f"slow {len(text)} words here."


def test_a_summary_that_was_not_translated_in_time_gives_way_to_the_chosen_one():
    models = {"slow": fake("slow", only_the_article)}
    result = writing(**models).run(request("slow", "own", summary_model="writer"))
    assert (result.summary.kind, result.summary.refused.reason) == ("extractive", "too-slow")
    [own] = result.alternatives
    assert own.problem is None
    assert [one.cites for one in own.summary] == [one.cites for one in result.summary.target]
    beside = writing(**models).run(request("own", "slow", summary_model="writer"))
    assert beside.summary.kind == "abstractive"
    assert beside.alternatives[0].problem.type == "took-too-long"


def test_who_has_gone_gets_no_summary_either():
    def gone(text):
        if text == WRITTEN:
            raise Cancelled("gone")
        return "some words"

    with pytest.raises(RequestAbandoned):
        writing(slow=fake("slow", gone)).run(request("slow", summary_model="writer"))


def test_a_major_finding_in_the_summary_alone_sends_the_article_to_review():
    def translated(text):
        return "The committee met 47 times." if text == WRITTEN else f"words {len(text)} here."

    result = writing(m=fake("m", translated)).run(request("m", summary_model="writer"))
    [sentence] = result.summary.target
    assert "numbers" in {finding.check for finding in sentence.findings}
    assert result.verdict == "review"
    assert any(reason.startswith("summary: ") and "numbers" in reason for reason in result.reasons)


def test_without_models_there_is_no_summariser_to_name():
    one = dataclasses.replace(pipeline(), models=None)
    with pytest.raises(ModelNotKnown, match=r"summary\.model"):
        one.run(request(summary_model="auto"))


def test_both_views_of_a_page_say_who_wrote_the_summary_or_why_not():
    page = to_html(writing().run(request("own", summary_model="writer")))
    assert "Summary written by writer@1" in page
    page = to_html(writing().run(request("own", summary_model="elsewhere")))
    assert "elsewhere was not used: Model `elsewhere` is still being loaded." in page


def test_an_article_without_diacritics_is_for_review_and_says_so():
    text = "Chinh phu giao 3.000 ty dong cho tinh xay dung cau duong trong nam nay."
    asked = ArticleRequest(text=text, repair=False, source_language=Language.VI)
    result = pipeline().run(asked)
    assert result.verdict == "review"
    assert result.reasons[0].startswith("no diacritics")
