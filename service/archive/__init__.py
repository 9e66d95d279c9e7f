"""Archives: whole back-catalogues translated, resumable, each article exactly once."""
