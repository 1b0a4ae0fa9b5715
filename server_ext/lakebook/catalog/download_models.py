"""What a download takes and gives."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from lakebook.catalog.models import DatasetRequest
from lakebook.verb import Result

Format = Literal["csv", "parquet", "xlsx"]


class DownloadRequest(DatasetRequest):
    """One dataset, the form in which it is wanted and where to."""

    format: Format | None = Field(
        None, description="Form of the file; without one, the ending of `to` tells, else it is CSV."
    )
    to: str | None = Field(
        None, description="File to write, which must not be there yet; without one, the table's name in this folder."
    )
    as_is: bool = Field(
        False, description="Write texts that spreadsheets would compute (= + - @) to a CSV without a mark before them."
    )


class Downloaded(Result):
    """The file that was written; over the web the file itself comes, as one of `media`."""

    media: ClassVar[dict[Format, str]] = {
        "csv": "text/csv; charset=utf-8",
        "parquet": "application/vnd.apache.parquet",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }

    dataset_id: str
    name: str
    version: int
    format: Format
    to: str = Field(description="The file's path.")
    rows: int
    size_bytes: int
