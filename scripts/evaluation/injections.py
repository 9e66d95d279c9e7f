"""Errors put into good translations, to see whether the checks find them.

Each injection takes the Vietnamese and English text of a pair, which of them is the target, and a
random generator; it gives back the spoilt target, or None where the pair offers no place for it.
"""

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from service.article import Language
from service.text.syllables import strip_diacritics


@dataclass(frozen=True, slots=True)
class Pair:
    """A source with its human translation."""

    source: str
    target: str
    source_language: Language
    target_language: Language


MAX_IN_WORDS = 12  # numbers up to it are often written in words
Spoil = Callable[[Pair, random.Random], str | None]

# e.g. "1.234,5"; not "(1)", which is a note
_FIGURES = re.compile(r"(?<![\w.,:/–-])(?!(?<=\()\d\))\d+(?:[.,]\d+)*(?!\w|:|[.,/–-]\d)")
_WORD = re.compile(r"[^\W\d_]+")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_DATES = {
    Language.VI: (
        re.compile(r"\b(?P<a>\d{1,2})(?P<between> tháng )(?P<b>\d{1,2})\b"),
        re.compile(r"(?<=ngày )(?P<a>\d{1,2})(?P<between>[/-])(?P<b>\d{1,2})\b"),
        re.compile(r"\b(?P<a>\d{1,2})(?P<between>[/-])(?P<b>\d{1,2})(?=[/-]\d{4})"),
    ),
    Language.EN: (
        re.compile(rf"\b(?P<m>{'|'.join(_MONTHS)}) (?P<d>\d{{1,2}})\b(?![:.]\d)"),
        re.compile(rf"\b(?P<d>\d{{1,2}}) (?P<m>{'|'.join(_MONTHS)})\b"),
    ),
}
# Names to put in place of others; of our own choosing, in both languages alike.
_OTHER_NAMES = (
    "Wilkinson", "Baxter", "Kowalski", "Fernandez", "Okafor", "Lindqvist", "Moreau", "Haddad",
    "Petrov", "Yamamoto", "Schneider", "Rossi", "Dubois", "Carvalho", "Novak", "Eriksson",
)  # fmt: skip


_NO_NAMES = frozenset({"Covid", "Internet", "Olympic", "Olympics", "April"})


def number_changed(pair: Pair, rng: random.Random) -> str | None:
    """One digit of one number is another digit."""
    places = list(_FIGURES.finditer(pair.target))
    if not places:
        return None
    match = rng.choice(places)
    at = rng.choice([i for i in range(match.start(), match.end()) if pair.target[i].isdigit()])
    first = at == match.start()
    digit = rng.choice([d for d in "0123456789"[first:] if d != pair.target[at]])
    return pair.target[:at] + digit + pair.target[at + 1 :]


def number_dropped(pair: Pair, rng: random.Random) -> str | None:
    """One number is gone, wherever it stands.

    Numbers that stand twice are left alone, and those that the source does not have, which may
    write small ones in words.
    """
    held = {_digits(match[0]) for match in re.finditer(r"\d[\d.,]*", pair.source)}
    places = [
        match
        for match in _FIGURES.finditer(pair.target)
        if pair.target.count(match[0]) == 1
        and (_digits(match[0]) in held or int(_digits(match[0])) <= MAX_IN_WORDS)
    ]
    if not places:
        return None
    match = rng.choice(places)
    return (pair.target[: match.start()].rstrip() + pair.target[match.end() :]).strip()


def _digits(figures: str) -> str:
    return figures.replace(".", "").replace(",", "")


def scale_changed(pair: Pair, rng: random.Random) -> str | None:
    """Million for billion and the like."""
    scales = {
        Language.VI: ("nghìn", "triệu", "tỷ"),
        Language.EN: ("thousand", "million", "billion", "trillion"),
    }[pair.target_language]
    places = list(re.finditer(rf"(?<=\d )(?:{'|'.join(scales)})\b", pair.target))
    if not places:
        return None
    match = rng.choice(places)
    other = rng.choice([scale for scale in scales if scale != match[0]])
    return pair.target[: match.start()] + other + pair.target[match.end() :]


def month_and_day_swapped(pair: Pair, rng: random.Random) -> str | None:
    """March 4 for 3 April."""
    places = []
    for pattern in _DATES[pair.target_language]:
        for match in pattern.finditer(pair.target):
            changed = _swap(match)
            if changed:
                places.append((match, changed))
    if not places:
        return None
    match, changed = rng.choice(places)
    return pair.target[: match.start()] + changed + pair.target[match.end() :]


