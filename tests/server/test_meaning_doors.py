"""Semantic models and the history of questions by REST: kept, refused with lines, judged; one's own by name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.live_server import live_server

ROWS = "country,pieces\n" + "".join(f"{('Germany', 'France')[number % 2]},{number}\n" for number in range(40))
MODEL = """\
name: shop  # as we say it
datasets:
  - {name: orders, source: orders}
metrics:
  - {name: volume, expression: SUM(orders.pieces), ai_context: {synonyms: [goods]}}
"""


@pytest.fixture(scope="module")
def http(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A server with a table of orders."""
    folder = tmp_path_factory.mktemp("meaning")
    (folder / "orders.csv").write_text(ROWS)
    with live_server(folder) as server, server.http() as opened:
        made = opened.post("/ingest?wait=60", json={"source": str(folder / "orders.csv")}, timeout=90)
        assert made.status_code == 200, made.text
        yield opened


def error_of(answer: httpx.Response) -> dict[str, Any]:
    found: dict[str, Any] = answer.json()["error"]
    assert {"code", "message", "hint", "details", "request_id", "timestamp"} <= found.keys()
    return found


def test_a_model_is_checked_kept_shown_and_deleted(http: httpx.Client) -> None:
    assert http.post("/semantics", json={"document": MODEL, "check": True}).json()["kept"] is False
    assert http.get("/semantics").json()["items"] == []
    assert http.post("/semantics", json={"document": MODEL}).json()["metrics"] == ["volume"]
    assert http.get("/semantics/shop").json()["document"] == MODEL
    assert http.get("/semantics/shop/export", params={"format": "json"}).json()["document"].startswith("{")
    assert [one["name"] for one in http.get("/semantics", params={"dataset": "orders"}).json()["items"]] == ["shop"]
    assert "SUM(orders.pieces)" in http.get("/datasets/orders/semantics").json()["document"]
    assert http.delete("/semantics/shop").json()["name"] == "shop"
    gone = http.get("/semantics/shop")
    assert (gone.status_code, error_of(gone)["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    ("document", "line"),
    [(MODEL.replace("orders.pieces", "orders.pices"), 5), ("a: [", 1), ("x" * 2_000_001, 1), ("[" * 100_000, 1)],
    ids=["column", "yaml", "long", "deep"],
)
def test_a_model_with_faults_is_refused_by_line(http: httpx.Client, document: str, line: int) -> None:
    refused = http.post("/semantics", json={"document": document})
    found = error_of(refused)
    assert (refused.status_code, found["code"], found["details"]["faults"][0]["line"]) == (422, "bad_model", line)
    assert http.get("/semantics").json()["items"] == []


def test_ten_megabytes_are_refused(http: httpx.Client) -> None:
    refused = http.post("/semantics", json={"document": "#" * 10_000_000}, timeout=60)
    assert refused.status_code in (413, 422)
    assert error_of(refused)["hint"]


def test_a_word_is_defined(http: httpx.Client) -> None:
    made = http.post("/semantics/synonyms", json={"word": "land", "means": "orders.country"})
    assert made.json() == {"word": "land", "means": "orders.country", "kind": "column", "removed": False}
    refused = http.post("/semantics/synonyms", json={"word": "land", "means": "orders.contry"})
    assert (refused.status_code, error_of(refused)["details"]["nearest"]) == (404, "orders.country")


def test_a_question_is_judged_pinned_shared_named_and_deleted(http: httpx.Client) -> None:
    asked = http.post("/query", json={"sql": "SELECT count(*) AS n FROM orders"}, timeout=60).json()["query_id"]
    refused = http.post(f"/questions/{asked}/verify", json={})
    assert (refused.status_code, error_of(refused)["code"]) == (409, "conflict")
    assert http.post(f"/questions/{asked}/pin", json={}).json()["is_pinned"] is True
    assert http.post(f"/questions/{asked}/share", json={}).json()["is_shared"] is True
    assert http.patch(f"/questions/{asked}", json={"name": "all of them"}).json()["asked"] == "all of them"
    assert [one["query_id"] for one in http.get("/questions", params={"search": "all"}).json()["items"]] == [asked]
    again = http.post("/questions/all of them/rerun", json={"same_versions": True}, timeout=60).json()
    assert (again["results"], again["source"]) == ([{"n": 40}], "sql")
    assert http.delete(f"/questions/{asked}").status_code == 200
    assert http.get(f"/questions/{asked}").status_code == 404


def test_an_answer_that_is_right_is_given_again(http: httpx.Client) -> None:
    first = http.post("/ask", json={"question": "number of rows of Germany in orders"}, timeout=60).json()
    assert first["status"] == "answered", first
    verdict = http.post(f"/questions/{first['query_id']}/verify", json={}).json()
    assert verdict["verdict"] == "right"
    again = http.post("/ask", json={"question": "number of rows of France in orders?"}, timeout=60).json()
    assert (again["source"], list(again["results"][0].values())[-1]) == ("verified", 20)
    http.post(f"/questions/{first['query_id']}/verify", json={"wrong": True, "fault": "no"})
    last = http.post("/ask", json={"question": "number of rows of Germany in orders"}, timeout=60).json()
    assert last["status"] == "unverified"
    assert last["results"] == []
