"""The viewer by REST: what a file holds, any of its rows, and the server's other work undisturbed."""

from __future__ import annotations

from pathlib import Path

import pytest

from lakebook_server.routes.verbs import VerbHandler
from tests.server.conftest import Ask

API = "/lakebook/api/v1"


@pytest.fixture
def orders(jp_root_dir: Path) -> Path:
    """A file below the server's folder."""
    path = jp_root_dir / "data" / "orders.csv"
    path.parent.mkdir()
    path.write_text("id,country\n" + "".join(f"{n},{('UK', 'DE')[n % 2]}\n" for n in range(500)))
    return path


async def test_a_file_is_shown_and_its_rows_are_given(ask: Ask, orders: Path) -> None:
    status, file = await ask("GET", f"{API}/files", params={"path": "data/orders.csv"})
    assert (status, file["row_count"], file["format"], file["size_bytes"]) == (200, 500, "csv", orders.stat().st_size)
    assert [column["name"] for column in file["columns"]] == ["id", "country"]
    status, rows = await ask("POST", f"{API}/files/rows", {"path": "data/orders.csv", "offset": 498})
    assert (status, rows["rows"]) == (200, [["498", "UK"], ["499", "DE"]])
    assert rows["row_count"] == 500


async def test_a_window_that_cannot_be_is_refused(ask: Ask, orders: Path) -> None:
    for wrong in ({"offset": -1}, {"limit": 100_000}, {"filters": {"id": [1]}}, {"columns": 3}):
        status, refusal = await ask("POST", f"{API}/files/rows", {"path": "data/orders.csv", **wrong})
        assert (status, refusal["error"]["code"]) == (400, "invalid_request"), wrong
    assert orders.exists()


@pytest.mark.parametrize("path", ["../secret.csv", "/etc/passwd", ".lakebook/x.parquet", "data"])
async def test_other_files_are_not_there(ask: Ask, orders: Path, path: str) -> None:
    (orders.parents[2] / "secret.csv").write_text("a\n1\n")
    for method, body, params in (("GET", None, {"path": path}), ("POST", {"path": path}, {})):
        address = f"{API}/files" if method == "GET" else f"{API}/files/rows"
        status, refusal = await ask(method, address, body, params=params)
        assert (status, refusal["error"]["code"]) == (404, "not_found")
        assert str(orders.parent) not in str(refusal)


async def test_rows_of_a_table_that_is_not_there(ask: Ask) -> None:
    status, refusal = await ask("POST", f"{API}/datasets/nothing/rows", {})
    assert (status, refusal["error"]["code"]) == (404, "not_found")


def test_who_closes_the_connection_is_gone() -> None:
    handler = VerbHandler.__new__(VerbHandler)
    assert not handler.is_gone
    handler.on_connection_close()
    assert handler.is_gone
