"""The schema, the same on SQLite and PostgreSQL; `migrations/` builds it step by step.

Times are seconds since 1970 in double precision: of the machine's clock on SQLite, of the server's
on PostgreSQL (`Store.now`). JSON is kept as text, so that what was written is read back byte by
byte.
"""

from sqlalchemy import (
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", Text, primary_key=True),
    Column("owner", Text, nullable=False, server_default=""),  # id of an API key; "" without one
    Column("name", Text, nullable=False, server_default=""),  # the client's own, not unique
    Column("state", Text, nullable=False),  # receiving, running, done, cancelled
    Column("options", Text, nullable=False),  # JSON; only the worker understands it
    Column("total", Integer, nullable=False, server_default="0"),  # items received so far
    Column("created_at", Double, nullable=False),
    Column("sealed_at", Double),  # when the last item had come in
    Column("finished_at", Double),
    Column("uploading_until", Double),  # an upload that is silent for longer has failed
    Index(None, "state", "created_at"),
    Index(None, "owner", "created_at"),
    Index(None, "name"),
)

items = Table(
    "items",
    metadata,
    Column("job_id", Text, ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),  # from 0, in the order received
    Column("external_id", Text),  # the sender's id
    Column("text", Text),
    Column("html", Text),
    Column("meta", Text),  # JSON: what else the sender wrote, given back with the result
    Column("options", Text),  # JSON over the job's options
    Column("same_key", Text, nullable=False),  # items of one job with one key are translated once
    Column("same_as", Integer),  # position of the item whose outcome is this one's too
    Column("state", Text, nullable=False),  # queued, waiting, leased, done, failed, cancelled
    Column("urgency", Integer, nullable=False, server_default="0"),  # lower is leased earlier
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("fence", Integer, nullable=False, server_default="0"),  # grows with every lease
    Column("lease_owner", Text),
    Column("lease_until", Double),
    Column("outcome", Text),  # JSON of the result
    Column("error", Text),  # JSON: type, title, detail
    Column("created_at", Double, nullable=False),
    Column("finished_at", Double),
    Index(None, "job_id", "state", "urgency", "position"),
    Index(None, "job_id", "same_key"),
    Index(None, "job_id", "same_as"),
    Index(None, "job_id", "external_id"),
    Index(None, "job_id", "finished_at"),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("owner", Text, primary_key=True),
    Column("endpoint", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("fingerprint", Text),  # sha256 of the request; NULL while it comes in
    Column("reference", Text),  # what the request made, e.g. a job's id
    Column("claim", Text, nullable=False),  # of the request that works on it
    Column("claimed_until", Double),  # NULL once it has been answered
    Column("created_at", Double, nullable=False),
    Index(None, "created_at"),
)

webhooks = Table(
    "webhooks",
    metadata,
    Column("job_id", Text, ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
    Column("url", Text, nullable=False),
    Column("secret", Text, nullable=False),
    Column("state", Text, nullable=False),  # armed, delivered, failed
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_at", Double),  # not before this time; also the lease of who delivers it
    Column("last_status", Integer),
    Column("last_error", Text),
    Column("delivered_at", Double),
    Index(None, "state", "next_at"),
)

glossaries = Table(
    "glossaries",
    metadata,
    Column("id", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("source_language", Text, nullable=False),
    Column("target_language", Text, nullable=False),
    Column("name", Text, nullable=False, server_default=""),
    Column("terms", Text, nullable=False),  # TSV
    Column("sha256", Text, nullable=False),
    Column("created_at", Double, nullable=False),
)

memory = Table(
    "memory",
    metadata,
    Column("key", Text, primary_key=True),
    Column("source_language", Text, nullable=False),
    Column("target_language", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("model", Text, nullable=False, server_default=""),
    Column("weights_sha256", Text, nullable=False, server_default=""),
    Column("settings_key", Text, nullable=False, server_default=""),
    Column("origin", Text, nullable=False),  # model, approved, import
    Column("hits", Integer, nullable=False, server_default="0"),
    Column("created_at", Double, nullable=False),
    Column("used_at", Double, nullable=False),
    Index(None, "used_at"),
    Index(None, "origin", "source_language", "target_language"),
)
