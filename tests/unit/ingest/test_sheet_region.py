"""Where a table begins in a sheet, by its first rows alone."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from lakebook.ingest.sources.notes import Notes
from lakebook.ingest.sources.sheet_region import Kind, Region, Span, kind_of, region_of, said, shown

DAY = dt.date(2024, 2, 29)
Rows = list[list[Any]]


def region(rows: Rows, header: bool | None = None, skip: int = 0) -> tuple[Region | None, list[str | None]]:
    """The region of these rows and the lines that were left above it."""
    notes = Notes()
    return region_of(rows, header, skip, notes), [one["raw"] for one in notes.first]


@pytest.mark.parametrize(
    ("rows", "header", "above"),
    [
        ([["a", "b"], [1, 2]], 1, []),
        ([["", ""], ["a", "b"], [1, 2]], 2, []),
        ([["Sales", "", ""], ["a", "b", "c"], [1, 2, 3]], 2, ["Sales"]),
        ([["Sales", "", ""], ["", "", ""], ["by", "us", ""], ["a", "b", "c"], [1, 2, 3]], 3, ["Sales"]),
        ([["Sales", "", "", ""], ["on", "", "", DAY], ["a", "b", "c", "d"], [1, 2, 3, 4]], 2, ["Sales"]),
        ([["t", "", "", "", ""], ["a", "b", "c", "", ""], [1, 2, 3, 4, 5]], 2, ["t"]),
        ([["only"], ["x"], ["y"]], 1, []),
        ([["title", ""], ["a", "b"], ["x", "y"]], 2, ["title"]),
    ],
    ids=["first", "blank", "title", "two-lines", "wide-line", "unnamed", "one-column", "two-columns"],
)
def test_what_stands_above_is_left_out_and_said(rows: Rows, header: int, above: list[str]) -> None:
    found, noted = region(rows)
    assert found is not None
    assert (found.header, found.first, noted) == (header, header + 1, above)


@pytest.mark.parametrize(
    ("rows", "named"),
    [
        ([["a", "b"], ["x", "y"]], True),
        ([["a", "b"], ["x", 1]], True),
        ([["a", 7], ["b", 8]], False),
        ([[1, 2], [3, 4]], False),
        ([[1, 2], [3, "x"]], False),
        ([["flag", "n"], [True, "x"]], True),
        ([[True, "n"], [False, "x"]], False),
        ([["a", 2019.0, 2020.0], ["x", 5.0, 6.0]], True),
        ([["a", 2020.0, 2019.0], ["x", 5.0, 6.0]], False),
        ([["a", 2019.5, 2020.0], ["x", 5.0, 6.0]], False),
        ([["a", DAY, DAY + dt.timedelta(31)], ["x", DAY, DAY]], True),
        ([[DAY, 1.0], [DAY, 2.0]], False),
        ([["a", 1.0], ["b", ""]], False),
        ([["a", "b"]], True),
    ],
    ids=["texts", "number", "data", "numbers", "mixed", "truth", "truths", "years", "falling", "fractions", "months",
         "days", "nothing-below", "alone"],
)  # fmt: skip
def test_whether_the_first_row_names_the_columns(rows: Rows, named: bool) -> None:
    found, _noted = region(rows)
    assert found is not None
    assert (found.header > 0) == named
    assert found.labels == ([said(cell) for cell in rows[0]] if named else [""] * len(rows[0]))
    assert found.first == (2 if named else 1)


@pytest.mark.parametrize(
    ("header", "skip", "expected"),
    [
        (True, 0, Region(1, 2, ["1", "2"])),
        (False, 0, Region(0, 1, ["", ""])),
        (None, 1, Region(2, 3, ["a", "b"])),
        (False, 2, Region(0, 3, ["", ""])),
        (None, 9, None),
    ],
    ids=["header", "no-header", "skip", "both", "past-the-end"],
)
def test_what_was_said_is_done(header: bool | None, skip: int, expected: Region | None) -> None:
    assert region([[1.0, 2.0], ["a", "b"], [3.0, 4.0]], header, skip) == (expected, [])


@pytest.mark.parametrize(
    ("cell", "kind", "text"),
    [
        ("", "nothing", ""),
        ("  ", "nothing", ""),
        (" a ", "text", "a"),
        (True, "truth", "TRUE"),
        (3.0, "number", "3"),
        (0.1, "number", "0.1"),
        (1e300, "number", "1e+300"),
        (7, "number", "7"),
        (DAY, "moment", "2024-02-29"),
        (dt.datetime(2024, 2, 29, 10), "moment", "2024-02-29 10:00:00"),
        (dt.time(9, 5), "moment", "09:05:00"),
        (dt.timedelta(hours=30, seconds=5), "moment", "30:00:05"),
        (dt.timedelta(seconds=-61), "moment", "-0:01:01"),
    ],
    ids=["empty", "blank", "text", "truth", "whole", "real", "huge", "int", "day", "moment",
         "clock", "long", "negative"],
)  # fmt: skip
def test_cells_as_text(cell: Any, kind: Kind, text: str) -> None:
    assert kind_of(cell) == kind
    assert said(cell) == text


def test_a_row_is_shown_short() -> None:
    assert shown(["a", "", 1.0, " b "]) == "a | 1 | b"
    assert len(shown(["x" * 500])) == 200


def test_rows_that_are_all_empty_have_no_region() -> None:
    assert region([["", " "], [""]]) == (None, [])
    assert region([]) == (None, [])


def test_of_each_kind_the_first_hundred_are_kept() -> None:
    notes = Notes()
    for at in range(150):
        notes.note("a", None, None, "r", line=at)
    notes.note("b", "x", "raw", "r")
    assert notes.counts == {"a": 150, "b": 1}
    assert len(notes.first) == 101
    notes.clear()
    assert (notes.first, dict(notes.counts)) == ([], {})


PAIRS = [Span(1, 1, 1, 2), Span(1, 3, 1, 4)]


@pytest.mark.parametrize(
    ("rows", "spans", "labels", "first"),
    [
        ([["id", "net", "", "gross", ""], ["", "a", "b", "a", "b"], [1, 2, 3, 4, 5]], [*PAIRS, Span(1, 0, 2, 0)],
         ["id", "net a", "net b", "gross a", "gross b"], 3),
        ([["", "net", "", "gross", ""], ["id", "a", "b", "a", "b"], [1, 2, 3, 4, 5]], PAIRS,
         ["id", "net a", "net b", "gross a", "gross b"], 3),
        ([["net", "", "gross", ""], ["a", "b", "a", "b"], [1, 2, 3, 4]], [Span(1, 0, 1, 1), Span(1, 2, 1, 3)],
         ["net a", "net b", "gross a", "gross b"], 3),
        ([["name", "", "city"], ["Ann", "Lee", "Bern"], ["Bo", "Ray", "Rome"]], [Span(1, 0, 1, 1)],
         ["name", "name", "city"], 2),
        ([["name", "", "city", ""], ["Ann", "Lee", "Bern", "BE"]], [Span(1, 0, 1, 1), Span(1, 2, 1, 3)],
         ["name", "name", "city", "city"], 2),
        ([["net", "", "x"], [1, 2, 3], [4, 5, 6]], [Span(1, 0, 1, 1)], ["net", "net", "x"], 2),
        ([["Title", "", ""], ["a", "b", "c"], [1, 2, 3]], [Span(1, 0, 1, 2)], ["a", "b", "c"], 3),
    ],
    ids=["groups", "narrow-groups", "only-groups", "one-name", "names-over-data", "numbers", "title"],
)  # fmt: skip
def test_a_header_of_two_rows_gives_both_names(rows: Rows, spans: list[Span], labels: list[str], first: int) -> None:
    found = region_of(rows, None, 0, Notes(), spans)
    assert found is not None
    assert (found.labels, found.first) == (labels, first)
