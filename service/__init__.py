"""Everything that knows what an article is; `docs/architecture.md` draws its path."""
