"""Are the places, ministries and offices of the gazetteer on both sides?"""

import re
from collections.abc import Iterator

from service.article import Finding, Severity, Span
from service.checks.base import NAME, Check, Pair, Side, added, lost
from service.checks.capitals import plain
from service.checks.gazetteer import gazetteer
from service.text.syllables import plain_syllables, strip_diacritics

ID = "places"
_MIN_PLAIN = 6  # letters of a name that may stand without its marks in Vietnamese too
_PRESIDENT = re.compile(
    r"(?:Chủ tịch(?: nước)?|Bác|Cụ|President|Uncle) (?:Hồ|Ho)(?: Ch[íi] Minh)?\b"
)
_CITY = re.compile(
    r"(?:[Tt]hành phố|TP ?\.?) ?(?:Hồ Chí Minh|HCM)|\bTP ?HCM\b"
    r"|\b(?:Hồ Chí Minh|Ho Chi Minh) [Cc]ity\b|\bHCMC\b|\bSaigon\b|\bSài Gòn\b"
)
_CITY_SIGNS = ("Minh", "HCM", "Saigon", "Sài")  # one of them is in every name of the city
_BEFORE = re.compile(r"([A-Z][a-z]+) $")  # e.g. "Khanh " of "Khanh Hue"


def _find(pair: Pair) -> Iterator[Finding]:
    vi, en = pair.by_language()
    if vi is None or en is None:
        return
    from_vi, from_en = list(_names(vi, en)), list(_nouns(vi, en))
    gone, new = (from_vi, from_en) if vi is pair.source else (from_en, from_vi)
    for span in gone:
        yield lost(ID, span, pair.source.text, NAME)
    if (city := _city_of_a_person(pair)) is not None:
        yield added(ID, city, pair.target.text, NAME)
    # What is added and takes no other's place is mostly what the source calls "the country".
    for span in new:
        severity = Severity.MAJOR if gone or _replaces(vi, pair) else Severity.MINOR
        yield added(ID, span, pair.target.text, NAME, severity)


def _city_of_a_person(pair: Pair) -> Span | None:
    """ "Ho Chi Minh City" in the target, where the source speaks of the president alone."""
    source, target = pair.source.text, pair.target.text
    if not any(sign in target for sign in _CITY_SIGNS):
        return None
    city = _CITY.search(target)
    if city is None or _CITY.search(source) or not _PRESIDENT.search(source):
        return None
    return Span(*city.span())


def _replaces(vi: Side, pair: Pair) -> bool:
    """Whether the target lacks a country that alone is too common a word to be asked for."""
    for one, other in gazetteer().countries:
        own, theirs = (one, other) if pair.source is vi else (other, one)
        if own.search(pair.source.text) and not theirs.search(pair.target.text):
            return True
    return False


def _names(vi: Side, en: Side) -> Iterator[Span]:
    """Names of the gazetteer on the Vietnamese side that the English does not have."""
    names = gazetteer()
    for found in vi.gazetted:
        pattern = names.english[found.phrase]
        if pattern is None:
            continue
        if not pattern.search(en.plain) and names.squeezed[found.phrase] not in en.squeezed:
            yield found.span


def _nouns(vi: Side, en: Side) -> Iterator[Span]:
    """Provinces and countries of the English side that the Vietnamese does not have."""
    names = gazetteer()
    if not any(plain(word[0]) in names.noun_starts for run in en.runs for word in run):
        return
    text, seen = strip_diacritics(en.text), set()
    for match in names.nouns.finditer(text):
        if match[0] not in seen and not names.asked[match[0]].search(vi.folded):
            is_written = len(match[0]) >= _MIN_PLAIN and match[0].lower() in vi.plain
            if not is_written and not _is_in_person(text, match):
                yield Span(*match.span())
        seen.add(match[0])


def _is_in_person(text: str, match: re.Match[str]) -> bool:
    """Whether a name of one syllable is the end of a person's: "Khanh Hue"."""
    before = _BEFORE.search(text, max(0, match.start() - 10), match.start())
    return before is not None and " " not in match[0] and before[1].lower() in plain_syllables()


CHECK = Check(ID, "Are places, ministries and offices carried over?", _find)
