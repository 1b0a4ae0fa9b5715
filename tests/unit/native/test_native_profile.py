"""The column profile against figures computed by other means."""

from __future__ import annotations

import math
import random
import statistics
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.unit.native.ingested import Ingest

FIELDS = {
    "constant",
    "max_length",
    "mean_length",
    "min_length",
    "negative_count",
    "outlier_count",
    "outlier_high",
    "outlier_low",
    "outlier_rule",
    "quantiles",
    "quantiles_exact",
    "unique",
    "zero_count",
    "name", "label", "data_type", "null_count", "unique_count", "unique_exact", "min", "max", "mean", "std_dev",
    "top_values", "histogram", "money", "blank_padded_count", "empty_count", "notes",
}  # fmt: skip


def test_every_column_tells_the_same_things(ingest: Ingest) -> None:
    for column in ingest("a,b,c,d\n1,x,2024-01-01,true\n2,y,2024-01-02,false\n").result.columns:
        assert set(column) == FIELDS


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_numbers_are_counted_and_measured(ingest: Ingest, threads: int) -> None:
    seed = random.Random(7)
    numbers = [seed.randrange(-500, 500) for _ in range(5_000)]
    table = ingest("n,t\n" + "".join(f"{n},x\n" for n in numbers), threads=threads)
    column = table.column("n")
    assert (column["unique_count"], column["unique_exact"]) == (len(set(numbers)), True)
    assert (column["min"], column["max"]) == (min(numbers), max(numbers))
    assert column["mean"] == sum(numbers) / len(numbers)
    assert column["std_dev"] == pytest.approx(statistics.stdev(numbers), rel=1e-12)
    counts = Counter(str(n) for n in numbers)
    assert [count for _, count in column["top_values"]] == [count for _, count in counts.most_common(10)]
    assert all(counts[value] == count for value, count in column["top_values"])


def test_a_histogram_covers_the_range_and_every_value(ingest: Ingest) -> None:
    values = [n * 0.37 for n in range(1_000)]
    bins = ingest("v,t\n" + "".join(f"{v!r},x\n" for v in values)).column("v")["histogram"]
    assert len(bins) == 20
    assert (bins[0][0], bins[-1][1]) == (0.0, values[-1])
    assert sum(count for *_, count in bins) == len(values)
    for (low, high, count), after in zip(bins, [*bins[1:], None], strict=True):
        inside = [v for v in values if low <= v < high or (after is None and v == high)]
        assert abs(len(inside) - count) <= 1, "a value on an edge may fall to either side"
        assert after is None or after[0] == high


def test_a_constant_has_one_bin_and_no_spread(ingest: Ingest) -> None:
    column = ingest("v,t\n5,x\n5,x\n5,x\n").column("v")
    assert (column["histogram"], column["std_dev"], column["unique_count"]) == ([[5.0, 5.0, 3]], 0.0, 1)


def test_one_value_has_no_deviation_and_none_has_nothing(ingest: Ingest) -> None:
    assert ingest("v,t\n5,x\n").column("v")["std_dev"] is None
    column = ingest("v,t\n,x\n,y\n").column("v")
    assert (column["min"], column["max"], column["mean"], column["null_count"]) == (None, None, None, 2)
    assert (column["unique_count"], column["top_values"], column["histogram"]) == (0, [], [])


def test_decimals_are_summed_exactly(ingest: Ingest) -> None:
    column = ingest("price,t\n" + "0.1,x\n" * 1_000 + "0.2,x\n" * 1_000).column("price")
    assert (column["mean"], column["min"], column["max"]) == (0.15, "0.1", "0.2")


def test_values_that_are_not_numbers_are_told_apart(ingest: Ingest) -> None:
    column = ingest("v,t\n1.5,x\nnan,x\ninf,x\n2.5,x\n").column("v")
    assert (column["min"], column["max"]) == (1.5, math.inf)
    assert column["mean"] == 2.0
    assert column["unique_count"] == 4
    assert any("NaN" in note for note in column["notes"])
    assert sum(count for *_, count in column["histogram"]) == 2


def test_zeros_of_both_signs_are_one_value(ingest: Ingest) -> None:
    assert ingest("v,t\n0.0,x\n-0.0,y\n1.5,z\n").column("v")["unique_count"] == 2


def test_texts_are_counted_by_value(ingest: Ingest) -> None:
    table = ingest('n,t\n1,b\n2,"a "\n3,b\n4," a"\n5,""\n6,\n7,é\n')
    column = table.column("t")
    assert column["top_values"][0] == ["b", 2]
    assert (column["unique_count"], column["null_count"], column["empty_count"]) == (5, 1, 1)
    assert (column["blank_padded_count"], column["min"], column["max"]) == (2, "", "é")
    assert (column["mean"], column["std_dev"], column["histogram"]) == (None, None, [])


