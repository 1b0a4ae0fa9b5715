"""What the verbs over semantic models take and give."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints

from lakebook.errors import BadModel, InvalidRequest
from lakebook.verb import Positional, Request, Result

Format = Literal["yaml", "json"]
LONGEST_FILE = 2_000_000


class ModelLoad(Request):
    """A semantic model to keep."""

    document: Annotated[str, StringConstraints(strip_whitespace=False), Positional()] = Field(
        description="The model's file, or its text.", min_length=1
    )
    check: bool = Field(False, description="Only say what is wrong with it; keep nothing.")

    def brought(self) -> Self:
        """The request with the text of the file that it names; read where the caller is, not on the server."""
        if "\n" in self.document or self.document.lstrip().startswith("{"):
            return self
        path = Path(self.document).expanduser()
        if not path.is_file():
            raise InvalidRequest(f"There is no file {self.document}.", hint="Name the file of a semantic model.")
        if path.stat().st_size > LONGEST_FILE:
            raise BadModel(f"A semantic model has at most {LONGEST_FILE:,} bytes; {path.name} has more.")
        try:
            return self.model_copy(update={"document": path.read_text(encoding="utf-8-sig")})
        except UnicodeDecodeError as error:
            raise BadModel(f"{path.name} is no text in UTF-8.", hint="Save it as UTF-8.") from error


class ModelsRequest(Request):
    """Which models to list."""

    dataset: str | None = Field(None, description="Only those that speak of this dataset.")


class ModelRequest(Request):
    """One semantic model."""

    model: Annotated[str, Positional()] = Field(description="Id or name of the semantic model.")


class ModelExport(ModelRequest):
    """One semantic model, and the form it is wanted in."""

    format: Format | None = Field(None, description="yaml or json; as it was loaded by default.")


class ProposalRequest(Request):
    """The dataset that a first semantic model is wanted for."""

    dataset: Annotated[str, Positional()] = Field(description="Id or name of the dataset.")


class SynonymRequest(Request):
    """A word, and what it is to mean to you."""

    word: Annotated[str, Positional()] = Field(
        description="The word, or several in quotes.", min_length=1, max_length=100
    )
    means: str = Field(
        description="A dataset, dataset.column, a metric, or dataset.column=value.", min_length=1, max_length=500
    )
    remove: bool = Field(False, description="Let it no longer mean that.")


class Said(Result):
    """A fault or a note of a model's file, and the line it stands in."""

    line: int
    message: str


class ModelSummary(Result):
    """A semantic model that is kept."""

    model_id: str
    name: str
    is_own: bool = Field(description="Whether these are your own words, which nobody else has.")
    version: int
    datasets: list[str]
    metrics: list[str]
    updated_at: str
    user_id: str


class ModelDetail(ModelSummary):
    """A semantic model with its file."""

    document: str
    notes: list[Said] = Field(default_factory=list, description="What is worth knowing of it.")


class ModelChecked(Result):
    """What a model's file says and what is wrong with it."""

    name: str
    kept: bool
    valid: bool = Field(True, description="Whether it has no faults.")
    model_id: str | None = None
    datasets: list[str] = Field(default_factory=list)
    metrics: list[str] = Field(default_factory=list)
    faults: list[Said] = Field(default_factory=list)
    notes: list[Said] = Field(default_factory=list)

    def text(self) -> str:
        """One line on the model, and one for each fault and note."""
        counted = f"{_number(self.datasets, 'dataset')}, {_number(self.metrics, 'metric')}"
        head = f"{self.name}: {counted}; {'kept' if self.kept else 'not kept'}"
        said = [*(("", one) for one in self.faults), *(("note: ", one) for one in self.notes)]
        return "\n".join([head, *(f"line {one.line}: {kind}{one.message}" for kind, one in said)])


def _number(things: list[str], noun: str) -> str:
    return f"{len(things)} {noun}{'' if len(things) == 1 else 's'}"


class ModelDocument(Result):
    """A semantic model as a file."""

    name: str
    format: Format
    document: str

    def text(self) -> str:
        """The file."""
        return self.document.rstrip("\n")


class Synonym(Result):
    """A word of yours and what it means."""

    word: str
    means: str
    kind: Literal["dataset", "column", "metric", "value"]
    removed: bool = False

    def text(self) -> str:
        """The synonym in one line."""
        return f"{self.word!r} {'no longer means' if self.removed else 'means'} {self.means}"