def _swap(match: re.Match[str]) -> str | None:
    groups = match.groupdict()
    if "a" in groups:
        first, second = int(groups["a"]), int(groups["b"])
        if first == second or not (1 <= first <= 12 and 1 <= second <= 12):
            return None
        return f"{groups['b']}{groups['between']}{groups['a']}"
    day, month = int(groups["d"]), _MONTHS.index(groups["m"]) + 1
    if day == month or not 1 <= day <= 12:
        return None
    name = _MONTHS[day - 1]
    return f"{name} {month}" if match.start("m") < match.start("d") else f"{month} {name}"


def name_changed(pair: Pair, rng: random.Random) -> str | None:
    """A name that both texts have is another name, wherever it stands in the target."""
    places = _shared_names(pair)
    if not places:
        return None
    name = rng.choice(places)
    other = rng.choice([other for other in _OTHER_NAMES if other not in pair.source])
    return re.sub(rf"\b{re.escape(name)}\b", other, pair.target)


def name_dropped(pair: Pair, rng: random.Random) -> str | None:
    """A name that both texts have is gone from the target, with all its words side by side."""
    places = _shared_names(pair)
    if not places:
        return None
    name = rng.choice(places)
    both = "|".join(sorted(map(re.escape, set(places)), key=len, reverse=True))
    whole = re.search(rf"(?:\b(?:{both}) )*\b{re.escape(name)}\b(?: (?:{both})\b)*", pair.target)
    gone = whole[0] if whole else name
    bad = re.sub(rf" ?\b{re.escape(gone)}\b", "", pair.target).strip()
    return None if name in _WORD.findall(bad) else bad


def _shared_names(pair: Pair) -> list[str]:
    """Words inside the target with a capital, which the source has with a capital too."""
    plain = {strip_diacritics(w) for w in _WORD.findall(pair.source) if w[0].isupper()}
    names = []
    for match in _WORD.finditer(pair.target):
        word, before = match[0], pair.target[: match.start()].rstrip()
        inside = before and before[-1] not in ".!?:\"“”‘’'(-–"
        named = inside and len(word) > 3 and word[0].isupper() and not word.isupper()
        if named and strip_diacritics(word) in plain and word not in _NO_NAMES:
            names.append(word)
    return names


def sentence_dropped(pairs: Sequence[Pair], rng: random.Random) -> tuple[Pair, str] | None:
    """Neighbours joined to one text, with one sentence of its target left out."""
    sources = [pair.source for pair in pairs]
    targets = [pair.target for pair in pairs]
    if any(not text.rstrip('"”’').endswith((".", "!", "?")) for text in (*sources, *targets)):
        return None
    gone = rng.randrange(len(targets))
    joined = Pair(
        " ".join(sources), " ".join(targets), pairs[0].source_language, pairs[0].target_language
    )
    return joined, " ".join(text for i, text in enumerate(targets) if i != gone)


def loop(pair: Pair, rng: random.Random) -> str | None:
    """The target runs into a loop of one to eight words, and may or may not come out of it."""
    words = pair.target.split()
    if len(words) < 4:
        return None
    length = rng.randint(1, min(8, len(words) - 1))
    at = rng.randint(0, len(words) - length)
    piece = words[at : at + length]
    times = rng.randint(3, 30)
    tail = words[at + length :] if rng.random() < 0.5 else piece[: rng.randint(0, length)]
    return " ".join([*words[:at], *piece * times, *tail])


