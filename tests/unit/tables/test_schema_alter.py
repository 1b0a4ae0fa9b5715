"""Columns added, renamed, widened and dropped: a new full version, whole after a kill, and undone by a restore."""

from __future__ import annotations

from typing import Any

import pytest

from lakebook.arguments import parser_of, request_of
from lakebook.call import Call, JobSeat
from lakebook.catalog.contract_models import ContractRequest
from lakebook.catalog.contracts import accept_rules
from lakebook.catalog.models import DatasetRequest
from lakebook.catalog.schema_models import CompatibilityRequest
from lakebook.catalog.schemas import set_compatibility, show_schema
from lakebook.catalog.verbs import show_dataset
from lakebook.errors import BadFile, Conflict, InvalidRequest, LakebookError, NotFound, SchemaRefused
from lakebook.ingest.models import AlterRequest, IngestResult
from lakebook.ingest.schema_alter import alter
from lakebook.jobs.submit import submit
from lakebook.metadata import schema
from lakebook.verbs import BY_NAME
from tests.unit.remains import left_in, rows_of
from tests.unit.tables.seats import dying_at, loaded, parquet_in, restored

FIRST = "id,qty,when\n1,2,2024-04-01\n2,,2024-04-02\n"
VERB = BY_NAME["datasets.alter"]


def seat(call: Call, **words: Any) -> tuple[Call, AlterRequest]:
    """A claimed job that alters the table."""
    submit(call, VERB, AlterRequest.model_validate({"dataset": "orders", **words}), staffed=True)
    return claimed(call)


def claimed(call: Call) -> tuple[Call, AlterRequest]:
    row = call.runtime.jobs.claim("the test")
    assert row is not None
    place = JobSeat(row["job_id"], row["lease_epoch"], dict(row["metadata"]))
    return Call(call.runtime, call.principal, job=place, folder=call.folder), AlterRequest(**row["request"])


def altered(call: Call, **words: Any) -> IngestResult:
    return alter(*seat(call, **words))


def types(call: Call) -> dict[str, str]:
    found = show_schema(call, DatasetRequest(dataset="orders"))
    return {column.name: column.type for column in found.columns}


ALTERED = [
    pytest.param({"add": {"note": "varchar"}}, {"id": 1, "qty": 2, "when": "2024-04-01", "note": None},
                 {"id": "BIGINT", "qty": "BIGINT", "when": "DATE", "note": "VARCHAR"}, "added note (VARCHAR)",
                 id="add"),
    pytest.param({"add": {"share": "decimal(18, 4)"}}, {"id": 1, "qty": 2, "when": "2024-04-01", "share": None},
                 {"id": "BIGINT", "qty": "BIGINT", "when": "DATE", "share": "DECIMAL(18,4)"},
                 "added share (DECIMAL(18,4))", id="add-decimal"),
    pytest.param({"rename": {"qty": "quantity"}}, {"id": 1, "quantity": 2, "when": "2024-04-01"},
                 {"id": "BIGINT", "quantity": "BIGINT", "when": "DATE"},
                 "added quantity (BIGINT); dropped qty (BIGINT)", id="rename"),
    pytest.param({"rename": {"qty": "id", "id": "qty"}}, {"qty": 1, "id": 2, "when": "2024-04-01"},
                 {"qty": "BIGINT", "id": "BIGINT", "when": "DATE"}, "the columns stand in another order", id="swap"),
    pytest.param({"widen": {"qty": "DOUBLE"}}, {"id": 1, "qty": 2.0, "when": "2024-04-01"},
                 {"id": "BIGINT", "qty": "DOUBLE", "when": "DATE"}, "widened qty (BIGINT → DOUBLE)", id="widen"),
    pytest.param({"widen": {"id": "VARCHAR", "when": "TIMESTAMP"}},
                 {"id": "1", "qty": 2, "when": "2024-04-01T00:00:00"},
                 {"id": "VARCHAR", "qty": "BIGINT", "when": "TIMESTAMP"},
                 "widened id (BIGINT → VARCHAR), when (DATE → TIMESTAMP)", id="widen-two"),
    pytest.param({"drop": ["when", "qty"]}, {"id": 1}, {"id": "BIGINT"},
                 "dropped qty (BIGINT), when (DATE)", id="drop"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "row", "kinds", "change"), ALTERED)
def test_each_change_is_a_new_version(
    call: Call, words: dict[str, Any], row: dict[str, Any], kinds: dict[str, str], change: str
) -> None:
    loaded(call, FIRST)
    done = altered(call, **words)
    assert (done.version, done.rows, done.columns) == (2, 2, len(kinds))
    assert done.message == "2 rows were written anew."
    assert "datasets restore orders --version 1" in str(done.hint)
    assert rows_of(call.runtime, "orders")[0] == row
    assert types(call) == kinds
    assert show_schema(call, DatasetRequest(dataset="orders")).versions[0].change == change
    assert rows_of(call.runtime, "orders", 1)[0] == {"id": 1, "qty": 2, "when": "2024-04-01"}
    assert left_in(call.runtime) == []


def test_a_restore_undoes_it(call: Call) -> None:
    loaded(call, FIRST)
    before = types(call)
    altered(call, drop=["qty"])
    restored(call, 1)
    assert types(call) == before
    assert rows_of(call.runtime, "orders") == rows_of(call.runtime, "orders", 1)


def test_what_was_done_is_in_the_lineage_and_the_audit(call: Call) -> None:
    loaded(call, FIRST)
    altered(call, rename={"qty": "quantity"}, drop=["when"])
    shown = show_dataset(call, DatasetRequest(dataset="orders"))
    assert (shown.lineage[0]["source_kind"], shown.lineage[0]["source"]) == (
        "alteration", "renamed qty to quantity; dropped when",
    )  # fmt: skip
    with call.runtime.database.read() as connection:
        actions = [row.action for row in connection.execute(schema.audit.select())]
    assert actions.count("datasets.alter") == 1


