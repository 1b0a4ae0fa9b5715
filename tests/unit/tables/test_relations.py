"""Keys of a database's tables: in the catalogue, under the names that tables and columns have here."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest

from lakebook.call import Call
from lakebook.catalog.contract_models import ContractRequest
from lakebook.catalog.contracts import accept_rules
from lakebook.catalog.models import DatasetDetail, DatasetRequest
from lakebook.catalog.verbs import show_dataset
from lakebook.errors import InvalidRequest
from lakebook.ingest.accept import ingest
from lakebook.ingest.models import IngestRequest
from lakebook.ingest.relations import renamed, settled
from lakebook.jobs.submit import submit
from lakebook.verbs import BY_NAME
from tests.unit.tables.seats import claimed, loaded
from tests.unit.tables.test_schema_alter import altered

SHOP = """
CREATE TABLE Customer (CustomerId INTEGER PRIMARY KEY, Name TEXT);
CREATE TABLE "Order Line" ("Order Id" INTEGER, Line INTEGER, Customer INTEGER REFERENCES Customer (CustomerId),
    Parent INTEGER REFERENCES Elsewhere (Id), PRIMARY KEY ("Order Id", Line));
CREATE TABLE Elsewhere (Id INTEGER PRIMARY KEY);
INSERT INTO Customer VALUES (1, 'Ada'), (2, 'Grace');
INSERT INTO Elsewhere VALUES (5);
INSERT INTO "Order Line" VALUES (10, 1, 1, 5), (10, 2, 2, 5);
"""


# The second table of these cannot have its own name here; the keys are written in another case.
ALIKE = """
CREATE TABLE "my orders" (Id INTEGER PRIMARY KEY);
CREATE TABLE "my-orders" (Id INTEGER PRIMARY KEY);
CREATE TABLE line (Plain INTEGER REFERENCES "My Orders" (Id), Dashed INTEGER REFERENCES "MY-ORDERS" (Id));
INSERT INTO "my orders" VALUES (1);
INSERT INTO "my-orders" VALUES (2);
INSERT INTO line VALUES (1, 2);
"""


def shop(call: Call, script: str = SHOP, **words: Any) -> None:
    (call.folder / "shop.db").unlink(missing_ok=True)
    with sqlite3.connect(call.folder / "shop.db") as database:
        database.executescript(script)
    database.close()
    submit(call, BY_NAME["ingest"], IngestRequest.model_validate({"source": "shop.db", **words}), staffed=True)
    inner, request = claimed(call)
    result = ingest(inner, request)
    assert inner.job is not None
    call.runtime.jobs.complete(inner.job.job_id, inner.job.epoch, result.model_dump(mode="json"))


def shown(call: Call, name: str) -> DatasetDetail:
    return show_dataset(call, DatasetRequest(dataset=name))


def test_primary_and_foreign_keys_are_shown(call: Call) -> None:
    shop(call)
    assert shown(call, "Customer").keys == ["CustomerId"]
    found = shown(call, "Order_Line")
    assert found.keys == ["Order_Id", "Line"]
    assert {(one.columns[0], one.table, one.table_columns[0]) for one in found.references} == {
        ("Customer", "Customer", "CustomerId"), ("Parent", "Elsewhere", "Id"),
    }  # fmt: skip
    assert {one.dataset_id for one in found.references} == {
        shown(call, name).dataset_id for name in ("Customer", "Elsewhere")
    }


def test_tables_under_another_name_lead_to_each_other(call: Call) -> None:
    shop(call, name="mine")
    found = shown(call, "mine_Order_Line")
    assert {one.table for one in found.references} == {"mine_Customer", "mine_Elsewhere"}
    assert all(one.dataset_id for one in found.references)


def test_a_table_that_could_not_have_its_own_name_is_found_all_the_same(call: Call) -> None:
    shop(call, ALIKE)
    told = {one.columns[0]: (one.table, one.dataset_id) for one in shown(call, "line").references}
    assert told == {
        "Plain": ("my_orders", shown(call, "my_orders").dataset_id),
        "Dashed": ("my_orders_2", shown(call, "my_orders_2").dataset_id),
    }


def test_a_table_that_was_not_loaded_is_named_all_the_same(call: Call) -> None:
    shop(call, tables=["Order Line", "Customer"])
    led = {one.table: one.dataset_id for one in shown(call, "Order_Line").references}
    assert led == {"Customer": shown(call, "Customer").dataset_id, "Elsewhere": None}


def test_a_file_has_no_keys(call: Call) -> None:
    loaded(call, "id\n1\n")
    assert (shown(call, "orders").keys, shown(call, "orders").references) == ([], [])


def test_rows_that_are_added_leave_the_keys_as_they_were(call: Call) -> None:
    shop(call)
    loaded(call, "CustomerId,Name\n3,Edsger\n", "more.csv", name="Customer", mode="append")
    assert shown(call, "Customer").keys == ["CustomerId"]
    loaded(call, "CustomerId,Name\n4,Barbara\n", "other.csv", name="Customer", mode="replace")
    assert shown(call, "Customer").keys == []


def test_keys_go_with_their_columns(call: Call) -> None:
    shop(call)
    altered(call, dataset="Order_Line", rename={"Order_Id": "number", "Customer": "who"}, drop=["Parent"])
    found = shown(call, "Order_Line")
    assert found.keys == ["number", "Line"]
    assert [one.columns for one in found.references] == [["who"]]
    altered(call, dataset="Order_Line", drop=["number"])
    assert shown(call, "Order_Line").keys == []


def test_each_table_of_a_database_has_a_contract_of_its_own(call: Call) -> None:
    shop(call)
    for name, rules in (("Customer", ["nulls:Name"]), ("Order_Line", ["nulls:Line"])):
        accept_rules(call, ContractRequest(dataset=name, rules=rules))
    shop(call, mode="replace", contract=True, tables=["Customer", "Order Line"], again=True)
    assert shown(call, "Customer").version == 2
    with pytest.raises(InvalidRequest, match="Elsewhere has no contract"):
        shop(call, mode="replace", contract=True, tables=["Elsewhere"], again=True)


@pytest.mark.parametrize(
    ("facts", "standing", "found"),
    [
        ({"keys": ["a b"]}, {}, {"keys": ["a_b"]}),
        ({"keys": ["gone"]}, {}, {}),
        ({}, {"keys": ["c"]}, {"keys": ["c"]}),
        ({"keys": ["c"]}, {"keys": ["a_b"]}, {"keys": ["c"]}),
        ({"watermark": 7}, {}, {"watermark": 7}),
        ({"references": [{"columns": ["c"], "table": "t", "table_columns": ["i"]}]}, {},
         {"references": [{"columns": ["c"], "table": "t", "table_columns": ["i"]}]}),
        ({"references": [{"columns": ["gone"], "table": "t", "table_columns": ["i"]}]}, {}, {}),
    ],
    ids=["cleaned", "gone", "standing", "fresh", "others", "reference", "reference-gone"],
)  # fmt: skip
def test_relations_name_columns_of_the_table(
    facts: dict[str, Any], standing: dict[str, Any], found: dict[str, Any]
) -> None:
    assert settled(facts, standing, ["a_b", "c"]) == found


def test_renaming_leaves_what_is_not_touched() -> None:
    report = {"keys": ["a"], "references": [{"columns": ["b"], "table": "t", "table_columns": ["i"]}], "rows": 3}
    assert renamed(report, {}, []) == {"keys": ["a"], "references": report["references"]}
    assert renamed(report, {"a": "x"}, ["b"]) == {"keys": ["x"]}
