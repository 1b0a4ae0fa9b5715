"""Every refusal of every route has the one shape, and says nothing of our insides."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest

from lakebook.verbs import VERBS
from lakebook_server.routes import PREFIXES, PUBLIC, handlers
from tests.server.conftest import Ask

FIELDS = {"code", "message", "hint", "details", "request_id", "timestamp"}
INSIDES = re.compile(r"Traceback|File \"|/server_ext/|site-packages|sqlalchemy|sqlite3|<class ")


def held(plain: Any) -> dict[str, Any]:
    """The error after its shape was held."""
    assert set(plain) == {"error"}
    error: dict[str, Any] = plain["error"]
    assert set(error) == FIELDS
    assert re.fullmatch(r"[a-z_]+", error["code"])
    assert error["message"]
    assert datetime.fromisoformat(error["timestamp"]).utcoffset() is not None
    assert not INSIDES.search(str(plain))
    return error


def every_route() -> list[tuple[str, str]]:
    """Method and address of each route that is a verb's, under both prefixes, placeholders filled."""
    pairs = []
    for verb in VERBS:
        for method, path in ((verb.method, verb.path), *verb.seed):
            filled = re.sub(r"\{\w+\}", "nothing-like-it", path)
            pairs += [(method, prefix + filled) for prefix in PREFIXES]
    return [*pairs, *(("POST", prefix + path) for prefix in PREFIXES for path in ("/uploads", "/data/upload"))]


@pytest.mark.parametrize(("method", "address"), every_route())
async def test_without_a_token_every_route_says_401(ask: Ask, method: str, address: str) -> None:
    status, plain = await ask(method, address, {} if method != "GET" else None, headers={"Authorization": ""})
    assert status == 401
    assert held(plain)["code"] == "unauthorized"


@pytest.mark.parametrize("prefix", PREFIXES)
async def test_unknown_address_is_404(ask: Ask, prefix: str) -> None:
    for method in ("GET", "POST", "PATCH", "PUT", "DELETE"):
        status, plain = await ask(method, f"{prefix}/no/such/thing")
        assert status == 404
        assert held(plain)["code"] == "not_found"


async def test_wrong_method_is_405(ask: Ask) -> None:
    status, plain = await ask("PUT", "/lakebook/api/v1/datasets")
    assert status == 405
    assert held(plain)["code"] == "method_not_allowed"


async def test_body_too_large_is_413(ask: Ask, jp_serverapp: Any) -> None:
    runtime = jp_serverapp.web_app.settings["lakebook_runtime"]
    runtime.settings.max_body_bytes = 1000
    status, plain = await ask("POST", "/lakebook/api/v1/ask", {"question": "x" * 1500})
    assert status == 413
    assert held(plain)["code"] == "payload_too_large"


async def test_upload_too_large_is_413_and_leaves_nothing(ask: Ask, jp_serverapp: Any) -> None:
    runtime = jp_serverapp.web_app.settings["lakebook_runtime"]
    runtime.settings.max_upload_bytes = 1000
    status, plain = await ask("POST", "/lakebook/api/v1/uploads", b"a,b\n" * 900, params={"filename": "big.csv"})
    assert status == 413
    assert held(plain)["code"] == "payload_too_large"
    assert not list((runtime.settings.home / "tmp").glob("*.upload"))


async def test_broken_inside_is_500_without_insides(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_arguments: object) -> None:
        raise RuntimeError("secret at /home/somebody/file.py")

    monkeypatch.setattr("lakebook.catalog.verbs.list_datasets", breaks)
    status, plain = await ask("GET", "/lakebook/api/v1/datasets")
    assert status == 500
    error = held(plain)
    assert error["code"] == "internal"
    assert "secret" not in str(plain)


@pytest.mark.parametrize("body", [b"not json", b"[1, 2]", b'"text"', b'{"question": 3, "nonsense": true}', b"{}"])
async def test_bodies_that_do_not_fit_are_400(ask: Ask, body: bytes) -> None:
    status, plain = await ask("POST", "/lakebook/api/v1/ask", body)
    assert status == 400
    assert held(plain)["code"] == "invalid_request"


async def test_missing_dataset_names_the_nearest(ask: Ask) -> None:
    status, plain = await ask("GET", "/lakebook/api/v1/datasets/orders")
    assert status == 404
    assert "orders" in held(plain)["message"]


async def test_request_id_is_kept_from_the_caller(ask: Ask) -> None:
    _, plain = await ask("GET", "/lakebook/api/v1/datasets/none", headers={"X-Request-ID": "abcd-1234-efgh"})
    assert held(plain)["request_id"] == "abcd-1234-efgh"
    _, plain = await ask("GET", "/lakebook/api/v1/datasets/none", headers={"X-Request-ID": "a b\tc"})
    assert held(plain)["request_id"] != "a b\tc"


def test_public_routes_are_the_short_list() -> None:
    """Whatever is not on the list derives from a base that knows who is calling."""
    from jupyter_server.base.handlers import JupyterHandler

    public = [pattern for pattern, handler in handlers() if not issubclass(handler, JupyterHandler)]
    assert public == list(PUBLIC)
    assert len(PUBLIC) == 1
