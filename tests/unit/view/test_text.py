"""Rows of a text file by their number: counted in small blocks, read anywhere, however long the records are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lakebook.view import text
from lakebook.view.text import ANCHOR_ROWS, TextRows

CSV = {"format": "csv", "delimiter": ",", "quote": '"', "header": True, "encoding": "utf-8"}
Open = Callable[..., TextRows]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    """Opens a text of this content, and counts it unless told not to."""
    all_of_them: list[TextRows] = []

    def opening(
        content: str | bytes, columns: int = 2, *, block: int = 64, counted: bool = True, **words: Any
    ) -> TextRows:
        path = tmp_path / "rows.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        rows = TextRows(path, {**CSV, **words}, [f"c{n}" for n in range(columns)], block_bytes=block)
        all_of_them.append(rows)
        while counted and not rows.done:
            rows.count_on()
        return rows

    yield opening
    for rows in all_of_them:
        rows.close()


def numbered(count: int) -> str:
    return "id,word\n" + "".join(f"{n},w{n}\n" for n in range(count))


def test_rows_are_counted_block_by_block(opened: Open) -> None:
    rows = opened(numbered(500), counted=False)
    seen = [rows.counted]
    while not rows.done:
        before = rows.rows_known
        rows.count_on()
        assert rows.rows_known > before
        seen.append(rows.counted)
    assert rows.rows_known == 500
    assert seen == sorted(seen)
    assert seen[-1] == 1.0
    assert len(seen) > 20


@pytest.mark.parametrize("block", [16, 100, 4096, 1 << 20])
def test_any_row_is_found_from_its_anchor(opened: Open, block: int) -> None:
    rows = opened(numbered(2 * ANCHOR_ROWS + 7), block=block)
    for offset in (0, 1, ANCHOR_ROWS - 1, ANCHOR_ROWS, ANCHOR_ROWS + 1, 2 * ANCHOR_ROWS + 6):
        assert rows.rows(offset, 1) == [[str(offset), f"w{offset}"]], offset
    assert [row[0] for row in rows.rows(ANCHOR_ROWS - 2, 4)] == ["998", "999", "1000", "1001"]
    assert rows.rows(2 * ANCHOR_ROWS + 7, 10) == []
    assert len(rows.rows(2 * ANCHOR_ROWS, 100)) == 7


def test_what_is_not_counted_yet_is_not_given(opened: Open) -> None:
    rows = opened(numbered(500), counted=False)
    assert rows.rows(0, 10) == []
    rows.count_on()
    assert len(rows.rows(0, 500)) == rows.rows_known < 500


def test_the_last_row_needs_no_line_end(opened: Open) -> None:
    assert opened("a,b\n1,2\n3,4").rows(0, 9) == [["1", "2"], ["3", "4"]]
    assert opened("a,b\n1,2\n3,4\n\n\n").rows(0, 9) == [["1", "2"], ["3", "4"]]


def test_only_a_header_is_no_row(opened: Open) -> None:
    rows = opened("a,b\n")
    assert (rows.rows_known, rows.counted, rows.done) == (0, 1.0, True)


def test_without_a_header_the_first_line_is_a_row(opened: Open) -> None:
    assert opened("1,2\n3,4\n", header=False).rows(0, 9) == [["1", "2"], ["3", "4"]]


def test_skipped_lines_marks_and_a_header_over_two_lines_are_passed_over(opened: Open) -> None:
    assert opened("\ufeffa,b\n1,2\n").rows(0, 9) == [["1", "2"]]
    assert opened("made by hand\n\na,b\n1,2\n", skipped_lines=2).rows(0, 9) == [["1", "2"]]
    assert opened('"a\nc",b\n1,2\n').rows(0, 9) == [["1", "2"]]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "cp1252", "shift_jis", "gb18030"])
def test_text_in_other_encodings(opened: Open, encoding: str) -> None:
    word = {"cp1252": "é€", "shift_jis": "表示|", "gb18030": "中文"}.get(encoding, "ਊ中é")
    mark = "\ufeff" if encoding.startswith("utf-16") else ""
    rows = opened(f'{mark}a,b\n1,{word}\n"2\n2",{word}\n'.encode(encoding), encoding=encoding)
    assert rows.rows(0, 9) == [["1", word], ["2\n2", word]]


def test_bytes_that_are_no_text_are_shown_as_such(opened: Open) -> None:
    assert opened(b"a,b\n\xff\xfe,2\n").rows(0, 1) == [["\ufffd\ufffd", "2"]]


def test_a_record_longer_than_the_block_is_one_record(opened: Open) -> None:
    long = "x" * 5000
    rows = opened(f'a,b\n1,"{long}\n{long}"\n2,y\n', block=32)
    assert rows.rows_known == 2
    assert rows.rows(1, 1) == [["2", "y"]]
    assert str(rows.rows(0, 1)[0][1]).startswith("xxx")


def test_a_quote_that_nobody_closes_costs_one_line(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "LONGEST_RECORD", 4096)
    rows = opened('a,b\n1,"open\n' + "".join(f"{n},y\n" for n in range(2000)), block=1024)
    assert rows.rows_known == 2001
    assert rows.rows(2000, 1) == [["1999", "y"]]


def test_a_very_long_line_is_cut_where_it_is_shown(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "LONGEST_RECORD", 4096)
    monkeypatch.setattr(text, "BLOCK_BYTES", 1000)
    monkeypatch.setattr(text, "PAGE_BYTES", 1024)
    rows = opened("a,b\n" + "z" * 50_000 + ",1\n2,3\n", block=1024)
    assert rows.rows_known == 2
    assert rows.rows(1, 1) == [["2", "3"]]
    assert str(rows.rows(0, 1)[0][0]).startswith("zzz")


def test_columns_that_come_late_are_added(opened: Open) -> None:
    rows = opened("a,b\n1,2\n3,4,5\n")
    assert rows.rows(0, 9) == [["1", "2"], ["3", "4", "5"]]
    assert rows.columns == ["c0", "c1", "column_3"]
