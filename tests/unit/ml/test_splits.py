"""Which rows are kept from a training: by hash, by time, by group."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

from lakebook.errors import BadTarget, InvalidRequest
from lakebook.ml.splits import HELD_OUT_SHARE, Split, SplitWish, at_random, by_group, by_time, row_hashes


def table(rows: int, **more: Any) -> pd.DataFrame:
    """Rows of a number, a word with gaps and a day, each row different."""
    numbers = np.arange(rows)
    frame = {
        "x": numbers / 7,
        "word": pd.Series([None if n % 11 == 0 else f"w{n % 5}" for n in numbers], dtype=object),
        "day": pd.Timestamp("2026-01-01") + pd.to_timedelta(numbers % 90, unit="D"),
    }
    return pd.DataFrame({**frame, **more})


def sides(frame: pd.DataFrame, split: Split) -> dict[tuple[Any, ...], set[str]]:
    """On which sides each row's values stand."""
    found: dict[tuple[Any, ...], set[str]] = {}
    for side, numbers in (("seen", split.seen), ("unseen", split.unseen)):
        for row in frame.iloc[numbers].astype(str).itertuples(index=False):
            found.setdefault(tuple(row), set()).add(side)
    return found


def test_a_fifth_goes_unseen_of_each_class_alike() -> None:
    classes = np.array([0] * 4000 + [1] * 1000)
    split = at_random(row_hashes(table(5000), 0), classes)
    assert split.facts.kind == "random"
    assert split.facts.rows == len(split.unseen)
    for code in (0, 1):
        share = (classes[split.unseen] == code).sum() / (classes == code).sum()
        assert share == pytest.approx(HELD_OUT_SHARE, abs=0.04)


def test_a_seed_gives_its_own_split_and_gives_it_again() -> None:
    frame = table(300)
    first, again, other = (at_random(row_hashes(frame, seed)) for seed in (1, 1, 2))
    assert np.array_equal(first.unseen, again.unseen)
    assert not np.array_equal(first.unseen, other.unseen)
    together = set(first.unseen.tolist()) & set(other.unseen.tolist())
    assert len(together) < len(first.unseen) / 2


def test_a_row_keeps_its_side_when_the_table_grows_and_is_sorted_anew() -> None:
    before, after = table(2000), table(3000).iloc[::-1].reset_index(drop=True)
    old, new = sides(before, at_random(row_hashes(before, 0))), sides(after, at_random(row_hashes(after, 0)))
    assert len(old) == 2000
    assert {row: new[row] for row in old} == old


def test_rows_that_are_equal_stand_on_one_side_and_are_counted() -> None:
    frame = pd.concat([table(60)] * 3, ignore_index=True)
    split = at_random(row_hashes(frame, 3))
    assert split.facts.duplicates == 120
    assert all(len(side) == 1 for side in sides(frame, split).values())


@pytest.mark.parametrize("rows", [10, 11, 13, 25])
@pytest.mark.parametrize("seed", range(4))
def test_few_rows_still_have_both_sides(rows: int, seed: int) -> None:
    classes = np.arange(rows) % 2
    split = at_random(row_hashes(table(rows), seed), classes)
    assert 2 <= len(split.unseen) <= 0.4 * rows
    assert set(classes[split.seen]) == {0, 1}


def test_a_class_of_one_row_is_learned_from_and_not_scored() -> None:
    split = at_random(row_hashes(table(41), 0), np.array([0] * 20 + [1] * 20 + [2]))
    assert 40 in split.seen
    assert 40 not in split.unseen


def test_classes_of_one_row_repeated_leave_nothing_to_score() -> None:
    frame = pd.DataFrame({"x": [1.0, 2.0] * 20})
    with pytest.raises(BadTarget, match="none can be kept"):
        at_random(row_hashes(frame, 0), np.array([0, 1] * 20))


def days(rows: int) -> pl.Series:
    """A day for each row, in no order."""
    start = date(2025, 1, 1)
    return pl.Series("day", [start + timedelta(days=n * 37 % rows) for n in range(rows)])


def test_the_last_times_are_kept() -> None:
    times = days(100)
    split = by_time(times, row_hashes(table(100), 0))
    assert split.facts.kind == "time"
    assert split.facts.column == "day"
    assert len(split.unseen) == 20
    first = min(times[int(row)] for row in split.unseen)
    assert str(first) == split.facts.since
    assert max(times[int(row)] for row in split.seen) < first


def test_rows_of_one_time_stay_together_and_those_without_are_seen() -> None:
    years = pl.Series("year", [None, *([2020] * 40), *([2021] * 40), *([2022] * 30)])
    split = by_time(years, row_hashes(table(111), 0))
    assert split.facts.since == "2022"
    assert split.unseen.tolist() == list(range(81, 111))


@pytest.mark.parametrize(
    ("times", "words"),
    [
        (pl.Series("when", ["a", "b"] * 10), "holds no times"),
        (pl.Series("when", [2020] * 20), "fewer than two times"),
        (pl.Series("when", [None] * 20, dtype=pl.Date), "fewer than two times"),
    ],
)
def test_a_column_without_times_is_refused(times: pl.Series, words: str) -> None:
    with pytest.raises(InvalidRequest, match=words) as refused:
        by_time(times, row_hashes(table(20), 0))
    assert "--time-column" in refused.value.hint


Groups = Callable[[int], str]


@pytest.mark.parametrize(
    "name",
    [lambda n: f"patient {n % 40}", lambda n: "most" if n % 10 else f"one {n}", lambda n: f"g{n % 2}"],
    ids=["forty", "one that is nearly all", "two"],
)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_no_group_stands_on_both_sides(name: Groups, seed: int) -> None:
    groups = pd.Series([name(n) for n in range(200)], name="who", dtype=object)
    split = by_group(groups, row_hashes(table(200), 0), seed)
    seen, unseen = set(groups[split.seen]), set(groups[split.unseen])
    assert seen
    assert unseen
    assert not seen & unseen
    assert split.facts.kind == "group"
    assert split.facts.column == "who"


def test_a_single_group_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="one group only") as refused:
        by_group(pd.Series(["a"] * 20, name="who"), row_hashes(table(20), 0), 0)
    assert "--group-column" in refused.value.hint


def test_rows_are_kept_in_one_way() -> None:
    with pytest.raises(InvalidRequest, match="either by time or by group"):
        SplitWish(time_column="day", group_column="who")
