"""MLflow's SQLite file read directly says what MLflow itself says."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lakebook.ml import families
from lakebook.ml.families import Family
from lakebook.ml.model_version import ModelVersion
from lakebook.ml.registry import ModelStore

Register = Callable[..., ModelVersion]


def file_of(store: ModelStore) -> Path:
    """The store's SQLite file."""
    return Path(store.tracking_uri.removeprefix("sqlite:///"))


def client_of(store: ModelStore) -> Any:
    """MLflow's own client of the store."""
    from mlflow.tracking import MlflowClient

    return MlflowClient(tracking_uri=store.tracking_uri, registry_uri=store.tracking_uri)


def by_name(found: list[Family]) -> dict[str, Family]:
    """The families by name."""
    return {family.name: family for family in found}


def test_both_readings_agree_to_the_last_tag(store: ModelStore, again: Register) -> None:
    again("read twice")
    again("read twice")
    store.move("read twice@2", "shadow")
    direct, told = by_name(families.read_file(file_of(store))), by_name(families.read_client(client_of(store)))
    assert direct == told
    assert list(direct["read twice"].versions) == [2, 1]
    assert direct["read twice"].kept == {"candidate": 2, "champion": 1, "shadow": 2}


def test_a_version_deleted_in_mlflow_is_gone_in_both_readings(store: ModelStore, again: Register) -> None:
    again("deleted")
    again("deleted")
    client = client_of(store)
    client.delete_model_version("deleted", "1")
    direct = by_name(families.read_file(file_of(store)))["deleted"]
    assert direct == by_name(families.read_client(client))["deleted"]
    assert list(direct.versions) == [2]
    assert store.get("deleted").version == 2
    client.delete_registered_model("deleted")
    assert "deleted" not in by_name(families.read_file(file_of(store)))


def test_reading_needs_no_mlflow(store: ModelStore, boosted: ModelVersion) -> None:
    def client() -> Any:
        raise AssertionError("MLflow was asked")

    assert "boosted" in by_name(families.read(store.tracking_uri, client))


def test_a_store_that_is_not_there_yet_holds_nothing(tmp_path: Path) -> None:
    store = ModelStore(f"sqlite:///{tmp_path / 'none.sqlite'}", tmp_path / "models")
    assert store.list() == []
    assert not (tmp_path / "none.sqlite").exists()


@pytest.mark.parametrize("address", ["http://127.0.0.1:5000", "sqlite:///store.sqlite?timeout=3", "postgresql://db/x"])
def test_other_stores_are_read_by_mlflow(store: ModelStore, boosted: ModelVersion, address: str) -> None:
    assert "boosted" in by_name(families.read(address, lambda: client_of(store)))


def test_a_store_with_other_tables_is_read_by_mlflow(store: ModelStore, boosted: ModelVersion, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "other.sqlite") as connection:
        connection.execute("CREATE TABLE model_versions (name TEXT)")
    found = families.read(f"sqlite:///{tmp_path / 'other.sqlite'}", lambda: client_of(store))
    assert "boosted" in by_name(found)


def test_many_pages_are_read_to_the_end() -> None:
    class Page(list[Any]):
        token: str | None = None

    def search(max_results: int, page_token: str | None) -> Page:
        page = Page(range(int(page_token or 0), int(page_token or 0) + 2))
        page.token = None if page[-1] >= 5 else str(page[-1] + 1)
        return page

    assert list(families._pages(search)) == [0, 1, 2, 3, 4, 5]


def test_aliases_are_told_without_those_that_were_never_set() -> None:
    family = Family("m", {3: {}, 2: {}, 1: {}})
    assert [family.aliases_of(number) for number in (3, 2, 1)] == [["candidate"], [], ["champion"]]
    family.kept = {"champion": 2, "candidate": 1, "shadow": 1}
    assert [family.aliases_of(number) for number in (3, 2, 1)] == [["candidate"], ["champion"], ["shadow"]]


def test_a_version_that_was_put_away_is_neither_candidate_nor_champion() -> None:
    away = {"lakebook.stage": "archived"}
    family = Family("m", {3: away, 2: {}, 1: away})
    assert [family.aliases_of(number) for number in (3, 2, 1)] == [
        ["archived"], ["candidate", "champion"], ["archived"],
    ]  # fmt: skip
    assert [family.is_archived(number) for number in (3, 2, 1)] == [True, False, True]
    assert Family("m", {1: away}).newest == Family("m", {1: away}).champion == 1
