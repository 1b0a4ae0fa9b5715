"""CSV and its relatives: dialect, header, ragged rows, quotes, encodings."""

from __future__ import annotations

import lakebook_native
import pytest

from tests.unit.native.ingested import Ingest


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "\x01"])
def test_the_delimiter_is_told_from_the_content(ingest: Ingest, delimiter: str) -> None:
    lines = [("id", "name", "score"), ("1", "Ann", "1.5"), ("2", "Bob", "2.25"), ("3", "Cid", "3.0")]
    table = ingest("\n".join(delimiter.join(line) for line in lines) + "\n")
    assert table.result.dialect["delimiter"] == delimiter
    assert table.rows == [(1, "Ann", 1.5), (2, "Bob", 2.25), (3, "Cid", 3.0)]


def test_a_delimiter_can_be_given(ingest: Ingest) -> None:
    text = "a;b,c\n1;2,3\n4;5,6\n"
    assert ingest(text, delimiter=",").types == {"a_b": "VARCHAR", "c": "BIGINT"}
    assert ingest(text, delimiter=";").rows == [(1, 2.3), (4, 5.6)]


@pytest.mark.parametrize("delimiter", ["", ",,", "\n", '"', "é"])
def test_a_delimiter_is_one_character(ingest: Ingest, delimiter: str) -> None:
    with pytest.raises(ValueError, match="one ASCII character"):
        ingest("a,b\n1,2\n", delimiter=delimiter)


@pytest.mark.parametrize(
    ("end", "shown"), [("\n", "\n"), ("\r\n", "\r\n"), ("\r", "\r")], ids=["unix", "windows", "old mac"]
)
@pytest.mark.parametrize("last", [True, False])
def test_every_line_end_is_read_with_and_without_the_last_one(ingest: Ingest, end: str, shown: str, last: bool) -> None:
    text = end.join(["id,name", "1,x", '2,"y"', "3,z"]) + (end if last else "")
    table = ingest(text)
    assert table.rows == [(1, "x"), (2, "y"), (3, "z")]
    assert table.result.dialect["line_end"] == shown


def test_mixed_line_ends_leave_no_carriage_return_in_the_cells(ingest: Ingest) -> None:
    assert ingest("a,b\r\n1,x\n2,y\r\n3,z\n").values("b") == ["x", "y", "z"]


def test_quotes_enclose_delimiters_newlines_and_doubled_quotes(ingest: Ingest) -> None:
    table = ingest('id,text\n1,"a, b"\n2,"two\nlines"\n3,"say ""hi"""\n4,""""\n')
    assert table.values("text") == ["a, b", "two\nlines", 'say "hi"', '"']
    assert table.result.rejected_rows == 0


def test_backslashes_escape_quotes_where_the_file_does_so(ingest: Ingest) -> None:
    table = ingest("".join(["id,text\n", *(f'{n},"say \\"hi\\", ok"\n' for n in range(5))]))
    assert table.result.dialect["escape"] == "\\"
    assert table.values("text") == ['say "hi", ok'] * 5


def test_single_quotes_enclose_cells_where_most_do(ingest: Ingest) -> None:
    table = ingest("".join(["a|b\n", *(f"'x|{n}'|'y'\n" for n in range(5))]))
    assert table.result.dialect["quote"] == "'"
    assert table.values("a") == [f"x|{n}" for n in range(5)]


def test_an_apostrophe_is_no_quote(ingest: Ingest) -> None:
    table = ingest("name,n\n'tis,1\nO'Hara,2\nplain,3\nother,4\n")
    assert table.values("name") == ["'tis", "O'Hara", "plain", "other"]


def test_inch_marks_inside_cells_are_letters(ingest: Ingest) -> None:
    table = ingest('id,text\n1,6" pipe\n2,8" pipe\n3,"ok"\n')
    assert table.values("text") == ['6" pipe', '8" pipe', "ok"]


def test_text_behind_a_closing_quote_is_kept_and_reported(ingest: Ingest) -> None:
    rows = "".join(f'{n},"fine"\n' for n in range(200))
    table = ingest(f'id,text\n{rows}200,"a"b\n')
    assert table.values("text")[-1] == '"a"b'
    assert table.result.deviation_counts["text_after_quote"] == 1
    assert table.result.deviations[-1]["line"] == 202


def test_a_quote_that_nothing_closes_swallows_no_rows(ingest: Ingest) -> None:
    rows = "".join(f'{n},"fine"\n' for n in range(200))
    table = ingest(f'id,text\n{rows}200,"open\n201,plain\n')
    assert table.result.row_count == 202
    assert table.values("text")[-2:] == ['"open', "plain"]
    assert table.result.deviation_counts["unclosed_quote"] == 1


