"""Verbs by REST: what is sent, how answers come back, and that errors come back as their own classes."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pyarrow as pa
import pytest

from lakebook.client import Lakebook
from lakebook.errors import (
    BadFile,
    Conflict,
    LakebookError,
    NotFound,
    RefusedStatement,
    Unauthorized,
    Unavailable,
)
from lakebook.query.answer import Answer
from lakebook.query.travel import to_arrow
from lakebook.remote import ARROW, RemotePlace

STAMP = "2026-01-01T00:00:00.000000Z"
JOB = {"job_id": "j1", "user_id": "u", "job_type": "ingestion", "verb": "ingest", "title": "a.csv",
       "status": "queued", "created_at": STAMP, "updated_at": STAMP}  # fmt: skip
MADE = {"dataset_id": "d", "name": "a", "version": 1, "rows": 3, "columns": 1, "rejected_rows": 0,
        "duplicate_rows": 0, "quality_score": 1.0, "s3_key": "k", "seconds": 0.1}  # fmt: skip
Answering = Callable[[httpx.Request], httpx.Response]


class Server:
    """A server that keeps what it was sent and answers in turn."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.answers = list(answers)
        self.got: list[httpx.Request] = []
        self.bodies: list[bytes] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.got.append(request)
        self.bodies.append(request.read())
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def lb(self, address: str = "http://127.0.0.1:1/user/x/") -> Lakebook:
        """lakebook on this server."""
        place = RemotePlace(address)
        place.http = httpx.Client(
            base_url=place.http.base_url, headers=place.http.headers, transport=httpx.MockTransport(self)
        )
        return Lakebook(place)


def ok(body: Any, status: int = 200) -> httpx.Response:
    return httpx.Response(status, json=body)


def refused(code: str, status: int, **more: Any) -> httpx.Response:
    return httpx.Response(status, json={"error": {"code": code, "message": "No.", "hint": "Else.", **more}})


@pytest.mark.parametrize(
    ("call", "method", "path", "query", "body"),
    [
        (lambda lb: lb.datasets(), "GET", "/datasets", {}, None),
        (lambda lb: lb.datasets(deleted=True), "GET", "/datasets", {"deleted": "true"}, None),
        (lambda lb: lb.jobs(limit=5), "GET", "/jobs", {"limit": "5"}, None),
        (lambda lb: lb.stream(topic="t", rows=[{"a": 1}]), "POST", "/stream", {}, {"topic": "t", "rows": [{"a": 1}]}),
    ],
)
def test_what_is_sent(call: Any, method: str, path: str, query: dict[str, str], body: Any) -> None:
    empty: dict[str, Any] = {"topic": "t", "sent": 1, "seconds": 0.1} if method == "POST" else {"items": []}
    server = Server(ok(empty))
    call(server.lb())
    request = server.got[0]
    assert request.method == method
    assert request.url.path == f"/user/x/lakebook/api/v1{path}"
    assert dict(request.url.params) == query
    assert (json.loads(server.bodies[0]) if server.bodies[0] else None) == body
    assert request.headers["Accept"] == "application/json"


def test_names_go_into_the_path_quoted() -> None:
    server = Server(refused("not_found", 404))
    with pytest.raises(NotFound):
        server.lb().profile("silver.a/b?c#d %é")
    assert server.got[0].url.raw_path == b"/user/x/lakebook/api/v1/datasets/silver.a%2Fb%3Fc%23d%20%25%C3%A9/profile"


def test_a_path_name_is_not_sent_twice() -> None:
    server = Server(refused("name_taken", 409))
    with pytest.raises(Conflict):
        server.lb().datasets.rename("orders", "sales")
    assert server.got[0].method == "PATCH"
    assert server.got[0].url.path.endswith("/datasets/orders")
    assert json.loads(server.bodies[0]) == {"name": "sales"}


@pytest.mark.parametrize(
    ("address", "base"),
    [
        ("http://127.0.0.1:1", "http://127.0.0.1:1/"),
        ("http://127.0.0.1:1/", "http://127.0.0.1:1/"),
        ("http://127.0.0.1:1/user/x", "http://127.0.0.1:1/user/x/"),
        ("http://127.0.0.1:1/user/x/?token=abc", "http://127.0.0.1:1/user/x/"),
    ],
)
def test_the_address_shows_no_token(address: str, base: str) -> None:
    assert RemotePlace(address).address == base


def test_the_token_comes_from_the_nearest_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def sent(address: str = "http://127.0.0.1:1", token: str | None = None) -> str | None:
        found: str | None = RemotePlace(address, token).http.headers.get("Authorization")
        return found

    assert sent() is None
    monkeypatch.setenv("LAKEBOOK_TOKEN", "from-variable")
    assert sent() == "token from-variable"
    monkeypatch.setenv("LAKEBOOK_TOKEN_FILE", str(tmp_path / "missing"))
    assert sent() == "token from-variable"
    (tmp_path / "missing").write_text("from-file\n")
    assert sent() == "token from-file"
    assert sent("http://127.0.0.1:1/?token=from-address") == "token from-address"
    assert sent("http://127.0.0.1:1/?token=from-address", "given") == "token given"