REFUSED = [
    pytest.param({}, InvalidRequest, "Nothing is to be altered", id="nothing"),
    pytest.param({"drop": ["qyt"]}, NotFound, "No column is called 'qyt'", id="unknown-drop"),
    pytest.param({"rename": {"nope": "x"}}, NotFound, "nope", id="unknown-rename"),
    pytest.param({"widen": {"nope": "DOUBLE"}}, NotFound, "nope", id="unknown-widen"),
    pytest.param({"add": {"QTY": "BIGINT"}}, InvalidRequest, "Two columns would be called 'QTY'", id="taken"),
    pytest.param({"rename": {"qty": "ID"}}, InvalidRequest, "Two columns", id="taken-by-rename"),
    pytest.param({"add": {"a b": "BIGINT"}}, InvalidRequest, "cannot be called 'a b'", id="name"),
    pytest.param({"add": {"a__b": "BIGINT"}}, InvalidRequest, "cannot be called", id="reserved"),
    pytest.param({"add": {"x": "BLOB"}}, InvalidRequest, "'BLOB' is no type", id="type"),
    pytest.param({"add": {"x": "DECIMAL(40,2)"}}, InvalidRequest, "is no type", id="digits"),
    pytest.param({"widen": {"when": "BIGINT"}}, InvalidRequest, "not every value of it is a BIGINT", id="narrower"),
    pytest.param({"drop": ["id", "qty", "when"]}, InvalidRequest, "at least one column", id="all"),
]


@pytest.mark.parametrize(("words", "kind", "said"), REFUSED)
def test_what_cannot_be_is_refused_at_the_door(
    call: Call, words: dict[str, Any], kind: type[LakebookError], said: str
) -> None:
    made = loaded(call, FIRST)
    with pytest.raises(kind) as refused:
        submit(call, VERB, AlterRequest.model_validate({"dataset": "orders", **words}), staffed=True)
    assert said in refused.value.message
    assert call.runtime.jobs.claim("nobody") is None
    assert len(parquet_in(call, made.s3_key)) == 1


def test_a_value_that_the_wider_type_has_no_digits_for_leaves_nothing_behind(call: Call) -> None:
    made = loaded(call, "id,qty\n1,123456789012345678\n")
    with pytest.raises(InvalidRequest, match="does not fit the wider type"):
        altered(call, widen={"qty": "DECIMAL(18,4)"}, dataset="orders")
    assert call.runtime.catalog.dataset("orders").version == 1
    assert len(parquet_in(call, made.s3_key)) == 1
    assert left_in(call.runtime) == []


def test_the_compatibility_holds_here_too(call: Call) -> None:
    loaded(call, FIRST)
    set_compatibility(call, CompatibilityRequest(dataset="orders", mode="forward"))
    with pytest.raises(SchemaRefused, match=r"dropped qty"):
        altered(call, drop=["qty"])
    assert altered(call, add={"note": "VARCHAR"}).version == 2


def test_a_column_that_the_contract_holds_stays(call: Call) -> None:
    loaded(call, FIRST)
    accept_rules(call, ContractRequest(dataset="orders", rules=["unique:id"]))
    with pytest.raises(Conflict, match="unique:id"):
        altered(call, rename={"id": "number"})
    assert altered(call, drop=["qty"]).version == 2


def test_rejected_rows_keep_their_columns(call: Call) -> None:
    loaded(call, '{"a": 1}\n{"a": "x\n', "orders.jsonl")
    with pytest.raises(InvalidRequest, match="Rejected rows"):
        altered(call, dataset="orders__rejected", drop=["line"])


def test_altering_is_a_job(call: Call) -> None:
    loaded(call, FIRST)
    with pytest.raises(BadFile, match="job"):
        alter(call, AlterRequest(dataset="orders", drop=["qty"]))


@pytest.mark.parametrize("point", ["after-parquet", "after-delta", "before-tidy"])
@pytest.mark.parametrize("between", [False, True], ids=["alone", "load-between"])
def test_a_kill_at_any_point_leaves_the_old_table_or_the_new_one(
    call: Call, monkeypatch: pytest.MonkeyPatch, point: str, between: bool
) -> None:
    loaded(call, FIRST)
    inner, request = seat(call, drop=["when"])
    with dying_at(monkeypatch, point):
        alter(inner, request)
    assert inner.job is not None
    if point != "before-tidy":
        call.runtime.jobs.requeue(inner.job.job_id, inner.job.epoch)
        assert list(types(call)) == ["id", "qty", "when"]
    heir = claimed(call) if point != "before-tidy" else (inner, request)
    if between:
        loaded(call, "id,qty\n7,8\n", "more.csv", name="orders", mode="append")
    done = alter(*heir)
    expected = [1, 2, 7] if between else [1, 2]
    assert [row["id"] for row in rows_of(call.runtime, "orders")] == expected
    assert list(types(call)) == ["id", "qty"]
    assert done.version == (2 if point == "before-tidy" or not between else 3)


def test_the_shell_names_columns_and_types() -> None:
    words = ["orders", "--add", "note=VARCHAR", "n=BIGINT", "--rename", "qty=quantity", "--drop", "a,b", "--drop", "c"]
    request = request_of(VERB, vars(parser_of(VERB, "alter").parse_args(words)))
    assert isinstance(request, AlterRequest)
    assert request.add == {"note": "VARCHAR", "n": "BIGINT"}
    assert (request.rename, request.drop, request.widen) == ({"qty": "quantity"}, ["a", "b", "c"], {})