def test_an_empty_cell_is_null_and_an_empty_string_is_not(ingest: Ingest) -> None:
    table = ingest('n,text\n1,\n2,""\n3,x\n')
    assert table.values("text") == [None, "", "x"]
    assert (table.column("text")["null_count"], table.column("text")["empty_count"]) == (1, 1)


def test_an_empty_string_in_a_typed_column_is_null(ingest: Ingest) -> None:
    assert ingest('a,n\nx,1\ny,""\nz,3\n').values("n") == [1, None, 3]


@pytest.mark.parametrize("end", ["", ",", '\n"9",8'], ids=["without a quote", "one even row", "with a quote"])
def test_rows_that_are_all_short_are_padded_and_not_filled_from_the_next(ingest: Ingest, end: str) -> None:
    table = ingest(f"a,b,c\n1,2\n3,4\n5,6{end}\n", header=True)
    assert table.values("a")[:3] == [1, 3, 5]
    assert table.values("c") == [None] * table.result.row_count
    assert table.result.deviation_counts["short_row"] >= 2


def test_short_rows_are_padded_and_long_rows_keep_their_surplus_in_the_deviation(ingest: Ingest) -> None:
    table = ingest("a,b,c\n1,x,2\n3,y\n4,z,5,left,over\n6,w,7\n")
    assert table.rows == [(1, "x", 2), (3, "y", None), (4, "z", 5), (6, "w", 7)]
    assert table.result.deviation_counts == {"short_row": 1, "long_row": 1}
    short, long = table.result.deviations
    assert (short["kind"], short["line"], short["raw"]) == ("short_row", 3, "3,y")
    assert (long["kind"], long["line"], long["raw"]) == ("long_row", 4, "4,z,5,left,over")
    assert table.result.rejected_rows == 0


def test_blank_lines_are_no_rows(ingest: Ingest) -> None:
    table = ingest("a,b\n1,x\n\n\n2,y\n\n")
    assert table.rows == [(1, "x"), (2, "y")]
    assert table.result.deviation_counts["blank_line"] == 3


def test_rows_of_nothing_but_delimiters_are_rows_of_nulls(ingest: Ingest) -> None:
    assert ingest("a,b\n1,x\n,\n2,y\n").rows == [(1, "x"), (None, None), (2, "y")]


def test_lines_above_the_table_are_skipped_and_reported(ingest: Ingest) -> None:
    table = ingest("Report of sales\n\nid,name,day\n1,a,2024-01-01\n2,b,2024-01-02\n3,c,2024-01-03\n")
    assert table.types == {"id": "BIGINT", "name": "VARCHAR", "day": "DATE"}
    assert table.result.dialect["skipped_lines"] == 2
    assert [(one["kind"], one["raw"]) for one in table.result.deviations] == [("preamble", "Report of sales")]


def test_a_line_below_the_table_is_a_row_and_its_cell_is_named(ingest: Ingest) -> None:
    rows = "".join(f"{n},a\n" for n in range(100))
    table = ingest(f"id,name\n{rows}Total,\n")
    assert table.result.row_count == 101
    assert table.types["id"] == "VARCHAR"
    odd = [one for one in table.result.deviations if one["kind"] == "odd_value"]
    assert [(one["line"], one["column"], one["raw"]) for one in odd] == [(102, "id", "Total")]


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("first,last\nAnn,Lee\nBob,Ray\n", True),
        ("id,name\n1,Ann\n2,Bob\n", True),
        ("1,Ann\n2,Bob\n", False),
        ("2024-01-01,x\n2024-01-02,y\n", False),
        ("true,x\nfalse,y\n", False),
        ("name\n1\n2\n", True),
        ("t\n2024-01-02\n2024-01-03\n", True),
        ("a,b,c\n", True),
        ("1,2,3\n", False),
    ],
)
def test_the_first_row_is_a_header_unless_it_reads_like_the_data(ingest: Ingest, text: str, header: bool) -> None:
    table = ingest(text)
    assert table.result.dialect["header"] is header
    assert table.result.row_count == text.count("\n") - header


def test_columns_without_a_header_are_numbered(ingest: Ingest) -> None:
    assert list(ingest("1,Ann\n2,Bob\n").types) == ["column_1", "column_2"]


