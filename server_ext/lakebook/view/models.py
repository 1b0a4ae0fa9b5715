"""What the viewer takes and gives."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from lakebook.catalog.models import ColumnProfile
from lakebook.verb import Positional, Request, Result

MOST_ROWS = 1000
MOST_COLUMNS = 256
MOST_SHOWN = 2000


class Window(Request):
    """Which part of a table's rows: in which order, past which filters."""

    offset: int = Field(0, ge=0, description="How many rows to pass over.")
    limit: int = Field(200, ge=1, le=MOST_ROWS, description="How many rows to give.")
    first_column: int = Field(0, ge=0, description="How many columns to pass over.")
    column_limit: int = Field(MOST_COLUMNS, ge=1, le=MOST_COLUMNS, description="How many columns to give.")
    sort: str | None = Field(None, description="Column to sort by; without one, the rows' own order.")
    descending: bool = Field(False, description="Sort the greatest first.")
    filters: dict[str, str | int | float | bool] = Field(
        default_factory=dict,
        description="What values of a column must be: text to contain, `=x`, `!=x`, `>x`, `a..b`, `null`, `not null`.",
    )


class FileRequest(Request):
    """A file below the folder that is worked in."""

    path: Annotated[str, Positional()] = Field(description="Path of a CSV, TSV, JSON lines or Parquet file.")


class FileRowsRequest(Window):
    """A file and the part of its rows to give."""

    path: Annotated[str, Positional()] = Field(description="Path of a CSV, TSV, JSON lines or Parquet file.")


class DatasetRowsRequest(Window):
    """A dataset and the part of its rows to give."""

    dataset: Annotated[str, Positional()] = Field(description="Id or name of the dataset.")
    version: int | None = Field(None, ge=1, description="The version to read; without one, the newest.")


class ViewedFile(Result):
    """A file as it is shown without being loaded."""

    path: str
    name: str
    format: Literal["csv", "json", "parquet"]
    size_bytes: int
    version: str = Field(description="Changes whenever the file does.")
    row_count: int | None = Field(None, description="Rows of the whole file, once they are counted.")
    rows_known: int = Field(0, description="Rows counted so far.")
    counted: float = Field(0.0, description="The part of the file that is counted, 0 to 1.")
    column_count: int
    columns: list[ColumnProfile] = Field(description="The columns, with what their sample shows; 2,000 at most.")
    sampled_rows: int = Field(description="Rows that the columns' figures are of.")
    dialect: dict[str, Any] = Field(default_factory=dict, description="How the text is cut into fields.")
    sortable: bool = Field(description="Whether the file can be sorted and filtered without loading it.")


class ColumnName(Result):
    """A column of given rows."""

    name: str
    type: str


class Rows(Result):
    """Part of a table's rows; DECIMAL and integers past 2^53 are text, long values are cut."""

    offset: int
    columns: list[ColumnName]
    rows: list[list[Any]]
    row_count: int | None = Field(None, description="Rows that pass the filters, once they are counted.")
    rows_known: int = Field(0, description="Rows counted so far.")
    counted: float = Field(1.0, description="The part of the file that is counted, 0 to 1.")
    preparing: float | None = Field(
        None, description="Where the file is still read to be sorted or filtered: how far, 0 to 1; the rows come then."
    )
