"""Downloads over HTTP: sent as they are written, refused in words, stopped when nobody listens."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import polars as pl
import psutil
import pytest
from pyarrow import parquet as pq
from python_calamine import load_workbook
from tornado.httpclient import HTTPResponse

from lakebook.access.principal import local_principal
from lakebook.call import Call
from lakebook.catalog.download import FACTS
from lakebook.ingest.table import TableHandle
from lakebook.runtime import Runtime
from lakebook_server.routes import downloads
from tests.server.conftest import Ask
from tests.unit.remains import left_in

ROWS = 30_000
Fetch = Callable[..., Awaitable[HTTPResponse]]


@pytest.fixture
def runtime(jp_serverapp: Any, tmp_path: Path) -> Runtime:
    """The services of the server under test, with a table `Bestände`."""
    runtime: Runtime = jp_serverapp.web_app.settings["lakebook_runtime"]
    frame = pl.DataFrame({"id": range(ROWS), "kind": [f"=kind {at}" for at in range(ROWS)]})
    TableHandle(Call(runtime, local_principal(), folder=tmp_path), "Bestände").replace(frame)
    return runtime


@pytest.fixture
def fetch(jp_fetch: Fetch, runtime: Runtime) -> Fetch:
    """The file of the table, in a form."""

    async def send(seconds: float = 60, **query: str) -> HTTPResponse:
        path = "lakebook/api/v1/datasets/Bestände/download"
        return await jp_fetch(path, params=query, request_timeout=seconds)

    return send


async def test_a_csv_is_sent(fetch: Fetch, runtime: Runtime) -> None:
    answer = await fetch()
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''Best%C3%A4nde.csv"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert json.loads(answer.headers[FACTS])["rows"] == ROWS
    lines = answer.body.decode().splitlines()
    assert (len(lines), lines[1]) == (ROWS + 1, "0,'=kind 0")
    assert left_in(runtime) == []


async def test_parquet_is_the_tables_own_file(fetch: Fetch) -> None:
    answer = await fetch(format="parquet")
    assert answer.headers["Content-Type"] == "application/vnd.apache.parquet"
    table = pq.read_table(io.BytesIO(answer.body))
    assert (table.num_rows, table.column_names) == (ROWS, ["id", "kind"])


async def test_a_workbook_is_sent_whole(fetch: Fetch, runtime: Runtime) -> None:
    answer = await fetch(format="xlsx")
    sheet = load_workbook(io.BytesIO(answer.body)).get_sheet_by_name("Bestände")
    assert sheet.height == ROWS + 1
    assert left_in(runtime) == []


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("datasets/nothing/download", 404, "No dataset is called 'nothing'"),
        ("datasets/Bestände/download?format=pdf", 400, "format"),
        ("datasets/Bestände/download?to=x.csv", 400, "writes no file"),
        ("datasets/Bestände/download?other=1", 400, "other"),
    ],
    ids=["missing", "format", "path", "field"],
)
async def test_refusals_have_the_one_shape(ask: Ask, runtime: Runtime, path: str, status: int, words: str) -> None:
    bare, _, query = path.partition("?")
    params = dict([query.split("=")]) if query else {}
    code, plain = await ask("GET", f"lakebook/api/v1/{bare}", params=params)
    assert code == status
    assert words in plain["error"]["message"]
    assert plain["error"]["hint"]


async def test_a_refusal_of_the_child_is_said(ask: Ask, runtime: Runtime, tmp_path: Path) -> None:
    call = Call(runtime, local_principal(), folder=tmp_path)
    TableHandle(call, "long").replace(pl.DataFrame({"x": ["y" * 40_000]}))
    code, plain = await ask("GET", "lakebook/api/v1/datasets/long/download", params={"format": "xlsx"})
    assert (code, plain["error"]["code"]) == (400, "invalid_request")
    assert "32,767 characters" in plain["error"]["message"]
    assert left_in(runtime) == []


async def test_nobody_is_served_without_a_token(ask: Ask, runtime: Runtime) -> None:
    code, plain = await ask(
        "GET", "lakebook/api/v1/datasets/Bestände/download", headers={"Authorization": "token wrong"}
    )
    assert code in (401, 403)
    assert plain["error"]["code"] == "unauthorized"


async def test_a_child_that_breaks_before_the_first_byte_is_an_error(
    ask: Ask, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "command", lambda: ["false"])
    code, plain = await ask("GET", "lakebook/api/v1/datasets/Bestände/download")
    assert (code, plain["error"]["message"]) == (500, "The file could not be written.")


async def test_a_child_that_breaks_later_breaks_the_connection(
    fetch: Fetch, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "command", lambda: ["sh", "-c", "cat > /dev/null; echo id,kind; exit 3"])
    with pytest.raises(Exception, match="Connection closed"):
        await fetch()


async def test_a_client_that_leaves_stops_the_child(
    fetch: Fetch, runtime: Runtime, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    script = f"cat > /dev/null; echo $$ > {tmp_path / 'pid'}; while :; do echo 1,a; done"
    monkeypatch.setattr(downloads, "command", lambda: ["sh", "-c", script])
    with pytest.raises(Exception, match="Timeout"):
        await fetch(seconds=2)
    child = int((tmp_path / "pid").read_text())
    for _look in range(500):
        if not psutil.pid_exists(child):
            break
        await asyncio.sleep(0.01)
    assert not psutil.pid_exists(child)
