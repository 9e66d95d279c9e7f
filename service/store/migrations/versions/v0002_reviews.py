"""Reviews: reviewers with sessions and keys; items with outputs, votes, edits and approvals."""

import sqlalchemy as sa
from alembic import op

revision = "v0002"
down_revision: str | None = "v0001"


def upgrade() -> None:
    """Create the tables of the review form."""
    _reviewers()
    _items()
    _decisions()


def _reviewers() -> None:
    op.create_table(
        "reviewers",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("disabled_at", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviewers")),
        sa.UniqueConstraint("name", name=op.f("uq_reviewers_name")),
    )
    op.create_table(
        "reviewer_sessions",
        sa.Column("token_sha256", sa.Text(), nullable=False),
        sa.Column("reviewer_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("expires_at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reviewer_id"],
            ["reviewers.id"],
            name=op.f("fk_reviewer_sessions_reviewer_id_reviewers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token_sha256", name=op.f("pk_reviewer_sessions")),
    )
    op.create_index(op.f("ix_reviewer_sessions_expires_at"), "reviewer_sessions", ["expires_at"])
    op.create_table(
        "api_keys",
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("reviewer_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("revoked_at", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(
            ["reviewer_id"],
            ["reviewers.id"],
            name=op.f("fk_api_keys_reviewer_id_reviewers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("prefix", name=op.f("pk_api_keys")),
    )


def _items() -> None:
    op.create_table(
        "review_items",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Text(), server_default="", nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("created_by", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("html", sa.Text(), nullable=True),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("source_language", sa.Text(), nullable=False),
        sa.Column("target_language", sa.Text(), nullable=False),
        sa.Column("segments", sa.Integer(), nullable=False),
        sa.Column("flagged", sa.Integer(), nullable=False),
        sa.Column("outputs", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_items")),
    )
    op.create_index(op.f("ix_review_items_created_at"), "review_items", ["created_at"])
    op.create_index(op.f("ix_review_items_job_id_position"), "review_items", ["job_id", "position"])
    op.create_table(
        "review_outputs",
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        _of_item("review_outputs"),
        sa.PrimaryKeyConstraint("item_id", "number", name=op.f("pk_review_outputs")),
    )


def _decisions() -> None:
    op.create_table(
        "review_votes",
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("reviewer_id", sa.Text(), nullable=False),
        sa.Column("segment", sa.Text(), server_default="", nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("choice", sa.Text(), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        _of_item("review_votes"),
        sa.PrimaryKeyConstraint(
            "item_id", "reviewer_id", "segment", "round", name=op.f("pk_review_votes")
        ),
    )
    op.create_index(op.f("ix_review_votes_reviewer_id"), "review_votes", ["reviewer_id"])
    op.create_table(
        "segment_edits",
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("segment", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("reviewer_id", sa.Text(), nullable=False),
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("save_id", sa.Text(), nullable=False),
        sa.Column("restores", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("updated_at", sa.Double(), nullable=False),
        _of_item("segment_edits"),
        sa.PrimaryKeyConstraint("item_id", "segment", "number", name=op.f("pk_segment_edits")),
    )
    op.create_table(
        "approvals",
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("reviewer_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        _of_item("approvals"),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_approvals")),
    )


def _of_item(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_item_id_review_items")
    return sa.ForeignKeyConstraint(["item_id"], ["review_items.id"], name=name, ondelete="CASCADE")
