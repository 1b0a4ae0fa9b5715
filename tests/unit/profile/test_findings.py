"""Keys, dependencies, correlations, forms, spellings and gaps: found in a sample, made sure of in every row."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lakebook.call import Call
from lakebook.catalog.models import DataProfile, ProfileRequest
from lakebook.catalog.verbs import profile
from lakebook.ingest.table import TableHandle
from lakebook.profile import sample as sampling
from lakebook.profile.date_gaps import date_gaps
from lakebook.profile.findings import findings_of
from lakebook.profile.patterns import pattern_of, patterns_of

DAY = date(2024, 1, 1)
Find = Callable[[pl.DataFrame], dict[str, Any]]


def described(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """The columns as the native pass would give them, as far as findings look at them."""
    kinds = {pl.Int64: "BIGINT", pl.Float64: "DOUBLE", pl.String: "VARCHAR", pl.Date: "DATE", pl.Boolean: "BOOLEAN",
             pl.Datetime: "TIMESTAMP"}  # fmt: skip
    found = []
    for series in frame:
        values = series.drop_nulls()
        kind = next((said for given, said in kinds.items() if series.dtype == given), "VARCHAR[]")
        number = series.dtype.is_numeric() and len(values) > 1
        listed = [] if kind == "VARCHAR[]" else values.value_counts(sort=True).rows()
        found.append(
            {"name": series.name, "data_type": kind, "null_count": series.null_count(),
             "unique_count": len(listed), "unique_exact": True, "top_values": [[str(v), n] for v, n in listed[:10]],
             "std_dev": values.std() if number else None, "min": values.min() if number else None,
             "max": values.max() if number else None,
             "max_length": max((len(v) for v in values), default=0) if kind == "VARCHAR" else None}
        )  # fmt: skip
    return found


@pytest.fixture
def find(tmp_path: Path) -> Find:
    """The findings of a frame, of which every row group has 1,000 rows."""

    def found(frame: pl.DataFrame) -> dict[str, Any]:
        path = tmp_path / "table.parquet"
        frame.write_parquet(path, row_group_size=1_000)
        left = findings_of(path, described(frame), row_count=frame.height,
                           duplicate_rows=frame.height - frame.unique().height, temporary=tmp_path)  # fmt: skip
        assert list(tmp_path.glob("*.spill")) == []
        return left

    return found


def lines(rows: int = 4_000) -> pl.DataFrame:
    """Order lines: no column is a key, the order and its line are."""
    return pl.DataFrame({
        "order": [number // 4 for number in range(rows)],
        "line": [number % 4 for number in range(rows)],
        "sku": [f"SKU-{number % 37:03}" for number in range(rows)],
        "group": [f"g{number % 37 % 5}" for number in range(rows)],
    })  # fmt: skip


def test_a_column_of_its_own_value_in_each_row_is_a_key(find: Find) -> None:
    frame = pl.DataFrame({"id": range(100), "n": [1] * 100, "share": [number / 7 for number in range(100)]})
    assert find(frame)["keys"] == [["id"]]


@pytest.mark.parametrize(
    "column",
    [[None, *range(99)], [0, *range(99)], [f"{number} {'prose ' * 20}" for number in range(100)]],
    ids=["null", "twice", "prose"],
)
def test_what_is_missing_or_comes_twice_or_is_prose_is_no_key(find: Find, column: list[Any]) -> None:
    assert find(pl.DataFrame({"id": column}))["keys"] == []


def test_two_columns_that_tell_the_rows_apart_are_a_key(find: Find) -> None:
    assert find(lines())["keys"] == [["order", "line"]]


def test_one_row_that_the_sample_does_not_show_unmakes_the_key(find: Find, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampling, "ROWS", 80)
    frame = lines().select("order", "line", price=pl.int_range(pl.len()) % 5 + 0.5)
    assert find(frame)["keys"] == [["order", "line"]]
    twin = frame[-1].with_columns(price=pl.lit(9.5))
    assert find(pl.concat([frame, twin]))["keys"] == []


def test_where_rows_repeat_there_is_no_key(find: Find) -> None:
    frame = lines()
    assert find(pl.concat([frame, frame[:1]]))["keys"] == []


def test_a_column_that_follows_from_another_is_told(find: Find) -> None:
    assert find(lines())["dependencies"] == [{"column": "sku", "decides": "group"}]


@pytest.mark.parametrize("value", ["other", None], ids=["value", "null"])
def test_one_row_unmakes_a_dependency(find: Find, monkeypatch: pytest.MonkeyPatch, value: str | None) -> None:
    frame = pl.DataFrame({"city": [f"c{number % 50}" for number in range(5_000)],
                          "country": [f"l{number % 50 % 5}" for number in range(5_000)]})  # fmt: skip
    assert find(frame)["dependencies"] == [{"column": "city", "decides": "country"}]
    monkeypatch.setattr(sampling, "ROWS", 800)
    odd = pl.DataFrame({"city": ["c0"], "country": [value]}, schema=frame.schema)
    assert find(pl.concat([frame, odd]))["dependencies"] == []


def test_a_missing_value_decides_nothing(find: Find) -> None:
    frame = pl.DataFrame({"city": [f"c{number % 50}" for number in range(5_000)],
                          "country": [f"l{number % 50 % 5}" for number in range(5_000)]})  # fmt: skip
    frame = frame.with_columns(city=pl.when(pl.int_range(pl.len()) % 7 == 0).then(None).otherwise("city"))
    assert find(frame)["dependencies"] == [{"column": "city", "decides": "country"}]


def test_numbers_that_move_together_are_told_the_strongest_first(find: Find) -> None:
    frame = pl.DataFrame({
        "x": [float(number) for number in range(3_000)],
        "against": [-2.0 * number for number in range(3_000)],
        "loose": [number + 20_000.0 * (number * 7_919 % 1_000) / 1_000 for number in range(3_000)],
        "near": [number + 1_000.0 * (number * 7_919 % 1_000) / 1_000 for number in range(3_000)],
    })  # fmt: skip
    found = find(frame)["correlations"]
    assert found[0] == {"columns": ["x", "against"], "coefficient": -1.0}
    assert {tuple(one["columns"]) for one in found} == {("x", "against"), ("x", "near"), ("against", "near")}
    expected = frame.select(pl.corr("x", "near")).item()
    near = next(one for one in found if one["columns"] == ["x", "near"])
    assert near["coefficient"] == pytest.approx(expected, abs=1e-4)


def test_numbers_without_end_do_not_hide_what_the_others_do(find: Find) -> None:
    frame = pl.DataFrame({"x": [float(number) for number in range(50)], "y": [2.0 * number for number in range(50)]})
    odd = pl.DataFrame({"x": [float("inf"), float("nan")], "y": [1.0, 1.0]})
    columns = described(frame)
    assert find(frame)["correlations"][0]["columns"] == ["x", "y"]
    assert columns[0]["std_dev"] is not None
    huge = pl.DataFrame({"x": [1e300 * number for number in range(50)], "y": [float(number) for number in range(50)]})
    assert find(huge)["correlations"] == []
    assert find(pl.concat([frame, odd]))["correlations"] == []


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_few_rows_have_no_ties(find: Find, rows: int) -> None:
    frame = pl.DataFrame({"a": list(range(rows)), "b": ["x"] * rows, "when": [DAY] * rows},
                         schema={"a": pl.Int64, "b": pl.String, "when": pl.Date})  # fmt: skip
    found = find(frame)
    assert found["keys"] == ([["a"]] if rows == 2 else [])
    assert (found["dependencies"], found["correlations"]) == ([], [])


def test_nested_and_hostile_columns_are_passed_over(find: Find) -> None:
    frame = pl.DataFrame({"list": [["a"], ["b"]], "q\"'; x": ["a b", "A B"], "long": ["x" * 5_000, "y"]})
    found = find(frame)
    assert "list" not in found["columns"]
    assert "long" not in found["columns"]


def test_spellings_past_the_most_frequent_values_are_seen(find: Find) -> None:
    names = [f"name {number}" for number in range(40)] * 3 + ["Name 1", "NAME  1", "name 2 ", "name\t3"]
    found = find(pl.DataFrame({"who": names}))["columns"]["who"]["spelling_variants"]
    assert found == {
        "values": 3, "rows": 3,
        "examples": [["name 1", "NAME  1", 1], ["name 1", "Name 1", 1], ["name 3", "name\t3", 1]],
    }  # fmt: skip


def test_where_every_spelling_is_among_the_most_frequent_they_are_told_elsewhere(find: Find) -> None:
    assert "spelling_variants" not in find(pl.DataFrame({"who": ["a", "a", "A"]}))["columns"].get("who", {})


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("SKU-00012", "AAA-99999"), ("ärger 1", "AAAAA 9"), ("a_b", "A_A"), ("", ""), ("٣", "9"),
        ("x" * 41, "A" * 40 + "…"), ("2024-01-01T10:00", "9999-99-99A99:99"),
    ],
)  # fmt: skip
def test_the_form_of_a_value(text: str, form: str) -> None:
    assert pattern_of(text) == form


def test_forms_have_shares_and_free_text_has_none() -> None:
    assert patterns_of([("a1", 3), ("b2", 1), ("ccc", 1)]) == [("A9", 0.8), ("AAA", 0.2)]
    assert patterns_of([("x" * length, 1) for length in range(1, 40)]) == []
    assert patterns_of([]) == []


@pytest.mark.parametrize(("rows", "exact"), [(9, True), (1_500, True), (30_000, False)])
def test_it_is_said_whether_forms_are_of_every_value(find: Find, rows: int, exact: bool) -> None:
    found = find(pl.DataFrame({"code": [f"A-{number % 9:04}" if rows == 9 else f"A-{number:06}"
                                        for number in range(rows)]}))["columns"]["code"]  # fmt: skip
    assert found["patterns_exact"] is exact
    assert found["patterns"] == [("A-9999" if rows == 9 else "A-999999", 1.0)]


def series(days: int, every: int = 1, without: tuple[int, ...] = (), rest: tuple[int, ...] = ()) -> list[date]:
    every_day = [DAY + timedelta(days=number) for number in range(0, days, every)]
    return [day for number, day in enumerate(every_day) if number not in without and day.weekday() not in rest]


GAPS = [
    pytest.param(series(40), {"beat": "daily", "missing": 0, "gaps": []}, id="whole"),
    pytest.param(series(40, without=(5, 6, 20)),
                 {"beat": "daily", "missing": 3,
                  "gaps": [["2024-01-06", "2024-01-07", 2], ["2024-01-21", "2024-01-21", 1]]},
                 id="daily"),
    pytest.param(series(60, rest=(5, 6)), {"beat": "working days", "missing": 0, "gaps": []}, id="weekends"),
    pytest.param(series(60, rest=(5, 6), without=(3, 4, 7)),
                 {"beat": "working days", "missing": 3, "gaps": [["2024-01-04", "2024-01-08", 3]]},
                 id="over-a-weekend"),
    pytest.param(series(200, every=7, without=(4,)),
                 {"beat": "weekly", "missing": 1, "gaps": [["2024-01-29", "2024-01-29", 1]]}, id="weekly"),
    pytest.param(series(13), None, id="few"),
    pytest.param(series(400, every=3), None, id="no-beat"),
    pytest.param([], None, id="none"),
]  # fmt: skip


@pytest.mark.parametrize(("days", "told"), GAPS)
def test_gaps_of_a_series(days: list[date], told: dict[str, Any] | None) -> None:
    assert date_gaps(days) == told
    assert date_gaps(days[::-1]) == told


@given(st.sets(st.integers(1, 98), max_size=15))
@settings(max_examples=100, deadline=None)
def test_every_missing_day_is_counted_once(missing: set[int]) -> None:
    found = date_gaps([DAY + timedelta(days=number) for number in range(100) if number not in missing])
    assert found is not None
    assert found["missing"] == len(missing)
    assert sum(count for *_, count in found["gaps"]) <= len(missing)


def test_times_of_a_day_are_one_day(find: Find) -> None:
    moments = [datetime(2024, 1, 1) + timedelta(hours=6 * number) for number in range(120) if number // 4 != 10]
    found = find(pl.DataFrame({"at": moments}))["columns"]["at"]["date_gaps"]
    assert found == {"beat": "daily", "missing": 1, "gaps": [["2024-01-11", "2024-01-11", 1]]}


def shown(call: Call, frame: pl.DataFrame) -> DataProfile:
    TableHandle(call, "orders").replace(frame)
    return profile(call, ProfileRequest(dataset="orders"))


def test_findings_are_stored_with_the_profile(call: Call) -> None:
    found = shown(call, lines(400))
    assert found.keys == [["order", "line"]]
    assert [(one.column, one.decides) for one in found.dependencies] == [("sku", "group")]
    assert found.columns[2].patterns == [["AAA-999", 1.0]]
    stored = call.runtime.catalog.profile(found.dataset_id, found.version)
    assert stored.keys == found.keys


def test_gaps_and_spellings_are_issues_and_cost_no_score(call: Call) -> None:
    days = [day for day in series(60, without=(30, 31)) for _ in range(3)]
    frame = pl.DataFrame({"day": days, "n": range(len(days)),
                          "who": [f"name {number % 20}" for number in range(len(days) - 1)] + ["Name 1"]})  # fmt: skip
    found = shown(call, frame)
    told = {issue.issue_type: issue for issue in found.issues}
    assert told["date_gaps"].description == (
        "2 dates are missing from a daily series; the longest gap is 2024-01-31 to 2024-02-01."
    )
    assert (told["date_gaps"].count, told["date_gaps"].spoils) == (2, ["sums", "models"])
    assert told["spelling_variants"].description == (
        "1 values differ from another only by capitals and blanks (1 spellings, such as 'Name 1' for 'name 1')."
    )
    assert found.quality_score == 1.0


@pytest.mark.parametrize(
    ("name", "repeated", "told"),
    [("order_id", 3, True), ("Id", 1, True), ("customerNo", 2, True), ("paid", 3, False), ("order_id", 40, False),
     ("order_id", 0, False)],
)  # fmt: skip
def test_a_key_but_for_a_few_rows_is_told(call: Call, name: str, repeated: int, told: bool) -> None:
    values = [*range(1_000), *range(repeated)]
    found = shown(
        call, pl.DataFrame({name: values, "n": [number % 11 + 0.5 * number for number in range(len(values))]})
    )
    issues = [issue for issue in found.issues if issue.issue_type == "repeated_keys"]
    assert [(issue.count, issue.column) for issue in issues] == ([(repeated, name)] if told else [])


def test_what_a_note_says_of_a_column_is_said_with_the_column(call: Call) -> None:
    (call.folder / "a.csv").write_text("n\n" + "".join(f"{number}\n" for number in range(200)) + "x\n")
    from tests.unit.tables.seats import loaded

    loaded(call, (call.folder / "a.csv").read_text(), "a.csv")
    found = profile(call, ProfileRequest(dataset="a"))
    notes = [(issue.column, issue.description) for issue in found.issues if issue.issue_type == "column_note"]
    assert notes == [("n", "Kept as text: 1 of 201 values are no other type.")]
