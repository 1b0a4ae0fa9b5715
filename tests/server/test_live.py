"""The flow from outside, over HTTP and WebSockets, against a real server with its own worker."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pyarrow as pa
import pytest
from tornado.websocket import websocket_connect

import lakebook
from lakebook.errors import NameTaken, NotFound, RefusedStatement, Unauthorized
from lakebook.runtime import open_runtime
from tests.live_server import LiveServer, live_server

ORDERS = "id,country,quantity,unit_price\n" + "".join(
    f"{n},{('Germany', 'France', 'Spain')[n % 3]},{n % 5},{n % 40 / 4:.2f}\n" for n in range(600)
)


@pytest.fixture(scope="module", params=["/", "/user/x/"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A server at the root, and one behind a prefix as a hub gives it."""
    with live_server(tmp_path_factory.mktemp("lab"), base_url=request.param) as server:
        (server.root / "orders.csv").write_text(ORDERS)
        with server.http() as http:
            done = http.post("/ingest?wait=60", json={"source": "orders.csv"})
            assert done.status_code == 200, done.text
        yield server


@pytest.fixture
def http(server: LiveServer) -> Iterator[httpx.Client]:
    with server.http() as client:
        yield client


def finished(http: httpx.Client, answer: httpx.Response) -> dict[str, Any]:
    """The job's end, followed as a program would."""
    assert answer.status_code == 202, answer.text
    job: dict[str, Any] = answer.json()
    seen = 0
    while job["status"] not in ("completed", "failed", "cancelled"):
        job = http.get(f"/jobs/{job['job_id']}").raise_for_status().json()
        assert job["progress"] >= seen
        seen = job["progress"]
    return job


def test_raw_upload(http: httpx.Client) -> None:
    answer = http.post("/uploads", params={"filename": "Süd verkauf.csv"}, content=ORDERS.encode())
    job = finished(http, answer)
    assert job["status"] == "completed", job
    assert job["result"]["rows"] == 600
    assert job["result"]["name"] == "Süd_verkauf"
    assert answer.json()["s3_key"].startswith("bronze/")


def test_form_upload_with_the_seeds_names(server: LiveServer) -> None:
    headers = {"Authorization": f"token {server.token}"}
    with httpx.Client(base_url=f"{server.url}api/v1", headers=headers, timeout=60) as http:
        form = {"file": ("seed.jsonl", b'{"a": 1, "b": "x"}\n{"a": 2, "b": "y"}\n')}
        answer = http.post("/data/upload", files=form, data={"source_type": "json"})
        assert {"job_id", "status", "s3_key"} <= answer.json().keys()
        job_id = answer.json()["job_id"]
        while (job := http.get(f"/data/job/{job_id}").json())["status"] not in ("completed", "failed"):
            assert 0 <= job["progress"] <= 100
        assert job["error"] is None
        profile = http.get(f"/data/profile/{job['result']['dataset_id']}").json()
        assert (profile["row_count"], profile["column_count"]) == (2, 2)
        column = profile["columns"][0]
        assert {"name", "type", "null_count", "null_percentage", "unique_count", "min", "max", "mean"} <= column.keys()


def test_upload_of_what_is_no_table(http: httpx.Client) -> None:
    job = finished(http, http.post("/uploads", params={"filename": "picture.parquet"}, content=b"\x89PNG\r\n" * 100))
    assert job["status"] == "failed"
    assert job["failure"]["code"] == "bad_file"
    assert http.get("/datasets/picture").status_code == 404


def test_empty_upload_and_upload_without_a_name(http: httpx.Client) -> None:
    assert http.post("/uploads", params={"filename": "x.csv"}, content=b"").status_code == 400
    assert http.post("/uploads", content=b"a\n1\n").status_code == 400


