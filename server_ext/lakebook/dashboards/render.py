"""An executed notebook as one page: its words, tables and charts, without its code, complete in itself."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from lakebook.dashboards.figures import figure, is_chart
from lakebook.dashboards.sealing import sealed

TEMPLATE = "lakebook"
CHECKOUT = Path(__file__).resolve().parents[3] / "templates" / "nbconvert"
PRIORITY = ["text/html", "text/markdown", "text/latex", "text/plain"]


@dataclass(frozen=True)
class Page:
    """A page and how many charts are on it."""

    html: str
    charts: int


def render(content: dict[str, Any], *, title: str, folder: Path, foot: str) -> Page:
    """The page of an executed notebook (plain data, format 4) whose pictures lie beside it in `folder`."""
    import nbformat
    from nbconvert.exporters import HTMLExporter
    from traitlets.config import Config

    notebook = nbformat.reads(json.dumps(content), as_version=4)
    charts = 0
    for cell in notebook.cells:
        if cell.cell_type == "code":
            charts += sum(is_chart(output.get("data", {})) for output in cell.outputs)
            cell.outputs = [shown for output in cell.outputs for shown in _shown(output)]
    notebook.metadata["title"] = title_of(content) or title
    exporter = HTMLExporter(
        template_name=TEMPLATE, extra_template_basedirs=_template_folders(), embed_images=False,
        exclude_input=True, exclude_input_prompt=True, exclude_output_prompt=True, anchor_link_text="",
        config=Config({"NbConvertBase": {"display_data_priority": PRIORITY}}),
    )  # fmt: skip
    body, _ = exporter.from_notebook_node(notebook, resources={"lakebook": {"foot": foot, "name": title}})
    return Page(sealed(body, folder), charts)


def foot_of(instant: datetime, datasets: list[tuple[str, int]]) -> str:
    """`as of 9 Dec 2011 06:00 UTC · orders v3`."""
    moment = f"{instant.day} {instant:%b %Y %H:%M} {instant.tzname() or ''}".strip()
    return " · ".join([f"as of {moment}", *(f"{name} v{version}" for name, version in datasets)])


def title_of(content: dict[str, Any]) -> str | None:
    """The notebook's first heading."""
    for cell in content["cells"]:
        if cell.get("cell_type") == "markdown":
            for line in "".join(cell.get("source", "")).splitlines():
                if line.startswith("# "):
                    return line[2:].strip().strip("*_`") or None
    return None


def _shown(output: Any) -> list[Any]:
    """What viewers see of an output: charts as pictures with the rows beside them, no warnings."""
    if output.output_type == "stream":
        return [output] if output.name == "stdout" else []
    if output.output_type == "error":
        return []
    data = dict(output.data)
    picture = figure(data) if is_chart(data) else ""
    if not picture:
        output.data = {kind: data[kind] for kind in PRIORITY if kind in data}
        return [output] if output.data else []
    rows = "".join(data.get("text/html", ""))
    # The HTML of other chart libraries draws the same chart again, by scripts from elsewhere.
    output.data = {"text/html": picture if "<script" in rows.lower() else picture + rows}
    return [output]


def _template_folders() -> list[str]:
    """Where the page's template lies: in a source checkout, else where the package installed it."""
    installed = Path(sys.prefix) / "share" / "jupyter" / "nbconvert" / "templates"
    return [str(folder) for folder in (CHECKOUT, installed) if (folder / TEMPLATE).is_dir()]
