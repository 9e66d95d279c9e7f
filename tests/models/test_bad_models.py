"""Models that are not what they should be: each is refused in words, and nothing is run."""

import io
import json
import pickle
import shutil
import struct
import subprocess
import sys
from dataclasses import replace

import pytest

from models.catalogue import read_card, read_catalogue
from models.checkpoint import check_safetensors
from models.codec import Codec
from models.engines import load_generator, load_translator, memory_bytes
from models.faults import (
    CardError,
    ChecksumMismatch,
    FileDamaged,
    FileMissing,
    LicenceRefused,
    NotInstalled,
    UnknownModel,
    UnsafeFile,
    WrongArchitecture,
)
from models.installed import add_folder, check_licence, sha256_of
from tests.models.files import safetensors

BOTH = [("vi", "en"), ("en", "vi")]


class Bomb:
    """Leaves a file behind if it is ever unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return (open, (str(self.path), "w"))


@pytest.fixture
def tiny(checkpoint, tmp_path):
    """`tiny(name)`: a copy of a checkpoint that a test may damage, and its card."""

    def copy(name):
        card = checkpoint(name)
        folder = tmp_path / f"copy-{name}"
        shutil.copytree(card.folder, folder)
        return replace(card, folder=folder, conversions=tmp_path / "conversions")

    return copy


def recorded(card):
    """The card with the checksums that its files have now."""
    return replace(card, files={name: sha256_of(card.folder / name) for name in card.files})


def change_config(card, **fields):
    path = card.folder / "config.json"
    content = {**json.loads(path.read_text("utf-8")), **fields}
    path.write_text(json.dumps(content), "utf-8")
    return recorded(card)


def test_unknown_models_name_the_known_ones():
    with pytest.raises(UnknownModel, match="songngu-small"):
        read_card("gpt-9")


def test_a_model_that_was_never_fetched_says_how_to_fetch_it():
    with pytest.raises(NotInstalled, match="songngu models pull m2m100-418m"):
        load_translator(read_card("m2m100-418m"))


def test_summarisers_do_not_translate_and_translators_do_not_summarise():
    with pytest.raises(WrongArchitecture, match="does not translate"):
        load_translator(read_card("vit5-base-vietnews"))
    with pytest.raises(WrongArchitecture, match="does not summarise"):
        load_generator(read_card("songngu-small"))


@pytest.mark.parametrize("engine", ["ctranslate2", "transformers"])
def test_missing_weights(tiny, engine):
    card = replace(tiny("mbart"), engine=engine)
    (card.folder / card.weights).unlink()
    with pytest.raises(FileMissing, match=r"model\.safetensors"):
        load_translator(card)


@pytest.mark.parametrize("engine", ["ctranslate2", "transformers"])
def test_one_changed_bit(tiny, engine):
    card = replace(tiny("mbart"), engine=engine)
    path = card.folder / card.weights
    content = bytearray(path.read_bytes())
    content[-100] ^= 1
    path.write_bytes(content)
    with pytest.raises(ChecksumMismatch, match=r"model\.safetensors is damaged"):
        load_translator(card)


@pytest.mark.parametrize("engine", ["ctranslate2", "transformers"])
def test_a_truncated_file_that_was_registered_so(tiny, engine):
    card = replace(tiny("mbart"), engine=engine)
    path = card.folder / card.weights
    path.write_bytes(path.read_bytes()[:-1000])
    with pytest.raises(FileDamaged, match="must have"):
        load_translator(recorded(card))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * 7,
        struct.pack("<Q", 2**60) + b"{}",
        struct.pack("<Q", 2) + b"[]",
        struct.pack("<Q", 10) + b'{"w": 1}  ',
        safetensors()[:-1],
        safetensors() + b"x",
    ],
)
def test_no_safetensors_file_is_taken_for_one(tmp_path, content):
    path = tmp_path / "model.safetensors"
    path.write_bytes(content)
    with pytest.raises(FileDamaged):
        check_safetensors(path)


@pytest.mark.parametrize("name", ["model.safetensors", "model.bin"])
def test_a_pickle_under_a_good_name_is_not_opened(tiny, tmp_path, name):
    card = tiny("mbart")
    (card.folder / card.weights).unlink()
    written = io.BytesIO()
    pickle.dump(Bomb(tmp_path / "ran"), written)
    (card.folder / name).write_bytes(written.getvalue())
    files = {**card.files, name: sha256_of(card.folder / name)}
    files = {key: sha for key, sha in files.items() if (card.folder / key).exists()}
    for engine in ("ctranslate2", "transformers"):
        with pytest.raises(UnsafeFile, match="pickle"):
            load_translator(replace(card, files=files, weights=name, engine=engine))
    assert not (tmp_path / "ran").exists()


def test_files_of_unsafe_kinds_are_not_registered(tiny, tmp_path):
    card = tiny("mbart")
    (card.folder / card.weights).rename(card.folder / "pytorch_model.bin")
    with pytest.raises(UnsafeFile, match=r"pytorch_model\.bin"):
        add_folder(card.folder, tmp_path / "data", directions=BOTH)


def test_code_from_a_repository_is_refused(tiny):
    card = change_config(tiny("mbart"), auto_map={"AutoConfig": "evil.Config"})
    with pytest.raises(UnsafeFile, match="never run"):
        load_translator(card)


def test_another_architecture_than_the_card_says(tiny):
    card = change_config(tiny("mbart"), model_type="llama")
    with pytest.raises(WrongArchitecture, match=r"mbart.*llama"):
        load_translator(card)


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("mbart", {"normalize_before": False}),
        ("mbart", {"add_final_layer_norm": False}),
        ("bart", {"normalize_before": True}),
        ("m2m100", {"normalize_before": False}),
        ("marian", {"share_encoder_decoder_embeddings": False}),
    ],
)
def test_variants_that_the_engines_would_compute_differently(tiny, name, field):
    card = change_config(tiny(name), **field)
    load = load_generator if card.languages else load_translator
    with pytest.raises(WrongArchitecture, match=next(iter(field))):
        load(card)


def test_weights_that_lack_a_layer_are_not_filled_with_noise(tiny, converting_here):
    card = change_config(tiny("mbart"), decoder_layers=3)
    with pytest.raises(WrongArchitecture, match="lack"):
        load_translator(replace(card, engine="transformers"))


def test_a_vocabulary_that_is_none(tiny):
    card = tiny("mbart")
    (card.folder / card.vocabulary).write_bytes(b"not a model")
    with pytest.raises(CardError):
        load_translator(replace(recorded(card), engine="transformers"))


def test_language_codes_that_the_tokenizer_lost(tiny):
    """NLLB without tokenizer.json: transformers 5 says nothing and reads codes as unknown."""
    card = tiny("nllb")
    (card.folder / "tokenizer.json").unlink()
    settings = card.folder / "tokenizer_config.json"
    settings.write_text('{"tokenizer_class": "NllbTokenizer"}', "utf-8")
    names = [name for name in card.files if name != "tokenizer.json"]
    card = recorded(replace(card, files=dict.fromkeys(names, "")))
    with pytest.raises(WrongArchitecture, match="does not know 'vie_Latn'"):
        load_translator(replace(card, engine="transformers"))


def test_an_unknown_device_is_an_error_of_the_model(checkpoint):
    with pytest.raises(CardError, match="device"):
        load_translator(checkpoint("mbart"), device="abacus")


def test_folders_say_what_they_are(checkpoint, tmp_path):
    for name, family in {"mbart": "mbart", "mbart50": "mbart50", "nllb": "nllb"}.items():
        card = add_folder(checkpoint(name).folder, tmp_path, card_id=f"own-{name}")
        assert card.architecture == family
        assert card.directions == frozenset(BOTH)
        assert read_card(card.id, tmp_path) == card


def test_what_a_folder_does_not_say_must_be_said(checkpoint, tmp_path):
    with pytest.raises(CardError, match="--direction"):
        add_folder(checkpoint("marian").folder, tmp_path, card_id="own")
    with pytest.raises(CardError, match="already"):
        add_folder(checkpoint("mbart").folder, tmp_path, card_id="songngu-small")
    with pytest.raises(CardError, match="cannot be an id"):
        add_folder(checkpoint("mbart").folder, tmp_path, card_id="../x")
    bundled = read_card("songngu-small")
    with pytest.raises(WrongArchitecture, match="--family"):
        add_folder(bundled.folder, tmp_path, card_id="own", directions=BOTH)
    assert list(read_catalogue(data=tmp_path)) == list(read_catalogue())


def test_a_converted_model_is_added_and_translates(tmp_path):
    bundled = read_card("songngu-small")
    add_folder(bundled.folder, tmp_path, card_id="own", directions=BOTH, family="marian")
    card = read_card("own", tmp_path)
    assert card.format == "ctranslate2"
    assert load_translator(card).directions == frozenset(BOTH)


def test_a_model_made_from_another_is_fed_like_it(checkpoint, tmp_path):
    like = read_card("envit5-translation")
    card = add_folder(checkpoint("envit5").folder, tmp_path, card_id="own", like=like)
    assert card.text_prefix == {"en": "vi: ", "vi": "en: "}
    assert card.output_prefix == like.output_prefix
    assert card.directions == like.directions
    like = read_card("bart-large-cnn")
    card = add_folder(checkpoint("bart").folder, tmp_path, card_id="own-bart", like=like)
    assert card.languages == {"en"}
    assert Codec(card).text("The plan.", None).target == ("<s>",)


def test_a_bart_that_does_not_begin_with_its_start_token(tiny, tmp_path):
    card = change_config(tiny("bart"), forced_bos_token_id=None)
    (card.folder / "generation_config.json").unlink()
    own = add_folder(
        card.folder, tmp_path / "data", directions=[("en", "en")], task="summarisation"
    )
    assert Codec(own).text("The plan.", None).target == ()


def test_a_registered_file_that_changes_is_noticed(checkpoint, tmp_path):
    folder = tmp_path / "own"
    shutil.copytree(checkpoint("mbart").folder, folder)
    card = add_folder(folder, tmp_path / "data")
    with (folder / "config.json").open("a", encoding="utf-8") as config:
        config.write(" ")
    with pytest.raises(ChecksumMismatch, match=r"config\.json"):
        load_translator(card)


def test_a_broken_card_in_the_data_folder_is_a_clear_error(tmp_path):
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "card.json").write_text('{"id": "own"}', "utf-8")
    with pytest.raises(CardError, match="own"):
        read_catalogue(data=tmp_path)


def test_commercial_use_is_refused_with_the_clean_model_named():
    for name, words in {
        "nllb-200-distilled-600m": "CC-BY-NC-4.0.*madlad400-3b-mt",
        "vinai-translate-vi2en-v2": "AGPL-3.0.*madlad400-3b-mt",
        "mt5-multilingual-xlsum": "CC-BY-NC-SA-4.0.*vit5-base-vietnews",
    }.items():
        with pytest.raises(LicenceRefused, match=words):
            check_licence(read_card(name))
    check_licence(read_card("m2m100-418m"))


def test_memory_is_estimated_from_the_files(checkpoint):
    card = checkpoint("mbart")
    size = (card.folder / card.weights).stat().st_size
    assert memory_bytes(card) > size // 3
    assert memory_bytes(replace(card, engine="transformers")) > memory_bytes(card)


def test_the_libraries_are_offline_before_they_are_imported():
    code = (
        "import sys; from models.offline import go_offline; go_offline();"
        "import transformers.utils.hub as hub; sys.exit(not hub.is_offline_mode())"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=250).returncode == 0
