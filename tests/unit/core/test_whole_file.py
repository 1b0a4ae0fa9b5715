"""A small file is there whole or not at all, and SQL's names and texts hold every character."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakebook.sql_text import literal, quoted
from lakebook.whole_file import write_whole

# SQL has no way to write a NUL, and lone surrogates are no text.
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=40)


def test_a_file_is_written_with_its_mode(tmp_path: Path) -> None:
    write_whole(tmp_path / "key.json", "ключ", mode=0o600)
    assert (tmp_path / "key.json").read_text(encoding="utf-8") == "ключ"
    assert stat.S_IMODE((tmp_path / "key.json").stat().st_mode) == 0o600
    write_whole(tmp_path / "key.json", "later")
    assert [path.name for path in tmp_path.iterdir()] == ["key.json"]
    assert (tmp_path / "key.json").read_text() == "later"


def test_what_stood_stays_where_writing_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_whole(tmp_path / "page.html", "whole")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(tmp_path / "page.html", "half")
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]
    assert (tmp_path / "page.html").read_text() == "whole"


def test_a_long_name_has_room_for_its_part(tmp_path: Path) -> None:
    name = "n" * 250
    write_whole(tmp_path / name, "text")
    assert (tmp_path / name).read_text() == "text"


@given(WORDS, WORDS)
def test_any_name_and_any_text_come_back_from_sql(name: str, text: str) -> None:
    with duckdb.connect() as connection:
        answer = connection.execute(f"SELECT {literal(text)} AS {quoted(name)}")
        assert answer.description is not None
        assert (answer.description[0][0], answer.fetchone()) == (name, (text,))
