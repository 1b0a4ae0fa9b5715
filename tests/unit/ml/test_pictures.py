"""A model's pictures: those there are numbers for, each a chart that can be drawn and words that say the same."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lakebook.charts import png
from lakebook.ml.evaluation.records import (
    CalibrationBin,
    Confusion,
    Evaluation,
    Importance,
    ResidualQuantile,
)
from lakebook.ml.model_version import Baseline, CurvePoint, TrainedModel
from lakebook.ml.pictures import MOST_COLUMNS, Picture, pictures

HOSTILE = ("x" * 200, "שלום עולם", "📈 growth", "<b>bold</b>", "a\\nb", "datum['x']", "line\nbreak", "a.b[c]")
ALL = ["scores", "curve", "confusion", "residuals", "calibration", "importance"]


def a_baseline(name: Any = "constant", score: float = 0.62) -> Baseline:
    return Baseline(
        name=name, metrics={}, score=score, score_interval=(score - 0.07, score + 0.07), difference=0.83 - score,
        difference_interval=(0.1, 0.3), beaten=True,
    )  # fmt: skip


def evaluated(**more: Any) -> Evaluation:
    found: dict[str, Any] = {
        "confusion": Confusion(labels=["no", "yes"], counts=[[95, 15], [0, 68]]),
        "residuals": [ResidualQuantile(share=step / 10, value=step - 5.0) for step in range(11)],
        "calibration": [CalibrationBin(low=0.5, high=0.6, rows=20, predicted=0.55, observed=0.5)],
        "importance": [Importance(column=name, loss=loss, interval=(loss - 0.02, loss + 0.02))
                       for name, loss in (("age", 0.03), ("sex", 0.17))],
    }  # fmt: skip
    return Evaluation(**{**found, **more})


def a_model(**more: Any) -> TrainedModel:
    facts: dict[str, Any] = {
        "target_column": "survived", "problem_type": "classification", "problem_kind": "binary",
        "classes": ["no", "yes"], "positive_class": "yes", "engine": "autogluon", "engine_version": "1.4",
        "winner": "WeightedEnsemble_L2", "dataset_id": "d", "dataset_name": "titanic", "dataset_version": 1,
        "features": [], "excluded": [], "metrics": {"accuracy": 0.83}, "score_metric": "accuracy", "score": 0.83,
        "score_interval": (0.77, 0.88), "baselines": [a_baseline(), a_baseline("linear", 0.79)], "verdict": "Better.",
        "leaderboard": [], "rows_trained": 713, "rows_held_out": 178, "rows_dropped": 0, "notes": [],
        "input_example": {}, "time_limit": 60, "seed": 0, "training_time_seconds": 41.2,
        "curve": [CurvePoint(seconds=2, model="a", score=0.80, best=0.80),
                  CurvePoint(seconds=9, model="b", score=0.79, best=0.80),
                  CurvePoint(seconds=20, model="c", score=0.84, best=0.84)],
        "evaluation": evaluated(),
    }  # fmt: skip
    return TrainedModel(**{**facts, **more})


def named(model: TrainedModel, name: str) -> Picture:
    return next(picture for picture in pictures(model) if picture.name == name)


def values_of(model: TrainedModel, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = named(model, name).spec["data"]["values"]
    return found


@pytest.mark.parametrize("name", ALL)
def test_each_can_be_drawn(name: str) -> None:
    picture = named(a_model(), name)
    assert png(picture.spec).startswith(b"\x89PNG")
    assert picture.spec["description"] == picture.says


def test_an_older_model_has_its_score_alone() -> None:
    assert [picture.name for picture in pictures(a_model(curve=[], evaluation=None, baselines=[]))] == ["scores"]
    assert [picture.name for picture in pictures(a_model())] == ALL


@pytest.mark.parametrize(
    ("empty", "gone"),
    [({"confusion": None}, "confusion"), ({"residuals": []}, "residuals"), ({"calibration": []}, "calibration"),
     ({"importance": []}, "importance")],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_was_not_measured_is_not_drawn(empty: dict[str, Any], gone: str) -> None:
    assert [picture.name for picture in pictures(a_model(evaluation=evaluated(**empty)))] == [
        name for name in ALL if name != gone
    ]


def test_the_winner_stands_first_with_its_interval() -> None:
    rows = values_of(a_model(), "scores")
    assert [row["model"] for row in rows] == ["WeightedEnsemble_L2", "always the same answer", "a linear model"]
    assert (rows[0]["low"], rows[0]["score"], rows[0]["high"]) == (0.77, 0.83, 0.88)


def test_the_curve_goes_on_to_the_end_of_the_training() -> None:
    assert [row["seconds"] for row in values_of(a_model(), "curve")] == [2, 9, 20, 41.2]
    assert values_of(a_model(), "curve")[-1]["best"] == 0.84
    assert values_of(a_model(training_time_seconds=1.0), "curve")[-1]["seconds"] == 20


def test_the_names_of_baselines_that_lie_close_do_not_lie_on_each_other() -> None:
    close = [a_baseline("constant", 0.79), a_baseline("linear", 0.80), a_baseline("lightgbm", 0.80)]
    layers = named(a_model(baselines=close), "curve").spec["layer"]
    places = [layer["encoding"]["x"]["value"] for layer in layers if "text" in layer["encoding"]]
    assert places == [160, 320, 480]
    assert len(named(a_model(baselines=[]), "curve").spec["layer"]) == 2


def test_a_true_class_without_rows_has_no_shade() -> None:
    empty = evaluated(confusion=Confusion(labels=["no", "yes"], counts=[[3, 1], [0, 0]]))
    assert [row["share"] for row in values_of(a_model(evaluation=empty), "confusion")] == [0.75, 0.25, 0, 0]


def test_the_weightiest_columns_come_first_and_many_are_cut() -> None:
    assert [row["column"] for row in values_of(a_model(), "importance")] == ["sex", "age"]
    many = [Importance(column=f"c{n}", loss=n / 100, interval=(0, 1)) for n in range(50)]
    rows = values_of(a_model(evaluation=evaluated(importance=many)), "importance")
    assert [row["column"] for row in rows] == [f"c{n}" for n in range(49, 49 - MOST_COLUMNS, -1)]


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_names_are_drawn_as_text(name: str) -> None:
    found = evaluated(importance=[Importance(column=name, loss=0.1, interval=(0.0, 0.2))],
                      confusion=Confusion(labels=[name, "other"], counts=[[1, 2], [3, 4]]))  # fmt: skip
    model = a_model(target_column=name, winner=name, evaluation=found)
    assert png(named(model, "confusion").spec).startswith(b"\x89PNG")
    for wanted in ("scores", "confusion", "importance"):
        # A backslash in a title or a tooltip would be an escape to Vega; among the values it is a sign like others.
        assert "\\\\n" not in json.dumps(named(model, wanted).spec["layer"])
