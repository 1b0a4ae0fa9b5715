"""A load against the schema that stands: evolved, kept to, or its breaking rows set aside; each change is a version."""

from __future__ import annotations

from typing import Any

import pytest

from lakebook.arguments import parser_of, request_of
from lakebook.call import Call
from lakebook.catalog.models import DatasetRequest
from lakebook.catalog.schema_models import CompatibilityRequest, DatasetSchema
from lakebook.catalog.schemas import set_compatibility, show_schema
from lakebook.errors import LakebookError, SchemaRefused
from lakebook.ingest.accept import ingest
from lakebook.ingest.models import IngestRequest
from lakebook.verbs import BY_NAME
from tests.unit.remains import left_in, rows_of
from tests.unit.tables.seats import claimed, killed_at, loaded, parquet_in, restored, seated

FIRST = "id,zip,when,price,flag\n1,01234,03/04/2024,3.50,true\n2,02345,13/04/2024,4,false\n"
BROKEN = "id,zip,when,price,flag\n3,5,14/04/2024,1,yes\nabc,6,?,1.234,maybe\n"
FITS = "id,zip,when,price,flag\n3,5,14/04/2024,1,true\n"
WIDE = "id,zip,when,price,flag,new\n3,5,14/04/2024,1,true,x\n4,6,15/04/2024,2,true,\n"
NARROW = "id,zip,when,price\n3,05,14/04/2024,1\n"


def schema(call: Call) -> DatasetSchema:
    return show_schema(call, DatasetRequest(dataset="orders"))


def types(call: Call) -> dict[str, str]:
    return {column.name: column.type for column in schema(call).columns}


def more(call: Call, text: str, mode: str, **words: Any) -> Any:
    return loaded(call, text, "more.csv", name="orders", mode=mode, **words)


@pytest.mark.parametrize("mode", ["append", "replace"])
def test_rows_that_break_the_schema_are_set_aside(call: Call, mode: str) -> None:
    loaded(call, FIRST)
    before = types(call)
    done = more(call, BROKEN, mode, schema_mode="quarantine")
    assert types(call) == before
    rows = rows_of(call.runtime, "orders")
    assert rows[-1] == {"id": 3, "zip": "5", "when": "2024-04-14", "price": "1.00", "flag": True}
    assert [row["id"] for row in rows] == ([1, 2, 3] if mode == "append" else [3])
    (aside,) = rows_of(call.runtime, "orders__rejected")
    assert aside["reason"] == ("id is no BIGINT; when is no DATE; price is no DECIMAL(18,2); flag is no BOOLEAN")
    assert aside["raw"].replace('"6"', "6") == '{"id":"abc","zip":6,"when":"?","price":1.234,"flag":"maybe"}'
    assert (done.rows, done.rejected_rows, done.deviation_counts) == (len(rows), 1, {"breaks_the_schema": 1})
    assert done.rejected_table == "orders__rejected"
    assert [one.number for one in schema(call).versions] == [1]
    assert left_in(call.runtime) == []


@pytest.mark.parametrize("mode", ["append", "replace"])
def test_a_column_that_the_table_lacks_sets_only_its_rows_aside(call: Call, mode: str) -> None:
    loaded(call, FIRST)
    more(call, WIDE, mode, schema_mode="quarantine")
    assert rows_of(call.runtime, "orders")[-1]["id"] == 4
    assert list(types(call)) == ["id", "zip", "when", "price", "flag"]
    (aside,) = rows_of(call.runtime, "orders__rejected")
    assert aside["reason"] == "new is no column of the table"


def test_a_file_of_which_no_row_fits_is_refused_whole(call: Call) -> None:
    made = loaded(call, FIRST)
    with pytest.raises(SchemaRefused, match=r"every row breaks it: added new \(VARCHAR\)") as refused:
        more(call, WIDE.rsplit("\n4", 1)[0] + "\n", "append", schema_mode="quarantine")
    assert "evolve" in refused.value.hint
    assert call.runtime.catalog.dataset("orders").version == 1
    assert len(parquet_in(call, made.s3_key)) == 1
    assert left_in(call.runtime) == []