def test_name_taken_is_said_before_anything_is_queued(http: httpx.Client) -> None:
    before = len(http.get("/jobs").json()["items"])
    answer = http.post("/uploads", params={"filename": "x.csv", "name": "ORDERS"}, content=b"a\n1\n")
    assert answer.status_code == 409
    assert answer.json()["error"]["code"] == "name_taken"
    assert len(http.get("/jobs").json()["items"]) == before


def test_ask_in_both_forms(http: httpx.Client) -> None:
    question = {"question": "number of rows by country", "dataset_id": "orders"}
    plain = http.post("/query/natural", json=question).raise_for_status().json()
    assert {"sql", "results", "explanation", "execution_time_ms"} <= plain.keys()
    assert sorted(row["country"] for row in plain["results"]) == ["France", "Germany", "Spain"]
    arrow = http.post("/ask", json=question, headers={"Accept": "application/vnd.apache.arrow.stream"})
    table = pa.ipc.open_stream(arrow.content).read_all()
    assert table.num_rows == 3


def test_validate_and_query(http: httpx.Client) -> None:
    assert http.post("/query/validate", json={"sql": "select 1 from orders"}).json()["valid"] is True
    refused = http.post("/query/validate", json={"sql": "drop table orders"}).json()
    assert refused["valid"] is False
    assert refused["errors"]
    answer = http.post("/query", json={"sql": "delete from orders"})
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == "refused_statement"
    total = http.post("/query", json={"sql": "select sum(unit_price) s from orders"}).json()
    assert total["results"][0]["s"] == f"{sum(n % 40 / 4 for n in range(600)):.2f}"


def test_an_older_version_comes_back_by_a_job_that_is_waited_for(http: httpx.Client, server: LiveServer) -> None:
    for text, mode in (("id\n1\n", "fail"), ("id\n1\n2\n", "replace")):
        (server.root / "turned.csv").write_text(text)
        done = http.post("/ingest?wait=60", json={"source": "turned.csv", "mode": mode})
        assert done.status_code == 200, done.text
    back = http.post("/datasets/turned/restore", json={"version": 1})
    assert back.status_code == 200, back.text
    assert (back.json()["version"], back.json()["row_count"]) == (3, 1)
    (job, *_) = http.get("/jobs").json()["items"]
    assert (job["job_type"], job["title"], job["status"]) == ("restoration", "restore turned to version 1", "completed")
    refused = http.post("/datasets/turned/restore", json={"version": 1})
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "conflict")


def test_rename_delete_restore(http: httpx.Client) -> None:
    finished(http, http.post("/uploads", params={"filename": "brief.csv"}, content=b"a\n1\n2\n"))
    renamed = http.patch("/datasets/brief", json={"name": "Short"}).json()
    assert renamed["name"] == "Short"
    assert http.get("/datasets/brief").status_code == 404
    assert http.patch("/datasets/short", json={"name": "orders"}).status_code == 409
    assert http.delete("/datasets/SHORT").json()["deleted_at"]
    assert http.get("/datasets/short").status_code == 404
    assert any(item["name"] == "Short" for item in http.get("/datasets?deleted=true").json()["items"])
    assert http.post("/datasets/short/restore").json()["name"] == "Short"
    assert http.get("/datasets/short").json()["preview"] == [{"a": 1}, {"a": 2}]


