"""Schemas and contracts by REST: shown, changed, refused in the one shape of an error, audited."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.live_server import LiveServer, live_server

ROWS = "id,status\n" + "".join(f"{number},{('open', 'done')[number % 2]}\n" for number in range(40))


@pytest.fixture(scope="module")
def http(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A server with a table of orders, and files that do not keep to it."""
    folder = tmp_path_factory.mktemp("contracts")
    (folder / "orders.csv").write_text(ROWS)
    (folder / "lost.csv").write_text("id,status\n90,lost\n")
    (folder / "wide.csv").write_text("id,status,note\n90,open,x\n91,open,\n")
    with live_server(folder) as server, server.http() as opened:
        made = ingested(opened, server, "orders.csv")
        assert made.status_code == 200, made.text
        opened.headers["x-test-folder"] = str(folder)
        yield opened


def ingested(http: httpx.Client, _server: LiveServer | None, file: str, **words: Any) -> httpx.Response:
    source = str(Path(http.headers.get("x-test-folder", str(_server.home.parent if _server else ""))) / file)
    return http.post("/ingest?wait=60", json={"source": source, **words}, timeout=90)


def error_of(answer: httpx.Response) -> dict[str, Any]:
    found: dict[str, Any] = answer.json()["error"]
    assert {"code", "message", "hint", "details", "request_id", "timestamp"} <= found.keys()
    return found


def test_the_schema_is_shown_and_its_compatibility_set(http: httpx.Client) -> None:
    shown = http.get("/datasets/orders/schema").json()
    assert [(one["name"], one["type"]) for one in shown["columns"]] == [("id", "BIGINT"), ("status", "VARCHAR")]
    assert (shown["number"], shown["compatibility"], len(shown["versions"])) == (1, "none", 1)
    changed = http.post("/datasets/orders/compatibility", json={"mode": "full"}).json()
    assert changed["compatibility"] == "full"
    refused = http.post("/datasets/orders/compatibility", json={"mode": "sideways"})
    assert (refused.status_code, error_of(refused)["code"]) == (400, "invalid_request")


def test_a_column_is_added_by_a_job(http: httpx.Client) -> None:
    ingested(http, None, "orders.csv", name="altered")
    answer = http.post("/datasets/altered/schema?wait=60", json={"add": {"note": "VARCHAR"}}, timeout=90)
    assert (answer.status_code, answer.json()["version"]) == (200, 2)
    assert http.get("/datasets/altered/schema").json()["versions"][0]["change"] == "added note (VARCHAR)"
    refused = http.post("/datasets/altered/schema", json={"drop": ["nothing"]})
    assert (refused.status_code, error_of(refused)["code"]) == (404, "not_found")


def test_a_strict_load_says_which_columns(http: httpx.Client) -> None:
    refused = ingested(http, None, "wide.csv", name="orders", mode="append", schema_mode="strict")
    assert refused.status_code == 422
    found = error_of(refused)
    assert (found["code"], found["details"]["changes"]) == ("schema_refused", ["added note (VARCHAR)"])


def test_rows_that_break_the_schema_are_a_table_beside(http: httpx.Client) -> None:
    ingested(http, None, "orders.csv", name="kept")
    done = ingested(http, None, "wide.csv", name="kept", mode="append", schema_mode="quarantine").json()
    assert (done["rows"], done["rejected_rows"], done["rejected_table"]) == (41, 1, "kept__rejected")


def test_a_contract_is_accepted_broken_and_dropped(http: httpx.Client) -> None:
    assert http.get("/contracts").json()["items"] == []
    assert "values:status" in [one["rule_id"] for one in http.get("/contracts/orders").json()["suggested"]]
    accepted = http.post("/contracts/orders/accept", json={"rules": ["values:status"]}).json()
    assert [one["rule_id"] for one in accepted["rules"]] == ["values:status"]
    refused = ingested(http, None, "lost.csv", name="orders", mode="append", contract=True)
    assert refused.status_code == 422
    (broken,) = error_of(refused)["details"]["broken"]
    assert (broken["rule_id"], broken["count"], broken["examples"]) == (
        "values:status", 1, [{"id": 90, "status": "lost"}],
    )  # fmt: skip
    assert http.get("/datasets/orders").json()["version"] == 1
    assert http.get("/contracts").json()["items"][0]["rules"] == 1
    assert http.post("/contracts/orders/drop", json={"rules": ["values:status"]}).json()["rules"] == []
    assert error_of(http.post("/contracts/orders/drop", json={"rules": ["values:status"]}))["code"] == "not_found"


def test_an_issue_is_ignored(http: httpx.Client) -> None:
    ingested(http, None, "lost.csv", name="single")
    shown = [one["issue_id"] for one in http.get("/datasets/single/profile").json()["issues"]]
    assert "constant:status" in shown
    assert http.post("/contracts/single/ignore", json={"rules": ["constant:status"]}).json()["ignored"] == [
        "constant:status"
    ]
    profile = http.get("/datasets/single/profile").json()
    assert "constant:status" not in [one["issue_id"] for one in profile["issues"]]
    assert profile["ignored"] == ["constant:status"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/datasets/orders/schema"), ("POST", "/datasets/orders/schema"),
        ("POST", "/datasets/orders/compatibility"), ("GET", "/contracts"), ("GET", "/contracts/orders"),
        ("POST", "/contracts/orders/accept"), ("POST", "/contracts/orders/ignore"), ("POST", "/contracts/orders/drop"),
    ],
)  # fmt: skip
def test_nobody_comes_in_without_a_token(http: httpx.Client, method: str, path: str) -> None:
    answer = httpx.request(method, f"{str(http.base_url).rstrip('/')}{path}", follow_redirects=False)
    assert answer.status_code in (302, 401, 403)
