"""From column statistics to a profile: the score and its parts, and the issues, worst first."""

from __future__ import annotations

from typing import Any

import pytest

from lakebook.catalog.models import DataProfile
from lakebook.profile.report import profile_of


def column(name: str = "a", **given: Any) -> dict[str, Any]:
    return {"name": name, "data_type": "BIGINT", "null_count": 0, "unique_count": 10, **given}


def report(*columns: dict[str, Any], **given: Any) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "row_count": 1000, "duplicate_rows": 0, "duplicate_groups": 0, "rejected_rows": 0, "deviation_counts": {},
    }  # fmt: skip
    return profile_of(columns=list(columns) or [column()], **{**plain, **given})


def kinds(found: dict[str, Any]) -> list[str]:
    return [issue["issue_type"] for issue in found["issues"]]


def test_a_clean_table_is_1_without_issues() -> None:
    found = report()
    assert found["quality_score"] == 1.0
    assert found["score_parts"] == []
    assert found["issues"] == []


@pytest.mark.parametrize(
    ("columns", "given", "parts"),
    [
        ([column(null_count=100)], {}, [("missing values", 0.05)]),
        ([column(null_count=100), column("b")], {}, [("missing values", 0.025)]),
        ([column(null_count=600), column("b")], {}, [("missing values", 0.15), ("columns mostly empty", 0.1)]),
        ([column()], {"duplicate_rows": 100, "duplicate_groups": 9}, [("duplicate rows", 0.03)]),
        ([column()], {"rejected_rows": 1000}, [("rejected rows", 0.5)]),
        ([column(blank_padded_count=500)], {}, [("text with outer blanks", 0.05)]),
        ([column(null_count=1000)], {"duplicate_rows": 999, "rejected_rows": 1000},
         [("missing values", 0.5), ("columns mostly empty", 0.2), ("duplicate rows", 0.2997),
          ("rejected rows", 0.0003)]),
        ([column(null_count=100)], {"duplicate_rows": 500}, [("missing values", 0.1), ("duplicate rows", 0.15)]),
        ([column()], {"duplicate_rows": 500, "rejected_rows": 500}, [("duplicate rows", 0.15), ("rejected rows", 0.5)]),
        ([column()], {"row_count": 0}, [("no rows", 1.0)]),
    ],
)  # fmt: skip
def test_the_score_and_what_was_taken_off(
    columns: list[dict[str, Any]], given: dict[str, Any], parts: list[tuple[str, float]]
) -> None:
    found = report(*columns, **given)
    assert found["score_parts"] == [(what, pytest.approx(taken, abs=1e-4)) for what, taken in parts]
    assert round(1 - sum(taken for _, taken in found["score_parts"]), 4) == found["quality_score"]
    assert 0 <= found["quality_score"] <= 1


def test_a_table_without_columns_has_no_quality() -> None:
    found = profile_of(
        row_count=5, columns=[], duplicate_rows=0, duplicate_groups=0, rejected_rows=0, deviation_counts={}
    )
    assert found["quality_score"] == 0.0
    assert found["column_count"] == 0


@pytest.mark.parametrize(
    ("nulls", "issue"),
    [
        (0, None),
        (50, None),
        (51, "missing_values"),
        (499, "missing_values"),
        (500, "missing_values"),
        (501, "high_nulls"),
        (1000, "high_nulls"),
    ],
)
def test_missing_values(nulls: int, issue: str | None) -> None:
    """More than half is low quality; half is not."""
    found = report(column(null_count=nulls))
    assert kinds(found) == ([issue] if issue else [])
    assert found["columns"][0]["null_percentage"] == nulls / 10
    assert ("columns mostly empty" in dict(found["score_parts"])) is (issue == "high_nulls")
    if issue:
        assert found["issues"][0]["count"] == nulls
        assert f"{nulls / 10:.1f} %" in found["issues"][0]["description"]


