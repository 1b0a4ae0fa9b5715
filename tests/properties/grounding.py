"""Whether the numbers of a sentence are the result's own, looked for without what made the sentence."""

from __future__ import annotations

import re

import pyarrow as pa

from lakebook.query.explain import Said, is_number, is_whole, written

_NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?")


def traced(said: Said, table: pa.Table) -> bool:
    """Whether every number of the sentence lies in a value that is in the cell it is said to be from."""
    rest = said.text
    for start, end, row, column in sorted(said.traces, reverse=True):
        value = table.column(column)[row].as_py()
        if rest[start:end] not in (written(value), str(value) if is_whole(value) else written(value)):
            return False
        rest = rest[:start] + rest[end:]
    return not any(sign.isdigit() for sign in rest)


def grounded(said: str, table: pa.Table) -> bool:
    """Whether every number in the sentence is a value of the result, at the precision shown, or part of one's text."""
    cells = [value for row in table.to_pylist() for value in row.values()]
    texts = [written(cell) for cell in cells if not is_number(cell)]
    texts += [str(cell) for cell in cells if isinstance(cell, str)] + list(table.column_names)
    rest = said
    for text in sorted(set(texts), key=len, reverse=True):
        if any(character.isdigit() for character in text):
            rest = rest.replace(text, "")
    numbers = {written(cell) for cell in cells if is_number(cell)} | {str(cell) for cell in cells if is_whole(cell)}
    return all(found.rstrip(",") in numbers for found in _NUMBER.findall(rest))
