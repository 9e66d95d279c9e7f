"""Hugging Face checkpoints to CTranslate2 models, once, into the data folder.

The conversion runs in a process of its own: it needs torch, up to four times the weights' size in
memory, and half a minute, and none of that shall stay in, or fall upon, a running service.

    python -m models.conversion FOLDER OUT QUANTIZATION FAMILY
"""

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import filelock

from models.catalogue import Card, verify_file, verify_files
from models.checkpoint import check_card
from models.families import read_families
from models.faults import CardError, ConversionFailed, ExtraMissing, OutOfMemory
from models.offline import go_offline

VERSION = 1  # of this recipe; a change makes every conversion anew
MANIFEST = "conversion.json"
TIMEOUT_S = 3600.0


def converted(card: Card, *, quantization: str) -> Path:
    """The folder of the converted model, which is made now if it is not there; raises CardError.

    Safe under several processes: one converts, the others wait for it. A damaged conversion is
    made again.
    """
    root = card.conversions or Path(tempfile.gettempdir()) / "songngu-conversions"
    stored = _stored_type(quantization)
    folder = root / f"{card.id}-{_key(card, stored)}"
    if _is_whole(folder, card.id):
        return folder
    try:
        root.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(folder.with_suffix(".lock")):
            if not _is_whole(folder, card.id):
                _convert(card, stored, folder)
    except OSError as error:
        message = f"Model `{card.id}` cannot be converted into {root}: {error.strerror or error}."
        raise ConversionFailed(message) from error
    return folder


def _convert(card: Card, quantization: str, folder: Path) -> None:
    verify_files(card)
    check_card(card)
    missing = [name for name in ("torch", "transformers") if not importlib.util.find_spec(name)]
    if missing:
        message = (
            f"Model `{card.id}` must be converted once, which needs {' and '.join(missing)}: "
            "install the extras `torch` and `train`, or convert it elsewhere and add the folder."
        )
        raise ExtraMissing(message)
    staging = folder.with_suffix(".partial")
    for stale in (staging, folder):
        shutil.rmtree(stale, ignore_errors=True)
    _run(card, quantization, staging)
    files = {path.name: _sha256(path) for path in sorted(staging.iterdir())}
    manifest = {"card": card.id, "quantization": quantization, "files": files}
    (staging / MANIFEST).write_text(json.dumps(manifest, indent=1), "utf-8")
    staging.rename(folder)


def _run(card: Card, quantization: str, out: Path) -> None:
    command = [sys.executable, "-m", "models.conversion", str(card.folder), str(out)]
    try:
        done = subprocess.run(  # noqa: S603 - our own module with paths of our own
            [*command, quantization, card.architecture],
            cwd=Path(__file__).parent.parent,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        message = f"Model `{card.id}` was not converted within {TIMEOUT_S:.0f} s."
        raise ConversionFailed(message) from error
    if done.returncode == 0:
        return
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    if done.returncode == -9 or "MemoryError" in done.stderr or "alloc" in "".join(lines[-1:]):
        message = f"Model `{card.id}` could not be converted: there is too little memory."
        raise OutOfMemory(message)
    message = f"Model `{card.id}` could not be converted: {(lines or ['no reason given'])[-1]}"
    raise ConversionFailed(message)


def _key(card: Card, quantization: str) -> str:
    """What the result depends on; not CTranslate2's version, which reads what older ones wrote."""
    parts = [f"{name}:{sha}" for name, sha in sorted(card.files.items())]
    parts += [quantization, card.architecture, str(VERSION)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _is_whole(folder: Path, card_id: str) -> bool:
    try:
        files = json.loads((folder / MANIFEST).read_text("utf-8"))["files"]
        for name, sha256 in files.items():
            verify_file(folder / name, sha256, f"Model `{card_id}`, converted")
    except (OSError, ValueError, KeyError, AttributeError, CardError):
        return False
    return True


def _stored_type(quantization: str) -> str:
    """How weights are stored for a type of arithmetic.

    >>> _stored_type("int8_float32"), _stored_type("int8_float16"), _stored_type("default")
    ('int8', 'int8_float16', 'float32')
    """
    return {"int8_float32": "int8", "default": "float32"}.get(quantization, quantization)


def _sha256(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def main(folder: str, out: str, quantization: str, family: str) -> None:
    """Convert in this process."""
    go_offline()
    from ctranslate2.converters import TransformersConverter

    known = read_families()[family]

    class Converter(TransformersConverter):  # type: ignore[misc] # untyped
        """Says to the library's converter what some checkpoints leave out or get wrong."""

        def load_model(self, model_class, path, **kwargs):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN003, ANN202
            kwargs.update(local_files_only=True, use_safetensors=True)
            model, report = super().load_model(
                model_class, path, output_loading_info=True, **kwargs
            )
            missing = sorted(report["missing_keys"])
            if missing:
                raise ValueError(f"the weights lack {missing[0]} and {len(missing) - 1} more")
            if known.suppressed:  # CTranslate2 starts from zeros where transformers looks it up
                row = model.get_input_embeddings().weight[model.config.pad_token_id]
                if float(row.abs().max()) > 0:
                    raise ValueError("the embedding of <pad> is not zero")
            # Missing from files that transformers' own classes wrote; the converter needs them.
            for name, must in known.must_be.items():
                setattr(model.config, name, must)
            # transformers 5 says "tied" of every T5; what the converter means is "scaled".
            if hasattr(model.config, "scale_decoder_outputs"):
                model.config.tie_word_embeddings = model.config.scale_decoder_outputs
            return model

        def load_tokenizer(self, tokenizer_class, path, **kwargs):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN003, ANN202
            tokenizer = super().load_tokenizer(
                tokenizer_class, path, local_files_only=True, **kwargs
            )
            lost = [
                code
                for code in known.codes.values()
                if tokenizer.convert_tokens_to_ids(code) == tokenizer.unk_token_id
            ]
            if lost:
                raise ValueError(f"the vocabulary lacks the language {lost[0]}")
            languages = getattr(tokenizer, "lang_token_to_id", None)
            if languages:  # M2M100 keeps them outside its vocabulary, and out of newer files
                vocabulary = {**tokenizer.get_vocab(), **languages}
                tokenizer.get_vocab = lambda: vocabulary
            return tokenizer

    Converter(folder).convert(out, quantization=quantization)
    config = Path(out) / "config.json"
    content = json.loads(config.read_text("utf-8"))
    for name, token in (("bos_token", "<s>"), ("eos_token", "</s>"), ("unk_token", "<unk>")):
        content[name] = content.get(name) or token  # null where the tokenizer's class has none
    if known.decoder_start:  # a language's code, given with each request
        content["decoder_start_token"] = None
    elif content.get("decoder_start_token") is None:
        content["decoder_start_token"] = content["eos_token"]
    config.write_text(json.dumps(content, indent=1), "utf-8")
    os.sync()


if __name__ == "__main__":
    main(*sys.argv[1:])
