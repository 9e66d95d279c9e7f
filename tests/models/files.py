"""Files in the formats that models have, small and without a model in them."""

import json
import struct


def safetensors(size: int = 40_000) -> bytes:
    """A valid file with one tensor."""
    header = json.dumps({"w": {"dtype": "U8", "shape": [size], "data_offsets": [0, size]}}).encode()
    return struct.pack("<Q", len(header)) + header + bytes(i % 251 for i in range(size))


def marian_files() -> dict[str, bytes]:
    """A repository like opus-mt's, with what is not fetched beside it."""
    config = {"model_type": "marian", "normalize_before": False, "max_position_embeddings": 512}
    return {
        "README.md": b"# A model\n",
        "config.json": json.dumps(config).encode(),
        "tokenizer_config.json": b'{"tokenizer_class": "MarianTokenizer"}',
        "vocab.json": json.dumps({"</s>": 0, "<unk>": 1, "a": 2, "<pad>": 3}).encode(),
        "source.spm": b"\n\x0b" + b"s" * 3000,
        "target.spm": b"\n\x0b" + b"t" * 3000,
        "model.safetensors": safetensors(),
        "pytorch_model.bin": b"PK\x03\x04" + bytes(500),
        "flax_model.msgpack": bytes(100),
        "onnx/model.onnx": bytes(100),
    }
