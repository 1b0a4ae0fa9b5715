"""A model of a table that lies in Snowflake: its rows come through the engine, before AutoML begins."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import snowflake.connector

from lakebook.access.principal import Principal
from lakebook.call import Call, JobSeat
from lakebook.engines.snowflake import SnowflakeEngine
from lakebook.errors import BadTarget, NotFound
from lakebook.ids import new_id
from lakebook.ml import training
from lakebook.ml.requests import TrainRequest
from lakebook.ml.training_table import TrainingTable
from lakebook.ml.verbs import prepare, train
from lakebook.runtime import Runtime, open_runtime
from tests.services.conftest import Server

ROWS = 60


@pytest.fixture(scope="module")
def beside(snowflake: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    """A home beside a Snowflake with a table of flats."""
    words = dict(word.split("=") for word in snowflake.address.split()[1:])
    address = (
        f"snowflake://{words['user']}@{words['account']}/DB1/FLATS_OF?host={words['host']}&port={words['port']}"
        f"&protocol={words['protocol']}"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SNOWFLAKE_DISABLE_PLATFORM_DETECTION", "true")
        patch.setenv("LB_SNOW_TRAIN", words["password"])
        with connected(words) as session:
            values = ", ".join(
                f"({n * 7 % 45}, {n * 1.5}, '{'north' if n % 3 else 'south'}', {n * 7 % 45 * 20 + n % 5 * 90})"
                for n in range(ROWS)
            )
            session.cursor().execute(
                "CREATE OR REPLACE TABLE flats (size NUMBER(6, 0), height FLOAT, side TEXT, rent NUMBER(10, 2))"
            )
            session.cursor().execute(f"INSERT INTO flats VALUES {values}")
        home = tmp_path_factory.mktemp("beside") / "home"
        opened = open_runtime(home, upgrade=True, engine=address, engine_key="env:LB_SNOW_TRAIN")
        patch.setattr("lakebook.ml.autogluon_engine.is_installed", lambda: False)
        yield opened
        opened.close()


def connected(words: dict[str, str]) -> Any:
    return snowflake.connector.connect(
        host=words["host"], port=int(words["port"]), protocol=words["protocol"], account=words["account"],
        user=words["user"], password=words["password"], database="DB1", schema="FLATS_OF",
    )  # fmt: skip


def call_of(runtime: Runtime, request: TrainRequest) -> Call:
    """The call of a job for this request."""
    call = Call(runtime, Principal("tester"))
    call.job = JobSeat(new_id(), 1, prepare(call, request))
    return call


def test_a_table_of_snowflake_is_read_through_it_and_then_learned(
    beside: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    rows, fit = SnowflakeEngine.rows, training._fit

    def rows_too(self: SnowflakeEngine, sql: str, **more: Any) -> Any:
        done.append(sql)
        return rows(self, sql, **more)

    def fit_too(table: TrainingTable, *given: Any) -> Any:
        done.append("automl")
        return fit(table, *given)

    monkeypatch.setattr(SnowflakeEngine, "rows", rows_too)
    monkeypatch.setattr(training, "_fit", fit_too)
    request = TrainRequest(dataset="flats", target="rent", time=5)
    call = call_of(beside, request)
    model = train(call, request)
    assert done == ['SELECT * FROM "FLATS_OF"."FLATS"', "automl"]
    assert (model.dataset_id, model.dataset_name, model.dataset_version) == ("snowflake:FLATS_OF.FLATS", "FLATS", 0)
    assert model.problem_kind == "regression"
    assert model.rows_trained + model.rows_held_out == ROWS
    assert [feature.name for feature in model.features] == ["SIZE", "HEIGHT", "SIDE"]
    assert model.dataset_hash
    assert list(Path(beside.settings.folder("tmp")).glob("*.training")) == []


def test_what_snowflake_does_not_have_is_refused_before_the_job(beside: Runtime) -> None:
    with pytest.raises(NotFound, match="'flat'"):
        call_of(beside, TrainRequest(dataset="flat", target="rent"))
    with pytest.raises(BadTarget) as refused:
        call_of(beside, TrainRequest(dataset="FLATS_OF.FLATS", target="rnet"))
    assert "RENT" in refused.value.hint
