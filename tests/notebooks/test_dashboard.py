"""The sales dashboard: its figures are the data's, its live tile moves, and the kept page shows where it stood."""

from __future__ import annotations

import csv
import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from lakebook.client import Lakebook

NOTEBOOK = "dashboards/sales.ipynb"
LAST, DAYS = date(2026, 3, 1), 120
STREAMED = 40
VEGA = "application/vnd.vegalite.v5+json"
WAIT_FOR_TILE = """
for _ in range(300):
    if LOOKED_FOR in shown.value:
        break
    await asyncio.sleep(0.1)
print(shown.value)
"""


REACH_OUT = """
import socket
try:
    socket.create_connection(("192.0.2.1", 80), timeout=1)
except OSError as error:
    print(type(error).__name__)
"""


@dataclass
class Shown:
    """The dashboard in a kernel that goes on: its cells, and what else it is asked to run."""

    client: NotebookClient
    cells: list[Any]

    def ask(self, code: str) -> str:
        """Run more code in the kernel; returns what it printed."""
        cell = nbformat.v4.new_code_cell(code)
        self.client.nb.cells.append(cell)
        done = self.client.execute_cell(cell, len(self.client.nb.cells) - 1)
        return "".join(output.text for output in done.outputs if output.output_type == "stream")


@pytest.fixture(scope="module")
def filled(lb: Lakebook) -> Lakebook:
    """The home with the orders in it."""
    lb.ingest("orders.csv", mode="replace")
    return lb


@pytest.fixture(scope="module")
def shown(filled: Lakebook, demo_folder: Path) -> Iterator[Shown]:
    """The dashboard as somebody has it open in the Lab."""
    assert [dataset.name for dataset in filled.datasets().items] == ["orders"]
    path = demo_folder / NOTEBOOK
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(path.parent)}})
    with client.setup_kernel(env=dict(os.environ)):
        for index, cell in enumerate(notebook.cells):
            client.execute_cell(cell, index)
        yield Shown(client, list(notebook.cells))


def clean_orders(folder: Path) -> list[dict[str, str]]:
    """The lines of the last 120 days, each once, computed here."""
    with (folder / "orders.csv").open(newline="", encoding="utf-8") as file:
        rows = {tuple(row.items()) for row in csv.DictReader(file)}
    first = (LAST - timedelta(days=DAYS)).isoformat()
    return [dict(row) for row in rows if first < dict(row)["order_date"] <= LAST.isoformat()]


def revenue(rows: list[dict[str, str]]) -> Decimal:
    """What the lines bring in."""
    return sum((int(row["quantity"]) * Decimal(row["unit_price"]) for row in rows), Decimal())


def html_of(cells: list[Any]) -> str:
    """All HTML that the cells show, as text."""
    shown = [output.get("data", {}).get("text/html", "") for cell in cells for output in cell.get("outputs", [])]
    return re.sub(r"<[^>]+>", " ", "\n".join(shown))


def test_the_headline_is_the_datas(shown: Shown, demo_folder: Path) -> None:
    rows = clean_orders(demo_folder)
    text = html_of(shown.cells)
    assert f"€{revenue(rows):,.0f}" in text
    assert f"{len({row['order_id'] for row in rows}):,}" in text
    assert f"{len({row['customer_id'] for row in rows} - {''}):,}" in text
    assert "1 Mar 2026" in text


def test_the_charts_hold_the_datas_figures(shown: Shown, demo_folder: Path) -> None:
    rows = clean_orders(demo_folder)
    charts = [output.data[VEGA] for cell in shown.cells for output in cell.get("outputs", [])
              if VEGA in output.get("data", {})]  # fmt: skip
    assert len(charts) == 2
    by_day, by_country = (json.dumps(chart) for chart in charts)
    assert by_day.count("order_date") >= len({row["order_date"] for row in rows})
    ireland = revenue([row for row in rows if row["country"].strip() == "Ireland"])
    assert str(ireland).rstrip("0").rstrip(".") in by_country


def test_the_live_tile_moves_while_rows_come_in(shown: Shown, filled: Lakebook, demo_folder: Path) -> None:
    assert "€0.00" in shown.ask("print(shown.value)")
    sent = filled.stream("today.jsonl", topic="sales", limit=STREAMED)
    assert sent.sent == STREAMED
    lines = (demo_folder / "today.jsonl").read_text(encoding="utf-8").splitlines()[:STREAMED]
    total = sum(json.loads(line)["revenue"] for line in lines)
    text = shown.ask(WAIT_FOR_TILE.replace("LOOKED_FOR", repr(f"€{total:,.2f}")))
    assert f"€{total:,.2f}" in text
    assert f">{STREAMED}<" in text


def test_running_the_tile_again_leaves_one_that_follows(shown: Shown) -> None:
    live = next(cell.source for cell in shown.cells if "following" in cell.source)
    shown.ask(live)
    shown.ask("await asyncio.sleep(0)")
    names = shown.ask("print(sum(task.get_coro().__name__ == 'follow' for task in asyncio.all_tasks()))")
    assert names.strip() == "1"


def test_the_kernel_reaches_no_other_host(shown: Shown, refused_hosts: Callable[[], list[str]]) -> None:
    said = shown.ask(REACH_OUT)
    assert said.strip() == "OutsideRefused"
    assert refused_hosts() == ["192.0.2.1"]


def test_the_kept_page_shows_the_figures_without_a_kernel(shown: Shown, filled: Lakebook, tmp_path: Path) -> None:
    assert shown.cells
    page = tmp_path / "sales.html"
    made = filled.publish(NOTEBOOK, file=str(page))
    assert made.charts == 2
    text = page.read_text(encoding="utf-8")
    visible = re.sub(r"<[^>]+>", " ", text)
    assert "Order lines today" in visible
    assert re.search(rf"Order lines today\s+{STREAMED}\b", visible)
    assert "orders v1" in visible
    assert "widget-view" not in text
    assert not re.search(r"(?:src|href)\s*=\s*[\"']?https?:", text)
