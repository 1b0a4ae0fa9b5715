"""What a model may learn from: read, cleaned, its leaks taken out, split."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from lakebook.errors import BadFile, BadTarget
from lakebook.ml.splits import SplitWish
from lakebook.ml.training_table import Wish, prepare, read

ToParquet = Callable[[pl.DataFrame], list[str]]


def rows(count: int = 60) -> pl.DataFrame:
    """A learnable table: `y` is yes or no, `x` and `word` go with it."""
    numbers = list(range(count))
    return pl.DataFrame(
        {
            "x": [float(n * 7 % count) for n in numbers],
            "word": [["red", "green", "blue"][n % 3] for n in numbers],
            "y": ["yes" if n % 2 else "no" for n in numbers],
        }
    )


def test_files_are_read_together_whatever_their_columns(tmp_path: Path) -> None:
    pl.DataFrame({"a": [1], "price": [Decimal("1.50")]}).write_parquet(tmp_path / "one.parquet")
    pl.DataFrame({"a": [2.5], "b": ["x"]}).write_parquet(tmp_path / "two.parquet")
    table = read([str(tmp_path / "one.parquet"), str(tmp_path / "two.parquet")])
    assert table.schema == {"a": pl.Float64, "price": pl.Float64, "b": pl.String}
    assert table.rows() == [(1.0, 1.5, None), (2.5, None, "x")]
    assert read([str(tmp_path / "one.parquet"), str(tmp_path / "two.parquet")], 1).height == 1


def test_unreadable_files_are_said(tmp_path: Path) -> None:
    (tmp_path / "no.parquet").write_text("not a table")
    for files in ([str(tmp_path / "no.parquet")], [str(tmp_path / "gone.parquet")], []):
        with pytest.raises(BadFile) as refused:
            read(files)
        assert str(tmp_path) not in refused.value.message


def test_rows_without_a_target_are_dropped_and_counted(to_parquet: ToParquet) -> None:
    table = rows().with_columns(y=pl.when(pl.col("x") < 5).then(None).otherwise("y"))
    prepared = prepare(to_parquet(table), "y")
    assert prepared.rows_dropped == 5
    assert len(prepared.seen) + len(prepared.unseen) == 55


def test_infinite_targets_count_as_missing_and_infinite_features_as_null(to_parquet: ToParquet) -> None:
    numbers = [float(n) for n in range(30)]
    features = [float("inf"), *(n * 7 % 30 for n in numbers[1:])]
    table = pl.DataFrame({"x": features, "y": [*numbers[:-2], float("inf"), float("nan")]})
    prepared = prepare(to_parquet(table), "y")
    assert prepared.rows_dropped == 2
    everything = np.concatenate([prepared.seen.features["x"], prepared.unseen.features["x"]])
    assert np.isnan(everything).sum() == 1
    assert not np.isinf(everything).any()


@pytest.mark.parametrize(
    ("copy", "again"),
    [
        ("alive", pl.col("y").replace_strict({"yes": True, "no": False})),
        ("y_code", pl.col("y").replace_strict({"yes": 17, "no": 4})),
        ("y_text", pl.col("y") + "!"),
    ],
)
def test_a_copy_of_a_class_is_left_out_and_said(to_parquet: ToParquet, copy: str, again: pl.Expr) -> None:
    prepared = prepare(to_parquet(rows().with_columns(again.alias(copy))), "y")
    assert [(leak.column, leak.reason) for leak in prepared.excluded] == [(copy, "is a copy of 'y'")]
    assert copy not in prepared.seen.features
    assert [feature.name for feature in prepared.features] == ["x", "word"]


def test_a_copy_of_an_amount_is_left_out_in_numbers_and_in_text(to_parquet: ToParquet) -> None:
    table = pl.DataFrame({"x": range(50), "y": [n / 8 for n in range(0, 500, 10)]}).with_columns(
        x=(pl.col("x") * 7) % 50, same=pl.col("y"), text=pl.col("y").cast(pl.String), twice=pl.col("y") * 2
    )
    prepared = prepare(to_parquet(table), "y")
    assert {leak.column for leak in prepared.excluded} == {"same", "text", "twice"}
    assert [feature.name for feature in prepared.features] == ["x"]


def test_a_column_that_only_goes_with_the_target_is_kept(to_parquet: ToParquet) -> None:
    nearly = rows().with_columns(nearly=pl.when(pl.col("x") == 0).then(pl.lit("no")).otherwise(pl.col("y")))
    flipped = nearly.with_columns(nearly=pl.when(pl.col("x") == 7).then(pl.lit("no")).otherwise(pl.col("nearly")))
    assert "nearly" in prepare(to_parquet(flipped), "y").seen.features


def test_columns_that_say_nothing_are_left_out_with_the_reason(to_parquet: ToParquet) -> None:
    table = rows().with_columns(
        empty=pl.lit(None, pl.Float64), always=pl.lit("same"), many=pl.concat_list("x", "x"), raw=pl.lit(b"\x00")
    )
    reasons = {leak.column: leak.reason for leak in prepare(to_parquet(table), "y").excluded}
    assert reasons == {
        "empty": "is empty in every row",
        "always": "holds one value only",
        "many": "holds values that no model here can read",
        "raw": "holds values that no model here can read",
    }


def test_features_have_types_and_become_numbers_words_and_instants(to_parquet: ToParquet) -> None:
    days = [date(2026, 1, 1 + n % 28) for n in range(60)]
    table = rows().with_columns(
        count=pl.Series([None, *range(59)]),
        flag=pl.Series([n % 3 == 0 for n in range(60)]),
        day=pl.Series(days),
        at=pl.Series([datetime.fromisoformat(f"2026-01-01T{n % 24:02}:00") for n in range(60)]),
        far=pl.Series([date(9999, 12, 31) if n % 2 else date(2026, 1, 1) for n in range(60)]).shuffle(3),
        price=pl.Series([Decimal(n) / 4 for n in range(60)]),
    )
    prepared = prepare(to_parquet(table), "y")
    types = {feature.name: feature.type for feature in prepared.features}
    assert types == {
        "x": "number", "word": "text", "count": "integer", "flag": "boolean", "day": "date", "at": "timestamp",
        "far": "date", "price": "number",
    }  # fmt: skip
    kinds = {name: prepared.seen.features[name].dtype.kind for name in types}
    assert kinds == {
        "x": "f", "word": "O", "count": "f", "flag": "f", "day": "M", "at": "M", "far": "M", "price": "f"
    }  # fmt: skip
    assert prepared.seen.features["far"].isna().any()
    assert set(prepared.example) == set(types)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (pl.DataFrame({"y": [0, 1] * 20}), "no column but 'y'"),
        (pl.DataFrame({"x": range(40), "y": [None] * 40}, schema={"x": pl.Int64, "y": pl.Int64}), "empty in every row"),
        (pl.DataFrame({"x": [1] * 40, "y": [0, 1] * 20}), "No column is left"),
        (pl.DataFrame({"x": range(9), "y": [0, 1, 0] * 3}), "Only 9 rows"),
    ],
)
def test_tables_that_cannot_be_learned_from_are_refused(to_parquet: ToParquet, table: pl.DataFrame, words: str) -> None:
    with pytest.raises(BadTarget, match=words) as refused:
        prepare(to_parquet(table), "y")
    assert refused.value.hint


def test_the_rows_of_the_last_times_are_kept_and_judge_each_other(to_parquet: ToParquet) -> None:
    days = pl.date_range(date(2026, 1, 1), date(2026, 3, 1), eager=True).alias("day")
    prepared = prepare(to_parquet(rows().with_columns(days)), "y", Wish(split=SplitWish(time_column="DAY")))
    assert (prepared.split.facts.kind, prepared.split.facts.column) == ("time", "day")
    assert prepared.seen.features["day"].max() < prepared.unseen.features["day"].min()
    assert prepared.validation is not None
    seen = prepared.seen.features["day"].to_numpy()
    assert np.delete(seen, prepared.validation).max() < seen[prepared.validation].min()


def test_a_group_is_kept_whole_and_its_name_is_not_learned(to_parquet: ToParquet) -> None:
    table = rows(120).with_columns(who=pl.Series([f"p{n % 17}" for n in range(120)]))
    prepared = prepare(to_parquet(table), "y", Wish(split=SplitWish(group_column="who")))
    assert (prepared.split.facts.kind, prepared.split.facts.column) == ("group", "who")
    assert "who" not in prepared.seen.features
    groups = table["who"].to_numpy()
    assert not set(groups[prepared.split.seen]) & set(groups[prepared.split.unseen])
    assert prepared.validation is not None
    judging = set(groups[prepared.split.seen][prepared.validation])
    teaching = set(np.delete(groups[prepared.split.seen], prepared.validation))
    assert not judging & teaching


def test_a_split_that_leaves_one_class_to_learn_from_is_refused(to_parquet: ToParquet) -> None:
    year = pl.int_range(pl.len())
    late = rows(100).with_columns(year=year, y=pl.when(year < 85).then(0).otherwise(1))
    with pytest.raises(BadTarget, match="one value only in the rows to learn from"):
        prepare(to_parquet(late), "y", Wish(split=SplitWish(time_column="year"), keep=("year",)))


def test_the_rows_kept_are_those_that_models_read_with_the_target(to_parquet: ToParquet) -> None:
    prepared = prepare(to_parquet(rows()), "y")
    kept = prepared.held_out
    assert kept.column_names == ["x", "word", "y"]
    assert kept.column("y").to_pylist() == [prepared.problem.classes[code] for code in prepared.unseen.target]
    assert kept.column("x").to_pylist() == prepared.unseen.features["x"].tolist()


def test_columns_dropped_or_kept_move_no_row_to_the_other_side(to_parquet: ToParquet) -> None:
    files = to_parquet(rows(100).with_columns(word_no=pl.int_range(pl.len()), copy=pl.col("y")))
    plain, other = prepare(files, "y"), prepare(files, "y", Wish(drop=("word",), keep=("copy",)))
    assert np.array_equal(plain.split.unseen, other.split.unseen)
    assert plain.dataset_hash == other.dataset_hash
    without = prepare(to_parquet(rows(100).with_columns(copy=pl.col("y"))), "y")
    assert np.array_equal(plain.split.unseen, without.split.unseen)
    assert plain.dataset_hash != without.dataset_hash
