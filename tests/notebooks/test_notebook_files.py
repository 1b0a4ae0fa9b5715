"""The notebooks as files: clean, complete, in lakebook's words."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest

from lakebook.demo.make import notebooks_dir
from lakebook.notebooks.source import check_parameters

NOTEBOOKS = sorted(notebooks_dir().rglob("*.ipynb"))
PARAMETERS = {"daily_sales.ipynb": ["source", "day"], "sales.ipynb": ["days"],
              "train_pipeline.ipynb": ["source", "target", "name", "seconds", "only_if_drifted"]}  # fmt: skip


@pytest.fixture(params=NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
def path(request: pytest.FixtureRequest) -> Path:
    """Each notebook's path."""
    found: Path = request.param
    return found


@pytest.fixture
def content(path: Path) -> dict[str, Any]:
    """Each notebook's content as plain data."""
    read: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return read


def prose(content: dict[str, Any]) -> str:
    """The text of the markdown cells."""
    return "\n".join("".join(cell["source"]) for cell in content["cells"] if cell["cell_type"] == "markdown")


def test_there_are_the_tour_a_pipeline_and_a_dashboard() -> None:
    assert [str(path.relative_to(notebooks_dir())) for path in NOTEBOOKS] == [
        "00_welcome.ipynb",
        "dashboards/sales.ipynb",
        "pipelines/daily_sales.ipynb",
        "pipelines/train_pipeline.ipynb",
    ]


def test_it_is_valid_and_every_cell_has_an_id_of_its_own(content: dict[str, Any]) -> None:
    nbformat.validate(content)
    assert (content["nbformat"], content["nbformat_minor"]) == (4, 5)
    ids = [cell["id"] for cell in content["cells"]]
    assert len(set(ids)) == len(ids)


def test_nothing_of_any_run_is_left_in_it(content: dict[str, Any]) -> None:
    code = [cell for cell in content["cells"] if cell["cell_type"] == "code"]
    assert code
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)
    assert "widgets" not in content["metadata"]


def test_it_asks_for_the_lakebook_kernel(content: dict[str, Any]) -> None:
    assert content["metadata"]["kernelspec"] == {
        "display_name": "lakebook", "language": "python", "name": "lakebook",
    }  # fmt: skip


def test_it_begins_with_a_title_and_speaks_calmly(content: dict[str, Any]) -> None:
    text = prose(content)
    assert text.startswith("# ")
    assert text.count("\n# ") == 0
    assert "!" not in re.sub(r"`[^`]*`", "", text)
    assert not re.search(r"successfully|simply|just |please|easy", text, re.IGNORECASE)


def test_it_names_no_other_host_and_no_machines_folder(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"https?://", text)
    assert not re.search(r"(?<![\w.])/(home|root|tmp|work|Users)/", text)


def test_a_notebook_with_parameters_takes_them_and_no_others(path: Path) -> None:
    wanted = PARAMETERS.get(path.name, [])
    tagged = [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
              if "parameters" in cell["metadata"].get("tags", [])]  # fmt: skip
    assert len(tagged) == (1 if wanted else 0)
    check_parameters(path, wanted)


def test_the_tour_goes_from_drop_to_publish() -> None:
    content = json.loads((notebooks_dir() / "00_welcome.ipynb").read_text(encoding="utf-8"))
    titles = re.findall(r"^## (.+)$", prose(content), re.MULTILINE)
    tour = [title for title in titles if title in ("Drop", "Profile", "Ask", "Train", "Predict", "Schedule", "Publish")]
    assert tour == ["Drop", "Profile", "Ask", "Train", "Predict", "Schedule", "Publish"]
    first = next(cell for cell in content["cells"] if cell["cell_type"] == "code")
    assert "".join(first["source"]) == "%load_ext lakebook"
