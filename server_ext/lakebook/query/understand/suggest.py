"""Questions that work, nearest to one that did not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lakebook.query.tables import Column, Table
from lakebook.query.understand.names import is_identifier
from lakebook.query.understand.nouns import is_additive
from lakebook.query.understand.words import Token, parts

MOST_SUGGESTIONS = 3
MOST_COLUMNS = 12
FEW_VALUES = 200
SHORTEST_RESPELLED = 5


def nearest_questions(question: str, tables: Sequence[Table]) -> tuple[str, ...]:
    """Up to three questions over these tables, made from their columns, that are most like the one asked."""
    from rapidfuzz import fuzz, process

    made = list(dict.fromkeys(text for table in tables for text in _questions(table, several=len(tables) > 1)))
    ranked = process.extract(question.casefold(), made, scorer=fuzz.token_set_ratio, limit=MOST_SUGGESTIONS)
    return tuple(text for text, _, _ in ranked)


def respelled(words: Sequence[Token], unknown: Sequence[str], tables: Sequence[Table]) -> list[str]:
    """The question with each unknown word in the spelling of a column's word one or two letters away.

    Only ever a suggestion: county is a letter away from country, and means something else.
    """
    from rapidfuzz import process
    from rapidfuzz.distance import DamerauLevenshtein

    known = sorted({part for table in tables for column in table.columns for part in parts(column.name)})
    mended: dict[str, str] = {}
    for word in unknown:
        near = process.extractOne(word.casefold(), known, scorer=DamerauLevenshtein.distance, score_cutoff=2)
        if near is None or len(word) < SHORTEST_RESPELLED:
            return []
        mended[word] = near[0]
    return [" ".join(mended.get(token.text, token.text) for token in words)] if mended else []


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
        verbs = ("total", "average") if is_additive(figure) else ("average", "highest")
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
