"""Which value of which text column a run of words is."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from lakebook.query.parse.words import Token, singular
from lakebook.query.tables import Column, Table, folded
from lakebook.semantics.model import SemanticModel

Values = Callable[[Table, Column], list[str]]

MOST_VALUES = 50_000
LONGEST_VALUE = 16
FEW, SOME = 60, 400  # different values: a column of kinds, a column of names
_WORD = re.compile(r"\w+(?:['’]\w+)*")
Run = tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Hit:
    """Values of a column that the words are, in each of their spellings; `cost` is higher where values are many."""

    table: Table
    column: Column
    values: tuple[str, ...]
    cost: float


def words_of(text: str) -> Run:
    """The words of a value, folded."""
    return tuple(_WORD.findall(text.casefold().replace("’", "'")))


def forms(word: str) -> tuple[str, ...]:
    """The word and what it may be the plural of: Adelies are no Adely."""
    return word, singular(word), word.removesuffix("s")


@lru_cache(maxsize=256)
def _column_index(values: tuple[str, ...]) -> dict[Run, tuple[str, ...]]:
    found: defaultdict[Run, list[str]] = defaultdict(list)
    for value in values:
        words = words_of(value)
        if words and len(words) <= LONGEST_VALUE:
            found[words].append(value)
    return {words: tuple(sorted(same)) for words, same in found.items()}


def synonyms_of(models: Sequence[SemanticModel], table: Table, column: Column) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The values of a column that the models have words for, and the words."""
    for model in models:
        for dataset in model.datasets:
            if folded(dataset.source) in (folded(table.full_name), folded(table.name)):
                for field in dataset.fields:
                    if folded(field.expression.strip('"')) == folded(column.name):
                        yield from field.value_synonyms


class ValueIndex:
    """The values of the text columns of some tables, by their words."""

    def __init__(self, tables: Sequence[Table], values: Values | None, models: Sequence[SemanticModel] = ()) -> None:
        self._found: dict[Run, list[Hit]] = defaultdict(list)
        self._longest: dict[str, int] = {}
        self.few: dict[str, Run] = {}  # words of columns of few values, for spelling
        for table in tables:
            for column in table.columns:
                if column.is_text and (column.unique_count or 0) <= MOST_VALUES:
                    known = tuple(values(table, column)) if values else column.top_values
                    if len(known) <= MOST_VALUES:
                        self._column(table, column, known)
                        self._synonyms(table, column, known, models)

    def _column(self, table: Table, column: Column, known: tuple[str, ...]) -> None:
        index = _column_index(known)
        count = len(index)
        cost = 0.2 if count <= FEW else 0.7 if count <= SOME else 1.6
        for words, same in index.items():
            self._found[words].append(Hit(table, column, same, cost))
            self._longest[words[0]] = max(self._longest.get(words[0], 0), len(words))
            if count <= SOME:
                for word in words:
                    self.few.setdefault(word, words)

    def _synonyms(self, table: Table, column: Column, known: tuple[str, ...], models: Sequence[SemanticModel]) -> None:
        """People's words for values that the column has."""
        index = _column_index(known)
        for value, synonyms in synonyms_of(models, table, column):
            same = index.get(words_of(value), ())
            for words in map(words_of, synonyms):
                if same and words:
                    self._found[words].append(Hit(table, column, same, 0.0))
                    self._longest[words[0]] = max(self._longest.get(words[0], 0), len(words))

    def holds(self, word: str) -> bool:
        """Whether some value begins with the word, or one of a column of few values has it."""
        return word in self._longest or word in self.few

    def of(self, words: Run) -> tuple[Hit, ...]:
        """The values that are exactly these words."""
        return tuple(self._found.get(words, ()))

    def at(self, pieces: Sequence[Token], start: int) -> list[tuple[int, tuple[Hit, ...]]]:
        """The runs from `start` that are values: the end of each and where it is one, longest first."""
        run: list[str] = []
        found: list[tuple[int, tuple[Hit, ...]]] = []
        longest = 0
        for end in range(start + 1, min(len(pieces), start + 2 * LONGEST_VALUE) + 1):
            token = pieces[end - 1]
            if token.kind == "mark" and token.fold not in ("&", "%", "$"):
                if end == start + 1 or token.text in "?;:,":
                    break
                continue
            run.extend(words_of(token.fold.removesuffix("'s").removesuffix("’s")))
            if not run:
                continue
            if end == start + 1:
                longest = max(self._longest.get(form, 0) for form in forms(run[0]))
            if len(run) > longest:
                break
            hits = next(filter(None, (self._found.get((*run[:-1], last)) for last in forms(run[-1]))), None)
            if hits:
                dotted = hits[0].values[0].rstrip().endswith(".") and end < len(pieces) and pieces[end].text == "."
                found.append((end + dotted, tuple(hits)))
        return found[::-1]