def test_headers_become_names_that_delta_accepts(ingest: Ingest) -> None:
    table = ingest('Unit Price,a,A,,x;y,"say ""hi""\nthere"\n1,2,3,4,5,6\n')
    names = [column["name"] for column in table.result.columns]
    assert names == ["Unit_Price", "a", "A_2", "column_4", "x_y", 'say_"hi"_there']
    assert table.column("Unit_Price")["label"] == "Unit Price"
    assert table.result.deviation_counts["renamed_column"] == 5


def test_a_header_alone_is_a_table_without_rows(ingest: Ingest) -> None:
    table = ingest("a,b\n")
    assert (table.result.row_count, table.types) == (0, {"a": "VARCHAR", "b": "VARCHAR"})
    assert table.rows == []


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16-le"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("cp1252", "windows-1252"),
    ],
)
def test_encodings_are_told_and_read(ingest: Ingest, encoding: str, shown: str) -> None:
    text = "id,name,price\n" + "".join(f"{n},näme “{n}”,{n}.5\n" for n in range(30))
    table = ingest(text.encode(encoding))
    assert table.result.dialect["encoding"] == shown
    assert table.values("name") == [f"näme “{n}”" for n in range(30)]
    assert ("encoding_guess" in table.result.deviation_counts) is (encoding == "cp1252")


def test_letters_beyond_the_basic_plane_survive_utf_16(ingest: Ingest) -> None:
    text = "id,face\n" + "".join(f"{n},😀{n}\n" for n in range(50))
    assert ingest(text.encode("utf-16")).values("face") == [f"😀{n}" for n in range(50)]


def test_latin_1_that_shows_only_late_is_still_read(ingest: Ingest) -> None:
    text = "id,name\n" + "".join(f"{n},plain\n" for n in range(200_000)) + "200000,café\n"
    table = ingest(text.encode("latin-1"))
    assert table.result.dialect["encoding"] == "windows-1252"
    assert (table.result.row_count, table.values("name")[-1]) == (200_001, "café")
    assert table.result.rejected_rows == 0


def test_a_broken_row_of_a_utf_8_file_is_kept_beside_the_table(ingest: Ingest) -> None:
    text = "id,name\n1,été\n2,élève à l'école\n".encode() + b"3,bro\xffken\n4,ok\n"
    table = ingest(text)
    assert table.rows == [(1, "été"), (2, "élève à l'école"), (4, "ok")]
    assert table.result.rejected_rows == 1
    assert table.result.rejected == [
        {"line": 4, "raw": "3,bro\ufffdken", "reason": "the row holds bytes that are no valid UTF-8"}
    ]


def test_nul_inside_a_cell_is_kept(ingest: Ingest) -> None:
    assert ingest("id,name\n1,a\0b\n2,c\n").values("name") == ["a\0b", "c"]


def test_a_record_longer_than_a_block_is_one_record(ingest: Ingest) -> None:
    long = "x\n" * 5_000_000
    table = ingest(f'id,blob\n1,"{long}"\n2,short\n')
    assert [len(value) for value in table.values("blob")] == [10_000_000, 5]


def test_a_file_of_many_blocks_keeps_every_row_in_order(ingest: Ingest) -> None:
    rows = 400_000
    text = "id,text,q\n" + "".join(f'{n},"row, {n}",é\n' for n in range(rows))
    table = ingest(text, threads=2)
    assert table.result.row_count == rows
    assert table.values("id") == list(range(rows))
    assert table.values("text")[123_456] == "row, 123456"


def test_a_header_longer_than_the_sample_is_read(ingest: Ingest) -> None:
    width = 60_000
    header = ",".join(f"column_{n:05}" for n in range(width))
    table = ingest(f"{header}\n" + ",".join("1" for _ in range(width)) + "\n")
    assert (table.result.column_count, table.result.row_count) == (width, 1)


def test_several_files_are_one_table_by_column_name(ingest: Ingest) -> None:
    table = ingest("id,name\n1,a\n2,b\n", "NAME,id,extra\nc,3,2.5\n")
    assert table.types == {"id": "BIGINT", "name": "VARCHAR", "extra": "DOUBLE"}
    assert table.rows == [(1, "a", None), (2, "b", None), (3, "c", 2.5)]


def test_types_widen_over_all_files(ingest: Ingest) -> None:
    assert ingest("v\n1\n2\n", "v\n0.5\n").rows == [(1.0,), (2.0,), (0.5,)]
    assert ingest("v\n1\n2\n", "v\nx\n").rows == [("1",), ("2",), ("x",)]


def test_no_file_is_an_error(tmp_path_factory: pytest.TempPathFactory) -> None:
    output = tmp_path_factory.mktemp("none") / "out.parquet"
    with pytest.raises(lakebook_native.EmptySource, match="no source"):
        lakebook_native.process_dataset([], str(output))
