"""TMX goes out and comes back; files of other tools are read; hostile ones do no harm."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import MemoryNotReadable
from service.tmx import Unit, read_tmx, write_tmx

OTHER_TOOL = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE tmx SYSTEM "tmx14.dtd">
<tmx version="1.4">
 <header creationtool="Cat" creationtoolversion="9" segtype="sentence" o-tmf="x" adminlang="en-US"
  srclang="VI-VN" datatype="xml"/>
 <body>
  <tu tuid="1">
   <note>a note</note>
   <tuv xml:lang="VI-VN"><seg>Xin <bpt i="1">&lt;b&gt;</bpt>chào<ept i="1">&lt;/b&gt;</ept>
     <hi>bạn</hi>.</seg></tuv>
   <tuv xml:lang="EN-US"><seg>Hello.</seg></tuv>
   <tuv xml:lang="FR"><seg>Bonjour.</seg></tuv>
  </tu>
  <tu srclang="EN"><tuv xml:lang="en"><seg>Bye.</seg></tuv>
   <tuv xml:lang="vi"><seg>Tạm biệt.</seg></tuv></tu>
  <tu><tuv xml:lang="vi"><seg>Thiếu bản dịch.</seg></tuv></tu>
  <tu><tuv xml:lang="vi"><seg>  </seg></tuv><tuv xml:lang="en"><seg>Empty.</seg></tuv></tu>
 </body>
</tmx>
"""


def read(content):
    return list(read_tmx(io.BytesIO(content.encode("utf-8", "surrogatepass"))))


def test_a_file_of_another_tool():
    assert read(OTHER_TOOL) == [
        Unit("vi", "Xin chào bạn.", "Hello."),
        Unit("en", "Bye.", "Tạm biệt."),
    ]


def test_a_file_without_a_source_language_goes_both_ways():
    both = OTHER_TOOL.replace('srclang="VI-VN"', 'srclang="*all*"')
    assert [unit.source_language for unit in read(both)][:2] == ["vi", "en"]


# What XML can hold: no control characters, no lone surrogates.
PLAIN = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"]), max_size=40)


@given(st.lists(st.tuples(st.sampled_from(["vi", "en"]), PLAIN, PLAIN), max_size=5))
def test_what_is_written_is_read_again(rows):
    written = "".join(write_tmx([Unit(*row) for row in rows]))
    tidied = [(code, " ".join(a.split()), " ".join(b.split())) for code, a, b in rows]
    found = [(u.source_language, u.source, u.target) for u in read(written)]
    assert found == [row for row in tidied if row[1] and row[2]]


@given(st.text(max_size=40))
def test_any_text_makes_a_file_that_can_be_read(text):
    assert len(read("".join(write_tmx([Unit("vi", text, "x")])))) <= 1


@pytest.mark.parametrize(
    "content",
    ["", "no xml", "<html><body/></html>", "<tmx><body><tu>", "\0\0\0", "<tmx>&undefined;</tmx>"],
)
def test_what_is_no_tmx_is_refused(content):
    with pytest.raises(MemoryNotReadable, match="no TMX"):
        read(content)


def test_entities_are_never_loaded(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("secret words")
    hostile = (
        f'<!DOCTYPE tmx [<!ENTITY x SYSTEM "file://{secret}"><!ENTITY a "aaaaaaaaaa">'
        '<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
        '<tmx><header srclang="vi"/><body><tu><tuv xml:lang="vi"><seg>x &x; &b; y</seg></tuv>'
        '<tuv xml:lang="en"><seg>z</seg></tuv></tu></body></tmx>'
    )
    [unit] = read(hostile)
    assert "secret" not in unit.source
    assert "aaaa" not in unit.source


def test_over_long_segments_are_left_out():
    long = OTHER_TOOL.replace("Bye.", "x" * 6000)
    assert [unit.target for unit in read(long)] == ["Hello."]
