"""Both engines write the same tokens from the same weights, for every family."""

import shutil
from dataclasses import replace

import pytest
import sentencepiece
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytest.importorskip("torch", reason="the reference engine needs torch")
pytest.importorskip("transformers")
from models.base import Decoding, Request
from models.codec import Codec
from models.ctranslate2_engine import CTranslate2Engine
from models.engine import Search
from models.faults import WrongArchitecture
from models.transformers_engine import TransformersEngine
from tests.models.checkpoints import BUILDERS, SENTENCES

pytestmark = [
    pytest.mark.usefixtures("converting_here"),
    # transformers 5 says so of every T5 with an output layer of its own, and then does right.
    pytest.mark.filterwarnings("ignore:.*tied weights.*"),
]


@pytest.fixture(scope="module")
def engines(checkpoint):
    """`engines(name)`: the engine under test and the reference, both in float32."""
    made = {}

    def make(name):
        if name not in made:
            card = checkpoint(name)
            made[name] = (
                CTranslate2Engine(card, compute_type="float32"),
                TransformersEngine(card),
            )
        return made[name]

    return make


def prompts_of(codec):
    card = codec.card
    if card.task == "summarisation":
        return [codec.text(" ".join(SENTENCES[at : at + 2]), None) for at in range(6)]
    languages = sorted({target for _, target in card.directions})
    texts = [*SENTENCES[:3], *SENTENCES[6:9]]
    return [codec.request(Request(text, language)) for language in languages for text in texts]


def tokens_of(outputs):
    return [output.tokens for found in outputs for output in found]


@pytest.mark.parametrize("name", BUILDERS)
@pytest.mark.parametrize("beam_size", [1, 4])
def test_same_tokens_and_scores(engines, name, beam_size):
    fast, reference = engines(name)
    prompts = prompts_of(fast.codec)
    search = Search(Decoding(beam_size=beam_size), max_tokens=16)
    got, wanted = fast._infer(prompts, search), reference._infer(prompts, search)
    assert tokens_of(got) == tokens_of(wanted)
    scores = [[output.score for found in side for output in found] for side in (got, wanted)]
    assert scores[0] == pytest.approx(scores[1], abs=0.01)


@pytest.mark.parametrize("name", ["marian", "envit5", "nllb"])
def test_same_texts_through_the_public_interface(engines, name):
    fast, reference = engines(name)
    language = min(target for _, target in fast.directions)
    requests = [Request(text, language) for text in SENTENCES[:4]]
    sides = [
        [[(h.text, h.truncated) for h in found] for found in engine.translate(requests)]
        for engine in (fast, reference)
    ]
    assert sides[0] == sides[1]


@pytest.mark.parametrize("name", ["t5", "bart"])
def test_summaries_keep_their_limits_and_are_the_same(engines, name):
    fast, reference = engines(name)
    sides = [
        engine.generate(SENTENCES[:3], max_tokens=12, min_tokens=4) for engine in (fast, reference)
    ]
    assert [[h.text for h in found] for found in sides[0]] == [
        [h.text for h in found] for found in sides[1]
    ]
    assert all(h.truncated for found in sides[0] for h in found)


def test_a_batch_is_the_same_as_one_by_one(engines):
    for engine in engines("mbart"):
        requests = [Request(text, "en") for text in SENTENCES[:4]]
        alone = [engine.translate([request])[0][0].text for request in requests]
        assert [found[0].text for found in engine.translate(requests)] == alone


def test_n_best_is_as_many_and_sorted(engines):
    for engine in engines("m2m100"):
        [found] = engine.translate([Request(SENTENCES[0], "en")], Decoding(beam_size=4, n_best=3))
        assert len(found) == 3
        assert [h.score for h in found] == sorted((h.score for h in found), reverse=True)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("marian", (">>vie<<", "…", "</s>")),
        ("m2m100", ("__en__", "…", "</s>")),
        ("nllb", ("eng_Latn", "…", "</s>")),
        ("mbart", ("…", "</s>", "en_XX")),
        ("mbart50", ("en_XX", "…", "</s>")),
    ],
)
def test_the_source_is_framed_as_the_family_was_trained(checkpoint, name, expected):
    source = Codec(checkpoint(name)).request(Request("The plan.", "vi")).source
    at = expected.index("…")
    rest = len(expected) - at - 1
    assert (*source[:at], "…", *source[len(source) - rest :]) == expected


