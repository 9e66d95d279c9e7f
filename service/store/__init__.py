"""What outlives a request: jobs and their items, glossaries, the segment memory.

One schema (`tables`) and one code for SQLite and PostgreSQL; `engine.open_store(url)` opens either.
Ids, times and states exist here and nowhere above.
"""
