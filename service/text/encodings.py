"""Bytes to text: what a file or a server says of its encoding, checked against the bytes."""

import codecs
import re
from typing import Final

# A declared encoding is believed where at most this share of the characters do not decode. Not
# measured: a page with one broken byte in a thousand is still readable.
MAX_BROKEN_SHARE = 0.001
# HTML's own search for a declaration ends here (HTML standard 13.2.3.2, rounded up).
HEAD_BYTES = 4096

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# e.g. <meta charset="utf-8">, <meta ... content="text/html; charset=windows-1258">,
# <?xml version="1.0" encoding="utf-8"?>
_DECLARED: Final = re.compile(
    rb"<(?:meta\b[^>]{0,500}?\bcharset|\?xml\b[^>]{0,200}?\bencoding)"
    rb"\s{0,20}=\s{0,20}[\"']?\s{0,20}([A-Za-z0-9_:.-]{1,40})",
    re.IGNORECASE,
)
# Browsers read these labels as windows-1252 (Encoding standard, 4.2).
_AS_CP1252: Final = frozenset({"iso8859-1", "ascii", "latin-1", "us-ascii"})


class WrongEncodingError(ValueError):
    """The bytes are no text in the encoding that they should have."""


def decode_text(raw: bytes, encoding: str = "utf-8") -> str:
    r"""The text of a plain file, without its byte order mark.

    A byte order mark outweighs `encoding`; raises WrongEncodingError.

    >>> decode_text(b"\xef\xbb\xbfTin")
    'Tin'
    >>> decode_text("Tin mới".encode("utf-16"))
    'Tin mới'
    """
    for mark, marked in _BOMS:
        if raw.startswith(mark):
            raw, encoding = raw[len(mark) :], marked
            break
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        message = f"The text is not {encoding}. Name its encoding with --encoding, or convert it."
        raise WrongEncodingError(message) from error


def decode_page(raw: bytes, declared: str | None = None, fallback: str = "utf-8") -> str:
    """The text of an HTML page.

    A byte order mark outweighs `declared` (the server's word), that the page's own declaration,
    and that `fallback`. Text that is UTF-8 is read as UTF-8 whatever was declared: many sites
    declare wrongly, and no other encoding looks like it by chance. Raises WrongEncodingError.

    >>> decode_page('<meta charset="windows-1258">Tin \\xd2'.encode("latin-1"))[-1]
    '\\u0309'
    """
    if raw.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return decode_text(raw)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    own = _DECLARED.search(raw[:HEAD_BYTES])
    names = (declared, own[1].decode("ascii") if own else None, fallback)
    encoding = next((known for known in map(_known, names) if known), "utf-8")
    text = raw.decode(encoding, "replace")
    if text.count("\ufffd") > MAX_BROKEN_SHARE * len(text):
        message = f"The page is not {encoding}. Name its encoding with --encoding, or convert it."
        raise WrongEncodingError(message)
    return text


def is_encoding(name: str) -> bool:
    """Whether text can be decoded by that name."""
    return _known(name) is not None


def _known(name: str | None) -> str | None:
    """Python's name for a label of text encodings; None where there is none."""
    if not name:
        return None
    try:
        found = codecs.lookup(name.strip())
    except (LookupError, ValueError):
        return None
    # Python also lists codecs between bytes, such as zlib.
    if not getattr(found, "_is_text_encoding", True):
        return None
    return "cp1252" if found.name in _AS_CP1252 else found.name
