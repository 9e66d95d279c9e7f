"""What a job was asked for reaches its articles."""

from service.archive.options import options_of, request_of
from service.article import Language
from service.intake import ArticleRequest
from service.stages.spell_names import NameStyle
from service.terms import read_terms


def test_every_option_comes_back_from_the_store():
    asked = ArticleRequest(
        source_language=Language.VI,
        target_language=Language.EN,
        summary_sentences=2,
        summary_words=40,
        summary_title=True,
        repair=False,
        memory=True,
        names=NameStyle.ASCII,
        models=("songngu-small", "opus-mt-vi-en"),
        glossary=read_terms("sở y tế\tDepartment of Health\n", Language.VI, "health@3"),
    )
    assert request_of(None, None, options_of(asked)) == asked


def test_a_plain_request_needs_no_options():
    assert options_of(ArticleRequest(text="Tin.")) == {}
