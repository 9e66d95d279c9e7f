"""Shapes of the lines around and between paragraphs: captions, bylines, datelines, repeats."""

import re

_NAME = r"[A-ZÀ-ỸĐ][\wÀ-ỹ'’.]*(?:-[A-ZÀ-ỸĐ][\wÀ-ỹ'’]*)?"
_PERSON = re.compile(rf"{_NAME}(?: {_NAME}){{1,4}}")  # Minh Huong; Nguyễn Thị Lan
_BYLINE = re.compile(
    r"(?:theo|tin và ảnh|tin,? ảnh|tin bài|bài,? ảnh|bài và ảnh|bài(?:,| &|,? và) ảnh|tin[-/ ,và]*ảnh|"
    r"bài|tin|tác giả|thực hiện|người viết|phóng viên|biên tập|nguồn tin|by|story by|written by|"
    r"reported by|reporter|author|story and photos? by|text and photos?(?: by)?)"
    r"(?: ?:|(?<=theo)|(?<=by)) ?(?P<who>\S.{1,60}[^.!?…:;])",
    re.IGNORECASE,
)
_STAFF = re.compile(
    r"(?:PV|P\.V|BBT|VNA|TTXVN|VGP|BT|VNS)(?: ?[-/(]\s?.{2,30})?\)?\.?|[A-Z]{1,3}\.[A-Z]{1,3}\.?"
)
_CAPTION = re.compile(
    r"[(\[]?(?:ảnh|hình|hình ảnh|photo|image|picture|file photo|illustrative photo|video|clip|"
    r"photos?|infographic)s?(?: (?:minh họa|minh hoạ|tư liệu|chụp|illustrative|by|from|credit|"
    r"courtesy(?: of)?)\b.{0,30})?(?: \d{1,2})? ?[:.](?!//).{0,250}"
    r"|[(\[]?(?:ảnh|hình|photo)[ -](?:minh (?:họa|hoạ)|tư liệu|internet|illustration).{0,40}"
    r"|.{3,400}[(\[.] ?(?:ảnh|hình|photos?|image|source|nguồn|nguồn ảnh)(?: (?:minh họa|minh hoạ|tư liệu))?"
    r"(?: ?[:/] ?|\s+by ).{2,60}[)\]]?\.?"
    r"|.{3,400}[(\[](?:ảnh|photo|file photo|illustrative photo|hình)(?: .{0,40})?[)\]]\.?",
    re.IGNORECASE,
)
_SCENE = re.compile(
    r"(?:quang cảnh|toàn cảnh|hình ảnh tại|các đại biểu (?:dự|tham dự|chụp ảnh|tham quan)|(?:các )?đại biểu "
    r"(?:dự|tham dự)|(?:overview|scene|view|panorama) of |(?:an|a general|the) (?:overview|view|scene) of |"
    r"delegates (?:attend|at |pose|take|visit)|participants (?:at|pose)|illustrative (?:photo|image)|"
    r"(?:cảnh|một góc) )[^.;:!?]{2,160}[.]?",
    re.IGNORECASE,
)
_AT_MEETING = re.compile(
    r"[^.;:!?“”\"]{4,250} (?:phát biểu|chủ trì|trao quà|trao tặng|tặng hoa|kết luận|tham luận|điều hành|"
    r"spoke|speaks|speaking|presided|presides|delivers? (?:a |an |the )?(?:opening |closing |keynote )*"
    r"(?:speech|remarks|address))(?: (?:khai mạc|bế mạc|chỉ đạo|kết luận|tham luận|ý kiến|chào mừng|đề dẫn))?"
    r" (?:tại|at|in|during|over) (?:the |this |a )?(?:hội nghị|cuộc họp|buổi (?:họp|lễ|làm việc|gặp mặt|tiếp|đối thoại)|"
    r"phiên họp|kỳ họp|hội thảo|hội thi|đại hội|lễ \w+|chương trình|diễn đàn|tọa đàm|toạ đàm|conference|meeting|event|"
    r"session|ceremony|forum|workshop|seminar|congress|dialogue|function|launch)(?: [^.;:!?,]{1,60})?\.?",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[a-zà-ỹ)][.!?]) +(?=[A-ZÀ-ỸĐ])")


def read_person(text: str) -> str | None:
    """`text` if it is nothing but a person's name as printed under an article.

    >>> read_person("Minh Huong"), read_person("Lotus color of Hue")
    ('Minh Huong', None)
    """
    return text if len(text) <= 40 and _PERSON.fullmatch(text) else None


def read_byline(text: str) -> str | None:
    """Who wrote the article, if the line says that and nothing more.

    >>> read_byline("Tin, ảnh: Nguyễn Văn A"), read_byline("By Jane Smith")
    ('Nguyễn Văn A', 'Jane Smith')
    """
    if len(text) > 90:
        return None
    if _STAFF.fullmatch(text):
        return text.rstrip(".")
    match = _BYLINE.fullmatch(text)
    who = match["who"].strip() if match else ""
    return who if who[:1].isupper() and len(who.split()) <= 10 else None


def is_caption(text: str) -> bool:
    """Whether the line describes a picture.

    >>> is_caption("Quang cảnh hội nghị."), is_caption("(Ảnh: TTXVN)")
    (True, True)
    """
    if len(text) > 450:
        return False
    if _CAPTION.fullmatch(text) or _SCENE.fullmatch(text):
        return True
    sentences = _SENTENCE.split(text)
    return len(sentences) <= 3 and all(_AT_MEETING.fullmatch(sentence) for sentence in sentences)
