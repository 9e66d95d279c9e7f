"""The Vietnamese catalogue is whole, and the compiled one is the same."""

import re

from scripts.update_messages import LOCALE, as_mo, extract_pages, updated


def test_every_message_of_the_pages_is_translated():
    translated = {
        message.id if isinstance(message.id, str) else message.id[0]: message
        for message in updated()
        if message.id
    }
    missing = [m for m in extract_pages() if not any(_strings(translated[m]))]
    assert missing == []


def _strings(message):
    return [message.string] if isinstance(message.string, str) else message.string


def test_placeholders_are_kept():
    wrong = []
    for message in updated():
        if not message.id or not any(_strings(message)):
            continue
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        wanted = set(re.findall(r"%\(\w+\)s|\{\w+\}", ids[0]))
        wrong += [ids[0] for text in _strings(message) if set(_found(text)) != wanted]
    assert wrong == []


def test_no_message_has_a_bare_percent_sign():
    """Jinja puts values into every message, with or without any."""
    texts = [text for m in updated() if m.id for text in (*_ids(m), *filter(None, _strings(m)))]
    assert [text for text in texts if "%" in re.sub(r"%\(\w+\)s", "", text)] == []


def _ids(message):
    return (message.id,) if isinstance(message.id, str) else message.id


def _found(text):
    return re.findall(r"%\(\w+\)s|\{\w+\}", text)


def test_the_compiled_catalogue_is_made_from_the_readable_one():
    po = (LOCALE / "vi.po").read_bytes()
    assert as_mo(po) == (LOCALE / "vi.mo").read_bytes(), "run scripts/update_messages.py"
