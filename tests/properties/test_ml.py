"""What holds of every split, score, seal, message and row."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lakebook.errors import InvalidRequest
from lakebook.ml.model_version import Feature, FeatureType
from lakebook.ml.problem import Problem
from lakebook.ml.scoring import Answers, compare, verdict
from lakebook.ml.serving import frames
from lakebook.ml.serving.feature_rows import from_rows
from lakebook.ml.splits import HELD_OUT_SHARE, at_random, row_hashes

CODES = st.lists(st.integers(0, 4), min_size=10, max_size=200).map(np.array)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
TYPES: dict[FeatureType, type | tuple[type, ...]] = {
    "integer": (int, float),
    "number": (int, float),
    "boolean": bool,
    "text": str,
}


def hashes_of(codes: np.ndarray, repeats: int, seed: int) -> np.ndarray:
    """Hashes of rows of these classes, of which so many in a row are the same."""
    numbers = np.arange(len(codes)) // repeats
    return row_hashes(pd.DataFrame({"n": numbers, "code": codes[numbers * repeats]}), seed)


@given(codes=CODES, seed=st.integers(0, 2**32 - 1), stratified=st.booleans())
def test_every_row_is_seen_or_unseen_and_every_class_is_seen(codes: np.ndarray, seed: int, stratified: bool) -> None:
    assume(len(np.unique(codes)) <= len(codes) // 2)
    split = at_random(hashes_of(codes, 1, seed), codes if stratified else None)
    assert sorted([*split.seen, *split.unseen]) == list(range(len(codes)))
    assert len(split.unseen) >= 2
    assert abs(len(split.unseen) - HELD_OUT_SHARE * len(codes)) <= 2 + len(codes) / 10 + len(np.unique(codes)) / 2
    if stratified:
        assert set(codes[split.seen]) == set(codes)


@given(codes=CODES, seed=st.integers(0, 1000), repeats=st.integers(1, 4))
def test_a_split_is_a_function_of_rows_and_seed_and_parts_no_equal_rows(
    codes: np.ndarray, seed: int, repeats: int
) -> None:
    same = codes[np.arange(len(codes)) // repeats * repeats]
    assume(len(np.unique(same)) <= len(same) // (2 * repeats))
    hashes = hashes_of(same, repeats, seed)
    first, second = at_random(hashes, same), at_random(hashes[::-1], same[::-1])
    assert np.array_equal(np.sort(len(codes) - 1 - second.unseen), first.unseen)
    assert not set(hashes[first.seen]) & set(hashes[first.unseen])


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans()), min_size=2, max_size=60), st.integers(0, 99))
def test_the_verdict_agrees_with_the_intervals(rows: list[tuple[bool, bool, bool]], seed: int) -> None:
    truth, winner, rival = (np.array(column, dtype=int) for column in zip(*rows, strict=True))
    problem = Problem("binary", ("no", "yes"))
    interval, baselines = compare(
        problem, truth, Answers(winner), {"constant": Answers(rival), "linear": Answers(truth)}, seed
    )
    score = float((truth == winner).mean())
    assert 0 <= interval[0] <= score <= interval[1] <= 1
    constant, perfect = baselines
    assert constant.beaten == (constant.difference_interval[0] > 0)
    assert not perfect.beaten
    assert perfect.difference <= 0
    said = verdict(problem, score, interval, baselines, len(rows)).casefold()
    assert "no better than the baseline" in said
    assert said.startswith("better than always the same answer") == constant.beaten


@given(st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)), min_size=2, max_size=60))
def test_an_error_lies_in_its_interval_and_nothing_beats_the_truth(rows: list[tuple[float, float]]) -> None:
    truth, winner = (np.array(column) for column in zip(*rows, strict=True))
    interval, baselines = compare(Problem("regression"), truth, Answers(winner), {"constant": Answers(truth)}, 0)
    assert 0 <= interval[0] <= interval[1] <= np.abs(truth - winner).max() * (1 + 1e-9) + 1e-150
    assert baselines[0].score == 0
    assert not baselines[0].beaten


@given(header=st.dictionaries(st.text(), JSON, max_size=4), body=st.binary(max_size=2000))
def test_a_message_arrives_as_it_was_sent(header: dict[str, Any], body: bytes) -> None:
    pipe = io.BytesIO()
    frames.write_message(pipe, header, body)
    frames.write_message(pipe, {"next": True})
    pipe.seek(0)
    assert frames.read_message(pipe) == (header, body)
    assert frames.read_message(pipe) == ({"next": True}, b"")
    assert frames.read_message(pipe) is None


@given(header=st.dictionaries(st.text(), JSON, max_size=2), body=st.binary(max_size=200), data=st.data())
def test_a_message_cut_short_is_none(header: dict[str, Any], body: bytes, data: st.DataObject) -> None:
    pipe = io.BytesIO()
    frames.write_message(pipe, header, body)
    whole = pipe.getvalue()
    cut = data.draw(st.integers(0, len(whole) - 1))
    assert frames.read_message(io.BytesIO(whole[:cut])) is None


@given(kind=st.sampled_from(sorted(TYPES)), value=JSON)
def test_any_json_value_is_taken_by_its_type_or_refused_by_name(kind: FeatureType, value: Any) -> None:
    feature = Feature(name="field", type=kind)
    fits = value is None or (isinstance(value, TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool)))
    finite = not isinstance(value, float) or np.isfinite(value)
    if not (fits and finite):
        with pytest.raises(InvalidRequest, match="'field' wants"):
            from_rows([{"field": value}], [feature])
        return
    table, warnings = from_rows([{"field": value}], [feature])
    assert warnings == []
    assert table.column("field").to_pylist() == [float(value) if kind != "text" and value is not None else value]


@given(st.datetimes(datetime.fromisoformat("1700-01-01"), datetime.fromisoformat("2200-01-01")))
def test_an_instant_survives_its_text(instant: datetime) -> None:
    feature = Feature(name="at", type="timestamp")
    table, _ = from_rows([{"at": instant.isoformat()}], [feature])
    assert table.column("at").to_pylist() == [instant]
