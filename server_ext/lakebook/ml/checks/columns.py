"""Columns that a model learns badly from: identifiers, too many words, free text, dates, infinities, one value."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lakebook.ml.columns import feature_type
from lakebook.ml.model_version import Finding

if TYPE_CHECKING:
    import polars as pl

ID_WORDS = re.compile(r"(?i:(?:^|_|\b)(?:id|uuid|guid|key|nr|no|number|index|rownum|row))$|[a-z](?:Id|ID|Key|No)$")
FEWEST_IDS, FEWEST_NUMBERED = 20, 100
# Words of which there are so many, or which so many rows have for themselves, teach little.
MANY_WORDS, OWN_WORDS = 1000, 0.5
LONG_TEXT, TEXT_WORDS = 50, 4


def useless(column: pl.Series) -> str | None:
    """Why nothing can be learned from the column, or None."""
    if column.null_count() == column.len():
        return "is empty in every row"
    if feature_type(column.dtype) is None:
        return "holds values that no model here can read"
    if column.n_unique() == 1:
        return "holds one value only"
    return None


def is_identifier(column: pl.Series) -> bool:
    """Whether the column only names its row: another value in each, under a name or in a form that ids have."""
    import polars as pl

    rows = column.len()
    if rows < FEWEST_IDS or column.null_count() or column.n_unique() < rows:
        return False
    if column.dtype == pl.String:
        return int(column.str.contains(r"\s").sum()) < rows / 2
    if not column.dtype.is_integer():
        return False
    if ID_WORDS.search(column.name):
        return True
    steps = column.diff().drop_nulls()
    return rows >= FEWEST_NUMBERED and bool((steps == 1).all())


def remarks(column: pl.Series) -> list[Finding]:
    """What is to be said of a column that a model reads."""
    import polars as pl

    found = []

    def say(code: str, message: str) -> None:
        found.append(Finding(code=code, column=column.name, message=message))

    if column.dtype == pl.String:
        words, rows = column.n_unique(), column.len() - column.null_count()
        lengths = column.str.len_chars().mean()
        blanks = column.str.count_matches(r"\S+").mean()
        if rows >= FEWEST_IDS and words > rows * OWN_WORDS and (_over(lengths, LONG_TEXT) or _over(blanks, TEXT_WORDS)):
            say("free_text", f"is free text; its words are counted, their meaning is not read ({words:,} texts)")
        elif words > MANY_WORDS or (rows >= FEWEST_IDS and words > rows * OWN_WORDS):
            say("high_cardinality", f"has {words:,} different words in {rows:,} rows; the rare ones teach nothing")
    elif column.dtype.is_temporal():
        last = str(column.cast(pl.String).max())
        say("dates", f"holds times; those after {last} are outside of all that was learned")
    elif column.dtype.is_float():
        infinite = int(column.is_infinite().sum() or 0)
        if infinite:
            say("infinite", f"is infinite in {infinite:,} rows, which count as missing")
    return found


def _over(value: object, most: float) -> bool:
    return isinstance(value, int | float) and value > most
