"""What ingest takes and gives."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AliasChoices, Field, StringConstraints

from lakebook.catalog.models import DatasetRequest
from lakebook.verb import Flag, Names, Positional, QueuedRequest, Result

SchemaMode = Literal["strict", "evolve", "quarantine"]
# A tab or a blank is a mark like any other: it is not stripped.
Mark = Annotated[str, StringConstraints(strip_whitespace=False)]


class IngestRequest(QueuedRequest):
    """A file, a folder of files or an address to make tables of."""

    source: Annotated[str, Positional()] = Field(
        description="Path of a file (CSV, JSON lines, Parquet, Arrow, Excel, SQLite; also compressed or in a zip), of "
        "a folder or a pattern of files, or an address: s3://, https://, sqlite://, postgresql://, snowflake://."
    )
    name: Annotated[str | None, Flag("--as")] = Field(
        None, description="Name of the table; without one, the file's name."
    )
    mode: Literal["fail", "replace", "append"] = Field(
        "fail", description="What to do when the name is taken: refuse, put this in its place, or add the rows."
    )
    schema_mode: Annotated[SchemaMode, Flag("--schema")] = Field(
        "evolve",
        description="When the table stands with other columns: refuse, widen it, or set the rows that break it aside.",
    )
    contract: bool = Field(False, description="Stop, loading nothing, where the rows break the table's contract.")
    again: bool = Field(False, description="Load the file even where the table's newest version is made of it already.")
    format: Literal["csv", "json", "parquet"] | None = Field(
        None,
        validation_alias=AliasChoices("format", "source_type"),
        description="Format of the file; without one, its content tells.",
    )
    delimiter: Mark | None = Field(None, description="What separates the fields of a CSV; without one, it is detected.")
    quote: Mark | None = Field(None, description="What encloses a CSV's fields; without one, it is detected.")
    escape: Mark | None = Field(None, description="What stands before a quote inside a field; without one, detected.")
    header: bool | None = Field(None, description="Whether the first line names the columns; else it is detected.")
    encoding: str | None = Field(None, description="Encoding of the text, such as cp1252; without one, it is detected.")
    decimal: Mark | None = Field(None, description="What stands before the decimals: `.` or `,`; else it is detected.")
    skip: int | None = Field(None, ge=0, description="Lines before the header to pass over; else they are detected.")
    null: list[str] | None = Field(None, description="Words that mean null in every column, instead of the ones found.")
    tables: Names | None = Field(None, description="Which tables of a database to load; without any, all of them.")
    sheet: str | None = Field(None, description="Which sheet of a workbook to load; without one, all of them.")
    query: str | None = Field(None, description="A SELECT whose rows become the table, for a database.")
    watermark: str | None = Field(None, description="Column that only grows: later reads take the rows past its last.")
    key: Names | None = Field(None, description="Columns that tell one row of a database's table from the others.")
    credentials: str | None = Field(
        None, description="Where the secret lies: `env:NAME` or `keyring:service/user`; never the secret itself."
    )


class AlterRequest(DatasetRequest):
    """One dataset, and what becomes of its columns; every other column stays as it is."""

    add: dict[str, str] = Field(default_factory=dict, description="New columns with their types, as `note=VARCHAR`.")
    rename: dict[str, str] = Field(default_factory=dict, description="Old and new names, as `qty=quantity`.")
    widen: dict[str, str] = Field(default_factory=dict, description="Columns with wider types, as `id=VARCHAR`.")
    drop: Names = Field(default_factory=list, description="Columns to leave out of the new version.")


class Deviation(Result):
    """One place where the file is not what its format or its other rows promise."""

    kind: str
    line: int | None = None
    column: str | None = None
    raw: str | None = None
    reason: str


class TableMade(Result):
    """One more table that the same source gave, or why it was not made."""

    name: str
    dataset_id: str | None = None
    version: int | None = None
    rows: int = 0
    columns: int = 0
    error: dict[str, Any] | None = Field(None, description="Why this table was not made; the others stand.")


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
    tables: list[TableMade] = Field(default_factory=list, description="The other tables of the same source.")
    changes: dict[str, int] | None = Field(
        None, description="Rows inserted, updated, deleted and unchanged, where they were told apart by a key."
    )
    unchanged: bool = Field(False, description="The table holds this very file already, so nothing was loaded.")
    message: str | None = Field(None, description="What was out of the ordinary with the load as a whole.")
    hint: str | None = Field(None, description="What can be done about it.")
    rejected_table: str | None = Field(None, description="The table beside it that holds the rejected rows.")
