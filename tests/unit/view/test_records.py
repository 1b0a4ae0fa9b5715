"""Where records begin and end: against Python's own reader of separated values, on plain and on nasty text."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lakebook.view.cells import CUT, LONGEST_VALUE, CsvCells, JsonCells, clipped
from lakebook.view.records import Marks, marks_of, record_bounds

CSV = {"format": "csv", "delimiter": ",", "quote": '"'}
QUOTED = Marks(quote=ord('"'))


def records(text: str, marks: Marks = QUOTED, encoding: str = "utf-8") -> list[str]:
    """The records of a text that ends with a line end."""
    block = text.encode(encoding)
    begins, ends, rest = record_bounds(block, marks)
    assert rest == len(block)
    return [block[begin:end].decode(encoding).rstrip("\r\n") for begin, end in zip(begins, ends, strict=True)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a,b\nc,d\n", ["a,b", "c,d"]),
        ("a,b\r\nc,d\r\n", ["a,b", "c,d"]),
        ('"a\nb",c\nd,e\n', ['"a\nb",c', "d,e"]),
        ('"a ""x""\n""y""",c\nd\n', ['"a ""x""\n""y""",c', "d"]),
        ('5" disk,b\nc,"d\ne"\n', ['5" disk,b', 'c,"d\ne"']),
        ('"a"b,c\nd\n', ['"a"b,c', "d"]),
        ("a\n\n\nb\n", ["a", "b"]),
        ("a\r\n\r\nb\r\n", ["a", "b"]),
        ("\n", []),
        ('""\n""\n', ['""', '""']),
    ],
    ids=[
        "plain",
        "crlf",
        "newline-in-quotes",
        "doubled-quotes",
        "stray-quote",
        "text-after-quote",
        "blank",
        "blank-crlf",
        "none",
        "empty-quoted",
    ],
)
def test_records_end_outside_of_quotes(text: str, expected: list[str]) -> None:
    assert records(text) == expected


def test_what_is_not_ended_is_left_for_the_next_block() -> None:
    begins, ends, rest = record_bounds(b'a,b\n"c\n', QUOTED)
    assert (list(begins), list(ends), rest) == ([0], [4], 4)
    assert record_bounds(b"no end", QUOTED)[2] == 0


def test_without_quotes_every_line_is_a_record() -> None:
    assert records('"a\nb"\n', Marks()) == ['"a', 'b"']


def test_an_escaped_quote_neither_opens_nor_closes() -> None:
    marks = marks_of({**CSV, "escape": "\\"})
    assert records('"a \\" b\nc",d\ne,f\n', marks) == ['"a \\" b\nc",d', "e,f"]


def test_old_line_ends_and_wide_characters() -> None:
    assert records("a\rb\r", marks_of({**CSV, "line_end": "\r"})) == ["a", "b"]
    for encoding in ("utf-16-le", "utf-16-be"):
        marks = marks_of({**CSV, "encoding": encoding})
        assert records('ਊ,"x\ny"\n\nb,č\n', marks, encoding) == ['ਊ,"x\ny"', "b,č"]


def test_json_lines_have_no_quotes_that_span_lines() -> None:
    marks = marks_of({"format": "json", "encoding": "utf-8"})
    assert records('{"a":"x"}\n{"a":"}\n', marks) == ['{"a":"x"}', '{"a":"}']


FIELD = st.text(alphabet='ab",\n 5', max_size=6)


@settings(max_examples=100, deadline=None)
@given(rows=st.lists(st.lists(FIELD, min_size=2, max_size=4), min_size=1, max_size=12))
@example(rows=[['a"', "b"], ['"', "\n"], ["", ""]])
def test_what_was_written_is_read_back_record_by_record(rows: list[list[str]]) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    found = records(text.getvalue())
    cells = CsvCells(CSV, ["a", "b"])
    assert [[value or "" for value in cells.values(record)] for record in found] == rows


@settings(max_examples=100, deadline=None)
@given(text=st.text(alphabet='a",\n;x', max_size=40))
def test_careless_quotes_cut_as_pythons_reader_cuts(text: str) -> None:
    text = text.replace("\n\n", "\n").lstrip("\n") + "\n"
    found, _, rest = record_bounds(text.encode(), QUOTED)
    expected = [row for row in csv.reader(io.StringIO(text, newline="")) if row]
    whole = text[rest:].strip("\n") == ""
    assert len(found) == len(expected) if whole else len(found) <= len(expected)


def test_empty_fields_are_null_and_more_fields_add_columns() -> None:
    cells = CsvCells(CSV, ["a", "b"])
    assert cells.values('1,,"x, y",') == ["1", None, "x, y", None]
    assert cells.columns == ["a", "b", "column_3", "column_4"]


def test_a_record_that_cannot_be_cut_stands_whole() -> None:
    assert CsvCells(CSV, ["a", "b"]).values("a\rb,c") == ["a\rb,c"]


def test_fields_may_stand_without_quotes_or_behind_an_escape() -> None:
    assert CsvCells({"delimiter": "\t", "quote": None}, ["a"]).values('"a"\tb') == ['"a"', "b"]
    assert CsvCells({**CSV, "escape": "\\"}, ["a"]).values('"a \\" b",c') == ['a " b', "c"]


def test_json_values_stand_in_their_columns_and_new_names_add_some() -> None:
    cells = JsonCells(["a", "b"])
    assert cells.values('{"b": 1, "a": null, "z": {"x": [1]}}') == [None, 1, {"x": [1]}]
    assert cells.columns == ["a", "b", "z"]
    assert cells.values('{"a": 2}') == [2, None, None]


@pytest.mark.parametrize("line", ["not json", "[1, 2]", "7", "[" * 100_000], ids=["words", "list", "number", "deep"])
def test_a_line_that_is_no_object_stands_as_it_is(line: str) -> None:
    assert JsonCells(["a", "b"]).values(line) == [clipped(line)]


def test_long_values_are_cut() -> None:
    assert clipped("x" * 5000) == "x" * LONGEST_VALUE + CUT
    assert clipped({"a": "x" * 5000}).endswith(CUT)
    assert clipped("x" * LONGEST_VALUE) == "x" * LONGEST_VALUE
    assert clipped([1, 2]) == [1, 2]
    assert clipped(7) == 7
