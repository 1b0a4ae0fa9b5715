"""The demo's folder: nobody's files are lost, nothing half-made is left."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

import pytest

from lakebook.demo import files as demo_files
from lakebook.demo import make
from lakebook.demo.make import make_demo, notebooks_dir
from lakebook.demo.models import DemoRequest
from lakebook.errors import Conflict, DiskFull, InvalidRequest, NotFound

TODAY = date(2026, 3, 2)
LINES = 2_000


def listing(folder: Path) -> dict[str, bytes]:
    """Every file below the folder with its content."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_new_folder_gets_the_data_and_the_notebooks(tmp_path: Path) -> None:
    made = make_demo(tmp_path / "deep" / "demo", lines=LINES, today=TODAY)
    assert {file.path for file in made.files} == set(listing(Path(made.folder)))
    assert {"orders.csv", "customers.csv", "products.csv", "today.jsonl", "00_welcome.ipynb",
            "pipelines/daily_sales.ipynb", "dashboards/sales.ipynb"} <= set(listing(Path(made.folder)))  # fmt: skip
    rows = {file.path: file.rows for file in made.files}
    assert rows["orders.csv"] == LINES
    assert rows["00_welcome.ipynb"] is None
    assert not any(file.kept for file in made.files)
    assert 0 < made.seconds < 60


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    for name, seed in (("a", 7), ("b", 7), ("c", 8)):
        make_demo(tmp_path / name, lines=LINES, seed=seed, today=TODAY)
    assert listing(tmp_path / "a") == listing(tmp_path / "b")
    assert listing(tmp_path / "a")["orders.csv"] != listing(tmp_path / "c")["orders.csv"]


def test_a_folder_with_other_peoples_files_keeps_them(tmp_path: Path) -> None:
    (tmp_path / "thesis.csv").write_text("mine\n", encoding="utf-8")
    make_demo(tmp_path, lines=LINES, today=TODAY)
    assert (tmp_path / "thesis.csv").read_text(encoding="utf-8") == "mine\n"


@pytest.mark.parametrize("name", ["orders.csv", "products.csv", "pipelines/daily_sales.ipynb"])
def test_a_file_that_is_there_already_is_refused_and_nothing_is_written(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("mine\n", encoding="utf-8")
    with pytest.raises(Conflict, match="already holds") as refused:
        make_demo(tmp_path, lines=LINES, today=TODAY)
    assert "--if-absent" in refused.value.hint
    assert listing(tmp_path) == {name: b"mine\n"}


def test_if_absent_leaves_the_data_alone_and_brings_a_missing_notebook_back(tmp_path: Path) -> None:
    make_demo(tmp_path, lines=LINES, today=TODAY)
    before = listing(tmp_path)
    (tmp_path / "00_welcome.ipynb").unlink()
    (tmp_path / "customers.csv").write_text("mine\n", encoding="utf-8")
    again = make_demo(tmp_path, lines=LINES, today=date(2026, 4, 1), if_absent=True)
    assert listing(tmp_path) == {**before, "customers.csv": b"mine\n"}
    kept = {file.path: file.kept for file in again.files}
    assert kept["orders.csv"]
    assert kept["dashboards/sales.ipynb"]
    assert not kept["00_welcome.ipynb"]


def test_if_absent_keeps_a_file_of_the_same_name_where_there_is_no_data_yet(tmp_path: Path) -> None:
    (tmp_path / "products.csv").write_text("mine\n", encoding="utf-8")
    made = make_demo(tmp_path, lines=LINES, today=TODAY, if_absent=True)
    assert (tmp_path / "products.csv").read_text(encoding="utf-8") == "mine\n"
    assert [file.path for file in made.files if file.kept] == ["products.csv"]
    assert (tmp_path / "orders.csv").exists()


def test_if_absent_is_quick_on_a_full_folder_because_it_imports_nothing_heavy(tmp_path: Path) -> None:
    make_demo(tmp_path, lines=LINES, today=TODAY)
    script = (
        "import sys, pathlib; from lakebook.demo.make import make_demo;"
        f"make_demo(pathlib.Path({str(tmp_path)!r}), if_absent=True);"
        "print(sorted({'polars', 'numpy', 'pandas'} & set(sys.modules)))"
    )
    path = os.pathsep.join(entry for entry in sys.path if entry)
    ran = subprocess.run([sys.executable, "-c", script], env={**os.environ, "PYTHONPATH": path}, capture_output=True,
                         text=True, check=True)  # fmt: skip
    assert ran.stdout.strip() == "[]"


def test_force_writes_over_the_demos_files_and_over_no_others(tmp_path: Path) -> None:
    make_demo(tmp_path, lines=LINES, today=TODAY)
    before = listing(tmp_path)
    (tmp_path / "orders.csv").write_text("spoiled\n", encoding="utf-8")
    (tmp_path / "mine.txt").write_text("mine\n", encoding="utf-8")
    make_demo(tmp_path, lines=LINES, today=TODAY, force=True)
    assert listing(tmp_path) == {**before, "mine.txt": b"mine\n"}


def test_a_file_in_place_of_the_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "demo").write_text("", encoding="utf-8")
    with pytest.raises(InvalidRequest, match="is a file, not a folder"):
        make_demo(tmp_path / "demo", lines=LINES)
    with pytest.raises(InvalidRequest, match="is a file, not a folder"):
        make_demo(tmp_path / "demo" / "below", lines=LINES)


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> str:
        raise PermissionError(errno.EACCES, "no")

    monkeypatch.setattr(tempfile, "mkdtemp", refuse)
    with pytest.raises(InvalidRequest, match="cannot be written"):
        make_demo(tmp_path, lines=LINES)


def test_a_full_disk_leaves_nothing_half_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fill(folder: Path, *_: object) -> dict[str, int]:
        (folder / "orders.csv").write_text("half", encoding="utf-8")
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(demo_files, "write_data", fill)
    with pytest.raises(DiskFull, match="No room left"):
        make_demo(tmp_path, lines=LINES)
    assert list(tmp_path.iterdir()) == []


def test_the_notebooks_come_from_the_package_or_the_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (notebooks_dir() / "pipelines" / "daily_sales.ipynb").is_file()
    monkeypatch.setattr(make, "__file__", str(tmp_path / "a" / "b" / "c" / "make.py"))
    with pytest.raises(NotFound, match="missing from this installation"):
        notebooks_dir()
    packaged = tmp_path / "a" / "b" / "c" / "notebooks"
    packaged.mkdir(parents=True)
    (packaged / "00_welcome.ipynb").write_text("{}", encoding="utf-8")
    assert notebooks_dir() == packaged


def test_checkpoints_are_not_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "notebooks"
    (source / ".ipynb_checkpoints").mkdir(parents=True)
    for name in ("00_welcome.ipynb", ".ipynb_checkpoints/00_welcome-checkpoint.ipynb"):
        (source / name).write_text("{}", encoding="utf-8")
    monkeypatch.setattr(make, "notebooks_dir", lambda: source)
    made = make_demo(tmp_path / "demo", lines=LINES, today=TODAY)
    assert [file.path for file in made.files if file.path.endswith(".ipynb")] == ["00_welcome.ipynb"]


def test_the_request_has_defaults_and_bounds_the_lines() -> None:
    assert DemoRequest.model_validate({}).model_dump() == {
        "folder": "lakebook-demo", "lines": 200_000, "seed": 7, "if_absent": False, "force": False,
    }  # fmt: skip
    with pytest.raises(ValueError, match="greater than or equal to 1000"):
        DemoRequest.model_validate({"lines": 10})