def test_more_rows_than_anybody_would_look_through_are_refused(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lakebook.ingest.schema_modes.MOST_ASIDE", 1)
    loaded(call, FIRST)
    text = f"{BROKEN}def,7,15/04/2024,1,true\n"
    with pytest.raises(SchemaRefused, match="2 rows break it: widened id"):
        more(call, text, "append", schema_mode="quarantine")
    assert left_in(call.runtime) == []


def test_columns_that_a_replacing_file_lacks_are_empty(call: Call) -> None:
    loaded(call, FIRST)
    more(call, NARROW, "replace", schema_mode="quarantine")
    assert rows_of(call.runtime, "orders") == [
        {"id": 3, "zip": "05", "when": "2024-04-14", "price": "1.00", "flag": None}
    ]


def test_days_and_months_that_cannot_be_told_apart_are_not_guessed(call: Call) -> None:
    loaded(call, FIRST)
    with pytest.raises(SchemaRefused, match="when: its days and months cannot be told"):
        more(call, "id,zip,when,price,flag\n3,5,01/04/2024,1,true\n4,5,?,1,true\n", "append", schema_mode="quarantine")


def test_a_moment_with_an_offset_is_no_reading_of_a_clock(call: Call) -> None:
    loaded(call, "at\n2024-01-01 10:00\n2024-01-02 11:00\n", "times.csv", name="orders")
    text = "at\n2024-01-03 10:00\n2024-01-03T10:00:00+02:00\nnever\n"
    more(call, text, "append", schema_mode="quarantine")
    assert types(call) == {"at": "TIMESTAMP"}
    assert rows_of(call.runtime, "orders")[-1]["at"] == "2024-01-03T10:00:00"
    assert len(rows_of(call.runtime, "orders__rejected")) == 2


STRICT = [
    pytest.param(WIDE, "added new (VARCHAR)", id="added"),
    pytest.param(NARROW, "missing flag", id="missing"),
    pytest.param(BROKEN, "id is no BIGINT in 1 rows (such as 'abc')", id="broken"),
]


@pytest.mark.parametrize("mode", ["append", "replace"])
@pytest.mark.parametrize(("text", "said"), STRICT)
def test_strict_refuses_every_change_and_names_the_columns(call: Call, mode: str, text: str, said: str) -> None:
    made = loaded(call, FIRST)
    with pytest.raises(SchemaRefused) as refused:
        more(call, text, mode, schema_mode="strict")
    assert said in refused.value.message
    assert "more.csv does not keep to the schema of orders" in refused.value.message
    assert call.runtime.catalog.dataset("orders").version == 1
    assert len(parquet_in(call, made.s3_key)) == 1
    assert left_in(call.runtime) == []


@pytest.mark.parametrize("mode", ["append", "replace"])
def test_strict_takes_what_fits_in_the_types_that_stand(call: Call, mode: str) -> None:
    """Alone the file would give other types: a zip of digits, whole prices."""
    loaded(call, FIRST)
    before = types(call)
    more(call, FITS, mode, schema_mode="strict")
    assert types(call) == before
    assert rows_of(call.runtime, "orders")[-1]["zip"] == "5"


def test_strict_knows_an_empty_column_from_a_missing_one(call: Call) -> None:
    loaded(call, FIRST)
    done = more(call, "id,zip,when,price,flag\n3,5,14/04/2024,1,\n", "append", schema_mode="strict")
    assert done.rows == 3


@pytest.mark.parametrize("schema_mode", ["strict", "quarantine"])
@pytest.mark.parametrize("mode", ["append", "replace"])
def test_the_same_columns_are_taken_as_they_are(call: Call, mode: str, schema_mode: str) -> None:
    loaded(call, "id,name\n1,a\n")
    done = more(call, "id,name\n2,b\n3,c\n", mode, schema_mode=schema_mode)
    assert [row["id"] for row in rows_of(call.runtime, "orders")] == ([1, 2, 3] if mode == "append" else [2, 3])
    assert (done.rejected_rows, [one.number for one in schema(call).versions]) == (0, [1])


def test_what_is_odd_in_the_file_is_said_though_its_rows_are_read_again(call: Call) -> None:
    loaded(call, FIRST)
    done = more(call, FITS + "4,6,15/04/2024,2,true,surplus\n", "append", schema_mode="quarantine")
    assert done.deviation_counts == {"long_row": 1}
    assert [(one.kind, one.line) for one in done.deviations] == [("long_row", 3)]


@pytest.mark.parametrize("mode", ["strict", "evolve", "quarantine"])
def test_a_table_that_is_not_yet_there_takes_its_schema_from_the_file(call: Call, mode: str) -> None:
    assert loaded(call, FIRST, schema_mode=mode).rows == 2
    assert schema(call).versions[0].change == "the first schema"


def test_evolving_adds_and_widens_and_each_change_is_a_version(call: Call) -> None:
    loaded(call, FIRST)
    more(call, WIDE, "append")
    more(call, BROKEN, "append")
    found = schema(call)
    assert [(one.number, one.version) for one in found.versions] == [(3, 3), (2, 2), (1, 1)]
    assert found.versions[1].change == "added new (VARCHAR)"
    assert "widened id (BIGINT → VARCHAR)" in found.versions[0].change
    assert "price (DECIMAL(18,2) → DECIMAL(18,3))" in found.versions[0].change
    assert [row["new"] for row in rows_of(call.runtime, "orders")][:3] == [None, None, "x"]


def test_dates_written_otherwise_stay_dates(call: Call) -> None:
    """Beside dates of another form they would be text; where the order cannot be told, they are kept as text."""
    loaded(call, FIRST)
    more(call, "id,zip,when,price,flag\n3,5,14.04.2024,1,yes\n", "append")
    assert types(call)["when"] == "DATE"
    assert types(call)["flag"] == "BOOLEAN"
    assert rows_of(call.runtime, "orders")[-1] == {
        "id": 3, "zip": "5", "when": "2024-04-14", "price": "1.00", "flag": True,
    }  # fmt: skip
    more(call, "id,zip,when,price,flag\n4,5,05.04.2024,1,yes\n", "append")
    assert types(call)["when"] == "VARCHAR"
    assert rows_of(call.runtime, "orders")[-1]["when"] == "05.04.2024"


def test_the_same_columns_again_are_no_new_version(call: Call) -> None:
    loaded(call, FIRST)
    more(call, "id,zip,when,price,flag\n3,05,14/04/2024,1.25,true\n", "append")
    assert [one.number for one in schema(call).versions] == [1]


def test_a_restore_brings_the_schema_back_as_a_new_version(call: Call) -> None:
    loaded(call, FIRST)
    more(call, WIDE, "append")
    restored(call, 1)
    assert schema(call).versions[0].change == "dropped new (VARCHAR)"
    assert schema(call).columns == schema(call).versions[2].columns


COMPATIBLE = [
    pytest.param("none", "replace", NARROW, None, id="none"),
    pytest.param("backward", "append", WIDE, None, id="backward-takes-columns"),
    pytest.param("backward", "append", BROKEN, None, id="backward-takes-wider"),
    pytest.param("backward", "replace", FITS, "narrowed zip (VARCHAR → BIGINT)", id="backward-no-narrower"),
    pytest.param("forward", "append", WIDE, None, id="forward-takes-columns"),
    pytest.param("forward", "append", BROKEN, "widened id (BIGINT → VARCHAR)", id="forward-no-wider"),
    pytest.param("forward", "replace", NARROW, "dropped flag (BOOLEAN)", id="forward-drops-nothing"),
    pytest.param("full", "append", WIDE, None, id="full-takes-columns"),
    pytest.param("full", "replace", FITS, "narrowed", id="full-no-narrower"),
    pytest.param("full", "append", BROKEN, "widened", id="full-no-wider"),
]


@pytest.mark.parametrize(("compatibility", "mode", "text", "said"), COMPATIBLE)
def test_the_compatibility_of_a_table_is_checked_on_load(
    call: Call, compatibility: str, mode: str, text: str, said: str | None
) -> None:
    made = loaded(call, FIRST)
    words = {"dataset": "orders", "mode": compatibility}
    assert set_compatibility(call, CompatibilityRequest.model_validate(words)).compatibility == compatibility
    if said is None:
        assert more(call, text, mode).version == 2
        return
    with pytest.raises(SchemaRefused) as refused:
        more(call, text, mode)
    assert said in refused.value.message
    assert f"only takes {compatibility} compatible changes" in refused.value.message
    assert call.runtime.catalog.dataset("orders").version == 1
    assert len(parquet_in(call, made.s3_key)) == 1


@pytest.mark.parametrize("point", ["after-parquet", "after-rejected", "after-delta"])
def test_a_kill_neither_doubles_nor_loses_what_is_set_aside(
    call: Call, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    loaded(call, FIRST)
    inner, request = seated(call, BROKEN, "more.csv", name="orders", mode="append", schema_mode="quarantine")
    killed_at(call, monkeypatch, point, inner, request)
    assert len(rows_of(call.runtime, "orders")) == 2
    with pytest.raises(LakebookError):
        call.runtime.catalog.dataset("orders__rejected")
    ingest(*claimed(call))
    assert len(rows_of(call.runtime, "orders")) == 3
    assert len(rows_of(call.runtime, "orders__rejected")) == 1
    assert left_in(call.runtime) == []


def test_a_file_loaded_with_rows_aside_is_another_load_when_it_may_evolve(call: Call) -> None:
    loaded(call, FIRST)
    more(call, BROKEN, "replace", schema_mode="quarantine")
    assert more(call, BROKEN, "replace", schema_mode="quarantine").unchanged
    assert more(call, BROKEN, "replace").rows == 2


def test_the_shell_says_the_mode() -> None:
    verb = BY_NAME["ingest"]
    words = vars(parser_of(verb, "ingest").parse_args(["a.csv", "--schema", "strict", "--contract"]))
    request = request_of(verb, words)
    assert isinstance(request, IngestRequest)
    assert (request.schema_mode, request.contract) == ("strict", True)
