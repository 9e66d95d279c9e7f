"""`songngu glossary` and `songngu article --glossary`, run as a user runs them."""

import json

from tests.cli.test_article import check_refused, songngu

TEXT = "Sáng nay, sở y tế đã tổ chức hội nghị về công tác tiêm chủng cho trẻ em.".encode()


def test_a_glossary_from_a_file_to_the_store_and_into_an_article(tmp_path):
    own = {"SONGNGU_DATA_DIR": str(tmp_path / "data")}
    path = tmp_path / "terms.csv"
    path.write_bytes("\ufeffvi,en\r\nsở y tế,Health Bureau\r\n".encode())
    added = songngu("glossary", "add", "health", path, **own)
    assert added.stdout.decode() == "health@1: 1 terms\n", added.stderr
    assert "health" in songngu("glossary", "list", **own).stdout.decode()
    assert "Health Bureau" in songngu("glossary", "show", "health", **own).stdout.decode()
    exported = songngu("glossary", "export", "health", **own)
    assert exported.stdout.decode() == "vi\ten\nsở y tế\tHealth Bureau\n"
    for value in ("health@1", path):
        answer = songngu("article", "-", "--glossary", value, "--format", "json", stdin=TEXT, **own)
        assert answer.returncode == 0, answer.stderr
        [term] = [t for t in json.loads(answer.stdout)["terms"] if t["glossary"] == "user"]
        assert (term["target"], term["matched"]) == ("Health Bureau", 1)
    assert songngu("glossary", "remove", "health", **own).returncode == 0
    check_refused(songngu("glossary", "show", "health", **own), "No glossary")


def test_a_bad_line_is_named(tmp_path):
    path = tmp_path / "terms.tsv"
    path.write_text("vi\ten\nsở y tế\n", "utf-8")
    check_refused(songngu("article", "-", "--glossary", path, stdin=TEXT), "Line 2")


def test_a_missing_file_is_named(tmp_path):
    check_refused(songngu("article", "-", "--glossary", "none.csv", stdin=TEXT), "none.csv")
    check_refused(songngu("article", "-", "--glossary", "none", stdin=TEXT), "No glossary")