@pytest.mark.parametrize(("rows", "severity"), [(1, "medium"), (100, "medium"), (101, "high")])
def test_duplicates(rows: int, severity: str) -> None:
    issue = report(duplicate_rows=rows, duplicate_groups=1)["issues"][0]
    assert (issue["issue_type"], issue["severity"], issue["column"], issue["count"]) == (
        "duplicates", severity, "", rows,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "outliers"),
    [
        ({"mean": 10.0, "std_dev": 1.0, "min": 1, "max": 20}, None),
        ({"mean": 10.0, "std_dev": 1.0, "min": 0, "max": 20}, None),
        ({"mean": 10.0, "std_dev": 1.0, "min": -1, "max": 20}, ["-1"]),
        ({"mean": 10.0, "std_dev": 1.0, "min": -1, "max": 21}, ["-1", "21"]),
        ({"mean": 10.0, "std_dev": 1.0, "min": "0.10", "max": "99999.99"}, ["99999.99"]),
        ({"mean": 10.0, "std_dev": 1.0, "min": "2024-01-01", "max": "2024-12-31"}, None),
        ({"mean": 10.0, "std_dev": 0.0, "min": -1, "max": 21}, None),
        ({"mean": 10.0, "std_dev": None, "min": -1, "max": 21}, None),
        ({"mean": None, "std_dev": 1.0, "min": -1, "max": 21}, None),
        ({"mean": 10.0, "std_dev": 1.0, "min": None, "max": None}, None),
    ],
)
def test_outliers_are_ten_deviations_away(given: dict[str, Any], outliers: list[str] | None) -> None:
    found = report(column(**given))
    assert kinds(found) == (["outliers"] if outliers else [])
    if outliers:
        issue = found["issues"][0]
        assert issue["count"] == len(outliers)
        assert all(value in issue["description"] for value in outliers)


@pytest.mark.parametrize(("unique", "nulls", "constant"), [(1, 0, True), (1, 10, False), (2, 0, False)])
def test_one_value_everywhere_is_said(unique: int, nulls: int, constant: bool) -> None:
    assert ("constant" in kinds(report(column(unique_count=unique, null_count=nulls)))) is constant


def test_what_the_file_was_out_of_the_ordinary_in() -> None:
    found = report(rejected_rows=3, deviation_counts={"ragged_row": 2, "footer": 1})
    assert [(issue["issue_type"], issue["severity"], issue["count"]) for issue in found["issues"]] == [
        ("rejected_rows", "high", 3),
        ("ragged_row", "low", 2),
        ("footer", "low", 1),
    ]
    assert "ragged row" in found["issues"][1]["description"]


def test_the_worst_comes_first_then_what_spoils_sums_then_what_touches_most() -> None:
    found = report(
        column("padded", blank_padded_count=700),
        column("some", null_count=100),
        column("more", null_count=200),
        column("most", null_count=900),
        duplicate_rows=500,
        duplicate_groups=1,
    )
    order = [(issue["severity"], issue["count"]) for issue in found["issues"]]
    assert order == [("high", 500), ("high", 900), ("medium", 200), ("medium", 100), ("low", 700)]


def test_columns_keep_what_the_native_pass_said() -> None:
    raw = column(
        "price_", label="price,", data_type="DECIMAL(18,2)", null_count=1, unique_count=7, unique_exact=False,
        min="0.10", max="9.99", mean=4.2, std_dev=1.5, top_values=[("1.00", 4)], histogram=[(0.0, 1.0, 5)],
        money="its name", notes=["a note"],
    )  # fmt: skip
    shaped = report(raw)["columns"][0]
    assert shaped == {
        "name": "price_", "label": "price,", "data_type": "DECIMAL(18,2)", "null_count": 1, "null_percentage": 0.1,
        "unique_count": 7, "unique_exact": False, "min_value": "0.10", "max_value": "9.99", "mean": 4.2,
        "std_dev": 1.5, "top_values": [["1.00", 4]], "histogram": [[0.0, 1.0, 5]], "money": "its name",
        "notes": ["a note"],
    }  # fmt: skip


def test_a_column_without_a_label_is_called_by_its_name() -> None:
    assert report(column("a", label=""))["columns"][0]["label"] == "a"


def test_a_report_is_the_catalogues_profile() -> None:
    found = report(column(min=1, max=9, null_count=600), duplicate_rows=2, duplicate_groups=1)
    names = {"dataset_id": "d", "name": "orders", "version": 1, "generated_at": "2026-01-01T00:00:00.000000Z"}
    profile = DataProfile.model_validate({**found, **names})
    assert profile.columns[0].model_dump()["min"] == 1
    assert profile.columns[0].model_dump()["max"] == 9
    assert profile.columns[0].type == "BIGINT"
    assert profile.issues[0].issue_type == "high_nulls"
