"""Semantic models, verified questions, the history of questions, what left for language models and by whose leave.

Revision ID: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Questions asked so far have no name, are not pinned, and nobody has judged their answers."""
    op.add_column("dataset", sa.Column("values_may_leave", sa.Boolean(), nullable=False, server_default=sa.false()))
    _history()
    _meaning()
    _egress()


def _history() -> None:
    for name in ("reading", "name", "verdict", "fault"):
        op.add_column("query", sa.Column(name, sa.Text(), nullable=True))
    op.add_column("query", sa.Column("datasets", sa.JSON(), nullable=True))
    for name in ("is_pinned", "is_shared"):
        op.add_column("query", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("query_of_user", "query", ["user_id", "created_at"], unique=False)


def _meaning() -> None:
    op.create_table(
        "semantic_model",
        sa.Column("model_id", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("model_id"),
    )
    op.create_index("semantic_model_name", "semantic_model", ["owner", "name_key"], unique=True)
    op.create_table(
        "verified_question",
        sa.Column("verified_id", sa.Text(), nullable=False),
        sa.Column("pattern", sa.Text(), nullable=False),
        sa.Column("slots", sa.JSON(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("reading", sa.Text(), nullable=True),
        sa.Column("sql", sa.Text(), nullable=False),
        sa.Column("datasets", sa.JSON(), nullable=False),
        sa.Column("query_id", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("meaning", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("verified_id"),
    )
    op.create_index("ix_verified_question_pattern", "verified_question", ["pattern"], unique=False)


def _egress() -> None:
    op.create_table(
        "egress",
        sa.Column("egress_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("query_id", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("sent", sa.LargeBinary(), nullable=False),
        sa.Column("bytes_sent", sa.BigInteger(), nullable=False),
        sa.Column("bytes_received", sa.BigInteger(), nullable=False),
        sa.Column("tokens_in", sa.Integer(), nullable=True),
        sa.Column("tokens_out", sa.Integer(), nullable=True),
        sa.Column("price", sa.Text(), nullable=True),
        sa.Column("duration_ms", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("egress_id"),
    )
    op.create_index("ix_egress_at", "egress", ["at"], unique=False)
    op.create_index("ix_egress_query_id", "egress", ["query_id"], unique=False)
    op.create_table(
        "consent",
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("granted_at", sa.Text(), nullable=False),
        sa.Column("revoked_at", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("user_id", "address"),
    )
