"""Bad input ends in one line that says what to do, and nothing half-made is visible afterwards."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import psutil
import pytest

import lakebook
from lakebook.client import Lakebook
from lakebook.errors import BadFile, BadTarget, HomeUnusable, InvalidRequest, NameTaken, NotFound
from lakebook.metadata import upgrade
from lakebook.runtime import open_runtime
from lakebook.settings import Settings, find_home

GOOD = "id,kind,answer\n" + "".join(f"{n},{n % 3},yes\n" for n in range(100))


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with nothing wrong in it."""
    path = tmp_path_factory.mktemp("files") / "good.csv"
    path.write_text(GOOD)
    return path


@pytest.fixture(scope="module")
def lb(tmp_path_factory: pytest.TempPathFactory, good: Path) -> Iterator[Lakebook]:
    """A home with one table, which no bad input of these tests may change."""
    with lakebook.open(tmp_path_factory.mktemp("kept") / "home") as opened:
        opened.ingest(good)
        yield opened


def command(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """The shell's door in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "lakebook_cli", *words, "--home", str(home)], capture_output=True, text=True
    )


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    """What a refused command said: one line on standard error, exit status 1."""
    assert done.returncode == 1, done.stdout + done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    return lines[0]


def assert_unchanged(lb: Any) -> None:
    """Only the good table is there, and no file without one."""
    assert [dataset.name for dataset in lb.datasets().rows()] == ["good"]
    runtime = lb.place.runtime
    tables = [path for layer in runtime.lake.folder.iterdir() for path in layer.iterdir()]
    assert len(tables) == 1
    assert not list(runtime.settings.folder("tmp").glob("*.part"))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("picture.csv", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" * 50, "picture.csv|not"),
        ("words.parquet", b"these are words, not a table\nand more words\n", "Parquet|parquet"),
        ("words.jsonl", b"these are words, not a table\nand more words\n", r"^words\.jsonl holds no JSON objects"),
        ("table.parquet", b"PAR1" + b"\x00" * 300, "Parquet|parquet"),
        ("lines.jsonl", b'{"a": \n{"b": \n' * 3, r"^lines\.jsonl holds no JSON objects"),
        ("empty.csv", b"", "empty"),
        ("newlines.csv", b"\n\n\n", r"^newlines\.csv holds nothing but blank lines\."),
    ],
)
def test_a_file_that_is_not_what_it_says(lb: Any, tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadFile, match=said) as refused:
        lb.ingest(tmp_path / name)
    assert refused.value.hint
    assert_unchanged(lb)


def test_an_empty_folder_and_a_missing_file(lb: Any, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadFile, match="No file with content"):
        lb.ingest(tmp_path / "empty")
    with pytest.raises(BadFile, match="no file"):
        lb.ingest(tmp_path / "none.csv")
    assert not {"empty", "none.csv"} & {job.title for job in lb.jobs(limit=1000).items}
    assert_unchanged(lb)


def test_a_name_already_taken_in_any_case(lb: Any, good: Path) -> None:
    with pytest.raises(NameTaken, match="GOOD") as refused:
        lb.ingest(good, name="GOOD")
    assert "--mode replace" in refused.value.hint
    assert_unchanged(lb)


@pytest.mark.parametrize("name", ["", " ", "a/b", 'a"b', "tab\tname", "x" * 201, "silver.gold.x"])
def test_names_that_cannot_be(lb: Any, good: Path, name: str) -> None:
    if not name.strip():
        assert lb.ingest(good, name=name or None, mode="replace").name == "good"
        return
    with pytest.raises(InvalidRequest):
        lb.ingest(good, name=name)
    assert_unchanged(lb)


def test_a_dataset_that_does_not_exist(lb: Any) -> None:
    with pytest.raises(NotFound, match="goood") as refused:
        lb.profile("goood")
    assert "'good'" in refused.value.hint
    with pytest.raises(NotFound):
        lb.datasets.rename("nothing", "something")


def test_a_target_that_cannot_be_learned(lb: Any) -> None:
    with pytest.raises(BadTarget, match="kin") as refused:
        lb.train("good", target="kin")
    assert "'kind'" in refused.value.hint
    assert {job.verb for job in lb.jobs(limit=1000).items} == {"ingest"}


def test_a_target_with_one_value(lb: Any) -> None:
    with pytest.raises(BadTarget, match="answer"):
        lb.train("good", target="answer", time=5)
    assert len(lb.models()) == 0


def test_a_home_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert "not a folder" in one_line(command(tmp_path / "file", "datasets"))


def test_a_home_written_by_newer_code(home: Path) -> None:
    runtime = open_runtime(home)
    with runtime.database.write() as connection:
        connection.exec_driver_sql("UPDATE lakebook_version SET version_num = '9999'")
    runtime.close()
    said = one_line(command(home, "datasets"))
    assert "newer" in said
    assert "pip install --upgrade lakebook" in said


def test_older_metadata_waits_for_a_server_or_worker(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_runtime(home).close()
    monkeypatch.setattr(upgrade, "HEAD", "9999")
    with pytest.raises(lakebook.errors.Conflict, match="9999") as refused:
        open_runtime(home)
    assert "lakebook worker" in refused.value.hint


class Mount(NamedTuple):
    """A mounted disk, as psutil gives it."""

    mountpoint: str
    fstype: str


def test_a_home_on_a_network_file_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mounts = [Mount("/", "ext4"), Mount(str(tmp_path / "share"), "nfs4")]
    monkeypatch.setattr(psutil, "disk_partitions", lambda **_options: mounts)
    with pytest.raises(HomeUnusable, match="nfs4") as refused:
        open_runtime(tmp_path / "share" / "home")
    assert "postgresql://" in refused.value.hint
    open_runtime(tmp_path / "disk" / "home").close()


def on_small_disk(folder: Path, options: str, words: str) -> subprocess.CompletedProcess[str]:
    """Run a command where the folder is a small disk of its own, which goes with the command."""
    folder.mkdir(exist_ok=True)
    script = f"mount -t tmpfs -o {options} none '{folder}' && {words}"
    return subprocess.run(["unshare", "-Urm", "sh", "-c", script], capture_output=True, text=True)


@pytest.mark.skipif(sys.platform != "linux", reason="disks of one's own are made by Linux name spaces")
def test_a_read_only_folder(tmp_path: Path) -> None:
    folder = tmp_path / "disk"
    done = on_small_disk(folder, "ro,size=1m", f"'{sys.executable}' -m lakebook_cli datasets --home '{folder}/home'")
    said = one_line(done)
    assert "cannot be written" in said
    assert "--home" in said


@pytest.mark.skipif(sys.platform != "linux", reason="disks of one's own are made by Linux name spaces")
def test_a_full_disk(tmp_path: Path) -> None:
    """The upload's copy no longer fits; the home still works and shows no table."""
    rows = "".join(f"{n},{n * 7919 % 100_003},{n * 104_729 % 1_000_003}\n" for n in range(400_000))
    (tmp_path / "big.csv").write_text("a,b,c\n" + rows)
    folder, cli = tmp_path / "disk", f"'{sys.executable}' -m lakebook_cli"
    words = (
        f"{cli} ingest '{tmp_path}/big.csv' --home '{folder}/home' --json; echo; "
        f"{cli} datasets --home '{folder}/home' --json; echo; ls -A '{folder}/home/tmp' '{folder}/home/lake/bronze'"
    )
    done = on_small_disk(folder, "size=4m", words)
    ingest, datasets, left = done.stdout.split("\n\n")[0], done.stdout.split("\n\n")[1], done.stdout
    error = json.loads(ingest)["error"]
    assert error["code"] == "disk_full", done.stderr
    assert "Free some space" in error["hint"]
    assert json.loads(datasets) == {"items": []}
    assert ".keep" not in left
    assert ".parquet" not in left


def test_wrong_use_is_status_2(home: Path) -> None:
    for words in (["ingest"], ["nonsense"], ["profile", "a", "--colour", "red"], ["query", "--limit", "many", "x"]):
        done = command(home, *words)
        assert done.returncode == 2, done.stderr
        assert "usage:" in done.stderr


def test_refusals_are_json_where_json_is_asked(home: Path) -> None:
    done = command(home, "profile", "nothing", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["error"]["code"] == "not_found"


def test_home_is_found_upwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LAKEBOOK_HOME", raising=False)
    (tmp_path / "a" / ".lakebook").mkdir(parents=True)
    (tmp_path / "a" / "b" / "c").mkdir(parents=True)
    assert find_home(root=tmp_path / "a" / "b" / "c") == tmp_path / "a" / ".lakebook"
    assert find_home(root=tmp_path) == tmp_path / ".lakebook"
    assert find_home(tmp_path / "named", root=tmp_path / "a") == tmp_path / "named"
    monkeypatch.setenv("LAKEBOOK_HOME", str(tmp_path / "told"))
    assert find_home(root=tmp_path / "a") == tmp_path / "told"


def test_settings_from_file_and_variables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "lakebook.toml").write_text("query_seconds = 5.0\nworkers = 3\n")
    monkeypatch.setenv("LAKEBOOK_WORKERS", "2")
    settings = Settings(home=tmp_path)
    assert settings.query_seconds == 5.0
    assert settings.workers == 2


def test_home_is_private(home: Path) -> None:
    open_runtime(home).close()
    assert home.stat().st_mode & 0o777 == 0o700
    assert all(path.stat().st_mode & 0o077 == 0 for path in home.iterdir() if path.is_dir())
