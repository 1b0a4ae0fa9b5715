"""Questions that work, nearest to one that did not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lakebook.query.parse.lexicon.nouns import ADDITIVE
from lakebook.query.parse.names import is_identifier
from lakebook.query.parse.words import parts, stems
from lakebook.query.tables import Column, Table

MOST_SUGGESTIONS = 3
MOST_COLUMNS = 12
FEW_VALUES = 200


def nearest_questions(question: str, tables: Sequence[Table]) -> tuple[str, ...]:
    """Up to three questions over these tables, made from their columns, that are most like the one asked."""
    from rapidfuzz import fuzz, process

    made = list(dict.fromkeys(text for table in tables for text in _questions(table, several=len(tables) > 1)))
    ranked = process.extract(question.casefold(), made, scorer=fuzz.token_set_ratio, limit=MOST_SUGGESTIONS)
    return tuple(text for text, _, _ in ranked)


def _questions(table: Table, *, several: bool) -> Iterator[str]:
    where = f" in {' '.join(parts(table.name))}" if several else ""
    groups = [column for column in table.columns if _groups_well(column)][:MOST_COLUMNS]
    figures = [column for column in table.columns if column.is_number and not is_identifier(column)][:MOST_COLUMNS]
    has_time = sum(column.is_time for column in table.columns) == 1
    yield f"how many rows{where}"
    for column in groups:
        yield f"number of rows by {_spoken(column)}{where}"
        yield f"top 5 {_spoken(column)} by number of rows{where}"
        yield f"number of different {_spoken(column)}{where}"
    for figure in figures:
        verbs = ("total", "average") if stems(parts(figure.name))[-1] in ADDITIVE else ("average", "highest")
        for verb in verbs:
            yield f"{verb} {_spoken(figure)}{where}"
            for column in groups:
                yield f"{verb} {_spoken(figure)} by {_spoken(column)}{where}"
            if has_time:
                yield f"{verb} {_spoken(figure)} by month{where}"
    if has_time:
        yield f"number of rows by month{where}"


def _groups_well(column: Column) -> bool:
    few = column.unique_count is None or column.unique_count <= FEW_VALUES
    return column.is_text and few


def _spoken(column: Column) -> str:
    return " ".join(parts(column.name))
