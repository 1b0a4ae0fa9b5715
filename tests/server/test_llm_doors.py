"""Language models and their ledger by REST and in cells: listed, allowed, asked, shown."""

from __future__ import annotations

from typing import Any

import pytest

from tests.server.conftest import Ask
from tests.unit.llm.scripted import Server, scripted

API = "/lakebook/api/v1"


@pytest.fixture
def jp_server_config(jp_server_config: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Any:
    """The server knows a scripted model, by the environment as a person would name it."""
    with scripted(answers=lambda _body: "CANNOT") as server:
        monkeypatch.setenv("LAKEBOOK_LLM", server.address)
        monkeypatch.setenv("LAKEBOOK_LLM_MODEL", "tiny")
        monkeypatch.setattr("tests.server.test_llm_doors.MODEL", [server])
        yield jp_server_config


MODEL: list[Server] = []


async def test_a_model_is_listed_allowed_and_forbidden(ask: Ask) -> None:
    status, listed = await ask("GET", f"{API}/llm")
    assert (status, [one["is_allowed"] for one in listed["items"]]) == (200, [False])
    assert listed["items"][0]["address"] == MODEL[0].address
    status, seat = await ask("POST", f"{API}/llm/allow", {"which": "local"})
    assert (status, seat["is_allowed"], seat["model"]) == (200, True, "tiny")
    status, seat = await ask("POST", f"{API}/llm/forbid", {})
    assert (status, seat["is_allowed"]) == (200, False)
    status, entries = await ask("GET", f"{API}/egress", params={"limit": "5"})
    assert (status, entries["items"]) == (200, [])


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/llm/allow", {"which": "remote"}, 404),
        ("POST", "/llm/allow", {"which": "https://elsewhere.example.org"}, 400),
        ("POST", "/llm/values", {"dataset": "nothing"}, 404),
        ("GET", "/egress/nothing", None, 404),
    ],
)
async def test_what_cannot_be_is_refused(ask: Ask, method: str, path: str, body: Any, status: int) -> None:
    found, plain = await ask(method, f"{API}{path}", body)
    assert found == status
    assert plain["error"]["message"]
    assert MODEL[0].bodies == []


async def test_a_list_of_none_is_refused(ask: Ask) -> None:
    found, _ = await ask("GET", f"{API}/egress", params={"limit": "0"})
    assert found == 400
