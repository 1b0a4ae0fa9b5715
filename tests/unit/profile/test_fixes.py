"""Every fix is run as a cell runs it, on a table that has the problem, and its own assertions hold."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from lakebook.call import Call
from lakebook.catalog.models import DataProfile, DatasetRequest, ProfileRequest, QualityIssue
from lakebook.catalog.verbs import profile, show_dataset
from lakebook.ingest.table import TableHandle

HOSTILE = 'it\'s "q" \\ {x}'


def with_fixes(call: Call, frame: pl.DataFrame, name: str = "orders") -> DataProfile:
    TableHandle(call, name).replace(frame)
    return profile(call, ProfileRequest(dataset=name, fixes=True))


def the_issue(found: DataProfile, kind: str) -> QualityIssue:
    [issue] = [issue for issue in found.issues if issue.issue_type == kind]
    return issue


def run(issue: QualityIssue) -> pl.DataFrame:
    """What the cell leaves as `clean`."""
    assert issue.fix is not None
    names: dict[str, Any] = {}
    exec(compile(issue.fix, "cell", "exec"), names)
    names["lb"].close()
    clean = names["clean"]
    assert isinstance(clean, pl.DataFrame)
    return clean


def test_duplicates_leave_and_the_first_of_each_stays(call: Call) -> None:
    frame = pl.DataFrame({"a": [2, 1, 2, 2, None, None], "b": ["x", "y", "x", "z", None, None]})
    issue = the_issue(with_fixes(call, frame), "duplicates")
    assert run(issue).rows() == [(2, "x"), (1, "y"), (2, "z"), (None, None)]
    assert issue.spoils == ["sums", "counts", "joins", "models"]
    assert sorted(issue.examples, key=str) == [{"a": 2, "b": "x"}, {"a": None, "b": None}]


def test_equal_numbers_that_look_different_are_duplicates_in_the_cell_too(call: Call) -> None:
    frame = pl.DataFrame({"x": [0.0, -0.0, float("nan"), float("nan"), 1.5]})
    assert run(the_issue(with_fixes(call, frame), "duplicates")).height == 3


def test_outer_blanks_are_trimmed(call: Call) -> None:
    frame = pl.DataFrame({HOSTILE: ["a", " a", "a\t", None, "b\u00a0", ""], "n": range(6)})
    issue = the_issue(with_fixes(call, frame), "outer_blanks")
    assert issue.count == 2
    assert run(issue)[issue.column].to_list() == ["a", "a", "a", None, "b\u00a0", ""]
    assert [row[issue.column] for row in issue.examples] == [" a", "a\t"]
    assert issue.spoils == ["joins", "groups"]


@pytest.mark.parametrize(
    ("kind", "values", "spoils", "left"),
    [
        ("missing_values", [1.0, 2.0, None, 4.0], ["sums", "models"], (3, 2)),
        ("missing_values", ["a", "b", None, "d"], ["joins", "groups", "models"], (3, 2)),
        ("high_nulls", [None, None, None, 4.0], ["sums", "models"], (4, 1)),
        ("high_nulls", [None, None, None, "d"], ["joins", "groups", "models"], (4, 1)),
    ],
    ids=["numbers", "words", "mostly-numbers", "mostly-words"],
)
def test_missing_values(call: Call, kind: str, values: list[Any], spoils: list[str], left: tuple[int, int]) -> None:
    issue = the_issue(with_fixes(call, pl.DataFrame({"v": values, "n": range(4)})), kind)
    assert run(issue).shape == left
    assert issue.spoils == spoils
    assert all(row["v"] is None for row in issue.examples)
    assert len(issue.examples) == min(3, issue.count)


def test_a_constant_column_is_dropped(call: Call) -> None:
    issue = the_issue(with_fixes(call, pl.DataFrame({"k": ["x"] * 3, "n": range(3)})), "constant")
    assert run(issue).columns == ["n"]
    assert (issue.spoils, issue.examples) == (["models"], [])


@pytest.mark.parametrize("values", [["x"] * 3, [None, None, "x"]], ids=["constant", "high_nulls"])
def test_the_only_column_is_not_dropped(call: Call, values: list[str | None]) -> None:
    found = with_fixes(call, pl.DataFrame({"k": values}))
    assert [issue.fix for issue in found.issues if issue.issue_type in ("constant", "high_nulls")] == [None]


@pytest.mark.parametrize("kind", [pl.Int64, pl.Float64, pl.Decimal(18, 2)], ids=["whole", "double", "money"])
def test_outliers_are_flagged_and_kept(call: Call, kind: Any) -> None:
    values = [*(number % 7 for number in range(500)), None, 90_000, None]
    frame = pl.DataFrame({"v": values, "v_outlier": range(503)}).with_columns(pl.col("v").cast(kind))
    issue = the_issue(with_fixes(call, frame), "outliers")
    clean = run(issue)
    assert clean.columns == ["v", "v_outlier", "v_outlier_"]
    assert clean.filter("v_outlier_")["v_outlier"].to_list() == [501]
    assert [row["v_outlier"] for row in issue.examples] == [501]


def test_spellings_become_the_most_frequent_one(call: Call) -> None:
    frame = pl.DataFrame({"c": ["uk", "UK", "UK", "France", None, "FRANCE", "France", "it's"], "n": range(8)})
    issue = the_issue(with_fixes(call, frame), "case_variants")
    assert (issue.count, issue.severity, issue.spoils) == (2, "medium", ["joins", "groups"])
    assert "'FRANCE', 'uk'" in issue.description
    assert run(issue)["c"].to_list() == ["UK", "UK", "UK", "France", None, "France", "France", "it's"]
    assert [row["n"] for row in issue.examples] == [0, 5]


def test_spellings_are_not_judged_where_some_are_unknown(call: Call) -> None:
    frame = pl.DataFrame({"c": ["uk", "UK", *map(str, range(20, 40))], "n": range(22)})
    found = with_fixes(call, frame)
    assert "case_variants" not in [issue.issue_type for issue in found.issues]


def test_a_cell_stops_where_the_table_has_changed(call: Call) -> None:
    frame = pl.DataFrame({"a": [1, 1, 2]})
    issue = the_issue(with_fixes(call, frame), "duplicates")
    TableHandle(call, "orders").replace(pl.DataFrame({"a": [1, 1]}))
    with pytest.raises(AssertionError, match="orders is not what it was at version 1: profile it again"):
        run(issue)


def test_a_table_of_another_layer_is_named_with_it(call: Call) -> None:
    TableHandle(call, "orders").replace(pl.DataFrame({"a": [5]}))
    issue = the_issue(with_fixes(call, pl.DataFrame({"a": [1, 1, 2]}), "gold.orders"), "duplicates")
    assert run(issue).height == 2
    assert "'silver.orders'" in str(issue.fix)


def test_fixes_are_given_where_they_are_asked_for(call: Call) -> None:
    found = with_fixes(call, pl.DataFrame({"a": [1, 1, 2]}))
    plain = profile(call, ProfileRequest(dataset="orders"))
    assert [issue.fix for issue in plain.issues] == [None]
    assert plain.issues[0].examples == []
    shown = show_dataset(call, DatasetRequest(dataset="orders")).profile
    assert shown is not None
    assert [issue.fix for issue in shown.issues] == [issue.fix for issue in found.issues]


def test_the_duplicates_of_online_retail(call: Call, shared: Path) -> None:
    found = with_fixes(call, pl.read_parquet(shared / "data/retail/online_retail.parquet"), "retail")
    assert (found.row_count, found.duplicate_rows) == (541_909, 5_268)
    assert run(the_issue(found, "duplicates")).height == 541_909 - 5_268
    for issue in found.issues:
        if issue.fix and issue.issue_type != "duplicates":
            run(issue)
    assert [issue for issue in found.issues if issue.issue_type == "personal_data"] == []


def test_spellings_past_the_most_frequent_values_become_the_usual_one(call: Call) -> None:
    """Blanks at the ends alone are another issue's: they stay."""
    names = [f"name {number}" for number in range(30)] * 2
    odd = ["Name 1", "NAME  1", "name 2 ", "name\t3", None, "Ärger", "ärger", "ärger"]
    issue = the_issue(with_fixes(call, pl.DataFrame({HOSTILE: [*names, *odd], "n": range(68)})), "spelling_variants")
    assert issue.count == 4
    assert run(issue)[issue.column].to_list() == [
        *names, "name 1", "name 1", "name 2 ", "name 3", None, "ärger", "ärger", "ärger",
    ]  # fmt: skip
    assert {row[issue.column] for row in issue.examples} <= {"Name 1", "NAME  1", "name\t3", "Ärger"}
    assert len(issue.examples) == 3
    assert issue.spoils == ["joins", "groups"]


