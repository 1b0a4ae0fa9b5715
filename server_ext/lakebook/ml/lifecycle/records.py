"""What the verbs over a model's life take and give."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, field_validator

from lakebook.ml.lifecycle.stages import Stage
from lakebook.ml.model_version import ModelVersion
from lakebook.ml.record import Interval
from lakebook.verb import Positional, Request, Result

Shares = dict[str, float]


class PromoteRequest(Request):
    """A version and the stage that it moves to."""

    model: Annotated[str, Positional()] = Field(description="Version, as name@3, name@alias or id.")
    to: Stage = Field("champion", description="Stage that it moves to.")
    force: bool = Field(False, description="Make it the champion without the proof that it is better.")
    reason: str | None = Field(None, min_length=3, max_length=500, description="Why, for those who look later.")


class ArchiveRequest(Request):
    """A version that is to predict no more."""

    model: Annotated[str, Positional()] = Field(description="Version, as name@3, name@alias or id.")
    reason: str | None = Field(None, min_length=3, max_length=500, description="Why, for those who look later.")


class CompareRequest(Request):
    """Two versions, and the rows to compare them on."""

    model: Annotated[str, Positional()] = Field(description="First version, as name@3, name@alias or id.")
    other: Annotated[str, Positional()] = Field(description="Second version, as name@3, name@alias or id.")
    dataset: str | None = Field(None, description="Table of rows; without one, those held out from the newer version.")


class RouteRequest(Request):
    """Who answers for a model's name, and in which shares."""

    model: Annotated[str, Positional()] = Field(description="Name of the model.")
    to: Shares | None = Field(
        None, description="Share of each version, such as 1=0.8,2=0.2; a version is a number, an alias or name@3."
    )
    shadow: str | None = Field(None, description="Versions that answer too, unheard, such as 3 or 3,4.")
    stop: bool = Field(False, description="Let the champion answer alone again.")

    @field_validator("to", mode="before")
    @classmethod
    def _shares(cls, given: Any) -> Any:
        """`1=0.8,2=0.2` as one word or several."""
        if isinstance(given, dict):
            given = [f"{name}={share}" for name, share in given.items()]
        elif isinstance(given, str):
            given = [given]
        elif not isinstance(given, list) or not all(isinstance(word, str) for word in given):
            return given
        pairs = (pair.rpartition("=") for word in given for pair in word.split(",") if pair.strip())
        return {name.strip(): share.strip() for name, _, share in pairs}


class OutcomesRequest(Request):
    """What came true of what a model was asked."""

    model: Annotated[str, Positional()] = Field(description="Name of the model.")
    truth: dict[str, Any] | None = Field(None, description="What came true, as key=value pairs.")
    dataset: str | None = Field(None, description="Table that holds keys and truths instead.")
    key: str | None = Field(None, description="The table's column of keys.")
    column: str | None = Field(None, description="The table's column of truths; without one, the model's target.")


class RoutesRequest(Request):
    """A model whose versions are being tested against each other."""

    model: Annotated[str, Positional()] = Field(description="Name of the model.")


class DriftRequest(Request):
    """A model, and the rows to hold against its training."""

    model: Annotated[str, Positional()] = Field(description="Model, as name, name@alias, name@3 or id.")
    dataset: str | None = Field(None, description="Table of rows; without one, the rows it was asked to predict.")
    days: int = Field(30, ge=1, le=366, description="Days to look back, where no table is named.")


class ComparedVersion(Result):
    """A version's score on the rows that both were compared on."""

    reference: str
    model_id: str
    score: float
    score_interval: Interval


class Comparison(Result):
    """Two versions on the same rows; `difference` is the second's lead over the first, positive when better."""

    metric: str
    rows: int
    rows_from: str
    first: ComparedVersion
    second: ComparedVersion
    difference: float
    difference_interval: Interval
    better: str | None = Field(description="The version that is better beyond chance, if either is.")
    words: str
    notes: list[str] = Field(default_factory=list)

    def text(self) -> str:
        """The comparison for the shell."""
        return "\n".join([self.words, *self.notes])


class Promotion(Result):
    """A version at its new stage; where another was champion before, the comparison that decided."""

    model: ModelVersion
    to: Stage
    replaced: str | None = None
    comparison: Comparison | None = None
    words: str

    def text(self) -> str:
        """What was done, for the shell."""
        return self.words

    def _repr_html_(self) -> str:
        import html

        return f"<p>{html.escape(self.words)}</p>"


class RoutedVersion(Result):
    """A version in a route; `share` is none for a shadow."""

    model_config = ConfigDict(protected_namespaces=())

    reference: str
    model_id: str
    share: float | None


class ArmResult(RoutedVersion):
    """What a version's answers came to; the lead is over the first version, positive when better."""

    answers: int
    outcomes: int
    score: float | None = None
    score_interval: Interval | None = None
    lead: float | None = None
    lead_interval: Interval | None = None


class RouteResult(Result):
    """Who answers for a name, and what the test of its versions says so far."""

    name: str
    state: Literal["running", "ended"]
    since: str
    metric: str
    arms: list[ArmResult]
    winner: str | None = None
    unknown_keys: int = 0
    words: str

    def text(self) -> str:
        """The test for the shell."""
        from lakebook.ml.lifecycle.shown import test_text

        return test_text(self)

    def _repr_html_(self) -> str:
        from lakebook.ml.lifecycle.shown import test_html

        return test_html(self)


class ColumnDrift(Result):
    """How far a column's values, or the answers, have moved from the training's.

    `psi` is the population stability index; `by_chance` what rows of the training itself would stay below.
    """

    column: str
    psi: float
    by_chance: float
    verdict: Literal["steady", "moving", "drifted"]
    words: str


class DriftDay(Result):
    """One day's rows: the index of the column that moved most, and of the answers."""

    day: str
    rows: int
    worst_column: str
    worst_psi: float
    answer_psi: float
    psi: dict[str, float]


class Drift(Result):
    """How the rows of today differ from those that a model learned from."""

    reference: str
    model_id: str
    rows_from: str
    rows: int
    columns: list[ColumnDrift]
    answer: ColumnDrift
    confidence: ColumnDrift | None = None
    days: list[DriftDay] = Field(default_factory=list)
    should_retrain: bool
    words: str
    chart: dict[str, Any] | None = Field(None, description="A Vega-Lite 5 specification.")

    def text(self) -> str:
        """The drift for the shell."""
        from lakebook.ml.lifecycle.shown import drift_text

        return drift_text(self)

    def _repr_html_(self) -> str:
        from lakebook.ml.lifecycle.shown import drift_html

        return drift_html(self)
