"""`songngu serve` does not open itself to other machines by accident."""

from typer.testing import CliRunner

from service.cli import app
from service.settings import Settings
from service.store.engine import open_store
from service.store.reviewers import ReviewerStore

PUBLIC = ["serve", "--host", "0.0.0.0", "--port", "1"]  # noqa: S104


def _reviewers(settings: Settings) -> ReviewerStore:
    return ReviewerStore(open_store(settings.store_url))


def test_other_machines_are_not_served_without_credentials(tmp_path, monkeypatch):
    monkeypatch.setenv("SONGNGU_DATA_DIR", str(tmp_path))
    answer = CliRunner().invoke(app, PUBLIC)
    assert answer.exit_code == 2
    assert "songngu reviewer add" in answer.stderr


def test_the_setting_makes_the_first_admin_and_no_second(tmp_path, monkeypatch):
    monkeypatch.setenv("SONGNGU_DATA_DIR", str(tmp_path))
    monkeypatch.setattr("service.http.server.run", lambda *_: True)
    for password in ("a long enough one", "another long one"):
        monkeypatch.setenv("SONGNGU_ADMIN_PASSWORD", password)
        assert CliRunner().invoke(app, PUBLIC).exit_code == 0
    found = _reviewers(Settings(data_dir=str(tmp_path)))
    assert [(one.name, one.role) for one in found.all()] == [("admin", "admin")]


def test_a_short_password_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("SONGNGU_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("SONGNGU_ADMIN_PASSWORD", "short")
    answer = CliRunner().invoke(app, PUBLIC)
    assert answer.exit_code == 2
    assert "at least" in answer.stderr
