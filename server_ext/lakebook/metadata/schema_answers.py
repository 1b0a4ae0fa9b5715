"""The tables of questions: their history, what words mean, verified questions, what left for language models."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Boolean, Column, Index, Integer, LargeBinary, Text, false

from lakebook.metadata.schema_base import table

query = table(
    "query",
    Column("query_id", Text, primary_key=True),
    Column("user_id", Text, nullable=False),
    Column("dataset_id", Text),
    Column("question", Text),
    Column("generated_sql", Text),
    Column("status", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("explanation", Text, nullable=False),
    Column("row_count", Integer, nullable=False),
    Column("execution_time_ms", Integer, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("reading", Text),
    Column("datasets", JSON),
    Column("name", Text),
    Column("is_pinned", Boolean, nullable=False, server_default=false()),
    Column("is_shared", Boolean, nullable=False, server_default=false()),
    Column("verdict", Text),
    Column("fault", Text),
    Index("query_of_user", "user_id", "created_at"),
)

# Owner is empty for a model of everybody's, and the person for the words that are theirs alone.
semantic_model = table(
    "semantic_model",
    Column("model_id", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False),
    Column("document", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("updated_at", Text, nullable=False),
    Index("semantic_model_name", "owner", "name_key", unique=True),
)

# `pattern` is the question's words with numbers, dates and values masked; `slots` say what was masked, in order.
verified_question = table(
    "verified_question",
    Column("verified_id", Text, primary_key=True),
    Column("pattern", Text, nullable=False, index=True),
    Column("slots", JSON, nullable=False),
    Column("question", Text, nullable=False),
    Column("reading", Text),
    Column("sql", Text, nullable=False),
    Column("datasets", JSON, nullable=False),
    Column("query_id", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("meaning", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("created_at", Text, nullable=False),
)

# One row for each request that left: `sent` holds its exact bytes.
egress = table(
    "egress",
    Column("egress_id", Text, primary_key=True),
    Column("user_id", Text, nullable=False),
    Column("at", Text, nullable=False, index=True),
    Column("address", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("query_id", Text, index=True),
    Column("outcome", Text, nullable=False),
    Column("sent", LargeBinary, nullable=False),
    Column("bytes_sent", BigInteger, nullable=False),
    Column("bytes_received", BigInteger, nullable=False),
    Column("tokens_in", Integer),
    Column("tokens_out", Integer),
    Column("price", Text),
    Column("duration_ms", Integer, nullable=False),
)

consent = table(
    "consent",
    Column("user_id", Text, primary_key=True),
    Column("address", Text, primary_key=True),
    Column("granted_at", Text, nullable=False),
    Column("revoked_at", Text),
)
