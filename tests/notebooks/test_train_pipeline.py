"""The training pipeline: every stage in the lineage, a champion that stays unless beaten, and rest without drift."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lakebook.client import Lakebook
from lakebook.pipelines.models import Run

NOTEBOOK = "pipelines/train_pipeline.ipynb"


def lineage(lb: Lakebook, dataset_id: str) -> list[dict[str, Any]]:
    """Where a dataset or a model came from, oldest first."""
    place: Any = lb.place
    return list(reversed(place.runtime.catalog.lineage(dataset_id)))


@pytest.fixture(scope="module")
def ran(lb: Lakebook, demo_folder: Path) -> dict[str, Run]:
    """A first training, and a second run that trains only where something drifted."""
    del demo_folder
    first = lb.run(NOTEBOOK, parameters={"seconds": 3})
    return {"first": first, "second": lb.run(NOTEBOOK, parameters={"seconds": 3, "only_if_drifted": True})}


@pytest.fixture(scope="module")
def trained_again(ran: dict[str, Run], lb: Lakebook) -> Run:
    """A third run, which trains the second version."""
    del ran
    third: Run = lb.run(NOTEBOOK, parameters={"seconds": 3})
    return third


def test_the_first_model_is_the_champion(ran: dict[str, Run], lb: Lakebook) -> None:
    results, model = ran["first"].results, lb.models.show("churn")
    assert ran["first"].status == "completed"
    assert (results["outcome"], results["model"]) == ("deployed", "churn@1")
    assert model.dataset_name == "churn_features"
    assert model.score == pytest.approx(results["score"])
    assert "customer_id" not in {feature.name for feature in model.features}


def test_each_stage_is_in_the_lineage(ran: dict[str, Run], lb: Lakebook) -> None:
    for table in ("bronze.churn_raw", "silver.churn_checked", "gold.churn_features"):
        edges = lineage(lb, lb.datasets.show(table).dataset_id)
        assert [(edge["source_kind"], edge["run_id"]) for edge in edges] == [
            ("pipeline", ran["first"].run_id), ("pipeline", ran["second"].run_id),
        ]  # fmt: skip
    edges = lineage(lb, lb.models.show("churn@1").model_id)
    assert [edge["source_kind"] for edge in edges] == ["train", "validate", "register"]
    assert edges[0]["source"] == "churn_features v1"


def test_without_drift_nothing_is_trained(ran: dict[str, Run], lb: Lakebook) -> None:
    results = ran["second"].results
    assert (results["outcome"], results["model"]) == ("kept", "churn@1")
    assert results["words"] == "Nothing was trained: churn stays as it is."
    assert [model.version for model in lb.models().rows()] == [1]


def test_a_second_version_takes_the_champions_place_or_stands_beside_it(trained_again: Run, lb: Lakebook) -> None:
    results, first, second = trained_again.results, lb.models.show("churn@1"), lb.models.show("churn@2")
    assert (trained_again.status, results["model"]) == ("completed", "churn@2")
    if results["outcome"] == "deployed":
        assert "champion" in second.aliases
        assert "champion" not in first.aliases
    else:
        assert results["outcome"] == "shadow"
        assert "champion" in first.aliases
        assert "shadow" in second.aliases
        assert results["words"].endswith("It answers beside the champion, unheard.")
