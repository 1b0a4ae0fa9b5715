"""One question against one table: what the grammar asks of the words at a place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from lakebook.query.tables import Column, Table
from lakebook.query.understand.lexicon import ARTICLES, NUMBER_WORDS, SCALES
from lakebook.query.understand.names import columns_named, names_table, thing
from lakebook.query.understand.values import ValueFinder, Values
from lakebook.query.understand.words import Token, parts, stems

# A question needs a few hundred steps; one that needs more is not a question.
MAX_STEPS = 20_000


class TooIntricate(Exception):
    """The question has too many possible readings to look at."""


class Scope:
    """The tokens of a question, and the names and values of one table."""

    def __init__(
        self, table: Table, tokens: tuple[Token, ...], values: Values | None, others: frozenset[str] = frozenset()
    ) -> None:
        self.table = table
        self._others = others
        self.tokens = tokens
        self.end = len(tokens)
        self.reach = 0
        self.times = [column for column in table.columns if column.is_time]
        self._finder = ValueFinder(table, values)
        self._steps = 0
        self._found: dict[tuple[int, Column | None], list[tuple[int, Column, tuple[str, ...]]]] = {}

    def phrase(self, start: int, options: Iterable[str]) -> Iterator[int]:
        """The ends of those options that stand at `start`, longest first."""
        self._step()
        ends = set()
        for option in options:
            words = option.split()
            run = self.tokens[start : start + len(words)]
            if len(run) == len(words) and all(
                token.fold == word and token.kind != "text" for token, word in zip(run, words, strict=True)
            ):
                ends.add(start + len(words))
        for end in sorted(ends, reverse=True):
            self.reach = max(self.reach, end)
            yield end

    def says(self, start: int, options: Iterable[str]) -> bool:
        """Whether one of the options stands at `start`."""
        return any(True for _ in self.phrase(start, options))

    def article(self, start: int) -> int:
        """The place after an article, or `start` where there is none."""
        return next(self.phrase(start, ARTICLES), start)

    def columns(self, start: int) -> list[tuple[int, Column]]:
        """The columns named at `start`, more than one where a word fits several equally."""
        self._step()
        found = columns_named(self.table.columns, self.tokens, start)
        for end, _ in found:
            self.reach = max(self.reach, end)
        return found

    def means_another_table(self, start: int, end: int, column: Column) -> bool:
        """Whether the words name a thing that has a table of its own, of which this column only holds the key."""
        said = stems(tuple(word for token in self.tokens[start:end] for word in parts(token.text)))
        return thing(column) in self._others and said != stems(parts(column.name))

    def table_name(self, start: int) -> int | None:
        """The end of the table's own name at `start`."""
        end = names_table(self.table, self.tokens, start)
        if end is not None:
            self.reach = max(self.reach, end)
        return end

    def values(self, start: int, column: Column | None = None) -> list[tuple[int, Column, tuple[str, ...]]]:
        """The values at `start`: end, column, spellings."""
        self._step()
        if start >= self.end:
            return []
        key = (start, column)
        if key not in self._found:
            self._found[key] = self._finder.at(self.tokens, start, column)
        for end, _, _ in self._found[key]:
            self.reach = max(self.reach, end)
        return self._found[key]

    def number(self, start: int) -> tuple[int, int | float] | None:
        """The number at `start`, in digits or in words, and its end."""
        if start >= self.end:
            return None
        token = self.tokens[start]
        if token.kind == "word" and token.fold in NUMBER_WORDS:
            value: int | float = NUMBER_WORDS[token.fold]
        elif token.kind == "number":
            plain = token.text.replace(",", "")
            value = float(plain) if "." in plain else int(plain)
        else:
            return None
        end = start + 1
        if end < self.end and self.tokens[end].fold in SCALES:
            value *= SCALES[self.tokens[end].fold]
            end += 1
        self.reach = max(self.reach, end)
        return end, value

    def span(self, column: Column) -> tuple[date, date] | None:
        """The first and the last day of a time column, where its profile says them."""
        first, last = _day(column.min), _day(column.max)
        return (first, last) if first and last else None

    def _step(self) -> None:
        self._steps += 1
        if self._steps > MAX_STEPS:
            raise TooIntricate


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10]) if value is not None else None
    except ValueError:
        return None
