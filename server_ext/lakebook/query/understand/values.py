"""Which value of which text column a run of words is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import lru_cache

from lakebook.query.tables import Column, Table
from lakebook.query.understand.words import Token, singular, tokens

Values = Callable[[Table, Column], list[str]]

LONGEST_VALUE = 16
# Shorter values ("M", "S") read like words of the question; they are found in quotes or beside their column's name.
SHORTEST_BARE = 3

_Index = dict[tuple[str, ...], tuple[str, ...]]


@lru_cache(maxsize=128)
def _index(values: tuple[str, ...]) -> tuple[_Index, frozenset[str]]:
    found: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for value in values:
        words = _words(tokens(value))
        if words and len(words) <= LONGEST_VALUE:
            found[words].append(value)
    return {words: tuple(same) for words, same in found.items()}, frozenset(words[0] for words in found)


def _words(pieces: Sequence[Token]) -> tuple[str, ...]:
    folded: list[str] = []
    for token in pieces:
        if token.kind == "text":
            folded.extend(_words(tokens(token.text)))
        elif token.kind != "mark":
            folded.append(token.fold.replace("’", "'"))
    return tuple(folded)


class ValueFinder:
    """Looks values of one table up, asking for a column's values only when a word needs them."""

    def __init__(self, table: Table, values: Values | None) -> None:
        self._table = table
        self._values = values

    def at(
        self, pieces: Sequence[Token], start: int, column: Column | None = None
    ) -> list[tuple[int, Column, tuple[str, ...]]]:
        """The longest run from `start` that is a value: its end, its column, the value in each of its spellings.

        With a column only that column's values count, however short.
        """
        columns = [column] if column else [each for each in self._table.columns if each.is_text]
        best: list[tuple[int, Column, tuple[str, ...]]] = []
        for candidate in columns:
            for end, same in self._runs(pieces, start, candidate, named=column is not None):
                if not best or end > best[0][0]:
                    best = [(end, candidate, same)]
                elif end == best[0][0]:
                    best.append((end, candidate, same))
        return best

    def _runs(
        self, pieces: Sequence[Token], start: int, column: Column, *, named: bool
    ) -> list[tuple[int, tuple[str, ...]]]:
        known = tuple(self._values(self._table, column)) if self._values else column.top_values
        index, firsts = _index(known)
        longest: list[tuple[int, tuple[str, ...]]] = []
        for end in range(start + 1, min(len(pieces), start + LONGEST_VALUE * 2) + 1):
            if pieces[end - 1].kind == "mark":
                if end == start + 1 or pieces[end - 1].text in ",?;:":
                    break
                continue
            words = _words(pieces[start:end])
            if not words or (words[0] not in firsts and singular(words[0]) not in firsts):
                break
            short = len(words) == 1 and len(words[0]) < SHORTEST_BARE and pieces[start].kind != "text"
            if short and not named:
                continue
            same = index.get(words) or (index.get((singular(words[0]),)) if len(words) == 1 else None)
            if same:
                longest = [(end, same)]
        return longest
