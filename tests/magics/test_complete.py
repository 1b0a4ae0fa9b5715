"""Tab completes datasets, columns, models, files and options."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from lakebook_magics.complete import candidates, completer


@pytest.fixture(scope="module")
def orders(shell: Any) -> Any:
    shell.run_cell("%ingest orders.csv --as orders --mode replace").raise_error()
    return shell


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("", []),
        ("%lake d", ["datasets", "dashboards"]),
        ("%profile or", ["orders"]),
        ("%profile ", ["orders"]),
        ("%train orders --target c", ["country"]),
        ("%train orders --ta", ["--target"]),
        ("%train orders --problem", ["--problem-type"]),
        ("%ask how many rows --data", ["--dataset"]),
        ("%ask how many rows --dataset o", ["orders"]),
        ("%ingest ord", ["orders.csv"]),
        ("%ingest orders.csv --mo", ["--mode"]),
        ("%publish ", []),
        ("%train nothing --target x", []),
        ("%predict ", []),
        ("%predict nobody --features a", []),
        ("%profile orders extra", []),
        ("%datasets d", ["download"]),
        ("%models dr", ["drift"]),
        ("%models promote ", []),
        ("%datasets download or", ["orders"]),
    ],
)
def test_candidates(orders: Any, line: str, found: list[str]) -> None:
    assert candidates(line) == found


def test_the_hook_reads_up_to_the_cursor(orders: Any) -> None:
    event = SimpleNamespace(text_until_cursor="%profile o", line="%profile orders later")
    assert completer(orders, event) == ["orders"]


def test_the_shell_asks_the_hook(orders: Any) -> None:
    line = "%profile or"
    _, found = orders.complete("or", line, len(line))
    assert found == ["orders"]
