"""What query, ask and validate take and give; field names are the seed's."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import AliasChoices, Field

from lakebook.verb import Positional, Request, Result


class AskRequest(Request):
    """A question in words."""

    question: Annotated[str, Positional(many=True)] = Field(description="The question.", min_length=1, max_length=2000)
    dataset: str | list[str] | None = Field(
        None,
        validation_alias=AliasChoices("dataset", "dataset_id"),
        description="Dataset it is about, or several with commas between; without one, those that fit.",
    )
    limit: int = Field(1000, ge=1, le=1_000_000, description="Most rows to return.")
    fresh: bool = Field(False, description="Run it again, though its result is remembered for five minutes.")
    after: str | None = Field(
        None, description='Id of the question before, from which "and by month?" or "only in Germany" goes on.'
    )

    @property
    def scope(self) -> list[str]:
        """The datasets that it is about, empty for all."""
        named = self.dataset.split(",") if isinstance(self.dataset, str) else self.dataset or []
        return [name.strip() for name in named if name.strip()]


class QueryRequest(Request):
    """One read-only SELECT over the tables of the lake."""

    sql: Annotated[str, Positional(many=True)] = Field(description="The SELECT.", min_length=1, max_length=100_000)
    limit: int = Field(1000, ge=1, le=1_000_000, description="Most rows to return.")
    fresh: bool = Field(False, description="Run it again, though its result is remembered for five minutes.")


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
    status: Literal["answered", "declined", "unverified"]
    source: str = Field(description="Where the SQL came from: verified, parser, local model, remote model, sql.")
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
    notes: list[str] = Field(default_factory=list, description="What the answer takes for granted, or leaves open.")
    traces: list[tuple[int, int, int, str]] = Field(
        default_factory=list,
        description="For each value in the sentence: where it begins and ends, and the row and column it is from.",
    )
    age_seconds: float | None = Field(None, description="The age of a result that was remembered; null for a new one.")
    stale_since: str | None = Field(None, description="When the rows were made, where the engine was too slow.")
    help: str | None = Field(None, description="What would help where the question was declined.")
    offers: str | None = Field(None, description="The language model, local or remote, that could try once allowed.")
    repairs: str | None = Field(None, description="What was mended in a model's SQL, as a difference of two texts.")
    egress: list[str] = Field(default_factory=list, description="What was sent to a model, by id in the ledger.")
