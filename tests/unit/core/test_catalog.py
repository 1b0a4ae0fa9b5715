"""The catalogue: which dataset a name means, its versions and origin, and the verbs over datasets."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from lakebook.call import Call
from lakebook.catalog.expiry import forget_expired
from lakebook.catalog.models import DatasetsRequest, ProfileRequest, RenameRequest, RestoreRequest
from lakebook.catalog.store import Catalog
from lakebook.catalog.verbs import (
    delete_dataset,
    list_datasets,
    profile,
    rename_dataset,
    restore_dataset,
    show_dataset,
)
from lakebook.errors import InvalidRequest, NameTaken, NotFound
from lakebook.ids import new_id
from lakebook.runtime import Runtime
from tests.unit.core.core_home import catalogued, table_of, told


@pytest.fixture
def catalog(runtime: Runtime) -> Catalog:
    """The catalogue of the test's home."""
    return runtime.catalog


@pytest.mark.parametrize(
    ("layers", "reference", "meant"),
    [
        (["bronze"], "orders", "bronze"),
        (["bronze"], "ORDERS", "bronze"),
        (["silver"], "orders", "silver"),
        (["gold"], "Orders", "gold"),
        (["bronze", "silver", "gold"], "orders", "bronze"),
        (["silver", "bronze"], "orders", "bronze"),
        (["bronze", "silver"], "silver.orders", "silver"),
        (["bronze", "silver"], "SILVER.Orders", "silver"),
        (["silver", "gold"], "gold.orders", "gold"),
    ],
)
def test_what_a_name_means(call: Call, catalog: Catalog, layers: list[str], reference: str, meant: str) -> None:
    """Bronze where bronze has it, else the only layer that does."""
    made = {layer: catalogued(call, "Orders", layer) for layer in layers}
    assert catalog.row(reference)["dataset_id"] == made[meant]
    assert catalog.dataset(reference).layer == meant
    for layer, dataset_id in made.items():
        assert catalog.row(dataset_id)["layer"] == layer


def test_a_new_table_does_not_change_what_a_name_meant(call: Call, catalog: Catalog) -> None:
    first = catalogued(call, "orders", "bronze")
    catalogued(call, "orders", "gold")
    assert catalog.row("orders")["dataset_id"] == first


def test_a_name_in_two_other_layers_is_asked_back(call: Call, catalog: Catalog) -> None:
    catalogued(call, "orders", "gold")
    catalogued(call, "Orders", "silver")
    with pytest.raises(NotFound) as refused:
        catalog.row("ORDERS")
    assert "in gold and in silver" in refused.value.message
    assert "gold.ORDERS or silver.ORDERS" in refused.value.hint


def test_composed_and_decomposed_are_one_name(call: Call, catalog: Catalog) -> None:
    made = catalogued(call, "café")
    assert catalog.row(unicodedata.normalize("NFD", "CAFÉ"))["dataset_id"] == made


@pytest.mark.parametrize(
    ("reference", "hint"),
    [("ordres", "Did you mean 'Orders'?"), ("gold.orders", "Did you mean 'Orders'?"), ("zzz", "no dataset of a like")],
)
def test_an_unknown_name_names_the_nearest(call: Call, catalog: Catalog, reference: str, hint: str) -> None:
    catalogued(call, "Orders")
    with pytest.raises(NotFound, match=reference) as refused:
        catalog.row(reference)
    assert hint in refused.value.hint


def test_an_unknown_id(catalog: Catalog) -> None:
    with pytest.raises(NotFound):
        catalog.row(new_id())


def test_find_wants_the_layer(call: Call, catalog: Catalog) -> None:
    made = catalogued(call, "Orders", "silver")
    found = catalog.find("silver", "ORDERS")
    assert found is not None
    assert found["dataset_id"] == made
    assert catalog.find("bronze", "orders") is None


@pytest.mark.parametrize("twin", ["orders", "Orders", "ORDERS"])
def test_a_name_is_taken_once_in_a_layer(call: Call, catalog: Catalog, twin: str) -> None:
    catalogued(call, "orders")
    with pytest.raises(NameTaken, match=twin):
        catalogued(call, twin)
    catalogued(call, twin, "silver")
    assert len(catalog.datasets()) == 2