def test_remote_client_is_the_same_interface(server: LiveServer, tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text(ORDERS)
    with lakebook.open(server.address) as remote, lakebook.open(server.home) as local:
        assert dir(remote) == dir(local)
        done = remote.ingest(tmp_path / "mine.csv", name="mine", mode="replace")
        assert done.rows == 600
        assert local.profile("mine") == remote.profile("mine")
        question = "total unit price by country"
        assert remote.ask(question, dataset="mine").df.equals(local.ask(question, dataset="mine").df)
        assert remote.query("select count(*) n from mine").arrow().to_pylist() == [{"n": 600}]
        frame = pa.table({"x": [1, 2, 3]})
        assert remote.ingest(frame, name="frame", mode="replace").rows == 3
        with pytest.raises(NotFound, match="mine"):
            remote.profile("mime")
        with pytest.raises(NameTaken):
            remote.ingest(tmp_path / "mine.csv", name="mine")
        with pytest.raises(RefusedStatement) as refused:
            remote.query("drop table mine")
        assert refused.value.reasons
        job = remote.ingest(tmp_path / "mine.csv", name="mine", mode="replace", background=True)
        assert job.wait().rows == 600


def test_remote_client_without_a_token(server: LiveServer) -> None:
    with lakebook.open(server.url) as remote, pytest.raises(Unauthorized):
        remote.datasets()


def test_job_socket_tells_progress(server: LiveServer) -> None:
    async def listen() -> list[dict[str, Any]]:
        socket = await websocket_connect(server.socket_url("lakebook/ws/jobs"))
        heard: list[dict[str, Any]] = []
        with server.http() as http:
            job_id = http.post("/uploads", params={"filename": "heard.csv"}, content=ORDERS.encode()).json()["job_id"]
        while not (heard and heard[-1]["type"] == "datasets"):
            message = await asyncio.wait_for(socket.read_message(), 30)
            assert message is not None
            heard.append(json.loads(message))
        socket.close()
        return [message for message in heard if message["type"] == "datasets" or message["job"]["job_id"] == job_id]

    heard = asyncio.run(listen())
    states = [message["job"]["status"] for message in heard if message["type"] == "job"]
    assert states[-1] == "completed"
    assert states == sorted(states, key=["queued", "processing", "completed"].index)


@pytest.mark.parametrize("path", ["lakebook/ws/analytics/sales", "ws/analytics/sales"])
def test_topic_socket_filters(server: LiveServer, path: str) -> None:
    async def listen() -> list[dict[str, Any]]:
        socket = await websocket_connect(server.socket_url(path))
        await socket.write_message("nonsense")
        await socket.write_message(json.dumps({"action": "subscribe", "filters": {"country": "Germany"}}))
        first = json.loads(str(await asyncio.wait_for(socket.read_message(), 30)))
        ready = json.loads(str(await asyncio.wait_for(socket.read_message(), 30)))
        with server.http() as http:
            rows = [{"country": "France", "n": 1}, {"country": "Germany", "n": 2}, {"country": "Germany", "n": 3}]
            assert http.post("/stream", json={"topic": "sales", "rows": rows}).json()["sent"] == 3
        heard = [json.loads(str(await asyncio.wait_for(socket.read_message(), 30))) for _ in range(2)]
        socket.close()
        return [first, ready, *heard]

    first, ready, *updates = asyncio.run(listen())
    assert first["type"] == "error"
    assert ready["type"] == "subscribed"
    assert [update["data"]["n"] for update in updates] == [2, 3]
    assert all(update["type"] == "update" and update["timestamp"] for update in updates)


def test_sockets_are_closed_to_strangers(server: LiveServer) -> None:
    from tornado.httpclient import HTTPClientError

    async def knock(path: str) -> None:
        with pytest.raises(HTTPClientError) as refused:
            await websocket_connect(server.url.replace("http", "ws", 1) + path)
        assert refused.value.code == 403

    for path in ("lakebook/ws/jobs", "ws/jobs", "lakebook/ws/analytics/x", "ws/analytics/x"):
        asyncio.run(knock(path))


def test_every_change_is_audited(server: LiveServer, http: httpx.Client) -> None:
    finished(http, http.post("/uploads", params={"filename": "seen.csv"}, content=b"a\n1\n"))
    http.patch("/datasets/seen", json={"name": "looked"})
    http.delete("/datasets/looked")
    runtime = open_runtime(server.home)
    entries = runtime.audit.entries(200)
    runtime.close()
    actions = {entry["action"] for entry in entries}
    assert {"ingest.submit", "ingest", "datasets.rename", "datasets.delete"} <= actions
    assert all(entry["user_id"] and entry["request_id"] and entry["at"] for entry in entries)
