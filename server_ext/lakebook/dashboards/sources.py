"""Which datasets a notebook read, for the foot of its page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from lakebook import names
from lakebook.notebooks import source

if TYPE_CHECKING:
    from lakebook.runtime import Runtime


def datasets_read(runtime: Runtime, content: dict[str, Any]) -> list[tuple[str, int]]:
    """Name and version of each dataset that the outputs or the code of an executed notebook name, by name.

    Outputs may say it themselves (`{"lakebook": {"datasets": [{"name", "version"}]}}` in their metadata); otherwise a
    dataset counts where the code has its name in quotes, after FROM or JOIN, or in a magic's line.
    """
    code = names.key("\n".join(source.code_of(content)))
    found = {dataset.name: dataset.version for dataset, _ in runtime.catalog.datasets() if _mentioned(dataset, code)}
    for output in _outputs(content):
        for said in output.get("metadata", {}).get("lakebook", {}).get("datasets", []):
            found[str(said["name"])] = int(said["version"])
    return sorted(found.items())


def _mentioned(dataset: Any, code: str) -> bool:
    bare = re.escape(names.key(dataset.name))
    name = rf"(?:{dataset.layer}\.)?{bare}"
    ways = (rf"([\"'`]){name}\1", rf"\b(?:from|join)\s+\"?{name}\b", rf"^\s*%+\w+[^\n]*(?<!\w){name}(?!\w)")
    return any(re.search(way, code, re.MULTILINE) for way in ways)


def _outputs(content: dict[str, Any]) -> list[dict[str, Any]]:
    return [output for cell in content["cells"] for output in cell.get("outputs", [])]
