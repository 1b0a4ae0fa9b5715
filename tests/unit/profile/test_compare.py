"""Two profiles: what changed, in words, worst first."""

from __future__ import annotations

from typing import Any

import pytest

from lakebook.profile.compare import compare


def column(**facts: Any) -> dict[str, Any]:
    whole = {"name": "a", "data_type": "int64", "null_percentage": 0.0, "unique_count": 2, "mean": 10.0, "std_dev": 2.0}
    return {**whole, "top_values": [("x", 3), ("y", 2)], **facts}


def table(*columns: dict[str, Any], rows: int = 100) -> dict[str, Any]:
    return {"row_count": rows, "columns": list(columns)}


def test_a_profile_against_itself_says_nothing() -> None:
    assert compare(table(column()), table(column())) == []


@pytest.mark.parametrize(
    ("facts", "kind", "words"),
    [
        ({"data_type": "string"}, "type_changed", "int64 became string."),
        ({"null_percentage": 5.0}, "nulls_changed", "from 0.0 % to 5.0 %"),
        ({"mean": 11.0}, "mean_shift", "(+0.5 of the earlier deviations)"),
        ({"mean": 9.0}, "mean_shift", "(-0.5 of the earlier deviations)"),
        ({"top_values": [("x", 5)], "unique_count": 1}, "values_vanished", "no longer seen (1): y."),
        ({"top_values": [("x", 1), ("y", 1), ("z", 1)], "unique_count": 3}, "values_new", "New values (1): z."),
    ],
    ids=["type", "nulls", "mean-up", "mean-down", "vanished", "new"],
)
def test_one_change_is_one_sentence(facts: dict[str, Any], kind: str, words: str) -> None:
    [change] = compare(table(column()), table(column(**facts)))
    assert change["kind"] == kind
    assert change["column"] == "a"
    assert words in change["description"]


@pytest.mark.parametrize(
    "facts",
    [{"null_percentage": 4.9}, {"mean": 10.9}, {"mean": None}, {"top_values": [("z", 9)], "unique_count": 3}],
    ids=["few-nulls", "small-shift", "no-mean", "only-some-values-known"],
)
def test_small_or_unknowable_changes_are_not_claimed(facts: dict[str, Any]) -> None:
    assert compare(table(column()), table(column(**facts))) == []


def test_columns_come_and_go_and_the_worst_comes_first() -> None:
    changes = compare(table(column(), column(name="b")), table(column(mean=20.0), column(name="c"), rows=1200))
    assert [(change["column"], change["kind"]) for change in changes] == [
        ("b", "column_dropped"),
        ("c", "column_added"),
        ("a", "mean_shift"),
        ("", "row_count"),
    ]
    assert changes[-1]["description"] == "100 rows became 1,200."
