"""Settings: arguments before variables before the home's file; bad ones are refused by name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lakebook.errors import HomeUnusable
from lakebook.home import network_file_system, open_home
from lakebook.runtime import open_runtime
from lakebook.settings import Settings, find_home
from lakebook_cli.main import main


def test_what_is_nearest_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "lakebook.toml").write_text('workers = 2\nquery_seconds = 9\nlog_level = "DEBUG"\nunknown = 1\n')
    monkeypatch.setenv("LAKEBOOK_WORKERS", "3")
    monkeypatch.setenv("LAKEBOOK_QUERY_SECONDS", "8")
    chosen = Settings(home=tmp_path, workers=4)
    assert (chosen.workers, chosen.query_seconds, chosen.log_level) == (4, 8.0, "DEBUG")


def test_an_empty_variable_says_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "lakebook.toml").write_text("workers = 2\n")
    monkeypatch.setenv("LAKEBOOK_WORKERS", "")
    assert Settings(home=tmp_path).workers == 2


def test_parts_are_in_the_home_unless_an_address_names_another_place(tmp_path: Path) -> None:
    plain = Settings(home=tmp_path / "home")
    assert plain.metadata_address == f"sqlite:///{tmp_path}/home/metadata.sqlite"
    assert plain.models_address == f"sqlite:///{tmp_path}/home/mlflow.sqlite"
    assert plain.lake_folder == tmp_path / "home" / "lake"
    told = Settings(home=tmp_path, metadata="postgresql://h/d", models="http://127.0.0.1:1", lake=str(tmp_path / "l"))
    assert told.metadata_address == "postgresql://h/d"
    assert told.models_address == "http://127.0.0.1:1"
    assert told.lake_folder == tmp_path / "l"


def test_a_folder_is_made_private(tmp_path: Path) -> None:
    made = Settings(home=tmp_path).folder("cache")
    assert made == tmp_path / "cache"
    assert made.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    ("variable", "value"),
    [("WORKERS", "many"), ("WORKERS", "-1"), ("WORKERS", "65"), ("QUERY_SECONDS", "0"), ("UNDO_DAYS", "-1")],
)
def test_a_bad_variable_is_named(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], variable: str, value: str
) -> None:
    monkeypatch.setenv(f"LAKEBOOK_{variable}", value)
    assert main(["datasets", "--json"]) == 1
    error = json.loads(capsys.readouterr().out)["error"]
    assert error["code"] == "home_unusable"
    assert variable.lower() in error["message"]
    assert f"LAKEBOOK_{variable}" in error["hint"]
    assert not home.exists()


def test_a_file_that_is_no_toml_is_named(home: Path) -> None:
    home.mkdir()
    (home / "lakebook.toml").write_text("workers = = 2\n")
    with pytest.raises(HomeUnusable, match=r"lakebook\.toml"):
        open_runtime(home)


def test_a_named_home_is_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LAKEBOOK_HOME", raising=False)
    monkeypatch.chdir(tmp_path)
    assert find_home("data") == tmp_path / "data"
    assert find_home() == tmp_path / ".lakebook"
    assert find_home("~/data") == Path.home() / "data"
    monkeypatch.setenv("LAKEBOOK_HOME", "~/told")
    assert find_home() == Path.home() / "told"


def test_a_file_of_the_homes_name_is_no_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LAKEBOOK_HOME", raising=False)
    (tmp_path / ".lakebook").mkdir()
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / ".lakebook").write_text("")
    assert find_home(root=tmp_path / "inner") == tmp_path / ".lakebook"


def test_opening_a_home_twice_changes_nothing(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    open_home(settings)
    (tmp_path / "home" / "files" / "kept").write_text("kept")
    before = sorted(tmp_path.rglob("*"))
    open_home(settings)
    assert sorted(tmp_path.rglob("*")) == before
    assert not list((tmp_path / "home" / "tmp").iterdir())


def test_this_disk_is_no_network(tmp_path: Path) -> None:
    assert network_file_system(tmp_path) is None


def test_the_innermost_mount_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    class Mount:
        def __init__(self, mountpoint: str, fstype: str) -> None:
            self.mountpoint, self.fstype = mountpoint, fstype

    mounts = [Mount("/", "ext4"), Mount("/net", "NFS4"), Mount("/net/here", "ext4"), Mount("/network", "cifs")]
    monkeypatch.setattr("psutil.disk_partitions", lambda **_options: mounts)
    assert network_file_system(Path("/net/there/home")) == "nfs4"
    assert network_file_system(Path("/net/here/home")) is None
    assert network_file_system(Path("/network/home")) == "cifs"
    assert network_file_system(Path("/networked/home")) is None


def test_on_a_network_only_postgresql_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lakebook.home.network_file_system", lambda _path: "nfs")
    with pytest.raises(HomeUnusable, match="nfs"):
        open_home(Settings(home=tmp_path / "a"))
    open_home(Settings(home=tmp_path / "b", metadata="postgresql://h/d"))
    assert (tmp_path / "b" / "lake" / "gold").is_dir()