def untranslated(pair: Pair, rng: random.Random) -> str | None:
    """The source is given back, or only its second half is left as it was."""
    if rng.random() < 0.5:
        return pair.source
    source, target = pair.source.split(), pair.target.split()
    if len(source) < 12:
        return None
    return " ".join([*target[: len(target) // 2], *source[len(source) // 2 :]])


def bracket_dropped(pair: Pair, rng: random.Random) -> str | None:
    """One bracket of a pair is gone; texts with an odd one already are left alone."""
    if any(len(re.findall(own, pair.target)) % 2 for own in (r"[()]", r"[\[\]]", r'["“”]')):
        return None
    places = [m.start() for m in re.finditer(r"[()\[\]“”]", pair.target)]
    if not places:
        return None
    at = rng.choice(places)
    return pair.target[:at] + pair.target[at + 1 :]


def reference_changed(pair: Pair, rng: random.Random) -> str | None:
    """The number of an article, a clause or a document is another."""
    names = {
        Language.VI: "Điều|điều|khoản|Khoản|Chương|chương",
        Language.EN: "Article|Articles|article|Clause|clause|Chapter|chapter",
    }[pair.target_language]
    places = list(re.finditer(rf"\b(?:{names}) (\d+)\b", pair.target))
    if not places:
        return None
    match = rng.choice(places)
    other = str(int(match[1]) + rng.randint(1, 9))
    return pair.target[: match.start(1)] + other + pair.target[match.end(1) :]


def unit_changed(pair: Pair, rng: random.Random) -> str | None:
    """Kilometres for miles and the like, of a number."""
    units = {
        Language.VI: ("km", "m", "kg", "tấn", "ha", "USD", "đồng", "%"),
        Language.EN: ("km", "metres", "kg", "tonnes", "hectares", "USD", "dong", "percent"),
    }[pair.target_language]
    known = {
        Language.VI: "km|kilômét|mét|m|kg|tấn|ha|héc-ta|USD|đô la|đồng|VND|%|phần trăm|dặm",
        Language.EN: "km|kilometers?|kilometres?|met(?:er|re)s?|kg|kilograms?|tons?|tonnes?"
        "|hectares?|ha|USD|dollars?|dong|VND|percent|per cent|%|miles?",
    }[pair.target_language]
    places = list(re.finditer(rf"(?<=\d) ?({known})(?!\w)", pair.target))
    if not places:
        return None
    match = rng.choice(places)
    same = next((own for own in _ONE_UNIT if match[1] in own), frozenset())
    others = [unit for unit in units if unit[0] != match[1][0].lower()]
    other = rng.choice([unit for unit in others if unit not in same])
    return f"{pair.target[: match.start()]} {other}{pair.target[match.end() :]}"


_ONE_UNIT = (
    frozenset({"đô la", "USD", "dollar", "dollars"}),
    frozenset({"%", "percent", "per cent", "phần trăm"}),
)
# Places of both lists of provinces, as each language writes them.
_PLACES = {
    "Hà Nội": "Hanoi", "Đà Nẵng": "Da Nang", "Cần Thơ": "Can Tho", "Quảng Ninh": "Quang Ninh",
    "Nghệ An": "Nghe An", "Hải Phòng": "Hai Phong", "Lâm Đồng": "Lam Dong",
    "Trung Quốc": "China", "Nhật Bản": "Japan", "Hàn Quốc": "South Korea", "Pháp": "France",
    "Đức": "Germany", "Ấn Độ": "India", "Thái Lan": "Thailand", "Việt Nam": "Vietnam",
}  # fmt: skip


def place_changed(pair: Pair, rng: random.Random) -> str | None:
    """A province or a country that both texts have is another, wherever it stands in the target."""
    to_vi = pair.target_language is Language.VI
    known = [
        (vi, en) if to_vi else (en, vi)
        for vi, en in _PLACES.items()
        if re.search(rf"\b{vi if to_vi else en}\b", pair.target)
        and re.search(rf"\b{en if to_vi else vi}\b", pair.source)
    ]
    if not known:
        return None
    name = rng.choice(known)[0]
    others = [
        own
        for vi, en in _PLACES.items()
        for own, theirs in (((vi, en) if to_vi else (en, vi)),)
        if own not in pair.target and theirs not in pair.source
    ]
    return re.sub(rf"\b{name}\b", rng.choice(others), pair.target)


# Titles that are easily taken for each other, as both languages write them.
_TITLES = {
    "Phó Thủ tướng": "Deputy Prime Minister", "Thủ tướng": "Prime Minister",
    "Thứ trưởng": "Deputy Minister", "Bộ trưởng": "Minister", "Phó Bí thư": "Deputy Secretary",
    "Bí thư": "Secretary", "Phó Chủ tịch": "Vice Chairman", "Chủ tịch": "Chairman",
    "Phó Giám đốc": "Deputy Director", "Giám đốc": "Director", "Thống đốc": "Governor",
    "Đại sứ": "Ambassador", "Tổng thống": "President",
}  # fmt: skip


def title_swapped(pair: Pair, rng: random.Random) -> str | None:
    """A title that both texts have is another title, wherever it stands in the target."""
    to_vi = pair.target_language is Language.VI
    # The longest first, so that "Minister" is not that of "Prime Minister".
    rows = [(vi, en) if to_vi else (en, vi) for vi, en in _TITLES.items()]
    rows.sort(key=lambda row: -len(row[0]))
    every = re.compile(rf"\b(?:{'|'.join(own for own, _ in rows)})\b", re.IGNORECASE)
    theirs = {own.lower(): other for own, other in rows}
    source = pair.source.lower()
    held = [
        match[0]
        for match in every.finditer(pair.target)
        if theirs[match[0].lower()].lower() in source
    ]
    if not held:
        return None
    title = rng.choice(held)
    others = [
        own
        for own, other in rows
        if own.lower() not in pair.target.lower() and other.lower() not in source
    ]
    return re.sub(rf"\b{title}\b", rng.choice(others), pair.target)


# English words that are always translated, and Vietnamese ones.
_LEFT = {
    Language.VI: ("roots", "peers", "comrade", "leaders", "meeting", "province", "officials"),
    Language.EN: ("của", "những", "lãnh đạo", "tỉnh", "người dân", "được", "đồng chí"),
}


def words_glued(pair: Pair, rng: random.Random) -> str | None:
    """Two words inside the target are one, or one of them is glued to one of the source."""
    words = pair.target.split()
    places = [i for i in range(1, len(words) - 1) if words[i].islower() and words[i].isalpha()]
    others = [word for word in pair.source.split() if word.islower() and word.isalpha()]
    if not places or not others:
        return None
    at = rng.choice(places)
    other = rng.choice(others)
    vi, en = (words[at], other) if pair.target_language is Language.VI else (other, words[at])
    if vi.isascii() or not en.isascii() or len(en) < MIN_GLUED:
        return None
    return " ".join([*words[:at], rng.choice([vi + en, en + vi]), *words[at + 1 :]])


def word_left(pair: Pair, rng: random.Random) -> str | None:
    """A common word of the other language stands in place of a word of the target."""
    words = pair.target.split()
    places = [i for i in range(1, len(words) - 1) if words[i].islower() and words[i].isalpha()]
    if not places:
        return None
    at, word = rng.choice(places), rng.choice(_LEFT[pair.target_language])
    return " ".join([*words[:at], word, *words[at + 1 :]])


def name_turned(pair: Pair, rng: random.Random) -> str | None:
    """The family name of a Vietnamese person comes last, as English names are written."""
    runs = (match[0].split() for match in _CAPITAL_RUN.finditer(pair.target))
    found = [
        " ".join(run[i:])
        for run in runs
        for i, word in enumerate(run)
        if strip_diacritics(word) in _FAMILIES and 3 <= len(run) - i <= 4
    ]
    plain = strip_diacritics(pair.source)
    found = [name for name in found if strip_diacritics(name) in plain]
    if not found:
        return None
    family, *given = rng.choice(found).split()
    whole = " ".join([family, *given])
    turned = rng.choice([[*given, family], [given[-1], family, *given[:-1]]])
    return pair.target.replace(whole, " ".join(turned))


_CAPITAL_RUN = re.compile(r"[^\W\d_a-zà-ỹ]\w+(?: [^\W\d_a-zà-ỹ]\w+)+")  # "Health Nguyen Van Hung"
_FAMILIES = frozenset(
    {
        "Nguyen",
        "Tran",
        "Le",
        "Pham",
        "Hoang",
        "Huynh",
        "Phan",
        "Vu",
        "Vo",
        "Dang",
        "Bui",
        "Do",
        "Ho",
    }
)
MIN_GLUED = 3  # letters of an English word that is glued to a Vietnamese one
# By check id: what it has to find.
SPOILS: Mapping[str, Mapping[str, Spoil]] = {
    "numbers": {"changed": number_changed, "dropped": number_dropped, "scale": scale_changed},
    "dates": {"swapped": month_and_day_swapped},
    "names": {"changed": name_changed, "dropped": name_dropped, "turned": name_turned},
    "titles": {"swapped": title_swapped},
    "mixed-language": {"glued": words_glued, "left": word_left},
    "repetition": {"loop": loop},
    "language": {"untranslated": untranslated},
    "legal-references": {"changed": reference_changed},
    "units": {"changed": unit_changed},
    "places": {"changed": place_changed},
    "punctuation": {"dropped": bracket_dropped},
}
