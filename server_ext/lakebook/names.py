"""Names: kept as written, matched under NFC and casefold."""

from __future__ import annotations

import re
import unicodedata

from lakebook.errors import InvalidRequest

LAYERS = ("bronze", "silver", "gold")
REJECTED = "__rejected"


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


def for_table(name: str) -> str:
    """The checked name if a person's table may be called so: the ending of rejected rows is lakebook's own."""
    name = checked(name)
    if is_rejected(name):
        raise InvalidRequest(
            f"Names that end with {REJECTED} are kept for rejected rows.", hint="Choose another name with `--as`."
        )
    return name


def rejected_of(name: str) -> str:
    """The name of the table that holds a table's rejected rows."""
    return f"{name[: 200 - len(REJECTED)]}{REJECTED}"


def is_rejected(name: str) -> bool:
    """Whether a table of this name holds another's rejected rows."""
    return key(name).endswith(REJECTED)


def from_file(filename: str) -> str:
    """A table's name from a file's: without folders and endings, other characters as `_`."""
    stem = re.split(r"[/\\]", filename)[-1]
    endings = r"(\.(csv|tsv|txt|jsonl|ndjson|json|parquet|gz|arrow|feather|sqlite3?|db|xlsx|xlsm|xlsb|xls|ods))+$"
    stem = re.sub(endings, "", stem, flags=re.IGNORECASE)
    name = re.sub(r"[^\w]+", "_", unicodedata.normalize("NFC", stem)).strip("_")[:200] or "table"
    return re.sub("__+rejected$", "_rejected", name, flags=re.IGNORECASE)
