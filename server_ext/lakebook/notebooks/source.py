"""A notebook as a file: found, read, and held against the parameters somebody wants to give it."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from lakebook.errors import BadFile, InvalidRequest, NotFound, nearest_name

MOST_BYTES = 256 * 2**20


def find(folder: Path, notebook: str) -> Path:
    """The notebook's absolute path, seen from `folder`; NotFound or BadFile where there is no notebook."""
    path = (folder / Path(notebook).expanduser()).absolute()
    if path.is_dir():
        raise BadFile(f"{notebook} is a folder, not a notebook.", hint="Name one .ipynb file in it.")
    if not path.is_file():
        beside = [found.name for found in sorted(path.parent.glob("*.ipynb"))] if path.parent.is_dir() else []
        nearest = nearest_name(path.name, beside)
        hint = f"Did you mean {nearest!r}?" if nearest else "Check the path."
        raise NotFound(f"There is no notebook {notebook}.", hint=hint, details={"name": notebook, "nearest": nearest})
    return path


def read(path: Path) -> dict[str, Any]:
    """The notebook's content as plain data in format 4; BadFile where it is none."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise BadFile(f"{path.name} is larger than a notebook may be.", hint="Clear its outputs and save it.")
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise NotFound(f"There is no notebook {path.name}.", hint="Check the path.") from error
    except OSError as error:
        raise BadFile(f"{path.name} cannot be read.", hint="Check its permissions.") from error
    except ValueError as error:
        raise BadFile(f"{path.name} is not a notebook: it is not JSON.", hint="Name an .ipynb file.") from error
    if not isinstance(content, dict) or not isinstance(content.get("nbformat"), int):
        raise BadFile(f"{path.name} is not a notebook.", hint="Name an .ipynb file.")
    if content["nbformat"] != 4 or not isinstance(content.get("cells"), list):
        raise BadFile(
            f"{path.name} has notebook format {content['nbformat']}; lakebook reads format 4.",
            hint="Open it in JupyterLab and save it there.",
        )
    return content


def check_parameters(path: Path, wanted: Iterable[str]) -> None:
    """Raise InvalidRequest where the notebook does not take one of these parameters, naming those it takes."""
    names = list(wanted)
    content = read(path)
    if not names or not is_python(content):
        return
    cell = _parameters_cell(content)
    if cell is None:
        raise InvalidRequest(
            f"{path.name} takes no parameters, but {_listed(names)} was given.",
            hint="Tag the cell that sets the defaults with `parameters`.",
            details={"unknown": names, "known": []},
        )
    known = _assigned(_text(cell))
    unknown = [name for name in names if name not in known]
    if unknown:
        takes = f"It takes {_listed(known)}." if known else "Its parameters cell sets nothing."
        raise InvalidRequest(
            f"{path.name} has no parameter {_listed(unknown)}.", hint=takes,
            details={"unknown": unknown, "known": known},
        )  # fmt: skip


def is_python(content: dict[str, Any]) -> bool:
    """Whether the notebook is written in Python, as far as it says anything."""
    metadata = content.get("metadata", {})
    language = metadata.get("language_info", {}).get("name") or metadata.get("kernelspec", {}).get("language")
    return str(language or "python").casefold() in ("python", "ipython")


def code_of(content: dict[str, Any]) -> Iterator[str]:
    """The text of each code cell."""
    return (_text(cell) for cell in content["cells"] if cell.get("cell_type") == "code")


def _parameters_cell(content: dict[str, Any]) -> dict[str, Any] | None:
    for cell in content["cells"]:
        if "parameters" in cell.get("metadata", {}).get("tags", []):
            found: dict[str, Any] = cell
            return found
    return None


def _text(cell: dict[str, Any]) -> str:
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(source)


def _assigned(code: str) -> list[str]:
    """Names that the cell sets at its top level; lines that only IPython understands are left out."""
    lines = ["" if line.lstrip().startswith(("%", "!", "?")) else line for line in code.splitlines()]
    try:
        tree = ast.parse("\n".join(lines))
    except SyntaxError:
        return []
    names: list[str] = []
    for statement in tree.body:
        targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
        for target in targets:
            names += [node.id for node in ast.walk(target) if isinstance(node, ast.Name)] if target else []
    return list(dict.fromkeys(names))


def _listed(names: Iterable[str]) -> str:
    return ", ".join(repr(name) for name in names)
