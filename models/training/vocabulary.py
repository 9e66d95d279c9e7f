"""The SentencePiece vocabulary, one for both languages, in Marian's id layout."""

import json
from collections.abc import Iterable
from pathlib import Path

import sentencepiece

from models.control_tokens import CONTROL_TOKENS

PAD = "<pad>"


def train_vocabulary(sentences: Iterable[str], *, size: int, folder: Path, seed: int = 0) -> Path:
    """Train a unigram model with byte fallback; write what Marian's tokenizer reads into `folder`.

    Ids are `</s>`=0, `<unk>`=1, then control tokens, bytes and pieces, and `<pad>` last (id
    `size`), so SentencePiece ids are the network's ids. Unigram rather than BPE because it can
    sample segmentations (Kudo 2018). Digits are single pieces: a number is then copied figure by
    figure instead of being recalled.

    Returns the path of the `.spm` file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    prefix = folder / "source"
    sentencepiece.set_random_generator_seed(seed)
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(sentences),
        model_prefix=str(prefix),
        vocab_size=size,
        model_type="unigram",
        character_coverage=0.9998,
        byte_fallback=True,
        split_digits=True,
        normalization_rule_name="identity",
        user_defined_symbols=list(CONTROL_TOKENS),
        eos_id=0,
        unk_id=1,
        bos_id=-1,
        pad_id=-1,
        minloglevel=2,
    )
    spm = prefix.with_suffix(".model").rename(folder / "source.spm")
    prefix.with_suffix(".vocab").unlink()
    (folder / "target.spm").write_bytes(spm.read_bytes())
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(spm))
    ids = {pieces.id_to_piece(index): index for index in range(pieces.get_piece_size())}
    ids[PAD] = len(ids)
    (folder / "vocab.json").write_text(json.dumps(ids, ensure_ascii=False, indent=0), "utf-8")
    settings = {"tokenizer_class": "MarianTokenizer", "source_lang": "vi", "target_lang": "en"}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings), "utf-8")
    return spm
