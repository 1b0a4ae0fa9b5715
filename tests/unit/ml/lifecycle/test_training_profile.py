"""What the training's rows looked like: bins, categories, nulls, and the answers to rows never seen."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from lakebook.ml.model_version import Feature
from lakebook.ml.scoring import Answers
from lakebook.ml.training_profile import CATEGORIES, Spread, TrainingProfile, counted, profile_of, spread_of


def test_numbers_are_counted_in_tenths() -> None:
    spread = spread_of("n", np.arange(100.0))
    assert (spread.kind, len(spread.edges), spread.nulls) == ("number", 9, 0)
    assert spread.counts == [10] * 10 or sum(spread.counts) == 100
    assert max(spread.counts) - min(spread.counts) <= 1


def test_a_number_that_is_mostly_nought_has_fewer_bins() -> None:
    spread = spread_of("n", np.array([0.0] * 80 + [1.0] * 15 + [2.0] * 5))
    assert spread.edges == [0.0, 1.0]
    assert spread.counts == [80, 15, 5]


def test_missing_and_infinite_numbers_count_as_nulls() -> None:
    spread = spread_of("n", np.array([1.0, np.nan, np.inf, 2.0]))
    assert (spread.nulls, sum(spread.counts), spread.rows) == (2, 2, 4)


def test_a_column_without_any_number_has_one_bin() -> None:
    spread = spread_of("n", np.array([np.nan, np.nan]))
    assert (spread.edges, spread.counts, spread.nulls) == ([], [0], 2)
    assert counted(spread, np.array([5.0, np.nan])).counts == [1]


def test_instants_are_counted_as_seconds() -> None:
    days = pd.Series(pd.to_datetime(["2026-01-01", "2026-01-02", "NaT", "2026-01-03"]))
    spread = spread_of("day", days)
    assert spread.nulls == 1
    assert spread.edges[0] == pd.Timestamp("2026-01-01").timestamp()
    later = counted(spread, pd.Series(pd.to_datetime(["2027-01-01"] * 3)))
    assert later.counts[-1] == 3


def test_the_commonest_words_have_a_place_each() -> None:
    words = [f"w{n:02d}" for n in range(CATEGORIES + 5) for _ in range(n + 1)]
    spread = spread_of("w", pd.Series(words, dtype=object))
    assert len(spread.categories) == CATEGORIES
    assert "w00" not in spread.categories
    assert spread.counts[-1] == 1 + 2 + 3 + 4 + 5
    assert spread.rows == len(words)
    other = counted(spread, pd.Series(["w24", "new", None], dtype=object))
    assert (other.counts[spread.categories.index("w24")], other.counts[-1], other.nulls) == (1, 1, 1)


def test_a_classifiers_answers_are_counted_by_code_with_their_probability() -> None:
    frame = pd.DataFrame({"a": [1.0, 2.0, 3.0]})
    shares = np.array([[0.9, 0.1, 0.0], [0.2, 0.7, 0.1]])
    profile = profile_of(frame, [Feature(name="a", type="number")], Answers(np.array([0, 1]), shares))
    assert profile.rows == 3
    assert profile.answer.categories == ["0", "1", "2"]
    assert profile.answer.counts == [1, 1, 0, 0]
    assert profile.score is not None
    assert profile.score.rows == 2


def test_a_regressions_answers_are_counted_by_amount() -> None:
    frame = pd.DataFrame({"a": [1.0]})
    profile = profile_of(frame, [Feature(name="a", type="number")], Answers(np.arange(10.0)))
    assert (profile.answer.kind, profile.answer.rows, profile.score) == ("number", 10, None)


def test_a_profile_survives_its_file() -> None:
    frame = pd.DataFrame({"a": [1.0, None], "b": pd.Series(["x", None], dtype=object)})
    features = [Feature(name="a", type="number"), Feature(name="b", type="text")]
    profile = profile_of(frame, features, Answers(np.arange(3.0)))
    assert TrainingProfile.model_validate_json(profile.model_dump_json()) == profile


@pytest.mark.parametrize("value", [True, False])
def test_yes_and_no_travel_as_numbers(value: bool) -> None:
    spread = spread_of("b", pd.Series([0.0, 1.0, 1.0]))
    place = 1 if value else 0
    assert counted(spread, pd.Series([float(value)])).counts[place] == 1


def test_rows_are_all_that_was_counted() -> None:
    assert Spread(name="x", kind="number", edges=[1.0], counts=[2, 3], nulls=4).rows == 9
