"""What demo takes and gives."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from lakebook.verb import Positional, Request, Result


class DemoRequest(Request):
    """A folder to fill with the data of an invented shop and the notebooks of the tour."""

    folder: Annotated[str, Positional()] = Field("lakebook-demo", description="Folder to make or to fill.")
    lines: int = Field(200_000, ge=1_000, le=5_000_000, description="Order lines in orders.csv.")
    seed: int = Field(7, ge=0, description="Seed of the data; the same seed gives the same data on the same day.")
    if_absent: bool = Field(False, description="Leave what is already there as it is, and make what is missing.")
    force: bool = Field(False, description="Write over files of the demo that are already there.")


class DemoFile(Result):
    """One file of the demo folder."""

    path: str = Field(description="Path, relative to the folder.")
    rows: int | None = Field(None, description="Rows of data; none for a notebook.")
    kept: bool = Field(False, description="Whether it was there before and was left as it is.")


class DemoResult(Result):
    """The folder and what is in it now."""

    folder: str = Field(description="Path of the folder.")
    files: list[DemoFile]
    seconds: float = Field(description="Time taken, in seconds.")
