"""Which problem a target poses, and which targets are refused with a hint."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest

from lakebook.errors import BadTarget, InvalidRequest
from lakebook.ml.problem import find_target, understand


@pytest.mark.parametrize(
    ("values", "kind", "classes"),
    [
        (["no", "yes"] * 10, "binary", ("no", "yes")),
        ([True, False] * 10, "binary", (False, True)),
        ([0, 1] * 10, "binary", (0, 1)),
        ([0.0, 1.0] * 10, "binary", (0, 1)),
        ([2.5, 7.5] * 10, "binary", (2.5, 7.5)),
        ([1, 2, 3] * 10, "multiclass", (1, 2, 3)),
        (["c", "a", "b"] * 10, "multiclass", ("a", "b", "c")),
        (list(range(40)), "regression", ()),
        (list(range(10)), "regression", ()),
        ([0.5, 1.5, 2.5, 3.5] * 10, "regression", ()),
    ],
)
def test_the_problem_follows_from_the_values(values: list[Any], kind: str, classes: tuple[Any, ...]) -> None:
    problem = understand(pl.Series("y", values))
    assert (problem.kind, problem.classes) == (kind, classes)
    assert [type(label) for label in problem.classes] == [type(label) for label in classes]


def test_the_problem_can_be_chosen() -> None:
    grades = pl.Series("grade", [1, 2, 3, 4, 5] * 8)
    assert understand(grades, "regression").problem_type == "regression"
    assert understand(grades, "classification").problem_type == "classification"
    assert understand(pl.Series("n", list(range(12)) * 4), "classification").kind == "multiclass"


def test_an_unknown_kind_of_problem_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="clustering") as refused:
        understand(pl.Series("y", [0, 1] * 10), "clustering")
    assert "'classification' or 'regression'" in refused.value.hint


def test_classes_are_encoded_in_their_order() -> None:
    target = pl.Series("y", ["b", "a", "c", "b"] * 5)
    problem = understand(target)
    assert problem.encode(target).tolist() == [1, 0, 2, 1] * 5
    assert problem.positive_class is None


def test_two_classes_in_floats_are_encoded_as_their_whole_numbers() -> None:
    target = pl.Series("y", [0.0, 1.0, 1.0] * 5)
    problem = understand(target)
    assert problem.encode(target).tolist() == [0, 1, 1] * 5
    assert problem.positive_class == 1


def test_categories_are_text() -> None:
    target = pl.Series("y", ["b", "a"] * 10, dtype=pl.Categorical)
    problem = understand(target)
    assert problem.classes == ("a", "b")
    assert problem.encode(target).tolist() == [1, 0] * 10


def test_amounts_are_encoded_as_floats() -> None:
    target = pl.Series("y", list(range(40)))
    assert understand(target).encode(target).dtype == np.float64


@pytest.mark.parametrize(
    ("values", "wanted", "words"),
    [
        ([1, 0] * 4, None, "Only 8 rows"),
        (["same"] * 30, None, "one value only, 'same'"),
        ([4.5] * 30, None, "one value only, 4.5"),
        ([f"note {n}" for n in range(50)], None, "50 different values in 50 rows"),
        ([f"note {n % 300}" for n in range(900)], None, "300 different values in 900 rows"),
        ([n / 7 for n in range(50)], "classification", "50 different values"),
        (["a", "b"] * 20, "regression", "is text; a regression predicts numbers"),
        ([date(2026, 1, 1 + n % 28) for n in range(40)], None, "dates or times"),
        ([[n, n] for n in range(40)], None, "lists or records"),
        ([bytes([n % 2]) for n in range(40)], None, "binary data"),
    ],
)
def test_targets_that_cannot_be_learned_are_refused(values: list[Any], wanted: str | None, words: str) -> None:
    with pytest.raises(BadTarget, match=words) as refused:
        understand(pl.Series("y", values), wanted)
    assert refused.value.hint
    assert refused.value.status == 422


def test_a_missing_target_names_the_nearest_column() -> None:
    with pytest.raises(BadTarget, match="no column 'survivd'") as refused:
        find_target(["name", "survived", "age"], "survivd")
    assert refused.value.hint == "Did you mean 'survived'?"
    assert refused.value.details == {"target": "survivd", "nearest": "survived"}


def test_a_missing_target_unlike_any_column_lists_the_columns() -> None:
    with pytest.raises(BadTarget) as refused:
        find_target(["name", "age"], "zzzzzzzzzz")
    assert refused.value.hint == "Its columns are: name, age."


def test_the_target_may_be_written_in_another_case() -> None:
    assert find_target(["Name", "Survived"], "survived") == "Survived"
    assert find_target(["survived", "Survived"], "Survived") == "Survived"
    with pytest.raises(BadTarget):
        find_target(["survived", "Survived"], "SURVIVED")
