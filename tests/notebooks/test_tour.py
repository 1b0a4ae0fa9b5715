"""The tour as a newcomer takes it: every notebook by nbval, then again, with a look at what the cells say."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

ORDER = ("00_welcome.ipynb", "pipelines/daily_sales.ipynb", "dashboards/sales.ipynb")
# The promise is ten seconds a cell and sixty for %train, on a machine that does nothing else; this one may be busy.
MOST_SECONDS, MOST_TRAINING = 60.0, 150.0

pytestmark = pytest.mark.usefixtures("shop_home")


@pytest.fixture(scope="module")
def checked(demo_folder: Path, shop_home: Path, tmp_path_factory: pytest.TempPathFactory) -> ElementTree.Element:
    """What nbval says of all notebooks, run in order in one home, as a JUnit tree."""
    report = tmp_path_factory.mktemp("nbval") / "report.xml"
    command = [sys.executable, "-m", "pytest", "--nbval-lax", "--nbval-cell-timeout=180", "-q",
               "-p", "no:cacheprovider", f"--rootdir={demo_folder}", f"--junitxml={report}", *ORDER]  # fmt: skip
    ran = subprocess.run(command, cwd=demo_folder, capture_output=True, text=True, timeout=280, check=False)
    assert report.exists(), ran.stdout + ran.stderr
    return ElementTree.parse(report).getroot()


def cells(tree: ElementTree.Element) -> list[tuple[str, float, str]]:
    """Name, seconds and failure of each cell."""
    found = []
    for case in tree.iter("testcase"):
        wrong = [*case.findall("failure"), *case.findall("error")]
        name = f"{case.get('classname')}:{case.get('name')}"
        found.append((name, float(case.get("time", "0")), "\n".join(f"{part.text}" for part in wrong)))
    return found


def test_every_cell_of_every_notebook_runs(checked: ElementTree.Element) -> None:
    ran = cells(checked)
    assert [(name, wrong) for name, _, wrong in ran if wrong] == []
    for notebook in ORDER:
        assert any(Path(notebook).stem in name for name, _, _ in ran)


def test_no_cell_keeps_anybody_waiting(checked: ElementTree.Element) -> None:
    seconds = sorted((time for _, time, _ in cells(checked)), reverse=True)
    assert seconds[0] < MOST_TRAINING
    assert seconds[1] < MOST_SECONDS


def shown(cell: Any) -> str:
    """All that a cell shows as text."""
    texts = []
    for output in cell.get("outputs", []):
        data = output.get("data", {})
        texts += [data.get("text/html", ""), data.get("text/plain", ""), output.get("text", "")]
    return re.sub(r"<[^>]+>", " ", "\n".join(texts))


@pytest.fixture(scope="module")
def again(checked: ElementTree.Element, demo_folder: Path) -> dict[str, Any]:
    """The tour once more in the same home, without the training; each code cell by its source."""
    del checked
    notebook = nbformat.read(demo_folder / "00_welcome.ipynb", as_version=4)
    notebook.cells = [cell for cell in notebook.cells if not cell.source.startswith("%train")]
    client = NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(demo_folder)}})
    client.execute(env=dict(os.environ))
    return {cell.source: cell for cell in notebook.cells if cell.cell_type == "code"}


def test_the_tour_can_be_taken_twice_and_the_first_answer_is_right(again: dict[str, Any]) -> None:
    answer = again["%ask top 5 countries by revenue in orders"]
    text = shown(answer)
    places = [text.index(name) for name in ("Ireland", "Germany", "France", "Netherlands", "Spain")]
    assert places == sorted(places)
    assert any("application/vnd.vegalite.v5+json" in output.get("data", {}) for output in answer.outputs)


def test_the_profile_names_the_dirt_that_the_text_names(again: dict[str, Any]) -> None:
    text = shown(again["%profile orders"])
    assert "600" in text
    assert "12000" in text.replace(",", "")
    assert "1900-01-01" in text
    assert re.search(r"blank", text)


def test_what_is_not_understood_is_declined_with_the_words(again: dict[str, Any]) -> None:
    text = shown(again["%ask which countries are the happiest"])
    assert "happiest" in text
    assert re.search(r"do(es)? not know|not understood", text)


def test_sql_answers_without_the_dirt(again: dict[str, Any]) -> None:
    cell = next(cell for source, cell in again.items() if source.startswith("%%sql"))
    text = shown(cell)
    assert text.index("Ireland") < text.index("Germany")


def test_the_model_answers_for_one_customer_and_for_a_table(again: dict[str, Any]) -> None:
    one, many = (shown(cell) for source, cell in again.items() if "%predict" in source)
    assert "yes" in one
    assert len(re.findall(r"(?:leaves|stays), \d+% sure", many)) == 5


def test_the_page_has_a_link_and_its_charts(again: dict[str, Any]) -> None:
    assert "lakebook/p/" in shown(again["%publish dashboards/sales.ipynb"])


def test_the_lists_show_what_was_made(again: dict[str, Any]) -> None:
    text = shown(again["%lake datasets"])
    assert all(name in text for name in ("orders", "customers", "products"))
    assert "orders.csv" in shown(again["%lake jobs"])
