"""Which rule comes of an issue, and which rules the rows of a table keep already."""

from __future__ import annotations

from typing import Any

import pytest

from lakebook.profile.rules import rule_of_issue, suggested_rules


def column(name: str, kind: str = "BIGINT", **given: Any) -> dict[str, Any]:
    plain = {"name": name, "data_type": kind, "null_count": 0, "null_percentage": 0.0, "unique_count": 4,
             "unique_exact": True, "top_values": [], "min_value": None, "max_value": None, "mean": 5.0,
             "std_dev": 2.0}  # fmt: skip
    return {**plain, **given}


def profile(*columns: dict[str, Any], **given: Any) -> dict[str, Any]:
    return {"row_count": 10, "columns": list(columns), **given}


STATUS = column("status", "VARCHAR", unique_count=3, mean=None, top_values=[["open", 6], ["Open", 1], ["done", 3]])

ISSUES = [
    ("duplicates", "", "duplicates", {}),
    ("rejected_rows", "", "rejected", {}),
    ("missing_values", "n", "nulls:n", {"most": 12.35}),
    ("high_nulls", "n", "nulls:n", {"most": 12.35}),
    ("outer_blanks", "status", "blanks:status", {}),
    ("case_variants", "status", "values:status", {"values": ["done", "open"]}),
    ("repeated_keys", "n", "unique:n", {"columns": ["n"]}),
    ("outliers", "n", "range:n", {"low": -15.0, "high": 25.0}),
    ("short_row", "", "deviation:short_row", {"deviation": "short_row", "column": ""}),
]


@pytest.mark.parametrize(("kind", "name", "rule_id", "facts"), ISSUES, ids=[one[0] for one in ISSUES])
def test_an_issue_becomes_a_rule(kind: str, name: str, rule_id: str, facts: dict[str, Any]) -> None:
    given = profile(column("n", null_count=1, null_percentage=12.3456), STATUS)
    rule = rule_of_issue(given, {"issue_type": kind, "column": name})
    assert rule is not None
    assert rule["rule_id"] == rule_id
    assert rule["description"]
    assert {word: rule[word] for word in facts} == facts


@pytest.mark.parametrize("kind", ["personal_data", "date_gaps", "spelling_variants", "column_note"])
def test_what_no_single_row_breaks_is_no_rule(kind: str) -> None:
    assert rule_of_issue(profile(STATUS), {"issue_type": kind, "column": "status"}) is None


@pytest.mark.parametrize(
    ("share", "most"), [(0.0, 0.0), (0.0001, 0.01), (33.3333, 33.34), (50.0, 50.0), (100.0, 100.0)]
)
def test_what_stands_keeps_its_own_rule(share: float, most: float) -> None:
    rule = rule_of_issue(profile(column("n", null_percentage=share)), {"issue_type": "missing_values", "column": "n"})
    assert rule is not None
    assert rule["most"] == most
    assert rule["most"] >= share


def ids(*columns: dict[str, Any], **given: Any) -> set[str]:
    return {rule["rule_id"] for rule in suggested_rules(profile(*columns, **given))}


def test_every_column_may_be_held_to_its_type() -> None:
    assert {"type:n", "type:status"} <= ids(column("n"), STATUS)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"unique_count": 10}, True),
        ({"unique_count": 9}, False),
        ({"unique_count": 10, "null_count": 1}, False),
        ({"unique_count": 10, "unique_exact": False}, False),
        ({"unique_count": 10, "kind": "DOUBLE"}, False),
        ({"unique_count": 10, "kind": "VARCHAR"}, True),
    ],
    ids=["unique", "twice", "missing", "estimate", "measure", "text"],
)
def test_only_what_may_be_a_key_is_held_to_be_one(given: dict[str, Any], told: bool) -> None:
    kind = given.pop("kind", "BIGINT")
    assert ("unique:n" in ids(column("n", kind, **given))) is told


def test_keys_of_two_columns_are_suggested() -> None:
    rules = {rule["rule_id"]: rule for rule in suggested_rules(profile(column("a"), column("b"), keys=[["a", "b"]]))}
    assert rules["unique:a+b"]["columns"] == ["a", "b"]
    assert rules["unique:a+b"]["column"] == ""


def test_ranges_are_of_numbers_and_times() -> None:
    numbers = column("n", min_value=1, max_value=9)
    days = column("d", "DATE", min_value="2024-01-01", max_value="2024-02-01")
    text = column("t", "VARCHAR", min_value="a", max_value="z")
    empty = column("e", null_count=10)
    assert {one for one in ids(numbers, days, text, empty) if one.startswith("range")} == {"range:n", "range:d"}
    assert "nulls:e" not in ids(empty)


@pytest.mark.parametrize(("count", "told"), [(3, True), (20, True), (21, False)])
def test_few_values_may_be_all_there_are(count: int, told: bool) -> None:
    top = [[f"v{number}", 2] for number in range(count)]
    given = profile(column("s", "VARCHAR", unique_count=count, top_values=top), row_count=2 * count)
    assert ("values:s" in {rule["rule_id"] for rule in suggested_rules(given)}) is told


def test_a_table_without_rows_promises_its_types_alone() -> None:
    given = profile(column("n", unique_count=0, mean=None, std_dev=None), row_count=0)
    assert [rule["rule_id"] for rule in suggested_rules(given)] == ["type:n"]
