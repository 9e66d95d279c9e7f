"""What outlives a request: jobs and their items, glossaries, the segment memory, reviews.

One schema (`tables`, `review_tables`) and one code for SQLite and PostgreSQL;
`engine.open_store(url)` opens either. Ids, times and states exist here and nowhere above.
"""

# Imported so that the metadata is whole, whoever asks for it.
from service.store import review_tables as review_tables