def test_versions_count_up(call: Call, catalog: Catalog) -> None:
    dataset_id = catalogued(call, "orders", rows=3)
    catalogued(call, "orders", dataset_id=dataset_id, rows=5)
    assert catalog.dataset("orders").version == 2
    assert catalog.dataset("orders").row_count == 5
    assert [row["version"] for row in catalog.versions(dataset_id)] == [2, 1]
    assert catalog.version(dataset_id, 1)["row_count"] == 3
    assert catalog.profile(dataset_id, 1).version == 1
    assert catalog.profile(dataset_id, 2).version == 2


def test_a_load_is_found_by_its_id(call: Call, catalog: Catalog) -> None:
    dataset_id = catalogued(call, "orders")
    load_id = catalog.version(dataset_id, 1)["load_id"]
    found = catalog.load(load_id)
    assert found is not None
    assert (found["dataset_id"], found["version"]) == (dataset_id, 1)
    assert catalog.load(new_id()) is None


def test_lineage_is_newest_first(call: Call, catalog: Catalog) -> None:
    dataset_id = catalogued(call, "orders", lineage=[("file", "a.csv")], job_id="j1")
    catalogued(call, "orders", dataset_id=dataset_id, lineage=[("pipeline", "python"), ("dataset", "x")], run_id="r1")
    edges = [(edge["version"], edge["source_kind"], edge["source"]) for edge in catalog.lineage(dataset_id)]
    assert edges == [(2, "dataset", "x"), (2, "pipeline", "python"), (1, "file", "a.csv")]
    assert [edge["job_id"] for edge in catalog.lineage(dataset_id)] == [None, None, "j1"]
    assert [edge["run_id"] for edge in catalog.lineage(dataset_id)] == ["r1", "r1", None]


def test_datasets_are_listed_by_layer_and_name(call: Call, catalog: Catalog) -> None:
    for layer, name in (("silver", "b"), ("bronze", "Zebra"), ("bronze", "apple"), ("silver", "A")):
        catalogued(call, name, layer)
    listed = [(dataset.layer, dataset.name) for dataset, _ in catalog.datasets()]
    assert listed == [("bronze", "apple"), ("bronze", "Zebra"), ("silver", "A"), ("silver", "b")]
    assert catalog.datasets()[0][1] == ["a.parquet"]
    assert catalog.datasets()[0][0].quality_score == 0.75


def of(reference: str) -> RestoreRequest:
    return RestoreRequest(dataset=reference)


def test_a_rename_keeps_id_and_history(call: Call, catalog: Catalog) -> None:
    dataset_id = catalogued(call, "orders")
    catalogued(call, "orders", dataset_id=dataset_id)
    done = rename_dataset(call, RenameRequest(dataset="orders", name="Sales"))
    assert (done.dataset_id, done.name, done.version) == (dataset_id, "Sales", 2)
    assert profile(call, ProfileRequest(dataset="sales")).name == "Sales"
    with pytest.raises(NotFound):
        catalog.row("orders")
    entry = call.runtime.audit.entries()[0]
    assert (entry["action"], entry["resource"]) == ("datasets.rename", f"dataset:{dataset_id}")
    event = call.runtime.events.after(0)[-1]
    assert event["topic"] == "datasets.rename"
    assert event["payload"]["name"] == "Sales"


def test_a_rename_of_case_alone(call: Call, catalog: Catalog) -> None:
    catalogued(call, "orders")
    assert rename_dataset(call, RenameRequest(dataset="orders", name="Orders")).name == "Orders"


@pytest.mark.parametrize(("name", "kind"), [("SALES", NameTaken), ("a/b", InvalidRequest), ("gold.x", InvalidRequest)])
def test_a_rename_that_cannot_be(call: Call, catalog: Catalog, name: str, kind: type[Exception]) -> None:
    catalogued(call, "orders")
    catalogued(call, "sales")
    with pytest.raises(kind):
        rename_dataset(call, RenameRequest(dataset="orders", name=name))
    assert [dataset.name for dataset, _ in catalog.datasets()] == ["orders", "sales"]
    assert call.runtime.audit.entries() == []
    assert call.runtime.events.after(0) == []


