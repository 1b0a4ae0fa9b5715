"""Models made by hand: a record, a sealed folder without anything to unpickle, and answers by a rule."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from lakebook.ml.columns import to_frame
from lakebook.ml.model_version import Baseline, Candidate, Feature, ModelVersion, TrainedModel
from lakebook.ml.record import Record
from lakebook.ml.registry import ModelStore
from lakebook.ml.scoring import Answers
from lakebook.ml.serving.predictor import Meant
from lakebook.ml.splits import HELD_OUT
from lakebook.ml.training_profile import FILE, profile_of

FEATURES = [Feature(name="size", type="number"), Feature(name="colour", type="text")]
Rule = Callable[[dict[str, Any]], Any]
_numbers = itertools.count()


def fresh(word: str) -> str:
    """A name that no other test has."""
    return f"{word} {next(_numbers)}"


def found(**more: Any) -> TrainedModel:
    """What a training found: a model that says yes or no by size and colour."""
    plain: dict[str, Any] = {
        "target_column": "answer", "problem_type": "classification", "problem_kind": "binary",
        "classes": ["no", "yes"], "positive_class": "yes", "engine": "scikit-learn", "engine_version": "1",
        "winner": "Rule", "dataset_id": "d", "dataset_name": "things", "dataset_version": 2, "features": FEATURES,
        "excluded": [], "metrics": {"accuracy": 0.9}, "score_metric": "accuracy", "score": 0.9,
        "score_interval": (0.85, 0.95), "verdict": "Better than the baseline: by far.", "rows_trained": 400,
        "rows_held_out": 200, "rows_dropped": 0, "notes": [], "input_example": {"size": 1.5, "colour": "red"},
        "time_limit": 3.0, "seed": 0, "training_time_seconds": 1.0,
        "leaderboard": [Candidate(model="Rule", score=0.9, fit_seconds=0.1)],
        "baselines": [
            Baseline(name="constant", metrics={"accuracy": 0.5}, score=0.5, score_interval=(0.4, 0.6),
                     difference=0.4, difference_interval=(0.3, 0.5), beaten=True)
        ],
    }  # fmt: skip
    return TrainedModel.model_validate({**plain, **more})


def things(rows: int = 200, seed: int = 1, shift: float = 0.0, colours: Sequence[str] = ("red", "green")) -> pa.Table:
    """Seeded rows whose answer is yes where the size is above 0."""
    random = np.random.default_rng(seed)
    size = random.normal(shift, 1.0, rows).tolist()
    words = random.choice(np.array(colours), rows).tolist()
    answer = ["yes" if one > 0 else "no" for one in size]
    return pa.table({"size": size, "colour": words, "answer": answer})


def right(row: Mapping[str, Any]) -> str:
    """The rule that made the answers."""
    return "yes" if (row["size"] or 0) > 0 else "no"


def mostly(row: Mapping[str, Any]) -> str:
    """The rule with a fault: right in about four rows of five."""
    return "yes" if (row["size"] or 0) > 0.55 else "no"


class Oracle:
    """Stands in for the serving processes: each model answers by a rule of its own."""

    def __init__(self, models: ModelStore) -> None:
        self.rules: dict[str, Rule] = {}
        self._models = models

    def meant(self, reference: str) -> Meant:
        """The version that a reference means."""
        return Meant(*self._models.serving(reference), frozenset())

    def answers(self, meant: Meant, rows: pa.Table) -> pa.Table:
        """The rule's answers to the table's rows, as a model's process gives them."""
        said = [self.rules[meant.model.model_id](row) for row in rows.to_pylist()]
        if meant.model.problem_type == "regression":
            return pa.table({"predicted": pa.array(said, pa.float64())})
        codes = [meant.model.classes.index(one) for one in said]
        shares = {f"p{code}": [0.9 if one == code else 0.1 for one in codes] for code in range(2)}
        return pa.table({"predicted": codes, **shares})

    def close(self) -> None:
        """Nothing runs."""


def write_beside(folder: Path, trained: TrainedModel, table: pa.Table, rule: Rule) -> Path:
    """The folder that is sealed with a model: held-out rows and the training's profile."""
    folder.mkdir(parents=True)
    pq.write_table(table, folder / HELD_OUT)
    frame = to_frame(table.select([feature.name for feature in trained.features]), trained.features)
    answers = [rule(row) for row in table.to_pylist()]
    if trained.problem_type == "regression":
        said = Answers(np.array(answers, dtype=np.float64))
    else:
        codes = np.array([trained.classes.index(one) for one in answers])
        said = Answers(codes, np.where(np.eye(len(trained.classes))[codes] > 0, 0.9, 0.1))
    (folder / FILE).write_text(profile_of(frame, trained.features, said).model_dump_json())
    return folder


def plain(record: Record) -> dict[str, Any]:
    """A record as it travels."""
    return record.model_dump(mode="json")


Register = Callable[..., ModelVersion]
