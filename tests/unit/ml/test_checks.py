"""What is found before a training: leaks in every form, columns and rows that teach badly, and none on clean tables."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from lakebook.errors import BadTarget, InvalidRequest
from lakebook.ml.checks.afterwards import is_afterwards
from lakebook.ml.checks.columns import is_identifier, remarks
from lakebook.ml.training_table import TrainingTable, Wish, prepare

ToParquet = Callable[[pl.DataFrame], list[str]]
ROWS = 400
CLEAN = {"titanic": "survived", "abalone": "rings", "wine_quality": "quality", "credit_g": "y", "adult": "income"}


def people(kind: str) -> pl.DataFrame:
    """Rows whose target `y`, two classes or an amount, follows two columns with much noise."""
    chance = random.Random(11)
    age = [round(chance.uniform(18, 80), 1) for _ in range(ROWS)]
    town = [chance.choice(["Bern", "Thun", "Biel"]) for _ in range(ROWS)]
    pull = [a / 10 + (t == "Bern") * 2 + chance.gauss(0, 3) for a, t in zip(age, town, strict=True)]
    amounts, words = [round(p, 2) for p in pull], ["yes" if p > 5.5 else "no" for p in pull]
    return pl.DataFrame({"age": age, "town": town, "y": amounts if kind == "regression" else words})


def codes_of(table: TrainingTable) -> dict[str | None, str]:
    """What was found, by column."""
    return {finding.column: finding.code for finding in table.findings}


YES = pl.col("y") == "yes"
LEAKS: dict[str, tuple[str, str, pl.Expr, str]] = {
    "renamed copy": ("binary", "decision", pl.col("y"), "leak_copy"),
    "re-coded copy": ("binary", "flag", pl.when(YES).then(17).otherwise(4), "leak_copy"),
    "copy of an amount": ("regression", "again", pl.col("y"), "leak_copy"),
    "copy of an amount as text": ("regression", "said", pl.col("y").cast(pl.String), "leak_copy"),
    "finer words": (
        "binary", "path",
        pl.when(YES).then(pl.lit("b") + (pl.col("age") % 2).floor().cast(pl.String)).otherwise(pl.lit("a")),
        "leak_function",
    ),
    "filled in afterwards": (
        "binary", "left",
        pl.when(YES).then(pl.lit(date(2026, 1, 1)).dt.offset_by(pl.format("{}d", pl.col("age").cast(pl.Int64)))),
        "leak_gaps",
    ),
    "another unit": ("regression", "cents", pl.col("y") * 100 + 32, "leak_linear"),
    "monotone function": ("regression", "odds", pl.col("y").exp(), "leak_monotone"),
    "row number": ("binary", "row_no", pl.int_range(pl.len()), "identifier"),
    "key": ("binary", "customer", pl.lit("c-") + pl.int_range(pl.len()).cast(pl.String), "identifier"),
    "price afterwards": ("regression", "price_after", pl.col("age") * 2 + pl.col("y") * 0, "leak_afterwards"),
    "refund": ("binary", "refundDate", pl.lit(date(2026, 1, 1)).dt.offset_by("1d"), "leak_afterwards"),
}  # fmt: skip


@pytest.mark.parametrize("leak", sorted(LEAKS))
def test_a_planted_leak_is_found_and_left_out_with_its_reason(to_parquet: ToParquet, leak: str) -> None:
    kind, name, made, code = LEAKS[leak]
    if leak == "refund":
        made = pl.date_range(date(2020, 1, 1), date(2020, 1, 1) + timedelta(days=ROWS - 1)).shuffle(1)
    table = prepare(to_parquet(people(kind).with_columns(made.alias(name))), "y")
    assert codes_of(table)[name] == code
    assert name not in table.seen.features
    reasons = {one.column: one.reason for one in table.excluded}
    assert set(reasons) == {name}
    assert reasons[name]
    said = next(finding.message for finding in table.findings if finding.column == name)
    assert said.startswith(reasons[name])
    assert f"--keep {name}" in said


FOLDED = pl.when(pl.col("y") > 5).then(pl.col("y")).otherwise(100 - pl.col("y"))


@pytest.mark.parametrize(
    ("kind", "hidden"),
    [("binary", pl.when(YES).then(pl.col("age") + 1000).otherwise(pl.col("age"))), ("regression", FOLDED)],
    ids=["a class in a number", "an amount folded over"],
)
def test_a_column_that_predicts_too_well_stops_the_training(to_parquet: ToParquet, kind: str, hidden: pl.Expr) -> None:
    base = people(kind)
    if kind == "regression":
        base = pl.concat([base] * 8).with_columns(y=pl.col("y") + pl.int_range(pl.len()) * 1e-5)
    files = to_parquet(base.with_columns(hidden.alias("sum")))
    with pytest.raises(BadTarget, match="too good") as refused:
        prepare(files, "y")
    assert "--drop sum" in refused.value.hint
    assert "--keep sum" in refused.value.hint
    assert refused.value.details["finding"]["code"] == "leak_too_good"
    assert "sum" in prepare(files, "y", Wish(keep=("sum",))).seen.features
    left = prepare(files, "y", Wish(drop=("SUM",)))
    assert "sum" not in left.seen.features
    assert [(one.column, one.reason) for one in left.excluded] == [("sum", "was to be left out")]


def test_what_the_user_keeps_is_kept_and_still_said(to_parquet: ToParquet) -> None:
    files = to_parquet(people("binary").with_columns(again=pl.col("y"), price_after=pl.col("age") * 2))
    table = prepare(files, "y", Wish(keep=("again", "PRICE_AFTER")))
    assert [feature.name for feature in table.features] == ["age", "town", "again", "price_after"]
    assert {**codes_of(table), None: ""} == {"again": "leak_copy", "price_after": "leak_afterwards", None: ""}
    assert all("kept as you said" in finding.message for finding in table.findings if finding.column)


def test_a_column_that_cannot_be_read_is_left_out_whatever_is_said(to_parquet: ToParquet) -> None:
    files = to_parquet(people("binary").with_columns(empty=pl.lit(None, pl.Float64)))
    table = prepare(files, "y", Wish(keep=("empty",)))
    assert [(one.column, one.reason) for one in table.excluded] == [("empty", "is empty in every row")]


@pytest.mark.parametrize("option", ["keep", "drop"])
def test_a_column_that_is_not_there_is_refused_with_the_nearest(to_parquet: ToParquet, option: str) -> None:
    names = ("twon",)
    wish = Wish(keep=names) if option == "keep" else Wish(drop=names)
    with pytest.raises(InvalidRequest, match="'twon'") as refused:
        prepare(to_parquet(people("binary")), "y", wish)
    assert "town" in refused.value.hint


@pytest.mark.parametrize("name", sorted(CLEAN))
def test_clean_tables_raise_no_stop_and_lose_no_column(shared: Path, to_parquet: ToParquet, name: str) -> None:
    frame = pl.read_csv(shared / f"data/tabular/{name}.csv", infer_schema_length=None).head(6000)
    table = prepare(to_parquet(frame), CLEAN[name])
    assert [finding for finding in table.findings if finding.stop] == []
    assert [one.column for one in table.excluded] == []
    assert not any(finding.code.startswith("leak") for finding in table.findings)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("kind", ["classification", "regression"])
def test_made_up_tables_raise_no_stop(to_parquet: ToParquet, kind: str, seed: int) -> None:
    from sklearn.datasets import make_classification, make_regression

    made: Any = (
        make_classification(600, 8, n_informative=4, class_sep=1.5, random_state=seed)
        if kind == "classification"
        else make_regression(600, 8, n_informative=4, noise=5.0, random_state=seed)
    )
    frame = pl.DataFrame({f"f{n}": made[0][:, n] for n in range(8)}).with_columns(y=pl.Series(made[1]))
    table = prepare(to_parquet(frame), "y")
    assert len(table.features) == 8
    assert table.findings == []


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("price_after", True), ("PriceAfter", True), ("outcome", True), ("refund_date", True), ("cancelledAt", True),
        ("closed_on", True), ("churn reason", True), ("actual", True), ("age", False), ("date", False),
        ("aftershave", False), ("afternoon", False), ("order_date", False), ("refunds", False), ("closed", False),
        ("", False), ("123", False), ("default", False),
    ],
)  # fmt: skip
def test_names_that_say_afterwards(name: str, says: bool) -> None:
    assert is_afterwards(name) == says


@pytest.mark.parametrize(
    ("column", "names_rows"),
    [
        (pl.Series("id", np.arange(50) * 3), True),
        (pl.Series("orderId", np.arange(50) * 3), True),
        (pl.Series("paid", np.arange(50) * 3), False),
        (pl.Series("amount", np.arange(50) * 3), False),
        (pl.Series("n", range(100)), True),
        (pl.Series("n", range(99)), False),
        (pl.Series("id", np.arange(50) / 2), False),
        (pl.Series("code", [f"x{n}" for n in range(50)]), True),
        (pl.Series("code", [f"x{n % 49}" for n in range(50)]), False),
        (pl.Series("title", [f"the tale of {n}" for n in range(50)]), False),
        (pl.Series("id", [None, *range(60)]), False),
        (pl.Series("id", range(10)), False),
    ],
)
def test_identifiers(column: pl.Series, names_rows: bool) -> None:
    assert is_identifier(column) == names_rows


@pytest.mark.parametrize(
    ("column", "codes"),
    [
        (pl.Series("x", [f"a rather long remark on the order number {n}" for n in range(40)]), ["free_text"]),
        (pl.Series("x", [f"w{n % 35}" for n in range(40)]), ["high_cardinality"]),
        (pl.Series("x", [f"w{n % 5}" for n in range(40)]), []),
        (pl.Series("x", [date(2026, 1, 1 + n % 28) for n in range(40)]), ["dates"]),
        (pl.Series("x", [float("inf"), float("-inf"), float("nan"), *map(float, range(37))]), ["infinite"]),
        (pl.Series("x", [1.0, None] * 20), []),
        (pl.Series("x", range(40)), []),
    ],
    ids=["free text", "many words", "few words", "dates", "infinities", "gaps", "numbers"],
)
def test_what_is_said_of_a_column(column: pl.Series, codes: list[str]) -> None:
    found = remarks(column)
    assert [one.code for one in found] == codes
    assert all(one.column == "x" and one.message and not one.stop for one in found)


def test_few_rows_rare_classes_repeats_and_gaps_are_said(to_parquet: ToParquet) -> None:
    base = people("binary").head(40).drop("town")
    rare = pl.DataFrame({"age": [33.3, 44.4], "y": ["perhaps", "perhaps"]})
    gaps = pl.DataFrame({"age": [1.0, 2.0, 3.0], "y": [None, None, None]}, schema={"age": pl.Float64, "y": pl.String})
    table = prepare(to_parquet(pl.concat([base, base.head(5), rare, gaps])), "y")
    said = {finding.code: finding.message for finding in table.findings}
    assert set(said) >= {"few_rows", "target_missing", "one_feature", "rare_classes", "duplicate_rows"}
    assert "Only 47 rows" in said["few_rows"]
    assert "3 rows" in said["target_missing"]
    assert "perhaps" in said["rare_classes"]
    assert "5 rows repeat" in said["duplicate_rows"]


def test_infinite_targets_are_told_from_missing_ones(to_parquet: ToParquet) -> None:
    frame = people("regression").with_columns(
        y=pl.when(pl.int_range(pl.len()) < 4).then(float("inf")).otherwise(pl.col("y"))
    )
    said = {finding.code: finding.message for finding in prepare(to_parquet(frame), "y").findings}
    assert "4 rows" in said["infinite"]
    assert "target_missing" not in said


def test_a_target_of_fifty_thousand_words_is_refused_in_one_sentence(to_parquet: ToParquet) -> None:
    frame = pl.DataFrame({"x": [float(n % 7) for n in range(60_000)], "y": [f"w{n % 50_000}" for n in range(60_000)]})
    with pytest.raises(BadTarget, match="50,000 different values in 60,000 rows"):
        prepare(to_parquet(frame), "y")