def test_rows_that_repeat_a_key_are_shown(call: Call) -> None:
    frame = pl.DataFrame({"order_id": [*range(500), 7], "n": [number * 1.5 for number in range(501)]})
    issue = the_issue(with_fixes(call, frame), "repeated_keys")
    assert (issue.count, issue.fix) == (1, None)
    assert [row["order_id"] for row in issue.examples] == [7, 7]


DAY = date(2024, 1, 1)
SERIES = {
    "daily": ([DAY + timedelta(n) for n in range(40) if n not in (10, 11, 30)], 3),
    "working days": ([DAY + timedelta(n) for n in range(60) if n % 7 < 5 and n not in (15, 16)], 2),
    "weekly": ([DAY + timedelta(7 * n) for n in range(30) if n != 4], 1),
}


@pytest.mark.parametrize("kind", [pl.Date, pl.Datetime("us"), pl.Datetime("us", "UTC")], ids=["day", "naive", "utc"])
@pytest.mark.parametrize("beat", SERIES)
def test_days_that_are_missing_get_a_row_of_their_own(call: Call, beat: str, kind: Any) -> None:
    days, missing = SERIES[beat]
    at = pl.Series("at", days).cast(kind)
    found = with_fixes(call, pl.DataFrame({"n": range(len(days)), "at": at}).reverse())
    issue = the_issue(found, "date_gaps")
    assert issue.count == missing
    clean = run(issue)
    assert clean.columns == ["n", "at"]
    assert clean["at"].is_sorted()
    assert clean.height == len(days) + missing
    assert clean.filter(pl.col("n").is_null())["at"].cast(pl.Date).to_list() == sorted(set(days_of(beat)) - set(days))


def days_of(beat: str) -> list[date]:
    """The days of a series that lacks none."""
    step, count = (7, 30) if beat == "weekly" else (1, 60 if beat == "working days" else 40)
    whole = [DAY + timedelta(step * n) for n in range(count)]
    return [day for day in whole if beat != "working days" or day.weekday() < 5]


def test_rows_without_a_day_and_days_that_come_twice_stay(call: Call) -> None:
    days = [None, *SERIES["daily"][0], DAY]
    clean = run(the_issue(with_fixes(call, pl.DataFrame({"at": days, "n": range(len(days))})), "date_gaps"))
    assert clean.height == len(days) + 3
    assert clean["at"].null_count() == 1
    assert clean.filter(pl.col("at") == DAY).height == 2
