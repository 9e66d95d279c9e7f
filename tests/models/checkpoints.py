"""Small checkpoints of every family: random weights, vocabularies trained on our own sentences.

They have the files, the special tokens and the settings of the public models of their family, so
that everything around the weights is the real thing.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import sentencepiece

from models.base import Decoding
from models.catalogue import Card
from models.checkpoint import wanted

SENTENCES = [
    "Thủ tướng Chính phủ đã chủ trì cuộc họp về tình hình kinh tế sáng nay.",
    "Bộ Tài chính công bố báo cáo ngân sách quý ba năm 2024.",
    "Ủy ban nhân dân thành phố phê duyệt kế hoạch xây dựng đường mới.",
    "Nghị định có hiệu lực từ ngày 1 tháng 7 và thay thế quy định cũ.",
    "Nông dân các tỉnh miền Trung được hỗ trợ giống lúa sau bão.",
    "Bệnh viện tỉnh tiếp nhận thêm ba mươi giường cho trẻ em.",
    "The Prime Minister chaired a meeting on the economy this morning.",
    "The Ministry of Finance published its budget report for the third quarter of 2024.",
    "The city's People's Committee approved the plan for a new road.",
    "The decree takes effect on 1 July and replaces the old rules.",
    "Farmers in the central provinces received rice seed after the storm.",
    "The provincial hospital took in thirty more beds for children.",
]
WIDTH = 32
LAYERS = {
    "d_model": WIDTH,
    "encoder_layers": 2,
    "decoder_layers": 2,
    "encoder_attention_heads": 4,
    "decoder_attention_heads": 4,
    "encoder_ffn_dim": 64,
    "decoder_ffn_dim": 64,
    "max_position_embeddings": 128,
    "scale_embedding": True,
    "init_std": 0.3,  # far apart, so that no two tokens tie
}


def train_pieces(path: Path, *, kind: str = "unigram", size: int = 300, **ids: int) -> list[str]:
    """A SentencePiece model at `path`; returns its pieces in the order of their ids."""
    prefix = path.with_suffix("")
    sentencepiece.set_random_generator_seed(1)
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(SENTENCES * 10),
        model_prefix=str(prefix),
        vocab_size=size,
        model_type=kind,
        character_coverage=1.0,
        hard_vocab_limit=False,
        minloglevel=2,
        **ids,
    )
    written = prefix.with_name(prefix.name + ".model")
    if written != path:
        written.rename(path)
    prefix.with_name(prefix.name + ".vocab").unlink()
    model = sentencepiece.SentencePieceProcessor(model_file=str(path))
    return [model.id_to_piece(index) for index in range(model.get_piece_size())]


def write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False), "utf-8")


def save(network, folder: Path, zero: Sequence[int] = ()) -> None:
    """Random weights far enough apart that greedy choices are clear; embeddings `zero` are 0."""
    import torch

    torch.manual_seed(5)
    with torch.no_grad():
        for name, weight in network.named_parameters():
            if weight.dim() > 1 and "embed_positions" not in name:
                weight.normal_(0.0, 0.35)
            elif "norm" not in name:
                weight.normal_(0.0, 0.1)
        network.get_input_embeddings().weight[list(zero)] = 0.0
    network.save_pretrained(folder)


def marian(folder: Path) -> None:
    """Like opus-mt: two SentencePiece models over one vocabulary, a token for the language."""
    from transformers import MarianConfig, MarianMTModel

    both = [
        train_pieces(folder / f"{side}.spm", size=n)
        for side, n in (("source", 260), ("target", 300))
    ]
    pieces = ["</s>", "<unk>", ">>vie<<", *(p for side in both for p in side)]
    vocab = {piece: index for index, piece in enumerate(dict.fromkeys(pieces))}
    vocab.pop("<s>")
    vocab = {piece: index for index, piece in enumerate([*vocab, "<pad>"])}
    write_json(folder / "vocab.json", vocab)
    write_json(
        folder / "tokenizer_config.json",
        {"tokenizer_class": "MarianTokenizer", "source_lang": "en", "target_lang": "vi"},
    )
    pad = len(vocab) - 1
    config = MarianConfig(
        **LAYERS,
        vocab_size=len(vocab),
        pad_token_id=pad,
        decoder_start_token_id=pad,
        eos_token_id=0,
        forced_eos_token_id=0,
        normalize_before=False,
        normalize_embedding=False,
        static_position_embeddings=True,
    )
    save(MarianMTModel(config), folder, zero=[pad])


def m2m100(folder: Path) -> None:
    from transformers import M2M100Config, M2M100ForConditionalGeneration, M2M100Tokenizer

    pieces = train_pieces(folder / "sentencepiece.bpe.model", kind="bpe")
    tokens = ["<s>", "<pad>", "</s>", "<unk>", *pieces[3:]]
    write_json(folder / "vocab.json", {token: index for index, token in enumerate(tokens)})
    tokenizer = M2M100Tokenizer(
        str(folder / "vocab.json"), str(folder / "sentencepiece.bpe.model"), src_lang="vi"
    )
    tokenizer.save_pretrained(folder)
    codes = sorted(tokenizer.lang_code_to_token.values(), key=tokenizer.convert_tokens_to_ids)
    write_json(folder / "special_tokens_map.json", {"additional_special_tokens": codes})
    size = len(tokens) + len(codes) + 8
    config = M2M100Config(**LAYERS, vocab_size=size, decoder_start_token_id=2)
    save(M2M100ForConditionalGeneration(config), folder, zero=[1, *range(size - 8, size)])


def nllb(folder: Path) -> None:
    from transformers import M2M100Config, M2M100ForConditionalGeneration, NllbTokenizer

    pieces = train_pieces(folder / "sentencepiece.bpe.model", kind="bpe")
    tokens = ["<s>", "<pad>", "</s>", "<unk>", *pieces[3:]]
    tokenizer = NllbTokenizer(vocab={token: index for index, token in enumerate(tokens)}, merges=[])
    tokenizer.save_pretrained(folder)
    config = M2M100Config(**LAYERS, vocab_size=len(tokenizer), decoder_start_token_id=2)
    save(M2M100ForConditionalGeneration(config), folder, zero=[1])


def _mbart(folder: Path, tokenizer_class: str) -> None:
    from transformers import AutoTokenizer, MBartConfig, MBartForConditionalGeneration

    train_pieces(folder / "sentencepiece.bpe.model")  # a unigram model, for all its name
    write_json(folder / "tokenizer_config.json", {"tokenizer_class": tokenizer_class})
    write_json(folder / "config.json", {"model_type": "mbart"})
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    config = MBartConfig(
        **LAYERS, vocab_size=len(tokenizer), decoder_start_token_id=2, forced_eos_token_id=2
    )
    save(MBartForConditionalGeneration(config), folder)


def mbart(folder: Path) -> None:
    """Like VinAI's: nothing but sentencepiece.bpe.model for a tokenizer."""
    _mbart(folder, "MBartTokenizer")