@pytest.mark.parametrize(
    ("answer", "kind", "said"),
    [
        (refused("not_found", 404), NotFound, "No. Else."),
        (refused("bad_file", 422), BadFile, "No. Else."),
        (refused("something_new", 418), LakebookError, "No. Else."),
        (refused("refused_statement", 422, details={"reasons": [{"message": "m", "line": 1, "column": 2}]}),
         RefusedStatement, "No. Else."),
        (httpx.Response(403, text="<html>"), Unauthorized, "who you are"),
        (httpx.Response(302, headers={"Location": "/login"}), Unauthorized, "who you are"),
        (httpx.Response(401, json={"message": "Unauthorized"}), Unauthorized, "who you are"),
        (httpx.Response(502, text="bad gateway"), LakebookError, "answered 502"),
        (httpx.Response(500, json={"error": "a word"}), LakebookError, "answered 500"),
        (httpx.Response(500, json=["a list"]), LakebookError, "answered 500"),
        (httpx.Response(500, json=None), LakebookError, "answered 500"),
        (httpx.ConnectError("no"), Unavailable, "No lakebook server answers"),
        (httpx.ReadTimeout("no"), Unavailable, "No lakebook server answers"),
        (httpx.RemoteProtocolError("no"), Unavailable, "No lakebook server answers"),
    ],
    ids=str,
)  # fmt: skip
def test_errors_come_back_as_their_own_class(
    answer: httpx.Response | Exception, kind: type[LakebookError], said: str
) -> None:
    with pytest.raises(LakebookError, match=said) as raised:
        Server(answer).lb().datasets()
    assert type(raised.value) is kind
    if isinstance(raised.value, RefusedStatement):
        assert raised.value.reasons[0].column == 2


def test_rows_come_as_arrow_with_their_facts() -> None:
    table = pa.table({"n": pa.array([1, 2**60]), "price": pa.array([1, 2], pa.decimal128(18, 2))})
    answer = Answer("", "answered", "sql", sql="SELECT 1", datasets=(("orders", 3),), words=("a",), table=table)
    server = Server(httpx.Response(200, content=to_arrow(answer), headers={"Content-Type": ARROW}))
    got = server.lb().query("SELECT 1")
    assert server.got[0].headers["Accept"] == ARROW
    assert got.arrow() == table
    assert (got.sql, got.datasets, got.words) == ("SELECT 1", (("orders", 3),), ("a",))


def test_a_declined_question_comes_without_rows() -> None:
    answer = Answer("why?", "declined", "parser", reason="Not understood.", suggestions=("how many?",))
    server = Server(httpx.Response(200, content=to_arrow(answer), headers={"Content-Type": ARROW}))
    got = server.lb().ask("why?")
    assert got.status == "declined"
    assert got.table is None
    assert got.suggestions == ("how many?",)


def test_an_answer_as_json_is_understood_too() -> None:
    server = Server(ok({"query_id": "q", "status": "answered", "source": "sql", "results": [{"n": 1}]}))
    assert server.lb().query("SELECT 1").results == [{"n": 1}]


def test_a_file_goes_up_as_a_stream_of_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lakebook.remote.BLOCK", 10)
    monkeypatch.setattr("lakebook.jobs.submit.POLL_SECONDS", 0)
    source = tmp_path / "größe 1.csv"
    source.write_bytes(b"a,b\n" + b"1,2\n" * 100)
    server = Server(ok(JOB, 202), ok({**JOB, "status": "processing", "progress": 50}),
                    ok({**JOB, "status": "completed", "progress": 100, "result": MADE}))  # fmt: skip
    seen: list[int] = []
    lb = server.lb()
    lb = Lakebook(lb.place, lambda job: seen.append(job.progress))
    assert lb.ingest(source, name="sizes", null=["NA", "-"]).rows == 3
    sent = server.got[0]
    assert sent.method == "POST"
    assert sent.url.path == "/user/x/lakebook/api/v1/uploads"
    assert sent.url.params.multi_items() == [
        ("filename", "größe 1.csv"), ("name", "sizes"), ("null", "NA"), ("null", "-"),
    ]  # fmt: skip
    assert sent.headers["Transfer-Encoding"] == "chunked"
    assert server.bodies[0] == source.read_bytes()
    assert seen == [50, 100]


def test_a_frame_goes_up_as_parquet() -> None:
    server = Server(ok(JOB, 202))
    handle = server.lb().ingest(pa.table({"a": [1, 2]}), name="small", background=True)
    assert handle.job_id == "j1"
    assert pa.parquet.read_table(io.BytesIO(server.bodies[0])).to_pydict() == {"a": [1, 2]}
    assert server.got[0].url.params["name"] == "small"


def test_a_failed_job_raises_its_error(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a\n")
    failure = {"code": "bad_file", "message": "It has no rows.", "hint": "", "details": {}}
    server = Server(ok(JOB, 202), ok({**JOB, "status": "failed", "failure": failure}))
    with pytest.raises(BadFile, match="no rows"):
        server.lb().ingest(tmp_path / "a.csv")


@pytest.mark.parametrize("after", [ok({**JOB, "status": "cancelled"}), refused("conflict", 409)])
def test_an_interrupt_cancels_the_job(tmp_path: Path, after: httpx.Response) -> None:
    """Also where the job has ended in that moment: the interrupt is what is raised."""
    (tmp_path / "a.csv").write_text("a\n1\n")
    server = Server(ok(JOB, 202), ok({**JOB, "status": "processing"}), after)

    def interrupt(_job: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Lakebook(server.lb().place, interrupt).ingest(tmp_path / "a.csv")
    assert server.got[2].url.path.endswith("/jobs/j1/cancel")


def test_tables_are_written_where_the_home_is() -> None:
    with pytest.raises(Conflict, match="lies on the server"):
        Server().lb().table("orders")


def test_figures_are_no_ones_business_here() -> None:
    server = Server()
    server.lb().report(rows=3)
    assert server.got == []


def test_a_closed_place_asks_nothing() -> None:
    server = Server(ok({"items": []}))
    lb = server.lb()
    lb.close()
    with pytest.raises(RuntimeError):
        lb.datasets()
    assert server.got == []
