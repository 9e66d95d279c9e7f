"""Settings come from the environment, and typing mistakes are noticed."""

import pytest

from service.settings import Settings, SettingsError


def test_defaults_without_variables():
    assert Settings.from_environment({}).max_article_chars == 200_000


def test_variables_override_with_their_type():
    settings = Settings.from_environment({"SONGNGU_BODY_TIMEOUT_S": "2.5"})
    assert settings.body_timeout_s == 2.5


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"SONGNGU_TYPO": "1"}, "Unknown setting SONGNGU_TYPO"),
        ({"SONGNGU_ENGINE_REPLICAS": "many"}, "must be of type int"),
    ],
)
def test_bad_settings_are_named(environment, words):
    with pytest.raises(SettingsError, match=words):
        Settings.from_environment(environment)