def mbart50(folder: Path) -> None:
    _mbart(folder, "MBart50Tokenizer")


def _t5(folder: Path, *, untied: bool, prefixes: list[str], **settings: object) -> None:
    from transformers import T5Config, T5ForConditionalGeneration

    pieces = train_pieces(
        folder / "spiece.model",
        pad_id=0,
        eos_id=1,
        unk_id=2,
        bos_id=-1,
        user_defined_symbols=prefixes,
    )
    write_json(
        folder / "tokenizer_config.json",
        {"tokenizer_class": "T5Tokenizer", "extra_ids": 10, "eos_token": "</s>"},
    )
    config = T5Config(
        vocab_size=len(pieces) + 10,
        d_model=WIDTH,
        d_kv=8,
        d_ff=64,
        num_layers=2,
        num_heads=4,
        decoder_start_token_id=0,
        tie_word_embeddings=not untied,
        **settings,
    )
    network = T5ForConditionalGeneration(config)
    if untied:
        import torch

        network.lm_head.weight = torch.nn.Parameter(network.lm_head.weight.clone())
    save(network, folder)
    if untied:  # as the public files say, which transformers 5 no longer writes
        written = json.loads((folder / "config.json").read_text("utf-8"))
        write_json(folder / "config.json", {**written, "tie_word_embeddings": False})


