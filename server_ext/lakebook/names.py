"""Names: kept as written, matched under NFC and casefold."""

from __future__ import annotations

import re
import unicodedata

from lakebook.errors import InvalidRequest

LAYERS = ("bronze", "silver", "gold")


def key(name: str) -> str:
    """The form in which two names are the same name."""
    return unicodedata.normalize("NFC", name).casefold()


def split_layer(name: str) -> tuple[str | None, str]:
    """`silver.orders` as ("silver", "orders"); no layer where none of the three stands before a dot."""
    layer, dot, rest = name.partition(".")
    return (layer.casefold(), rest) if dot and rest and layer.casefold() in LAYERS else (None, name)


def checked(name: str) -> str:
    """The name if a table may be called so, else InvalidRequest."""
    name = unicodedata.normalize("NFC", name.strip())
    if not name or len(name) > 200 or any(unicodedata.category(c).startswith("C") for c in name):
        raise InvalidRequest("A name has 1 to 200 printable characters.", hint="Choose another name with `--as`.")
    if re.search(r'["/\\]', name) or split_layer(name)[0]:
        raise InvalidRequest(
            f"The name {name!r} holds a quote, a slash, or begins with a layer.", hint="Choose another with `--as`."
        )
    return name


def from_file(filename: str) -> str:
    """A table's name from a file's: without folders and endings, other characters as `_`."""
    stem = re.split(r"[/\\]", filename)[-1]
    stem = re.sub(r"(\.(csv|tsv|txt|jsonl|ndjson|json|parquet|gz))+$", "", stem, flags=re.IGNORECASE)
    return re.sub(r"[^\w]+", "_", unicodedata.normalize("NFC", stem)).strip("_")[:200] or "table"
