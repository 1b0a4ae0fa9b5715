"""What query, ask and validate take and give; field names are the seed's."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import AliasChoices, Field

from lakebook.verb import Positional, Request, Result


class AskRequest(Request):
    """A question in words."""

    question: Annotated[str, Positional(many=True)] = Field(description="The question.", min_length=1, max_length=2000)
    dataset: str | None = Field(
        None,
        validation_alias=AliasChoices("dataset", "dataset_id"),
        description="Dataset it is about; without one, the one that fits.",
    )
    limit: int = Field(1000, ge=1, le=1_000_000, description="Most rows to return.")


class QueryRequest(Request):
    """One read-only SELECT over the tables of the lake."""

    sql: Annotated[str, Positional(many=True)] = Field(description="The SELECT.", min_length=1, max_length=100_000)
    limit: int = Field(1000, ge=1, le=1_000_000, description="Most rows to return.")


class ValidateRequest(Request):
    """A statement to hold against the guard without running it."""

    sql: Annotated[str, Positional(many=True)] = Field(description="The statement.", max_length=100_000)
    dialect: Literal["duckdb", "snowflake", "spark"] = Field("duckdb", description="SQL dialect it is written in.")


class ValidateResult(Result):
    """Whether the guard lets the statement run; each error says why and where."""

    valid: bool
    errors: list[str]
    reasons: list[dict[str, Any]] = Field(default_factory=list)
    sql: str | None = Field(None, description="The statement that would run.")


class AnswerResult(Result):
    """An answer as plain data: DECIMAL and integers past 2^53 are text, `columns` says their types."""

    travels_as_arrow: ClassVar[bool] = True

    query_id: str
    status: Literal["answered", "declined"]
    source: str = Field(description="Where the SQL came from: parser, sql.")
    question: str | None = None
    reading: str | None = Field(None, description="The question as it was understood, in words.")
    sql: str | None = None
    columns: list[dict[str, str]] = Field(default_factory=list)
    results: list[dict[str, Any]] = Field(default_factory=list)
    row_count: int = 0
    truncated: bool = False
    sentence: str | None = Field(None, description="One sentence; every number in it is in the results.")
    explanation: str = Field("", description="The sentence, or why there is no answer.")
    chart: dict[str, Any] | None = Field(None, description="A Vega-Lite 5 specification.")
    words: list[str] = Field(default_factory=list, description="Words of the question that were not understood.")
    suggestions: list[str] = Field(default_factory=list, description="Nearest questions that can be answered.")
    datasets: list[dict[str, Any]] = Field(default_factory=list, description="Tables read, with their versions.")
    execution_time_ms: int = 0
