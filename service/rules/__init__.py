"""Rules as data, with reasons: TOML files loaded and validated here."""
