"""Which files may be looked at: those below the folder, of known kinds, that are not hidden."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from lakebook.errors import BadFile, NotFound
from lakebook.view.files import find_file


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a file in it, and a file beside it."""
    inside = tmp_path / "root"
    (inside / "data").mkdir(parents=True)
    (inside / "data" / "a.csv").write_text("a\n1\n")
    (tmp_path / "secret.csv").write_text("a\n1\n")
    return inside


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.csv", "csv"), ("a.TSV", "csv"), ("a.jsonl", "json"), ("a.ndjson", "json"), ("a.parquet", "parquet")],
)
def test_the_ending_tells_the_format(folder: Path, name: str, kind: str) -> None:
    (folder / name).write_text("x")
    assert find_file(folder, name).format == kind


@pytest.mark.parametrize("given", ["data/a.csv", "/data/a.csv", "data/../data/a.csv", "./data/a.csv"])
def test_a_path_starts_at_the_folder(folder: Path, given: str) -> None:
    if "." in Path(given).parts or ".." in Path(given).parts:
        given = os.path.normpath(given)
    found = find_file(folder, given)
    assert (found.name, found.size_bytes) == ("a.csv", 4)


@pytest.mark.parametrize(
    "given",
    ["../secret.csv", "data/../../secret.csv", "nothing.csv", "data", "", "..", "a\0.csv", "x" * 5000],
    ids=["up", "down-and-up", "missing", "folder", "empty", "dots", "nul", "long"],
)
def test_what_is_not_below_the_folder_is_no_file(folder: Path, given: str) -> None:
    with pytest.raises(NotFound, match="There is no file"):
        find_file(folder, given)


def test_an_absolute_path_is_taken_from_the_folder_too(folder: Path) -> None:
    with pytest.raises(NotFound):
        find_file(folder, str(folder.parent / "secret.csv"))


def test_links_lead_nowhere_outside(folder: Path) -> None:
    (folder / "out.csv").symlink_to(folder.parent / "secret.csv")
    (folder / "up").symlink_to(folder.parent)
    (folder / "in.csv").symlink_to(folder / "data" / "a.csv")
    for given in ("out.csv", "up/secret.csv"):
        with pytest.raises(NotFound):
            find_file(folder, given)
    assert find_file(folder, "in.csv").path == (folder / "data" / "a.csv").resolve()


def test_hidden_files_stay_hidden(folder: Path) -> None:
    (folder / ".lakebook").mkdir()
    (folder / ".lakebook" / "a.parquet").write_text("x")
    (folder / ".a.csv").write_text("x")
    (folder / "link.parquet").symlink_to(folder / ".lakebook" / "a.parquet")
    for given in (".lakebook/a.parquet", ".a.csv", "link.parquet"):
        with pytest.raises(NotFound):
            find_file(folder, given)


def test_other_kinds_and_empty_files_are_refused_with_a_hint(folder: Path) -> None:
    (folder / "a.exe").write_text("x")
    (folder / "empty.csv").touch()
    with pytest.raises(BadFile, match="not shown as a table") as refused:
        find_file(folder, "a.exe")
    assert ".parquet" in refused.value.hint
    with pytest.raises(BadFile, match="is empty"):
        find_file(folder, "empty.csv")


def test_the_version_changes_with_the_file(folder: Path) -> None:
    path = folder / "data" / "a.csv"
    before = find_file(folder, "data/a.csv")
    assert find_file(folder, "data/a.csv").key == before.key
    path.write_text("a\n1\n2\n")
    grown = find_file(folder, "data/a.csv")
    assert grown.version != before.version
    os.utime(path, ns=(1, 1))
    assert find_file(folder, "data/a.csv").version != grown.version
