"""Text for XML files: Word, TMX and XLIFF alike."""

import re

# Control characters, lone surrogates and the two that are no characters: XML 1.0, section 2.2.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def xml_text(text: str) -> str:
    r"""`text` with U+FFFD for each character that XML 1.0 cannot hold.

    >>> xml_text("a\x07b"), xml_text("Điều 5\n")
    ('a�b', 'Điều 5\n')
    """
    return _NO_XML.sub("\ufffd", text)