def test_deleted_is_out_of_sight_until_restored(call: Call, catalog: Catalog) -> None:
    dataset_id = catalogued(call, "orders")
    done = delete_dataset(call, of("orders"))
    assert done.dataset_id == dataset_id
    assert done.deleted_at is not None
    assert list_datasets(call, DatasetsRequest()).items == []
    assert [found.name for found in list_datasets(call, DatasetsRequest(deleted=True)).rows()] == ["orders"]
    for reference in ("orders", dataset_id):
        with pytest.raises(NotFound):
            catalog.row(reference)
    assert catalog.find("bronze", "orders") is None
    back = restore_dataset(call, of("ORDERS"))
    assert (back.dataset_id, back.deleted_at) == (dataset_id, None)
    with pytest.raises(NotFound, match="deleted dataset"):
        restore_dataset(call, of("orders"))


def test_a_deleted_name_is_free_and_then_not_restored_over_another(call: Call, catalog: Catalog) -> None:
    first = catalogued(call, "orders")
    delete_dataset(call, of("orders"))
    second = catalogued(call, "orders")
    with pytest.raises(NameTaken) as refused:
        restore_dataset(call, of("orders"))
    assert refused.value.hint == "Choose another name."
    assert catalog.row("orders")["dataset_id"] == second
    rename_dataset(call, RenameRequest(dataset="orders", name="other"))
    assert restore_dataset(call, of("orders")).dataset_id == first


def test_of_several_deleted_the_last_comes_back(call: Call, catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = told(monkeypatch, "catalog.verbs")
    made = []
    for _ in range(3):
        made.append(catalogued(call, "orders"))
        delete_dataset(call, of("orders"))
        clock.go(minutes=1)
    assert restore_dataset(call, of("orders")).dataset_id == made[-1]


@pytest.mark.parametrize(("days", "kept"), [(0, True), (6.9, True), (7.1, False)])
def test_deleted_is_forgotten_after_its_days(
    call: Call, runtime: Runtime, monkeypatch: pytest.MonkeyPatch, days: float, kept: bool
) -> None:
    clock = told(monkeypatch, "catalog.verbs", "catalog.expiry")
    made = table_of(call, "orders")
    standing = table_of(call, "standing")
    folder = runtime.lake.folder / made.s3_key
    delete_dataset(call, of("orders"))
    clock.go(days=days)
    assert forget_expired(runtime) == int(not kept)
    assert folder.exists() is kept
    assert (runtime.lake.folder / standing.s3_key).exists()
    assert len(list_datasets(call, DatasetsRequest(deleted=True))) == int(kept)
    assert bool(runtime.catalog.versions(made.dataset_id)) is kept
    assert bool(runtime.catalog.lineage(made.dataset_id)) is kept
    assert forget_expired(runtime) == 0
    if kept:
        assert restore_dataset(call, of("orders")).name == "orders"
    else:
        with pytest.raises(NotFound):
            restore_dataset(call, of("orders"))


def test_too_late_is_said_also_before_it_is_forgotten(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = told(monkeypatch, "catalog.verbs")
    catalogued(call, "orders")
    delete_dataset(call, of("orders"))
    clock.go(days=8)
    with pytest.raises(NotFound, match="too long ago") as refused:
        restore_dataset(call, of("orders"))
    assert "Ingest" in refused.value.hint


def test_one_dataset_with_everything(call: Call, runtime: Runtime) -> None:
    table_of(call, "orders", id=list(range(60)))
    table_of(call, "orders", id=list(range(100, 160)))
    shown = show_dataset(call, of("orders"))
    assert (shown.version, shown.row_count, len(shown.preview)) == (2, 60, 50)
    assert shown.preview[0] == {"id": 100}
    assert shown.profile is not None
    assert shown.profile.columns[0].name == "id"
    assert [(version["version"], version["delta_version"]) for version in shown.versions] == [(2, 1), (1, 0)]
    assert {edge["source_kind"] for edge in shown.lineage} == {"pipeline"}
    assert Path(runtime.lake.folder / shown.s3_key).is_dir()
