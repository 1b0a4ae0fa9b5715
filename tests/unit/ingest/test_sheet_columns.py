"""The type of a sheet's column, by the cells that it holds."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest

from lakebook.ingest.sources.sheet_columns import NULL_WORDS, Look, typed

DAY, MOMENT, CLOCK = dt.date(2024, 2, 29), dt.datetime(2024, 2, 29, 10), dt.time(10, 30)


def looked(*batches: list[Any], words: frozenset[str] = NULL_WORDS) -> Look:
    """A look at these cells, batch by batch."""
    look = Look()
    for batch in batches:
        look.take(batch, words)
    return look


@pytest.mark.parametrize(
    ("cells", "kind", "expected"),
    [
        ([1.0, 2.0, ""], pa.int64(), [1, 2, None]),
        ([1.0, 2.5, ""], pa.float64(), [1.0, 2.5, None]),
        ([2.0**53, -(2.0**53)], pa.int64(), [2**53, -(2**53)]),
        ([2.0**53 * 2], pa.float64(), [2.0**54]),
        ([3, 4], pa.int64(), [3, 4]),
        ([True, False, ""], pa.bool_(), [True, False, None]),
        ([DAY, ""], pa.date32(), [DAY, None]),
        ([MOMENT, DAY], pa.timestamp("us"), [MOMENT, dt.datetime(2024, 2, 29)]),
        ([CLOCK, dt.timedelta(hours=30)], pa.string(), ["10:30:00", "30:00:00"]),
        (["a", " b ", " "], pa.string(), ["a", " b ", None]),
        (["1", "2"], pa.string(), ["1", "2"]),
        (["", ""], pa.string(), [None, None]),
    ],
    ids=["whole", "real", "edge", "past-the-edge", "int", "truth", "day", "moment",
         "clock", "text", "digits", "nothing"],
)  # fmt: skip
def test_one_kind_of_cells(cells: list[Any], kind: pa.DataType, expected: list[Any]) -> None:
    column = typed(looked(cells), frozenset())
    assert column.type == kind
    assert column.made_of(cells).to_pylist() == expected
    assert column.notes == ()


@pytest.mark.parametrize("word", sorted(NULL_WORDS))
def test_a_word_for_null_beside_numbers_is_null(word: str) -> None:
    column = typed(looked([1.0, word], [f" {word} "]), frozenset())
    assert column.type == pa.int64()
    assert column.made_of([1.0, word, f" {word} "]).to_pylist() == [1, None, None]
    assert [kind for kind, _reason in column.notes] == ["null_word"]


@pytest.mark.parametrize("others", [[True], [DAY], [MOMENT, DAY], [CLOCK]], ids=["truth", "day", "moments", "clock"])
def test_words_for_null_beside_every_kind(others: list[Any]) -> None:
    look = looked(["NA", *others])
    assert look.typed
    assert typed(look, frozenset()).made_of(["NA", *others]).to_pylist()[0] is None


@pytest.mark.parametrize(
    ("cells", "texts"),
    [
        ([1.0, "x", "NA"], ["1", "x", "NA"]),
        ([1.5, True], ["1.5", "TRUE"]),
        ([DAY, 2.0], ["2024-02-29", "2"]),
        ([CLOCK, DAY], ["10:30:00", "2024-02-29"]),
        (["-", "x", 0.1], ["-", "x", "0.1"]),
    ],
    ids=["word", "truth", "day", "clock", "dash"],
)
def test_mixed_cells_are_texts(cells: list[Any], texts: list[str]) -> None:
    look = looked(cells)
    column = typed(look, frozenset())
    assert not look.typed
    assert column.type == pa.string()
    assert column.made_of(cells).to_pylist() == texts
    assert [kind for kind, _reason in column.notes] == ["mixed_types"]


def test_words_for_null_in_a_text_are_those_of_the_sheet() -> None:
    column = typed(looked(["NA", "x", "-"]), frozenset({"NA"}))
    assert column.made_of(["NA", " NA", "x", "-"]).to_pylist() == [None, None, "x", "-"]


def test_other_words_may_be_said() -> None:
    look = looked([1.0, "?"], words=frozenset({"?"}))
    assert typed(look, frozenset()).made_of([1.0, "?"]).to_pylist() == [1, None]
    assert not looked([1.0, "NA"], words=frozenset({"?"})).typed


def test_a_look_does_not_depend_on_the_batches() -> None:
    cells = [1.0, "", 2.5, "NA", "  ", 3.0]
    whole, parts = looked(cells), looked(*([cell] for cell in cells))
    assert (whole.kinds, whole.whole, whole.words) == (parts.kinds, parts.whole, parts.words)
    assert not whole.nothing
    assert looked(["", " "]).nothing
