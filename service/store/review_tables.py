"""The tables of the review form; same conventions as `tables`."""

from sqlalchemy import Column, Double, ForeignKey, Index, Integer, Table, Text

from service.store.tables import metadata

reviewers = Table(
    "reviewers",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("role", Text, nullable=False),  # reviewer, editor, admin
    Column("password_hash", Text),  # argon2id; NULL: signs in with an API key only, or not at all
    Column("created_at", Double, nullable=False),
    Column("disabled_at", Double),
)

reviewer_sessions = Table(
    "reviewer_sessions",
    metadata,
    Column("token_sha256", Text, primary_key=True),
    Column("reviewer_id", Text, ForeignKey("reviewers.id", ondelete="CASCADE"), nullable=False),
    Column("created_at", Double, nullable=False),
    Column("expires_at", Double, nullable=False),
    Index(None, "expires_at"),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("prefix", Text, primary_key=True),  # public part, shown in lists
    Column("sha256", Text, nullable=False),  # of the whole key, which has 256 bits
    Column("reviewer_id", Text, ForeignKey("reviewers.id", ondelete="CASCADE"), nullable=False),
    Column("created_at", Double, nullable=False),
    Column("revoked_at", Double),
)

review_items = Table(
    "review_items",
    metadata,
    Column("id", Text, primary_key=True),
    Column("sequence", Integer, nullable=False),  # from 0; orders are balanced along it
    Column("job_id", Text, nullable=False, server_default=""),  # "" for a pasted article
    Column("position", Integer),  # in its job
    Column("created_by", Text, nullable=False, server_default=""),
    Column("created_at", Double, nullable=False),
    Column("text", Text),
    Column("html", Text),
    Column("options", Text, nullable=False),  # JSON: what was asked for, and lines put back
    Column("title", Text, nullable=False),
    Column("source_language", Text, nullable=False),
    Column("target_language", Text, nullable=False),
    Column("segments", Integer, nullable=False),
    Column("flagged", Integer, nullable=False),  # segments with a major finding in any output
    Column("outputs", Integer, nullable=False),
    Index(None, "created_at"),
    Index(None, "job_id", "position"),
)

review_outputs = Table(
    "review_outputs",
    metadata,
    Column("item_id", Text, ForeignKey("review_items.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),  # from 0
    Column("model", Text, nullable=False),
    Column("result", Text, nullable=False),  # JSON of the Result
)

review_votes = Table(
    "review_votes",
    metadata,
    Column("item_id", Text, ForeignKey("review_items.id", ondelete="CASCADE"), primary_key=True),
    Column("reviewer_id", Text, primary_key=True),
    Column("segment", Text, primary_key=True, server_default=""),  # "" is the whole article
    Column("round", Integer, primary_key=True),  # 1; 2 where the item is shown again
    Column("choice", Text, nullable=False),  # number of the best output, tie or bad
    Column("shown", Text, nullable=False),  # JSON: output numbers in the order shown
    Column("reasons", Text, nullable=False),  # JSON list
    Column("created_at", Double, nullable=False),
    Index(None, "reviewer_id"),
)

segment_edits = Table(
    "segment_edits",
    metadata,
    Column("item_id", Text, ForeignKey("review_items.id", ondelete="CASCADE"), primary_key=True),
    Column("segment", Text, primary_key=True),
    Column("number", Integer, primary_key=True),  # from 1; 0 is what the model made
    Column("version", Integer, nullable=False),  # of the segment; grows with every save
    Column("text", Text, nullable=False),
    Column("base", Integer, nullable=False),  # number of the output that was corrected
    Column("reviewer_id", Text, nullable=False),
    Column("session", Text, nullable=False),  # of the editor; one revision for one session
    Column("save_id", Text, nullable=False),  # of the last save, so that it can be sent twice
    Column("restores", Integer),  # the revision that an undo went back to
    Column("created_at", Double, nullable=False),
    Column("updated_at", Double, nullable=False),
)

approvals = Table(
    "approvals",
    metadata,
    Column("item_id", Text, ForeignKey("review_items.id", ondelete="CASCADE"), primary_key=True),
    Column("reviewer_id", Text, nullable=False),
    Column("created_at", Double, nullable=False),
)
