"""Tables of a database: which are read, under which names, what another load of the same reads."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from lakebook.call import Call
from lakebook.errors import (
    BadFile,
    Conflict,
    Forbidden,
    InvalidRequest,
    JobCancelled,
    NameTaken,
    NotFound,
    QueryFailed,
)  # fmt: skip
from lakebook.ingest.models import IngestRequest
from lakebook.ingest.native import Options
from lakebook.ingest.sources import database, postgres
from lakebook.ingest.sources.material import Material
from lakebook.ingest.table import TableHandle
from tests.services.remote import loaded, rows_of
from tests.unit.ingest_remote.listed import Listed
from tests.unit.remains import left_in

SOURCE = "postgresql://ann@host/shop"


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Listed:
    """Two tables, read where PostgreSQL's would be."""
    made = Listed({"orders": pa.table({"id": [1, 2, 3], "kind": ["a", "b", "a"]}), "people": pa.table({"id": [7]})})
    monkeypatch.setattr(postgres, "connected", made.connected)
    return made


def test_every_table_is_read_once_under_its_own_name(call: Call, shop: Listed) -> None:
    done = loaded(call, SOURCE)
    assert [done.name, *(one.name for one in done.tables)] == ["orders", "people"]
    assert shop.reads == ["tables", "keys of orders", "rows of orders", "keys of people", "rows of people"]
    assert left_in(call.runtime) == []


def test_named_tables_are_found_in_any_case(call: Call, shop: Listed) -> None:
    done = loaded(call, SOURCE, tables=["PEOPLE"])
    assert (done.name, done.rows, done.tables) == ("people", 1, [])


def test_a_given_name_stands_before_the_tables_own(call: Call, shop: Listed) -> None:
    assert loaded(call, SOURCE, tables=["orders"], name="sales").name == "sales"
    done = loaded(call, SOURCE, name="shop")
    assert [done.name, *(one.name for one in done.tables)] == ["shop_orders", "shop_people"]


def test_a_table_that_is_not_there_is_named_before_anything_is_read(call: Call, shop: Listed) -> None:
    with pytest.raises(NotFound, match="'order'") as caught:
        loaded(call, SOURCE, tables=["people", "order"])
    assert "orders" in caught.value.hint
    assert shop.reads == ["tables"]


def test_a_database_without_tables_is_said(call: Call, shop: Listed) -> None:
    shop.content.clear()
    with pytest.raises(BadFile, match="has no tables"):
        loaded(call, SOURCE)


def test_a_broken_table_leaves_the_others(call: Call, shop: Listed) -> None:
    shop.broken["orders"] = QueryFailed("The database refuses: broken.")
    done = loaded(call, SOURCE)
    assert done.name == "people"
    assert [(one.name, (one.error or {})["code"]) for one in done.tables] == [("orders", "query_failed")]
    shop.broken["people"] = Forbidden("No.")
    with pytest.raises(QueryFailed):
        loaded(call, SOURCE, name="again")
    assert left_in(call.runtime) == []


def test_a_cancel_stops_between_batches(call: Call, shop: Listed) -> None:
    call.is_cancelled = lambda: "rows of orders" in shop.reads
    with pytest.raises(JobCancelled):
        loaded(call, SOURCE)
    assert shop.reads[-1] == "rows of orders"
    assert left_in(call.runtime) == []


def test_what_could_not_be_kept_is_counted_and_the_first_are_shown(
    call: Call, shop: Listed, monkeypatch: pytest.MonkeyPatch
) -> None:
    def noted(selection: Any, original: Any = shop.batches) -> Any:
        for number in range(250):
            shop.notes.note("out_of_range", "id", f"NaN{number}", "DECIMAL has no such value")
        return original(selection)

    monkeypatch.setattr(shop, "batches", noted)
    done = loaded(call, SOURCE, tables=["orders"])
    assert done.deviation_counts["out_of_range"] == 250
    assert [one.raw for one in done.deviations if one.kind == "out_of_range"][:2] == ["NaN0", "NaN1"]
    assert len(done.deviations) == 100


@pytest.mark.parametrize(
    ("column", "more"),
    [
        ([1, 2, 5], [2, 5, 8]),
        ([Decimal("1.10"), Decimal("2.20"), Decimal("2.25")], [Decimal("2.20"), Decimal("2.25"), Decimal("3.05")]),
        (
            [datetime(2024, 1, day, 1, 2, 3, 456789, tzinfo=UTC) for day in (1, 2, 3)],
            [datetime(2024, 1, day, 1, 2, 3, 456789, tzinfo=UTC) for day in (2, 3, 4)],
        ),
    ],
    ids=["whole", "decimal", "instant"],
)
def test_a_watermark_takes_up_where_the_last_load_ended(
    call: Call, shop: Listed, column: list[Any], more: list[Any]
) -> None:
    asked: dict[str, Any] = {"tables": ["log"], "name": "log", "watermark": "at"}
    shop.content["log"] = pa.table({"at": column})
    assert loaded(call, SOURCE, **asked).rows == 3
    shop.content["log"] = pa.table({"at": more})
    assert loaded(call, SOURCE, **asked).rows == 4
    assert loaded(call, SOURCE, **asked).rows == 4
    assert [row["at"] for row in rows_of(call, "log")] == [*column, more[-1]]


