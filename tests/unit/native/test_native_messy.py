"""The messy files: every one is as its manifest says, cell by cell, or it is known why not and something is said."""

from __future__ import annotations

from pathlib import Path

from tests.unit.native.messy import entries, read

# What is read otherwise than the manifest says. Of the last two the manifest itself is unsure, or wrong.
OTHERWISE = {
    "duckdb/bad_csv_file_2047.csv": "quotes inside a cell that nothing encloses are kept as they stand",
    "duckdb/real__nfc_normalization.csv": "nothing but words: the first row is taken for a header",
    "duckdb/test__blob.csv": "one line of escaped bytes, of which any reader makes another table",
    "duckdb/comma_decimal_null.csv": "28 columns between commas; the manifest counts semicolons and says one",
    "clevercsv/milk.csv": "23 columns between tabs; the manifest counts commas and says one",
}


def test_every_messy_file_is_read_as_its_manifest_says(shared: Path, tmp_path: Path) -> None:
    found = {entry["file"]: read(entry, shared, tmp_path) for entry in entries(shared)}
    assert len(found) == 116
    wrong = {name: one for name, one in found.items() if one.troubles}
    assert sorted(wrong) == sorted(OTHERWISE), wrong
    silent = [name for name, one in wrong.items() if not one.said]
    assert silent == []


def test_files_that_are_out_of_the_ordinary_say_so(shared: Path, tmp_path: Path) -> None:
    said = {entry["file"]: set(read(entry, shared, tmp_path).said) for entry in entries(shared)}
    for name, kind in {
        "handmade/ragged_late.csv": "long_row",
        "handmade/preamble.csv": "preamble",
        "handmade/dup_headers.csv": "renamed_column",
        "handmade/nul_bytes.csv": "nul_byte",
        "handmade/footer_total.csv": "odd_value",
        "spectrum/newlines.csv": "line_break_in_cell",
        "frictionless/defective-rows.csv": "short_row",
    }.items():
        assert kind in said[name], (name, said[name])