def t5(folder: Path) -> None:
    """Like ViT5: tied embeddings, relu."""
    _t5(folder, untied=False, prefixes=[])


def envit5(folder: Path) -> None:
    """Like EnViT5 and MADLAD: an output layer of its own, gated gelu."""
    _t5(folder, untied=True, prefixes=["<2en>", "<2vi>"], feed_forward_proj="gated-gelu")


def bart(folder: Path) -> None:
    from tokenizers import ByteLevelBPETokenizer
    from transformers import BartConfig, BartForConditionalGeneration

    trained = ByteLevelBPETokenizer()
    special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    trained.train_from_iterator(SENTENCES * 5, vocab_size=400, special_tokens=special)
    trained.save_model(str(folder))
    trained.save(str(folder / "tokenizer.json"))
    write_json(folder / "tokenizer_config.json", {"tokenizer_class": "BartTokenizer"})
    config = BartConfig(
        **{**LAYERS, "scale_embedding": False},  # as the public ones
        vocab_size=trained.get_vocab_size(),
        pad_token_id=1,
        bos_token_id=0,
        eos_token_id=2,
        decoder_start_token_id=2,
        forced_bos_token_id=0,
        forced_eos_token_id=2,
    )
    save(BartForConditionalGeneration(config), folder)
    # As the public files say; transformers 5 leaves it out of what it writes.
    written = json.loads((folder / "config.json").read_text("utf-8"))
    write_json(folder / "config.json", {**written, "forced_bos_token_id": 0})


BUILDERS: dict[str, Callable[[Path], None]] = {
    "marian": marian,
    "m2m100": m2m100,
    "nllb": nllb,
    "mbart": mbart,
    "mbart50": mbart50,
    "t5": t5,
    "envit5": envit5,
    "bart": bart,
}
FAMILY = {"envit5": "t5"}  # where the name is not the family's
SETTINGS = {
    "marian": {"directions": frozenset({("en", "vi")}), "source_prefix": {"vi": ">>vie<<"}},
    "envit5": {
        "text_prefix": {"en": "vi: ", "vi": "en: "},
        "output_prefix": {"en": "en: ", "vi": "vi: "},
    },
    "t5": {
        "task": "summarisation",
        "directions": frozenset(),
        "languages": frozenset({"vi"}),
        "text_prefix": {"vi": "vietnews: "},
    },
    "bart": {
        "task": "summarisation",
        "directions": frozenset(),
        "languages": frozenset({"en"}),
        "text_prefix": {"en": " "},
    },
}


def card_of(name: str, folder: Path, conversions: Path) -> Card:
    """The card of a folder made here, with the checksums that it has now."""
    from models.families import read_families

    family = read_families()[FAMILY.get(name, name)]
    files = {
        file: hashlib.sha256((folder / file).read_bytes()).hexdigest()
        for file in wanted(path.name for path in folder.iterdir())
    }
    fields = {
        "task": "translation",
        "directions": frozenset({("vi", "en"), ("en", "vi")}),
        "source_prefix": {},
        **SETTINGS.get(name, {}),
    }
    return Card(
        id=f"tiny-{name}",
        version="1",
        architecture=family.name,
        licence="Apache-2.0",
        commercial=True,
        folder=folder,
        files=files,
        weights="model.safetensors",
        vocabulary=next(file for file in family.vocabulary if file in files),
        obeys_terms=False,
        knows_placeholders=False,
        max_source_tokens=100,
        decoding=Decoding(beam_size=1),
        min_score=None,
        quality="random",
        format="transformers",
        typography="kept",
        conversions=conversions,
        **fields,
    )