def test_a_watermark_without_a_key_says_what_it_misses(call: Call, shop: Listed) -> None:
    asked: dict[str, Any] = {"tables": ["log"], "name": "log", "watermark": "at"}
    shop.content["log"] = pa.table({"id": [1], "at": [datetime(2024, 1, 1)]})
    done = loaded(call, SOURCE, **asked)
    assert "with the same at is missed, for no key tells it" in str(done.message)
    assert "--key" in str(done.hint)
    assert loaded(call, SOURCE, **asked, key=["id"]).message is None


def test_a_watermark_with_the_tables_own_key_replaces(call: Call, shop: Listed) -> None:
    shop.primary["log"] = ["id"]
    asked: dict[str, Any] = {"tables": ["log"], "name": "log", "watermark": "at"}
    shop.content["log"] = pa.table({"id": [1, 2], "at": [10, 20], "said": ["a", "b"]})
    loaded(call, SOURCE, **asked)
    shop.content["log"] = pa.table({"id": [2, 3, 1], "at": [20, 20, 30], "said": ["b", "late twin", "changed"]})
    assert loaded(call, SOURCE, **asked).changes == {"inserted": 1, "updated": 1, "deleted": 0, "unchanged": 1}
    assert sorted((row["id"], row["said"]) for row in rows_of(call, "log")) == [
        (1, "changed"), (2, "b"), (3, "late twin"),
    ]  # fmt: skip


def test_a_key_alone_deletes_what_is_gone(call: Call, shop: Listed) -> None:
    asked: dict[str, Any] = {"tables": ["orders"], "name": "orders", "key": ["id"]}
    loaded(call, SOURCE, **asked)
    shop.content["orders"] = pa.table({"id": [2, 4], "kind": ["b", "new"]})
    assert loaded(call, SOURCE, **asked).changes == {"inserted": 1, "updated": 0, "deleted": 2, "unchanged": 1}
    assert sorted(row["id"] for row in rows_of(call, "orders")) == [2, 4]
    assert loaded(call, SOURCE, **(asked | {"mode": "replace"})).changes is None


def test_every_table_may_be_compared_at_once(call: Call, shop: Listed) -> None:
    loaded(call, SOURCE, key=["id"])
    shop.content["people"] = pa.table({"id": [8]})
    loaded(call, SOURCE, key=["id"])
    assert [row["id"] for row in rows_of(call, "people")] == [8]


@pytest.mark.parametrize(("column", "words"), [("nothing", "is no column"), ("kind", "neither numbers nor times")])
def test_a_watermark_must_grow(call: Call, shop: Listed, column: str, words: str) -> None:
    with pytest.raises(InvalidRequest, match=words):
        loaded(call, SOURCE, tables=["orders"], name="orders", watermark=column)
    assert left_in(call.runtime) == []


def test_a_table_of_other_origin_is_not_added_to(call: Call, shop: Listed) -> None:
    TableHandle(call, "orders").replace(pa.table({"id": [1]}))
    with pytest.raises(NameTaken, match="not read by the watermark 'id'"):
        loaded(call, SOURCE, tables=["orders"], name="orders", watermark="id")


def test_without_key_or_watermark_a_taken_name_is_refused(call: Call, shop: Listed) -> None:
    loaded(call, SOURCE, tables=["orders"], name="orders")
    with pytest.raises(NameTaken):
        loaded(call, SOURCE, tables=["orders"], name="orders")
    assert loaded(call, SOURCE, tables=["orders"], name="orders", mode="replace").rows == 3


def test_rows_that_others_moved_under_are_not_joined(call: Call) -> None:
    made = TableHandle(call, "orders").replace(pa.table({"id": [1]}))
    material = Material(None, [], Options(), "x", mode="append", standing=made.version)
    database.settle(call, material, "bronze", "orders")
    TableHandle(call, "orders").append(pa.table({"id": [2]}))
    with pytest.raises(Conflict, match="came between"):
        database.settle(call, material, "bronze", "orders")


@pytest.mark.parametrize(
    "query",
    ["DELETE FROM a", "SELECT 1; DROP TABLE a", "SELECT 1) AS q; DROP TABLE a; --", "", "nonsense (", "COPY a TO 'x'"],
)
def test_a_query_is_one_select(call: Call, query: str) -> None:
    with pytest.raises(InvalidRequest, match="not one SELECT"):
        postgres.prepare(call, IngestRequest(source=SOURCE, query=query))


def test_a_query_and_tables_exclude_each_other(call: Call) -> None:
    with pytest.raises(InvalidRequest, match="at once"):
        postgres.prepare(call, IngestRequest(source=SOURCE, query="SELECT 1", tables=["a"]))


@pytest.mark.parametrize("word", ["passfile", "options", "service", "hostaddr"])
def test_an_address_says_only_what_is_known(call: Call, word: str) -> None:
    with pytest.raises(InvalidRequest, match=word):
        postgres.prepare(call, IngestRequest(source=f"{SOURCE}?{word}=x"))


def test_a_query_is_one_table(call: Call, shop: Listed) -> None:
    shop.content["query"] = pa.table({"n": [1, 2]})
    done = loaded(call, SOURCE, query="SELECT 1 AS n", name="numbers")
    assert (done.name, done.rows, shop.reads) == ("numbers", 2, ["rows of query"])