def test_ties_among_the_most_frequent_are_in_order_of_value(ingest: Ingest) -> None:
    table = ingest("n,t\n" + "".join(f"{n},{'kjihgfedcba'[n]}\n" for n in range(11)))
    assert table.column("t")["top_values"] == [[letter, 1] for letter in "abcdefghij"]
    assert table.column("n")["top_values"] == [[str(n), 1] for n in range(10)]


def test_long_values_are_shortened_in_the_report_only(ingest: Ingest) -> None:
    table = ingest(f"n,t\n1,{'x' * 5_000}\n2,y\n")
    assert len(table.column("t")["min"]) == 1_000
    assert len(table.values("t")[0]) == 5_000


def test_dates_and_times_are_shown_in_iso_and_binned_in_days_and_seconds(ingest: Ingest) -> None:
    table = ingest("on,at,instant\n1970-01-02,1970-01-01 00:01:00,1970-01-01T01:00:30+01:00\n1970-01-22,,\n")
    on, at, instant = table.result.columns
    assert (on["min"], on["max"]) == ("1970-01-02", "1970-01-22")
    assert (on["histogram"][0][0], on["histogram"][-1][1]) == (1.0, 21.0)
    assert (at["min"], at["histogram"]) == ("1970-01-01T00:01:00", [[60.0, 60.0, 1]])
    assert instant["min"] == "1970-01-01T00:00:30+00:00"
    assert (on["mean"], at["std_dev"]) == (None, None)


def test_booleans_are_python_booleans_without_a_histogram(ingest: Ingest) -> None:
    column = ingest("b,t\nyes,x\nno,y\nyes,z\n").column("b")
    assert (column["min"], column["max"], column["histogram"]) == (False, True, [])
    assert column["top_values"] == [["true", 2], ["false", 1]]


def test_nested_values_are_counted_as_json(ingest: Ingest) -> None:
    column = ingest('{"v": [1, 2]}\n{"v": [1, 2]}\n{"v": []}\n').column("v")
    assert column["top_values"] == [["[1, 2]", 2], ["[]", 1]]


def test_a_small_memory_limit_gives_estimates_and_says_so(ingest: Ingest, tmp_path: Path) -> None:
    rows = 300_000
    source = tmp_path / "wide.parquet"
    pq.write_table(pa.table({"n": list(range(rows)), "t": [f"text {n}" for n in range(rows)]}), source)
    table = ingest(source, memory_limit=1 << 20)
    for column in table.result.columns:
        assert column["unique_exact"] is False
        assert column["unique_count"] == pytest.approx(rows, rel=0.03)
        assert any("estimates" in note for note in column["notes"])
    number = table.column("n")
    assert (number["min"], number["max"], number["mean"]) == (0, rows - 1, pytest.approx((rows - 1) / 2))
    assert sum(count for *_, count in number["histogram"]) == rows
    assert (table.column("t")["min"], table.column("t")["max"]) == ("text 0", "text 99999")
    assert (table.result.row_count, table.result.duplicate_rows) == (rows, 0)


@pytest.mark.parametrize("limit", [1, 1 << 20, None])
def test_duplicate_rows_are_exact_whatever_the_memory(ingest: Ingest, limit: int | None) -> None:
    seed = random.Random(3)
    rows = [(seed.randrange(2_000), seed.choice("ab"), seed.choice(["", "x"])) for _ in range(20_000)]
    table = ingest("n,t,u\n" + "".join(f"{n},{t},{u}\n" for n, t, u in rows), memory_limit=limit)
    counts = Counter(rows)
    assert table.result.duplicate_rows == len(rows) - len(counts)
    assert table.result.duplicate_groups == sum(count > 1 for count in counts.values())


def test_equal_rows_are_equal_in_value_not_in_spelling(ingest: Ingest) -> None:
    table = ingest("v,t\n0.0,x\n-0.0,x\nnan,x\nNaN,x\n1.50,x\n1.5,x\n1.5,y\n,x\n,x\n")
    assert (table.result.duplicate_rows, table.result.duplicate_groups) == (4, 4)


def test_null_and_empty_are_different_rows(ingest: Ingest) -> None:
    table = ingest('n,t\n1,""\n1,\n1,""\n')
    assert (table.result.duplicate_rows, table.result.duplicate_groups) == (1, 1)


def test_values_that_change_columns_are_no_duplicates(ingest: Ingest) -> None:
    assert ingest("a,b\nx,y\ny,x\nx,\n,x\n").result.duplicate_rows == 0
    assert ingest("a,b\n1,2\n2,1\n12,\n").result.duplicate_rows == 0


def test_nested_rows_are_compared_too(ingest: Ingest) -> None:
    assert ingest('{"v": {"a": [1]}}\n{"v": {"a": [1]}}\n{"v": {"a": [2]}}\n').result.duplicate_rows == 1


def test_a_result_shows_itself(ingest: Ingest) -> None:
    table = ingest("a,b\n1,x\n")
    assert repr(table.result).startswith("ProcessingResult(output_path=")
    assert "row_count=1" in repr(table.result)
    assert table.result.processing_time_ms >= 0
    assert table.result.output_path == str(table.path)
