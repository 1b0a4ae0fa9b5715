"""What a model's training rows looked like, feature by feature: the measure for the rows that come later."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from lakebook.ml.model_version import Feature, Record

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from lakebook.ml.scoring import Answers

FILE = "training_profile.json"
BINS = 10
CATEGORIES = 20


class Spread(Record):
    """How one column's values spread: rows by quantile bin or by category, the rest beside them, and the nulls.

    A number's bins lie left of, between and right of `edges`, each edge in the bin on its left: one count more than
    edges. A category's last count is that of all values that are not among `categories`.
    """

    name: str
    kind: Literal["number", "category"]
    edges: list[float] = Field(default_factory=list)
    categories: list[str] = Field(default_factory=list)
    counts: list[int]
    nulls: int = 0

    @property
    def rows(self) -> int:
        """All rows counted, nulls too."""
        return sum(self.counts) + self.nulls


class TrainingProfile(Record):
    """The features as the training saw them, and the answers to rows that it did not see.

    `answer` counts amounts by bin or classes by code; `score` the probability of the class that was answered.
    """

    rows: int
    features: list[Spread]
    answer: Spread
    score: Spread | None = None


def profile_of(frame: pd.DataFrame, features: Sequence[Feature], answers: Answers) -> TrainingProfile:
    """The profile of a frame of features (rows seen) and of the model's answers (to rows never seen)."""
    import numpy as np

    spreads = [spread_of(feature.name, frame[feature.name]) for feature in features]
    if answers.probabilities is None:
        answer, score = spread_of("prediction", np.asarray(answers.predicted, dtype=np.float64)), None
    else:
        codes = [str(code) for code in range(answers.probabilities.shape[1])]
        empty = Spread(name="prediction", kind="category", categories=codes, counts=[0] * (len(codes) + 1))
        answer = counted(empty, np.asarray(answers.predicted).astype(int).astype(str).astype(object))
        score = spread_of("confidence", answers.probabilities.max(axis=1))
    return TrainingProfile(rows=len(frame), features=spreads, answer=answer, score=score)


def spread_of(name: str, values: pd.Series | np.ndarray) -> Spread:
    """The spread of a column: quantile bins of numbers and instants, the commonest categories of words."""
    import numpy as np
    import pandas as pd

    column = pd.Series(values)
    if column.dtype == object:
        common = column.dropna().astype(str).value_counts().head(CATEGORIES)
        empty = Spread(name=name, kind="category", categories=sorted(common.index), counts=[0] * (len(common) + 1))
        return counted(empty, column)
    known = numbers(column)
    known = known[np.isfinite(known)]
    edges = np.unique(np.quantile(known, np.arange(1, BINS) / BINS, method="lower")) if len(known) else known
    empty = Spread(name=name, kind="number", edges=edges.tolist(), counts=[0] * (len(edges) + 1))
    return counted(empty, column)


def counted(spread: Spread, values: pd.Series | np.ndarray) -> Spread:
    """Other values of the same column, counted into the bins or categories of this spread."""
    import numpy as np
    import pandas as pd

    column = pd.Series(values)
    if spread.kind == "number":
        found = numbers(column)
        known = found[np.isfinite(found)]
        places = np.searchsorted(np.asarray(spread.edges, dtype=np.float64), known, side="left")
        nulls = len(found) - len(known)
    else:
        words = column.dropna().astype(str)
        order = {word: place for place, word in enumerate(spread.categories)}
        places = words.map(order).fillna(len(order)).to_numpy(dtype=np.int64)
        nulls = len(column) - len(words)
    counts = np.bincount(places, minlength=len(spread.counts)).tolist()
    return spread.model_copy(update={"counts": counts, "nulls": int(nulls)})


def numbers(column: pd.Series) -> np.ndarray:
    """The column as float64, instants as seconds; NaN where there is none."""
    import numpy as np

    if column.dtype.kind == "M":
        seconds = column.astype("datetime64[ns]").astype("int64") / 1e9
        return seconds.where(column.notna()).to_numpy(dtype=np.float64)
    return column.to_numpy(dtype=np.float64, na_value=np.nan)