def test_the_source_is_cut_as_transformers_own_tokenizers_cut_it(checkpoint):
    from transformers import AutoTokenizer

    text = "Chính phủ đã họp về kinh tế sáng nay."
    for name, languages in {
        "marian": {},
        "m2m100": {"src_lang": "vi"},
        "mbart": {"src_lang": "vi_VN"},
        "mbart50": {"src_lang": "vi_VN"},
        "t5": {},
        "bart": {},
    }.items():
        card = checkpoint(name)
        tokenizer = AutoTokenizer.from_pretrained(card.folder, local_files_only=True, **languages)
        codec = Codec(card)
        ours = (
            codec.text(text, None)
            if card.task == "summarisation"
            else codec.request(Request(text, "vi" if name == "marian" else "en"))
        )
        language = next(iter(card.languages), "")
        prefix = ">>vie<< " if name == "marian" else card.text_prefix.get(language, "")
        theirs = tokenizer(prefix + text).input_ids
        assert tokenizer.convert_tokens_to_ids(list(ours.source)) == theirs, name


def test_vietnamese_in_combining_marks_loses_nothing(checkpoint):
    codec = Codec(checkpoint("mbart"))
    decomposed = "Chi\N{COMBINING ACUTE ACCENT}nh phu\N{COMBINING HOOK ABOVE}"
    assert codec.request(Request(decomposed, "en")).source[:-2] == tuple(
        sentencepiece.SentencePieceProcessor(
            model_file=str(codec.card.folder / codec.card.vocabulary)
        ).encode("Chính phủ", out_type=str)
    )


@pytest.mark.parametrize("name", ["envit5", "mbart", "mbart50"])
def test_a_checkpoint_saved_by_transformers_5_has_the_same_vocabulary(checkpoint, tmp_path, name):
    """It has a tokenizer.json and no SentencePiece model."""
    from transformers import AutoTokenizer

    card = checkpoint(name)
    AutoTokenizer.from_pretrained(card.folder, local_files_only=True).save_pretrained(tmp_path)
    shutil.copy(card.folder / "config.json", tmp_path)
    saved = Codec(replace(card, folder=tmp_path, vocabulary="tokenizer.json"))
    for text in SENTENCES:
        request = Request(text, "en")
        assert saved.request(request) == Codec(card).request(request)
    tokens = saved.request(Request(SENTENCES[0], "en")).source
    assert SENTENCES[0] in saved.answer(tokens, "vi")


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.text(max_size=80), name=st.sampled_from(["marian", "nllb", "mbart", "envit5"]))
def test_any_text_is_translated_by_any_family(engines, text, name):
    fast, _ = engines(name)
    language = min(target for _, target in fast.directions)
    search = Search(Decoding(beam_size=1), max_tokens=4)
    [[output]] = fast._infer([fast.codec.request(Request(text, language))], search)
    assert isinstance(fast.codec.answer(output.tokens, language), str)


def test_what_every_answer_begins_with_is_taken_off(checkpoint):
    codec = Codec(checkpoint("envit5"))
    pieces = codec._pieces.encode("en: The plan was approved.")
    assert codec.answer([*pieces, "</s>"], "en") == "The plan was approved."
    assert codec.answer(pieces, "vi").startswith("en:")


@pytest.mark.parametrize("name", ["bart", "nllb", "t5"])
def test_a_text_that_spells_special_tokens_stays_text(checkpoint, name):
    codec = Codec(checkpoint(name))
    hostile = "A </s> B <s> vie_Latn <pad>"
    if codec.card.task == "summarisation":
        prompt = codec.text(hostile, None)
    else:
        prompt = codec.request(Request(hostile, "vi"))
    inner = prompt.source[1:-1] if prompt.source[0] in {"<s>", "eng_Latn"} else prompt.source[:-1]
    assert not {"</s>", "<s>", "<pad>", "vie_Latn"} & set(inner)


@pytest.mark.parametrize("name", ["marian", "m2m100", "nllb", "mbart", "mbart50"])
def test_an_overlong_source_fits_the_table_of_positions_and_is_flagged(engines, name):
    language = "vi" if name == "marian" else "en"
    for engine in engines(name):
        [prompt] = [engine.codec.request(Request("kế hoạch " * 200, language))]
        [[output]] = engine._infer([prompt], Search(Decoding(beam_size=1), max_tokens=3))
        assert len(prompt.source) == engine.codec.positions
        assert prompt.cut
        assert output.tokens


def test_an_overlong_text_is_summarised_in_part_and_flagged(engines):
    for engine in engines("t5"):
        [[answer]] = engine.generate(["kế hoạch " * 2000], max_tokens=4)
        assert answer.truncated


def test_a_translator_does_not_summarise(engines):
    with pytest.raises(WrongArchitecture, match="translates"):
        engines("nllb")[0].generate(["x"], max_tokens=5)
