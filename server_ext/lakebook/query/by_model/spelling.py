"""Repairs in the text of a statement, before it can be read as SQL; each says what it changed."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from lakebook.query.by_model.sources import words_of
from lakebook.query.tables import Table, folded

_PARTS = re.compile(r"('(?:[^']|'')*'|\"(?:[^\"]|\"\")*\")")
_CURLY = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "\u00a0": " "})
_BACKTICKS = re.compile(r"`([^`\n]+)`")
_BRACKETS = re.compile(r"\[([^\[\]\n]+)\]")
_COUNT_DISTINCT = re.compile(r"\b(count|sum|avg)\s+distinct\s+([\w.\"]+)", re.IGNORECASE)
_DISTINCT_COUNT = re.compile(r"\bdistinct\s+count\s*\(\s*([\w.\"]+)\s*\)", re.IGNORECASE)
KEYWORDS = (
    "SELECT", "DISTINCT", "FROM", "WHERE", "GROUP", "ORDER", "HAVING", "LIMIT", "BETWEEN", "UNION", "INNER", "OUTER",
    "JOIN", "CASE", "WHEN", "THEN", "ELSE", "DESC", "OFFSET", "COUNT", "LEFT",
)  # fmt: skip
_WORD = re.compile(r"[A-Za-z_]\w*")


def tidied(sql: str, tables: Sequence[Table]) -> tuple[str, list[str]]:
    """The statement with quotes and operators of other tongues put into SQL's own, and what was changed."""
    steps: tuple[tuple[str, Callable[[str], str]], ...] = (
        ("quotes of a word processor", lambda text: _outside(text, lambda part: part.translate(_CURLY))),
        ("escaped underscores", lambda text: text.replace("\\_", "_")),
        ("names in backticks", lambda text: _outside(text, lambda part: _BACKTICKS.sub(r'"\1"', part))),
        ("names in brackets", lambda text: _outside(text, lambda part: _without_brackets(part, tables))),
        ("`==` and `&&`", lambda text: _outside(text, lambda part: part.replace("==", "=").replace("&&", " AND "))),
        ("DISTINCT outside of its brackets", lambda text: _outside(text, _with_distinct)),
        ("names with blanks", lambda text: _outside(text, lambda part: _odd_names_quoted(part, tables))),
    )
    changes = []
    for what, step in steps:
        after = step(sql)
        if after != sql:
            changes.append(f"{what} rewritten")
            sql = after
    return sql, changes


def respelled(sql: str, tables: Sequence[Table]) -> tuple[str, list[str]]:
    """For a statement that cannot be read: misspelled keywords, and names written as their words."""
    changes: list[str] = []

    def keywords(part: str) -> str:
        return _WORD.sub(lambda found: _keyword(found[0], tables, changes), part)

    sql = _outside(sql, lambda part: _spoken_names(part, tables, changes))
    return _outside(sql, keywords), changes


def _outside(sql: str, change: Callable[[str], str]) -> str:
    """Change only what stands outside of quotes."""
    return "".join(part if number % 2 else change(part) for number, part in enumerate(_PARTS.split(sql)))


def _without_brackets(part: str, tables: Sequence[Table]) -> str:
    known = {folded(name) for name in _names(tables)}
    return _BRACKETS.sub(lambda found: f'"{found[1]}"' if folded(found[1].strip()) in known else found[0], part)


def _with_distinct(part: str) -> str:
    return _DISTINCT_COUNT.sub(r"COUNT(DISTINCT \1)", _COUNT_DISTINCT.sub(r"\1(DISTINCT \2)", part))


def _odd_names_quoted(part: str, tables: Sequence[Table]) -> str:
    """Names that are no plain words stand in quotes."""
    for name in _names(tables):
        if re.fullmatch(r"\w+", name) or " " not in name:
            continue
        part = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", f'"{name}"', part, flags=re.IGNORECASE)
    return part


def _spoken_names(part: str, tables: Sequence[Table], changes: list[str]) -> str:
    """`unit price` is UnitPrice where no other column has these words."""
    spoken: dict[tuple[str, ...], set[str]] = {}
    for table in tables:
        for column in table.columns:
            spoken.setdefault(words_of(column.name), set()).add(column.name)
    for words, names in sorted(spoken.items(), key=lambda each: -len(each[0])):
        if len(words) < 2 or len({folded(name) for name in names}) > 1:
            continue
        name = min(names)
        pattern = r"(?<![\w.])" + r"\s+".join(rf"{re.escape(word)}s?" for word in words) + r"(?!\w)"
        after = re.sub(pattern, f'"{name}"', part, flags=re.IGNORECASE)
        if after != part:
            changes.append(f"{' '.join(words)} written as {name}")
            part = after
    return part


def _keyword(word: str, tables: Sequence[Table], changes: list[str]) -> str:
    from rapidfuzz.distance import DamerauLevenshtein

    if word.upper() in KEYWORDS or len(word) < 4 or folded(word) in {folded(name) for name in _names(tables)}:
        return word
    joined = {"GROUPBY": "GROUP BY", "ORDERBY": "ORDER BY"}.get(word.upper())
    near = [each for each in KEYWORDS if DamerauLevenshtein.distance(word.upper(), each) == 1]
    meant = joined or (near[0] if len(near) == 1 else None)
    if meant is None:
        return word
    changes.append(f"{word} written as {meant}")
    return meant


def _names(tables: Sequence[Table]) -> list[str]:
    return [table.name for table in tables] + [column.name for table in tables for column in table.columns]
