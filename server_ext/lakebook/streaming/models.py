"""What stream takes and gives."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from lakebook.verb import Positional, Request, Result


class StreamRequest(Request):
    """A file's rows, or rows given one by one, to send to a topic."""

    source: Annotated[str | None, Positional()] = Field(
        None, description="Path of a CSV, JSON lines or Parquet file, sent row by row."
    )
    # The length apart from the letters: counted in the pattern, to compile it takes longer than all other models do.
    topic: str = Field(
        description="Topic to send to, such as a dashboard's name.", pattern=r"^[\w.\-]+$", max_length=200
    )
    rows: list[dict[str, Any]] | None = Field(None, description="Rows to send instead of a file's.")
    rate: float = Field(0, ge=0, description="Rows a second; 0 sends them as fast as they are read.")
    limit: int | None = Field(None, ge=1, description="Most rows to send.")


class StreamResult(Result):
    """What was sent."""

    topic: str
    sent: int
    seconds: float
