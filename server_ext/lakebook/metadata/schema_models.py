"""The tables of models in use: who answers which share of questions, answers with what came true, days."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Boolean, Column, Float, Index, Text, text

from lakebook.metadata.schema_base import table

# One row for each setting of a model's route; the one in force has no end.
model_route = table(
    "model_route",
    Column("route_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False),
    Column("test_id", Text, nullable=False, index=True),
    Column("arms", JSON, nullable=False),
    Column("shadows", JSON, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("ended_at", Text),
    Index(
        "model_route_in_force",
        "name_key",
        unique=True,
        sqlite_where=text("ended_at IS NULL"),
    ),
)

# What a version answered for a key while a test ran; `truth` is what came true, told later. Values as JSON.
model_answer = table(
    "model_answer",
    Column("test_id", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("model_id", Text, primary_key=True),
    Column("is_shadow", Boolean, nullable=False),
    Column("prediction", JSON, nullable=False),
    Column("score", Float),
    Column("answered_at", Text, nullable=False),
    Column("truth", JSON),
    Column("told_at", Text),
)

# How the values of a day's rows spread over the bins of the training's profile: counts alone, no values. Each process
# that predicts writes rows of its own, so that none waits for another; a day is their sum.
model_day = table(
    "model_day",
    Column("model_id", Text, primary_key=True),
    Column("day", Text, primary_key=True),
    Column("recorder_id", Text, primary_key=True),
    Column("rows", BigInteger, nullable=False),
    Column("counts", JSON, nullable=False),
    Column("updated_at", Text, nullable=False),
)
