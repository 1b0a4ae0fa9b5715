"""What a dataset's contract is: rules that tomorrow's rows are held to, and issues that nobody minds."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from lakebook.catalog.models import DatasetRequest
from lakebook.verb import Positional, Request, Result

RuleKind = Literal["type", "nulls", "unique", "range", "values", "blanks", "duplicates", "rejected", "deviation"]


class Rule(Result):
    """One promise about the rows of a load."""

    rule_id: str
    kind: RuleKind
    column: str = Field("", description="The column, or an empty text for the whole table.")
    description: str
    columns: list[str] = Field(default_factory=list, description="The columns that are unique together.")
    data_type: str | None = None
    most: float | None = Field(None, description="The greatest share of missing values, 0 to 100.")
    low: Any = None
    high: Any = None
    values: list[str] | None = Field(None, description="Every value that there may be.")
    deviation: str | None = Field(None, description="The kind of deviation that the file must not have.")


class Contract(Result):
    """The rules that hold for a dataset, those its profile would allow besides, and the issues that are ignored."""

    dataset_id: str
    name: str
    rules: list[Rule] = Field(default_factory=list)
    ignored: list[str] = Field(default_factory=list, description="Issues that the profile no longer shows.")
    suggested: list[Rule] = Field(default_factory=list, description="Rules that hold now and were not accepted yet.")

    def lines(self) -> list[list[str]]:
        """One line for each rule and ignored issue: what becomes of it, its id, what it asks."""
        return [
            *(["held", rule.rule_id, rule.description] for rule in self.rules),
            *(["ignored", issue, ""] for issue in self.ignored),
            *(["could be held", rule.rule_id, rule.description] for rule in self.suggested),
        ]

    def text(self) -> str:
        """The contract for the shell."""
        from lakebook.display import table_text

        rules = "1 rule" if len(self.rules) == 1 else f"{len(self.rules)} rules"
        return f"contract of {self.name}: {rules}\n{table_text((), self.lines())}".rstrip()

    def _repr_html_(self) -> str:
        from lakebook.display import table_html

        return table_html(("rule", "id", "what it asks"), self.lines())


class ContractSummary(Result):
    """A dataset that has a contract."""

    dataset_id: str
    name: str
    layer: str
    rules: int
    ignored: int


class ContractsRequest(Request):
    """Nothing needs to be said."""


def _words(given: Any) -> Any:
    texts = [given] if isinstance(given, str) else given
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        return given
    return [word for text in texts for word in re.split(r"[,\s]+", text) if word]


class ContractRequest(DatasetRequest):
    """One dataset, and the issues or rules that are meant."""

    rules: Annotated[list[str], BeforeValidator(_words), Positional(many=True)] = Field(
        description="Ids of issues of its profile, or of rules that its contract suggests or has.", min_length=1
    )
