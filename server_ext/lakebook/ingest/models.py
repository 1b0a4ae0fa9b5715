"""What ingest takes and gives."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AliasChoices, Field

from lakebook.verb import Flag, Positional, Request, Result


class IngestRequest(Request):
    """A file (CSV, JSON lines or Parquet) to make a table of."""

    source: Annotated[str, Positional()] = Field(description="Path of a CSV, JSON lines or Parquet file.")
    name: Annotated[str | None, Flag("--as")] = Field(
        None, description="Name of the table; without one, the file's name."
    )
    mode: Literal["fail", "replace", "append"] = Field(
        "fail", description="What to do when the name is taken: refuse, put this in its place, or add the rows."
    )
    format: Literal["csv", "json", "parquet"] | None = Field(
        None,
        validation_alias=AliasChoices("format", "source_type"),
        description="Format of the file; without one, its content tells.",
    )
    delimiter: str | None = Field(None, description="What separates the fields of a CSV; without one, it is detected.")
    null: list[str] | None = Field(None, description="Words that mean null in every column, instead of the ones found.")


class Deviation(Result):
    """One place where the file is not what its format or its other rows promise."""

    kind: str
    line: int | None = None
    column: str | None = None
    raw: str | None = None
    reason: str


class IngestResult(Result):
    """The table that was made, and everything about the file that was out of the ordinary."""

    dataset_id: str
    name: str
    version: int
    rows: int
    columns: int
    rejected_rows: int
    duplicate_rows: int
    quality_score: float
    deviations: list[Deviation] = Field(default_factory=list)
    deviation_counts: dict[str, int] = Field(default_factory=dict)
    dialect: dict[str, Any] = Field(default_factory=dict)
    s3_key: str = Field(description="Where the table lies, relative to the lake.")
    seconds: float = Field(description="Time taken, in seconds.")
