"""Writing models: a file in the other form, and changes within a file that keep its comments and unknown parts."""

from __future__ import annotations

import io
import json
import re
from typing import Any

from lakebook.semantics.document import Number, read
from lakebook.semantics.expressions import tree_of

WIDTH = 120


def as_json(text: str) -> str:
    """The file's data as JSON; comments have no place there."""
    return json.dumps(_plain(read(text).data), ensure_ascii=False, indent=2) + "\n"


def as_yaml(data: Any) -> str:
    """Data as YAML; what `round_trip` gave keeps its comments and order."""
    from ruamel.yaml import YAML

    writer = YAML()
    writer.width = WIDTH
    writer.indent(mapping=2, sequence=4, offset=2)
    written = io.StringIO()
    writer.dump(data, written)
    return written.getvalue()


def round_trip(text: str) -> Any:
    """The file as data to change and write again; raises BadModel for what `read` does not take."""
    from ruamel.yaml import YAML

    read(text)
    return YAML().load(text)


def plain_of(text: str) -> Any:
    """The file as plain data."""
    return _plain(read(text).data)


def identifier(name: str) -> str:
    """A column's name as SQL writes it: in quotes where it is no plain word, or one of SQL's own."""
    from sqlglot import exp

    is_plain = re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name) and isinstance(tree_of(name), exp.Column)
    return name if is_plain else '"' + name.replace('"', '""') + '"'


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return json.loads(value) if isinstance(value, Number) else value
