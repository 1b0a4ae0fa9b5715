"""Statistics of a column beyond counts: quantiles, zeros, lengths, values far out."""

from __future__ import annotations

import statistics

import pytest

from tests.unit.native.ingested import Ingest

NAMES = {"p01": 1, "p05": 5, "p25": 25, "p50": 50, "p75": 75, "p95": 95, "p99": 99}


def test_quantiles_zeros_negatives_and_outliers_of_numbers(ingest: Ingest) -> None:
    numbers = [*range(-20, 80), 0, 5000]
    column = ingest("n\n" + "".join(f"{n}\n" for n in numbers)).column("n")
    cuts = statistics.quantiles(numbers, n=100, method="inclusive")
    assert column["quantiles"] == pytest.approx({name: cuts[part - 1] for name, part in NAMES.items()})
    assert column["quantiles_exact"] is True
    assert (column["zero_count"], column["negative_count"]) == (2, 20)
    low, high = cuts[24], cuts[74]
    assert (column["outlier_low"], column["outlier_high"]) == pytest.approx(
        (low - 3 * (high - low), high + 3 * (high - low))
    )
    assert (column["outlier_count"], bool(column["outlier_rule"])) == (1, True)
    assert column["min_length"] is None


def test_quantiles_are_estimates_where_memory_is_short(ingest: Ingest) -> None:
    text = "n\n" + "".join(f"{n}.5\n" for n in range(-1000, 199_000))
    column = ingest(text, memory_limit=1 << 20).column("n")
    assert column["quantiles_exact"] is False
    assert column["quantiles"]["p50"] == pytest.approx(99_000, rel=0.01)
    assert (column["zero_count"], column["negative_count"]) == (0, 1000)


def test_lengths_of_text_are_in_characters(ingest: Ingest) -> None:
    column = ingest("id,t\n1,a\n2,äöü\n3,😀😀\n4,\n").column("t")
    assert (column["min_length"], column["max_length"], column["mean_length"]) == (1, 3, 2.0)
    assert (column["quantiles"], column["zero_count"], column["outlier_count"]) == ({}, None, None)


@pytest.mark.parametrize(
    ("cells", "unique", "constant"),
    [
        (["a", "b"], True, False),
        (["a", "a"], False, True),
        (["a", "", "b"], True, False),
        (["a", "b", "a"], False, False),
    ],
    ids=["all differ", "all the same", "null and different", "twice"],
)
def test_whether_values_differ_or_are_all_the_same(
    ingest: Ingest, cells: list[str], unique: bool, constant: bool
) -> None:
    column = ingest("id,t\n" + "".join(f"{n},{cell}\n" for n, cell in enumerate(cells))).column("t")
    assert (column["unique"], column["constant"]) == (unique, constant)


def test_huge_numbers_have_a_finite_mean(ingest: Ingest) -> None:
    column = ingest("v\n1.7e308\n-1.7e308\n").column("v")
    assert (column["mean"], column["std_dev"]) == (0.0, None)
    assert column["quantiles"]["p50"] == 0.0


def test_dates_and_booleans_have_no_quantiles(ingest: Ingest) -> None:
    table = ingest("d,b\n2024-01-01,true\n2024-01-02,false\n")
    for name in ("d", "b"):
        assert (table.column(name)["quantiles"], table.column(name)["quantiles_exact"]) == ({}, None)
