"""What each feature adds to an answer."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lakebook.ml.scoring import Answers
from lakebook.ml.serving.explain import contributions, usual_row

TYPES: dict[str, pa.DataType] = {"a": pa.float64(), "b": pa.float64(), "word": pa.string()}
SCHEMA = pa.schema(TYPES)
ROWS = pa.table({"a": [1.0, 4.0], "b": [2.0, 0.0], "word": ["x", None]}, schema=SCHEMA)
USUAL = pa.table({"a": [0.0], "b": [0.0], "word": ["y"]}, schema=SCHEMA)


def amounts(table: pa.Table) -> Answers:
    a, b = table["a"].to_numpy(), table["b"].to_numpy()
    words = np.array([word == "x" for word in table["word"].to_pylist()])
    return Answers(2 * a + a * b + 10 * words)


def classes(table: pa.Table) -> Answers:
    share = 1 / (1 + np.exp(-(table["a"].to_numpy() - table["b"].to_numpy())))
    shares = np.column_stack([1 - share, share])
    return Answers(shares.argmax(axis=1), shares)


def test_what_features_add_makes_up_the_whole_answer() -> None:
    found = contributions(amounts, ROWS, USUAL)
    assert found.sum(axis=1).tolist() == pytest.approx((amounts(ROWS).predicted - amounts(USUAL).predicted).tolist())
    # Of what two features add together, each gets its half.
    assert found[0].tolist() == pytest.approx([3.0, 1.0, 10.0])
    assert found[1].tolist() == pytest.approx([8.0, 0.0, 0.0])


def test_of_classes_the_probability_of_the_one_that_was_answered_is_explained() -> None:
    found = contributions(classes, ROWS, USUAL)
    shares = classes(ROWS).probabilities
    assert shares is not None
    assert found.sum(axis=1).tolist() == pytest.approx([shares[0, 0] - 0.5, shares[1, 1] - 0.5])
    assert found[:, 2].tolist() == [0, 0]


def test_the_same_row_is_explained_alike_among_others() -> None:
    assert contributions(amounts, ROWS, USUAL)[1].tolist() == contributions(amounts, ROWS.slice(1), USUAL)[0].tolist()


def test_the_usual_row_is_the_middle_and_the_commonest(tmp_path: Path) -> None:
    words, target = pa.array(["q", "p", "p", None]), pa.array([1, 2, 3, 4])
    held_out = pa.table(
        {"a": pa.array([3.0, None, 1.0, 9.0]), "b": pa.nulls(4, pa.float64()), "word": words, "target": target}
    )
    pq.write_table(held_out, tmp_path / "held_out.parquet")
    assert usual_row(tmp_path, SCHEMA).to_pylist() == [{"a": 3.0, "b": None, "word": "p"}]


def test_without_rows_that_were_kept_the_usual_row_is_empty(tmp_path: Path) -> None:
    found = usual_row(tmp_path, SCHEMA)
    assert found.schema == SCHEMA
    assert found.to_pylist() == [{"a": None, "b": None, "word": None}]
