"""Ids of items: made different from each other, and made into file names."""

import hashlib
import re
import unicodedata
from typing import Final

from service.archive.positions import FirstPositions

# Of one part of a path, in UTF-8 bytes, before the hash and the suffix: file systems take 255.
MAX_PART_BYTES = 120
MAX_PARTS = 8
HASH_CHARS = 10

# Anything but letters, marks, digits and ._- becomes a hyphen, e.g. "a:b*c" -> "a-b-c".
_UNSAFE: Final = re.compile(r"[^\w.-]+")
# Names that Windows keeps for devices, with any suffix, e.g. "con", "lpt1.txt".
_DEVICE: Final = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)


class Names:
    """Gives every item an id of its own; remembers hashes, not ids.

    >>> names = Names()
    >>> names.claim("a"), names.claim("a"), names.claim("a#2"), names.claim("a")
    ('a', 'a#2', 'a#2#2', 'a#3')
    """

    def __init__(self) -> None:
        self._taken = FirstPositions()
        self._next: dict[str, int] = {}  # of ids that came more than once

    def claim(self, name: str) -> str:
        """The id itself the first time, and with a number behind it from the second on."""
        if self._is_new(name):
            return name
        number = self._next.get(name, 2)
        while not self._is_new(f"{name}#{number}"):
            number += 1
        self._next[name] = number + 1
        return f"{name}#{number}"

    def _is_new(self, name: str) -> bool:
        before = len(self._taken)
        self._taken.claim(hash64(name), 0)
        return len(self._taken) > before


def hash64(text: str) -> int:
    """64 bits that are the same in every process."""
    raw = text.encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(raw, digest_size=8).digest(), "big")


def file_name(item_id: str) -> str:
    """A relative path without suffix for an item's own file, safe on every system.

    Parts of an id between slashes become folders, as ids of files in folders have them. An id that
    cannot be a path as it is gets a hash behind it, so that no two ids share a file.

    >>> file_name("tin/2024/bai-1"), file_name("Tin tức số 5")
    ('tin/2024/bai-1', 'Tin-tức-số-5-2f5a106577')
    >>> file_name("../../etc/passwd").startswith("etc/passwd-")
    True
    """
    text = unicodedata.normalize("NFC", item_id)
    parts = [safe for part in text.split("/") if (safe := _safe_part(part))]
    folders, last = parts[:-1][-MAX_PARTS:], parts[-1] if parts else "item"
    path = "/".join([*folders, last])
    if path == item_id:
        return path
    digest = hashlib.sha256(item_id.encode("utf-8", "surrogatepass")).hexdigest()[:HASH_CHARS]
    return f"{path}-{digest}"


def _safe_part(part: str) -> str:
    part = _UNSAFE.sub("-", part).strip("-. ")
    part = part.encode("utf-8")[:MAX_PART_BYTES].decode("utf-8", "ignore").rstrip("-. ")
    return f"{part}_" if _DEVICE.fullmatch(part) else part
