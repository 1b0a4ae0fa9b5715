"""JSON lines, arrays of objects, objects one after another."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import lakebook_native
import pytest

from tests.unit.native.ingested import Ingest

RECORDS = [{"id": 1, "name": "a"}, {"id": 2, "name": "b}{"}, {"id": 3, "name": None}]


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(json.dumps(record) for record in RECORDS),
        "\r\n\r\n".join(json.dumps(record) for record in RECORDS) + "\r\n",
        json.dumps(RECORDS),
        json.dumps(RECORDS, indent=2),
        "\n".join(json.dumps(record, indent=1) for record in RECORDS),
    ],
    ids=["lines", "crlf and blank lines", "array", "pretty array", "pretty objects"],
)
def test_every_layout_gives_the_same_table(ingest: Ingest, text: str) -> None:
    table = ingest(text)
    assert table.result.dialect["format"] == "json"
    assert table.rows == [(1, "a"), (2, "b}{"), (3, None)]


@pytest.mark.parametrize(
    "text",
    ['{"n": 1}\f\r\n{"n": 2}\n', '{"n": 1}\n\f\n\f{"n": 2}\f\f\n', '[{"n": 1}\f,\f{"n": 2}]', '{"n": 1}\f{"n": 2}'],
    ids=["at the end of a line", "on a line of its own", "in an array", "one after the other"],
)
def test_form_feeds_between_objects_are_blanks(ingest: Ingest, text: str) -> None:
    table = ingest(text, format="json")
    assert table.rows == [(1,), (2,)]
    assert table.result.rejected_rows == 0


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_encodings_with_a_mark_are_read(ingest: Ingest, encoding: str) -> None:
    text = "\n".join(json.dumps({"n": n, "t": f"é{n}"}, ensure_ascii=False) for n in range(20))
    assert ingest(text.encode(encoding), format="json").values("t") == [f"é{n}" for n in range(20)]


def test_columns_stand_in_order_of_first_appearance_and_missing_keys_are_null(ingest: Ingest) -> None:
    table = ingest('{"b": 1}\n{"a": 2, "b": 3}\n{"c": "x"}\n')
    assert table.types == {"b": "BIGINT", "a": "BIGINT", "c": "VARCHAR"}
    assert table.rows == [(1, None, None), (3, 2, None), (None, None, "x")]


def test_numbers_keep_every_digit(ingest: Ingest) -> None:
    table = ingest('{"id": 9007199254740993, "price": 1.10}\n{"id": -1, "price": 2.255}\n')
    assert table.rows == [(9007199254740993, Decimal("1.100")), (-1, Decimal("2.255"))]
    assert table.types["price"] == "DECIMAL(18,3)"


def test_strings_stay_strings_unless_they_are_dates(ingest: Ingest) -> None:
    table = ingest('{"zip": "123", "on": "2024-01-02", "word": "NA"}\n{"zip": "9", "on": "2024-01-03", "word": ""}\n')
    assert table.types == {"zip": "VARCHAR", "on": "DATE", "word": "VARCHAR"}
    assert table.rows == [("123", dt.date(2024, 1, 2), "NA"), ("9", dt.date(2024, 1, 3), "")]


def test_mixed_values_become_text(ingest: Ingest) -> None:
    table = ingest('{"v": 1}\n{"v": "x"}\n{"v": 2.5}\n{"v": null}\n{"v": true}\n{"v": [1, 2]}\n')
    assert table.values("v") == ["1", "x", "2.5", None, "true", "[1, 2]"]


def test_escapes_are_undone(ingest: Ingest) -> None:
    table = ingest(r'{"t": "a\"b\\c\n\u00e9\ud83d\ude00\/"}' + "\n")
    assert table.values("t") == ['a"b\\c\né😀/']


def test_regular_nesting_becomes_structs_and_lists(ingest: Ingest) -> None:
    table = ingest(
        '{"geo": {"lat": 1, "on": true}, "tags": ["a", "b"]}\n'
        '{"geo": {"lat": 2.5, "place": {"name": "x"}}, "tags": []}\n'
        '{"geo": null, "tags": null}\n'
    )
    assert table.types == {"geo": 'STRUCT(lat DOUBLE, "on" BOOLEAN, place STRUCT("name" VARCHAR))'.replace('"', ""),
                           "tags": "VARCHAR[]"}  # fmt: skip
    assert table.rows == [
        ({"lat": 1.0, "on": True, "place": None}, ["a", "b"]),
        ({"lat": 2.5, "on": None, "place": {"name": "x"}}, []),
        (None, None),
    ]


@pytest.mark.parametrize(
    "text",
    [
        '{"v": {"a": 1}}\n{"v": {"a": "x"}}\n',
        '{"v": [1, "x"]}\n{"v": []}\n',
        '{"v": {"a": 1}}\n{"v": [1]}\n',
        '{"v": {"a": 1, "A": 2}}\n{"v": {}}\n',
        '{"v": {}}\n{"v": {}}\n',
    ],
)
def test_irregular_nesting_stays_json_text(ingest: Ingest, text: str) -> None:
    table = ingest(text)
    assert table.types == {"v": "VARCHAR"}
    assert [json.loads(value) for value in table.values("v")] == [json.loads(line)["v"] for line in text.splitlines()]


def test_a_broken_record_is_kept_beside_the_table(ingest: Ingest) -> None:
    table = ingest('{"a": 1}\n{"a": "x"\n[1]\n{"a": 3}\n')
    assert table.values("a") == [1, 3]
    assert table.result.rejected_rows == 2
    assert [(row["line"], row["raw"]) for row in table.result.rejected] == [(2, '{"a": "x"'), (3, "[1]")]
    assert table.result.deviation_counts == {"malformed_record": 2}


def test_broken_bytes_cost_one_record(ingest: Ingest) -> None:
    lines = [json.dumps({"t": "é" * 5}, ensure_ascii=False).encode() for _ in range(3)]
    table = ingest(b"\n".join([lines[0], b'{"t": "\xff"}', *lines[1:]]))
    assert (table.result.row_count, table.result.rejected_rows) == (3, 1)


def test_a_key_that_stands_twice_counts_once_and_is_reported(ingest: Ingest) -> None:
    table = ingest('{"a": 1, "b": 2, "a": 3}\n{"a": 4, "b": 5}\n')
    assert table.rows == [(3, 2), (4, 5)]
    assert table.result.deviation_counts == {"repeated_key": 1}


def test_deep_nesting_is_refused_not_overflowed(ingest: Ingest) -> None:
    deep = "[" * 100_000 + "]" * 100_000
    table = ingest('{"a": 1}\n' + f'{{"a": {deep}}}\n')
    assert (table.result.row_count, table.result.rejected_rows) == (1, 1)
    assert "nested too deeply" in table.result.rejected[0]["reason"]


@pytest.mark.parametrize("text", ["[1, 2, 3]", "[[1], [2]]", '"text"', "{a: 1}", "nothing of the kind"])
def test_what_holds_no_objects_is_not_this_format(ingest: Ingest, text: str) -> None:
    with pytest.raises((lakebook_native.NotThisFormat, lakebook_native.EmptySource)):
        ingest(text, format="json")


@pytest.mark.parametrize("text", ["[]", "{}", "  \n "])
def test_no_columns_is_an_empty_source(ingest: Ingest, text: str) -> None:
    with pytest.raises(lakebook_native.EmptySource):
        ingest(text, format="json")


def test_many_blocks_keep_every_record_in_order(ingest: Ingest) -> None:
    rows = 200_000
    text = "[" + ",\n".join(json.dumps({"id": n, "text": f"row {n} é"}) for n in range(rows)) + "]"
    table = ingest(text, threads=2)
    assert table.values("id") == list(range(rows))
    assert table.result.deviation_counts == {}
