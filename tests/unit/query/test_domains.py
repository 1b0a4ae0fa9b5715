"""The domain of a caller's questions: what the catalogue names now, its keys and ties, read once a version."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from lakebook.call import Call
from lakebook.catalog.models import DatasetRequest
from lakebook.errors import NotFound
from lakebook.query import domains
from lakebook.query.domains import domain_of, tables_of
from lakebook.runtime import Runtime, open_runtime
from lakebook.semantics.model import Dataset, Relationship, SemanticModel
from lakebook.verbs import BY_NAME
from tests.properties.in_process import call_of, ingested

STATEMENTS = (
    "CREATE TABLE wards (ward_id INTEGER PRIMARY KEY, name TEXT)",
    "CREATE TABLE visits (visit_id INTEGER PRIMARY KEY, ward INTEGER REFERENCES wards(ward_id), nurse_id INTEGER)",
    "INSERT INTO wards VALUES (1, 'Heart'), (2, 'Eyes')",
    "INSERT INTO visits VALUES (10, 1, 7), (11, 1, 8), (12, 2, 7)",
)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    """A home with two tables of a database and one of a file."""
    folder = tmp_path_factory.mktemp("domains")
    with closing(sqlite3.connect(folder / "clinic.db")) as made:
        for statement in STATEMENTS:
            made.execute(statement)
        made.commit()
    (folder / "nurses.csv").write_text("nurse_id,born\n7,1990\n8,1985\n9,2000\n")
    runtime = open_runtime(folder / "home", upgrade=True)
    ingested(runtime, folder / "clinic.db", name=None)
    ingested(runtime, folder / "nurses.csv", name="nurses")
    yield runtime
    runtime.close()


@pytest.fixture
def call(opened: Runtime) -> Call:
    return call_of(opened)


def ties(call: Call, **more: Any) -> set[tuple[str, str, bool]]:
    found = domain_of(call, **more).relationships
    return {(f"{each.many.name}.{each.many_columns[0]}", each.one.name, each.declared) for each in found}


def test_tables_keys_and_ties_are_found(call: Call) -> None:
    domain = domain_of(call)
    assert [table.full_name for table in domain.tables] == ["bronze.nurses", "bronze.visits", "bronze.wards"]
    assert domain.keys["bronze.visits"] == ("visit_id",)
    assert ties(call) == {("visits.ward", "wards", True), ("visits.nurse_id", "nurses", False)}
    assert list(domain.tables) == tables_of(call)


def test_a_domain_is_made_once_for_its_versions(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    first = domain_of(call)
    monkeypatch.setattr(type(call.runtime.catalog), "profile", None)
    assert domain_of(call) is first


@pytest.mark.parametrize("scope", [["visits", "wards"], ["bronze.visits", "WARDS"]], ids=["names", "spelt otherwise"])
def test_a_scope_leaves_the_others_out(call: Call, scope: list[str]) -> None:
    assert ties(call, scope=scope) == {("visits.ward", "wards", True)}


def test_a_scope_takes_ids(call: Call) -> None:
    (wards,) = [table for table in domain_of(call).tables if table.name == "wards"]
    assert domain_of(call, [wards.dataset_id]).tables == (wards,)


@pytest.mark.parametrize(("name", "hint"), [("vists", "'visits'"), ("gold.visits", "'visits'"), ("zzz", "List")])
def test_a_dataset_that_is_not_there_is_said(call: Call, name: str, hint: str) -> None:
    with pytest.raises(NotFound, match=name) as caught:
        domain_of(call, [name])
    assert hint in caught.value.hint


def test_a_semantic_model_adds_keys_and_ties(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    model = SemanticModel(
        "clinic",
        datasets=(Dataset("nurse", "nurses", ("NURSE_ID",)), Dataset("visit", "bronze.visits"), Dataset("x", "gone")),
        relationships=(
            Relationship("by", "visit", "nurse", ("Nurse_Id",), ("nurse_id",)),
            Relationship("lost", "visit", "x", ("nurse_id",), ("nurse_id",)),
            Relationship("bent", "visit", "nurse", ("no_such",), ("nurse_id",)),
        ),
    )
    monkeypatch.setattr(domains, "models_for", lambda _call: (model,))
    assert ("visits.nurse_id", "nurses", True) in ties(call)
    assert len(domain_of(call).relationships) == 2
    assert domain_of(call).models == (model,)


def test_what_is_deleted_or_renamed_is_known_at_once(call: Call, tmp_path: Path) -> None:
    (tmp_path / "gone.csv").write_text("a,b\n1,2\n")
    ingested(call.runtime, tmp_path / "gone.csv", name="gone")
    assert "gone" in {table.name for table in domain_of(call).tables}
    BY_NAME["datasets.delete"].run(call, DatasetRequest(dataset="gone"))
    assert "gone" not in {table.name for table in domain_of(call).tables}
