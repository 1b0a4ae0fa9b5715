"""What the caller says about a text source goes before what the source looks like."""

from __future__ import annotations

from typing import Any

import pytest
from lakebook_native import EmptySource

from tests.unit.native.ingested import Ingest


def test_a_quote_can_be_given_or_ruled_out(ingest: Ingest) -> None:
    text = "id,name\n1,'a, b'\n2,c\n3,d\n4,e\n"
    given = ingest(text, quote="'")
    assert (given.result.dialect["quote"], given.values("name")) == ("'", ["a, b", "c", "d", "e"])
    ruled_out = ingest('id,name\n1,"a"\n2,"b"\n', quote="")
    assert (ruled_out.result.dialect["quote"], ruled_out.values("name")) == (None, ['"a"', '"b"'])


def test_an_escape_can_be_given_or_ruled_out(ingest: Ingest) -> None:
    text = 'id,name\n1,"say |"hi|""\n2,"x"\n'
    given = ingest(text, delimiter=",", escape="|")
    assert (given.result.dialect["escape"], given.values("name")) == ("|", ['say "hi"', "x"])
    backslash = 'id,name\n1,"a\\"b"\n2,"c\\"d, e"\n'
    assert ingest(backslash, escape="\\").values("name") == ['a"b', 'c"d, e']
    assert ingest(backslash, escape="").result.dialect["escape"] is None


@pytest.mark.parametrize(("header", "rows"), [(True, 1), (False, 2)])
def test_whether_there_is_a_header_can_be_said(ingest: Ingest, header: bool, rows: int) -> None:
    for text in ("1,2\n3,4\n", "a,b\n1,x\n"):
        table = ingest(text, header=header)
        assert (table.result.row_count, table.result.dialect["header"]) == (rows, header)
    assert list(ingest("1,2\n3,4\n", header=True).types) == ["1", "2"]


@pytest.mark.parametrize(
    ("text", "name", "shown"),
    [
        ("東京", "shift_jis", "shift_jis"),
        ("東京", "cp932", "shift_jis"),
        ("北京", "gb18030", "gb18030"),
        ("서울", "euc-kr", "euc-kr"),
        ("臺北", "big5", "big5"),
        ("Москва", "cp1251", "windows-1251"),
        ("Łódź", "windows-1250", "windows-1250"),
        ("café", "latin-1", "latin-1"),
        ("東京", "utf-16-be", "utf-16-be"),
        ("東京", "utf-8", "utf-8"),
    ],
)
def test_an_encoding_can_be_given(ingest: Ingest, text: str, name: str, shown: str) -> None:
    table = ingest(f"id,city\n1,{text}\n".encode(name), encoding=name)
    assert (table.result.dialect["encoding"], table.values("city")) == (shown, [text])
    assert "encoding_guess" not in table.result.deviation_counts


def test_bytes_outside_the_encoding_are_named_by_line(ingest: Ingest) -> None:
    table = ingest("id,name\n1,あ\n".encode("shift_jis") + b"2,x\xffy\n", encoding="shift_jis")
    assert table.values("name") == ["あ", "x\ufffdy"]
    (bad,) = table.result.deviations
    assert (bad["kind"], bad["line"], bad["raw"]) == ("bad_bytes", 3, "ff")


def test_an_encoding_given_for_json_is_used(ingest: Ingest) -> None:
    table = ingest('{"city": "東京"}\n'.encode("euc-jp"), name="data.json", encoding="euc-jp")
    assert (table.values("city"), table.result.dialect["encoding"]) == (["東京"], "euc-jp")


@pytest.mark.parametrize(
    ("cells", "decimal", "kind", "values"),
    [
        (["1,234", "5,678"], ",", "DOUBLE", [1.234, 5.678]),
        (["1,234", "5,678"], ".", "BIGINT", [1234, 5678]),
        (["1.234", "5.678"], ",", "BIGINT", [1234, 5678]),
        (["1.234", "5.678"], ".", "DOUBLE", [1.234, 5.678]),
        (["1,5", "2,5"], ".", "VARCHAR", ["1,5", "2,5"]),
        (["1.5", "2.5"], ",", "VARCHAR", ["1.5", "2.5"]),
    ],
)
def test_the_decimal_mark_can_be_given(
    ingest: Ingest, cells: list[str], decimal: str, kind: str, values: list[Any]
) -> None:
    table = ingest("id;v\n" + "".join(f"{n};{cell}\n" for n, cell in enumerate(cells)), decimal=decimal)
    assert (table.types["v"], table.values("v")) == (kind, values)
    assert table.result.dialect["decimal"] == decimal
    assert bool(table.column("v")["notes"]) is (kind == "VARCHAR")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["unix", "windows", "old mac"])
def test_lines_before_the_table_can_be_skipped(ingest: Ingest, end: str) -> None:
    text = end.join(["made, by, hand", "", "id,name", "1,a", "2,b"]) + end
    table = ingest(text, skip_lines=2)
    assert (list(table.types), table.rows) == (["id", "name"], [(1, "a"), (2, "b")])
    assert table.result.dialect["skipped_lines"] == 2


def test_lines_of_deviations_count_the_skipped_ones(ingest: Ingest) -> None:
    table = ingest("x\ny\nid,name,n\n1,a,2\n3\n4,b,5\n", skip_lines=2)
    assert [(one["kind"], one["line"]) for one in table.result.deviations] == [("short_row", 5)]


@pytest.mark.parametrize(
    ("option", "sentence"),
    [
        ({"quote": "''"}, "quote is one ASCII character"),
        ({"escape": "é"}, "escape is one ASCII character"),
        ({"delimiter": "|", "quote": "|"}, "delimiter and quote must differ"),
        ({"delimiter": "|", "escape": "|"}, "delimiter and escape must differ"),
        ({"decimal": ";"}, 'decimal is "." or ","'),
        ({"encoding": "klingon"}, "no encoding is called"),
    ],
    ids=["quote", "escape", "same quote", "same escape", "decimal", "encoding"],
)
def test_a_wrong_option_is_one_clear_error(ingest: Ingest, option: dict[str, str], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        ingest("a,b\n1,2\n", **option)


def test_skipping_every_line_leaves_nothing(ingest: Ingest) -> None:
    with pytest.raises(EmptySource):
        ingest("a,b\n1,2\n", skip_lines=9)
