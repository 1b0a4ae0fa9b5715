"""The tables of the metadata database; times are RFC 3339 text in UTC, which sorts as it reads."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Boolean, Column, Float, Index, Integer, Text, false, text

from lakebook.metadata.schema_answers import consent, egress, query, semantic_model, verified_question
from lakebook.metadata.schema_base import metadata, serial, table
from lakebook.metadata.schema_models import model_answer, model_day, model_route

__all__ = [
    "audit", "consent", "contract_rule", "dashboard", "dataset", "dataset_version", "egress", "event", "job", "lease",
    "lineage", "metadata", "model_answer", "model_day", "model_route", "page_link", "profile", "query", "run",
    "schedule", "schema_version", "semantic_model", "stream_message", "token", "verified_question", "worker",
]  # fmt: skip

dataset = table(
    "dataset",
    Column("dataset_id", Text, primary_key=True),
    Column("layer", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False),
    Column("source_type", Text, nullable=False),
    Column("s3_key", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("updated_at", Text, nullable=False),
    Column("deleted_at", Text),
    Column("compatibility", Text, nullable=False, server_default="none"),
    Column("values_may_leave", Boolean, nullable=False, server_default=false()),
    Index(
        "dataset_live_name",
        "layer",
        "name_key",
        unique=True,
        sqlite_where=text("deleted_at IS NULL"),
        # PostgreSQL has the same condition by its migration; said here it would load that dialect in every process.
    ),
)

dataset_version = table(
    "dataset_version",
    Column("dataset_id", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("delta_version", Integer, nullable=False),
    Column("load_id", Text, nullable=False, unique=True),
    Column("row_count", BigInteger, nullable=False),
    Column("column_count", Integer, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("files", JSON, nullable=False),
    Column("source", Text, nullable=False),
    Column("source_hash", Text),
    Column("report", JSON, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("created_at", Text, nullable=False),
)

profile = table(
    "profile",
    Column("dataset_id", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("quality_score", Float, nullable=False),
    Column("profile", JSON, nullable=False),
    Column("generated_at", Text, nullable=False),
)

schema_version = table(
    "schema_version",
    Column("dataset_id", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("columns", JSON, nullable=False),
    Column("change", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("created_at", Text, nullable=False),
)

contract_rule = table(
    "contract_rule",
    Column("dataset_id", Text, primary_key=True),
    Column("rule_id", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("rule", JSON),
    Column("user_id", Text, nullable=False),
    Column("created_at", Text, nullable=False),
)

lineage = table(
    "lineage",
    Column("edge_id", Text, primary_key=True),
    Column("dataset_id", Text, nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("source_kind", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("job_id", Text),
    Column("run_id", Text),
    Column("created_at", Text, nullable=False),
)

job = table(
    "job",
    Column("job_id", Text, primary_key=True),
    Column("user_id", Text, nullable=False),
    Column("job_type", Text, nullable=False),
    Column("verb", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("request", JSON, nullable=False),
    Column("metadata", JSON, nullable=False),
    Column("status", Text, nullable=False, index=True),
    Column("progress", Integer, nullable=False),
    Column("message", Text, nullable=False),
    Column("facts", JSON, nullable=False),
    Column("result", JSON),
    Column("failure", JSON),
    Column("request_id", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("lease_owner", Text),
    Column("lease_epoch", Integer, nullable=False),
    Column("lease_until", Text),
    Column("cancel_asked", Boolean, nullable=False),
    Column("change", serial, nullable=False, index=True),
    Column("created_at", Text, nullable=False),
    Column("started_at", Text),
    Column("updated_at", Text, nullable=False),
    Column("priority", Integer, nullable=False, server_default="1"),
    Index("job_served", "user_id", "started_at"),
)

event = table(
    "event",
    Column("seq", serial, primary_key=True, autoincrement=True),
    Column("event_id", Text, nullable=False, unique=True),
    Column("topic", Text, nullable=False, index=True),
    Column("dedupe_key", Text, nullable=False, unique=True),
    Column("payload", JSON, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("relayed_at", Text, index=True),
)

lease = table(
    "lease",
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("until", Text, nullable=False),
)

worker = table(
    "worker",
    Column("worker_id", Text, primary_key=True),
    Column("host", Text, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("started_at", Text, nullable=False),
    Column("heartbeat_at", Text, nullable=False),
)

run = table(
    "run",
    Column("run_id", Text, primary_key=True),
    Column("notebook", Text, nullable=False),
    Column("parameters", JSON, nullable=False),
    Column("status", Text, nullable=False),
    Column("output", Text),
    Column("failed_cell", Integer),
    Column("error", Text),
    Column("results", JSON, nullable=False),
    Column("schedule_id", Text),
    Column("job_id", Text),
    Column("user_id", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("started_at", Text),
    Column("ended_at", Text),
)

schedule = table(
    "schedule",
    Column("schedule_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False, unique=True),
    Column("notebook", Text, nullable=False),
    Column("cron", Text, nullable=False),
    Column("timezone", Text, nullable=False),
    Column("parameters", JSON, nullable=False),
    Column("next_at", Text, index=True),
    Column("last_at", Text),
    Column("user_id", Text, nullable=False),
    Column("created_at", Text, nullable=False),
)

dashboard = table(
    "dashboard",
    Column("dashboard_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False, unique=True),
    Column("notebook", Text),
    Column("config", JSON, nullable=False),
    Column("version", Integer, nullable=False),
    Column("page", Text),
    Column("user_id", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("updated_at", Text, nullable=False),
)

page_link = table(
    "page_link",
    Column("token_hash", Text, primary_key=True),
    Column("dashboard_id", Text, nullable=False, index=True),
    Column("created_at", Text, nullable=False),
)

stream_message = table(
    "stream_message",
    Column("seq", serial, primary_key=True, autoincrement=True),
    Column("topic", Text, nullable=False, index=True),
    Column("payload", JSON, nullable=False),
    Column("created_at", Text, nullable=False),
)

audit = table(
    "audit",
    Column("seq", serial, primary_key=True, autoincrement=True),
    Column("at", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("resource", Text, nullable=False),
    Column("details", JSON, nullable=False),
    Column("request_id", Text, nullable=False),
)

token = table(
    "token",
    Column("token_id", Text, primary_key=True),
    Column("token_hash", Text, nullable=False, unique=True),
    Column("user_id", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("revoked_at", Text),
)
