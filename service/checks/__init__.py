"""One question per module; a check never changes text."""
