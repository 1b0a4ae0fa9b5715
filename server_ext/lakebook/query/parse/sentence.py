"""The words of one question, and what the grammar asks of them at a place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from lakebook.query.parse.lexicon.places import DAYS_OF, NATIONALITIES, OTHER_NAMES
from lakebook.query.parse.lexicon.units import NUMBER_WORDS, SCALES
from lakebook.query.parse.measures import ADJECTIVES, UNITS_BY_WORDS, Adjective, fitness, unit_of
from lakebook.query.parse.names import LONGEST_NAME, Names, Noun, is_of_a_life
from lakebook.query.parse.phrases import by_first_word, marks
from lakebook.query.parse.values import Hit, ValueIndex, words_of
from lakebook.query.parse.wants import Nouns, Number, Unit
from lakebook.query.parse.words import Token, parts, singular, stems

SHORTEST_BARE = 3
_WHERE, _DATE = ("where",), ("date",)
_PLURAL_SIGN = re.compile("[A-Z]{2,}s")  # SKUs, IDs
LONGEST_PHRASE = 8
Made = TypeVar("Made")


class Sentence:
    """The tokens of a question with the names and values of the tables it may be about."""

    def __init__(self, tokens: tuple[Token, ...], names: Names, values: ValueIndex) -> None:
        self.tokens = tokens
        self.end = len(tokens)
        self.names = names
        self._marks = marks(tokens)
        self._values = values
        self._nouns: dict[int, list[tuple[int, Nouns]]] = {}
        self._measured: dict[tuple[int, bool], Nouns] = {}
        self._made: dict[tuple[str, int], list[Any]] = {}
        self._hits: dict[int, list[tuple[int, tuple[Hit, ...]]]] = {}

    def phrase(self, start: int, *symbols: str) -> tuple[int, ...]:
        """The ends of the phrases of these kinds at `start`, longest first."""
        here = self._marks[start] if start < self.end else None
        if not here:
            return ()
        if len(symbols) == 1:
            return here.get(symbols[0], ())
        return tuple(sorted({end for symbol in symbols for end in here.get(symbol, ())}, reverse=True))

    def words(self, start: int, options: tuple[str, ...]) -> list[int]:
        """The ends of those options that stand at `start` word for word, longest first."""
        runs = by_first_word(options).get(self.fold(start))
        if not runs:
            return []
        said = [token.fold for token in self.tokens[start : start + LONGEST_PHRASE]]
        return sorted({start + len(run) for run in runs if said[: len(run)] == run}, reverse=True)

    def once(self, way: str, start: int, make: Callable[[Sentence, int], Iterable[Made]]) -> list[Made]:
        """What a way of reading finds at a place, found once."""
        key = (way, start)
        if key not in self._made:
            self._made[key] = list(make(self, start))
        return self._made[key]

    def symbols(self, start: int) -> dict[str, tuple[int, ...]]:
        """Every kind of phrase at `start` with its ends."""
        return self._marks[start] if start < self.end else {}

    def fold(self, place: int) -> str:
        """The folded word at a place, empty past the end."""
        return self.tokens[place].fold if 0 <= place < self.end else ""

    def said(self, start: int, end: int) -> str:
        """The words as they were written."""
        return " ".join(token.text for token in self.tokens[start:end]).replace(" ,", ",")

    def article(self, start: int) -> int:
        """The place after an article, or `start` where there is none."""
        return next(iter(self.phrase(start, "article")), start)

    def after(self, start: int, *symbols: str) -> list[int]:
        """`start` and the places after each phrase of these kinds."""
        return [*self.phrase(start, *symbols), start]

    def nouns(self, start: int) -> list[tuple[int, Nouns]]:
        """What is named at `start`, longest first."""
        if start not in self._nouns:
            self._nouns[start] = self._composed(_longest(list(self._named(start)))) if start < self.end else []
        return self._nouns[start]

    def _composed(self, found: list[tuple[int, Nouns]]) -> list[tuple[int, Nouns]]:
        """ "customer country": a table's noun and a field of that table after it are one."""
        for end, nouns in found:
            tables = {noun.table.full_name for noun in nouns if noun.kind == "table"}
            for last, more in self._named(end) if tables else ():
                fields = tuple(noun for noun in more if noun.kind == "field" and noun.table.full_name in tables)
                fields = tuple(noun for noun in fields if not is_moment(noun))
                if self.fold(end) == "report":
                    continue
                if fields:
                    return [(last, fields), (end, nouns)]
            times = self.times_of(tables) if tables and self.fold(end) in ("date", "dates", "day", "time") else ()
            if times and end < self.end:
                return [(end + 1, times), (end, nouns)]
        return found

    def times_of(self, tables: set[str]) -> Nouns:
        """The one time that a table has: the date of a purchase."""
        every = [noun for nouns in self.names.found.values() for noun in nouns if noun.cost == 0.0 and is_moment(noun)]
        found = tuple({noun.term: noun for noun in every if noun.table.full_name in tables}.values())
        return found if len(found) == 1 else ()

    def _named(self, start: int) -> Iterator[tuple[int, Nouns]]:
        run: list[str] = []
        ends: list[tuple[int, tuple[str, ...]]] = []
        for end in range(start + 1, min(self.end, start + LONGEST_NAME) + 1):
            token = self.tokens[end - 1]
            if token.kind == "mark" and token.text in ("-", "'") and end > start + 1:
                continue
            if token.kind not in ("word", "text"):
                break
            text = token.fold if _PLURAL_SIGN.fullmatch(token.text) else token.text
            run.extend(parts(text.removesuffix("'s").removesuffix("’s")))
            ends.append((end, stems(tuple(run))))
        for end, words in reversed(ends):
            found = self.names.at(words)
            if words == _DATE:
                found = tuple(noun for noun in found if not is_of_a_life(getattr(noun.term, "column", None)))
            if found and not (words == _WHERE and self._is_relative(start)):
                yield end, found

    def _is_relative(self, start: int) -> bool:
        """ "Lines where we know the price": no question where they are, though a model may call a country so."""
        return start > 0 and self.tokens[start - 1].kind in ("word", "text") and self.fold(start - 1) != "and"

    def plural(self, end: int) -> bool:
        """Whether the last word before `end` is a plural."""
        word = self.fold(end - 1)
        return singular(word) != word or word in ("people", "staff")

    def hits(self, start: int) -> list[tuple[int, tuple[Hit, ...]]]:
        """The values at `start`, longest first; countries by their adjectives and other names too."""
        if start not in self._hits:
            self._hits[start] = [*self._values.at(self.tokens, start), *self._other_names(start)]
        return self._hits[start]

    def _other_names(self, start: int) -> Iterator[tuple[int, tuple[Hit, ...]]]:
        for length in (2, 1):
            if start + length > self.end:
                continue
            said = " ".join(token.fold for token in self.tokens[start : start + length])
            for names in (NATIONALITIES, OTHER_NAMES, DAYS_OF):
                for name in names.get(said, ()):
                    hits = self._values.of(words_of(name))
                    few = tuple(hit for hit in hits if hit.cost < 1)
                    if few:
                        yield start + length, few
                        break

    def bare_hits(self, start: int) -> list[tuple[int, tuple[Hit, ...]]]:
        """Values that may stand without their column's name: long enough, or in quotes."""
        return [
            (end, hits)
            for end, hits in self.hits(start)
            if self.tokens[start].kind == "text"
            or len(self.said(start, end)) >= SHORTEST_BARE
            or self._is_sign(start, end)
            or self.fold(start) in ("uk", "uae")
        ]

    def _is_sign(self, start: int, end: int) -> bool:
        """Whether a short value is written like a name: U2, R3."""
        text = self.tokens[start].text
        if end != start + 1 or not any(letter.isupper() for letter in text):
            return False
        return any(letter.isdigit() for letter in text) or (len(text) == 2 and text.isupper())

    def number(self, start: int) -> tuple[int, Number] | None:
        """The number at `start`, in digits or in words, and its end."""
        if start >= self.end:
            return None
        token = self.tokens[start]
        if token.fold == "minus" and start + 1 < self.end and self.tokens[start + 1].kind == "number":
            end, size = self.number(start + 1) or (start, 0)
            return end, -size
        if token.kind == "word" and token.fold in NUMBER_WORDS:
            value: Number = NUMBER_WORDS[token.fold]
        elif token.kind == "number":
            plain = token.text.replace(",", "")
            value = float(plain) if "." in plain else int(plain)
        elif token.fold == "a" and self.fold(start + 1) in ("hundred", "thousand", "million", "dozen"):
            return start + 2, SCALES[self.fold(start + 1)]
        elif token.fold == "half" and self.fold(start + 1) == "a" and self.fold(start + 2) in SCALES:
            return start + 3, SCALES[self.fold(start + 2)] // 2
        else:
            return None
        end = start + 1
        if self.words(end, ("and a half",)) and isinstance(value, int):
            return end + 3, value + 0.5
        if value == 1 and self.fold(end) in ("single", "sole"):
            return end + 1, value
        if value and value % 10 == 0 and value < 100 and token.kind == "word":
            ones = NUMBER_WORDS.get(self.fold(end + (self.fold(end) == "-")), 0)
            if 0 < ones < 10 and self.fold(end) not in ("once",):
                return end + 1 + (self.fold(end) == "-"), value + ones
        if end < self.end and self.fold(end) in SCALES and token.fold not in ("hundred", "thousand"):
            value *= SCALES[self.fold(end)]
            end += 1
        return end, int(value) if value == int(value) and isinstance(value, float) and value > 1000 else value

    def amount(self, start: int) -> list[tuple[int, Number, Unit | None]]:
        """Numbers at `start` with the unit that follows or precedes them, longest first."""
        for end in self.words(start, ("freezing point", "freezing", "the freezing point", "zero degrees")):
            return [(end, 0, ("temperature", "c"))]
        place = start + 1 if self.fold(start) in ("£", "$", "€") else start
        found = self.number(place)
        if found is None:
            return self._one_unit(start)
        end, value = found
        if place > start:
            return [(end, value, ("money", "unit"))]
        with_unit = self.unit(end)
        return [*([(with_unit[0], value, with_unit[1])] if with_unit else []), (end, value, None)]

    def _one_unit(self, start: int) -> list[tuple[int, Number, Unit | None]]:
        """ "A dollar", "half an hour", "an hour and a half"."""
        size: Number = 0.5 if self.fold(start) == "half" else 1
        place = start + (size != 1)
        unit = self.unit(place + 1) if self.fold(place) in ("a", "an") else None
        if unit is None or unit[0] != place + 2 or len(self.fold(place + 1)) < 3:
            return []
        halves = self.words(unit[0], ("and a half",)) if size == 1 else []
        return [*((end, 1.5, unit[1]) for end in halves), (unit[0], size, unit[1])]

    def unit(self, start: int) -> tuple[int, Unit] | None:
        """The unit of measure at `start` and its end."""
        for length in (3, 2, 1):
            unit = UNITS_BY_WORDS.get(tuple(token.fold for token in self.tokens[start : start + length]))
            if unit and start + length <= self.end:
                return start + length, unit
        return None

    def adjectives(self, start: int) -> list[tuple[int, Adjective]]:
        """Adjectives of measure at `start`: "longest", "more expensive"."""
        found = []
        for length in (2, 1):
            for measure, degree, high in ADJECTIVES.get(
                tuple(token.fold for token in self.tokens[start : start + length]), ()
            ):
                found.append((start + length, Adjective(measure, degree, high)))
        return found

    def measured(self, adjective: Adjective) -> Nouns:
        """The columns that hold what the adjective speaks of."""
        key = (id(adjective.measure), adjective.high)
        if key in self._measured:
            return self._measured[key]
        found = []
        for noun in self._number_columns():
            words = (
                stems(parts(noun.term.column.name)) if noun.term is not None and hasattr(noun.term, "column") else ()
            )
            fit = fitness(words, adjective)
            if fit is not None:
                found.append(Noun("field", noun.table, noun.term, cost=fit))
        self._measured[key] = tuple(sorted(found, key=lambda noun: noun.cost))
        return self._measured[key]

    def _number_columns(self) -> Iterator[Noun]:
        for nouns in self.names.found.values():
            for noun in nouns:
                if noun.kind == "field" and noun.cost == 0.0 and noun.term is not None:
                    yield noun

    def table_nouns(self) -> Iterator[Noun]:
        """Each table by its own name."""
        for nouns in self.names.found.values():
            yield from (noun for noun in nouns if noun.kind == "table" and noun.cost == 0.0)

    def of_unit(self, unit: Unit) -> Nouns:
        """The number columns whose values are of the unit's dimension."""
        found: dict[Noun, None] = {}
        for noun in self._number_columns():
            column = getattr(noun.term, "column", None)
            if column is not None and column.is_number:
                held = unit_of(column.name)
                if held and held[0] == unit[0]:
                    found[noun] = None
        return tuple(found)


def is_moment(noun: Noun) -> bool:
    """Whether a noun is a column of times."""
    column = getattr(noun.term, "column", None)
    return column is not None and bool(column.is_time)


def _longest(found: list[tuple[int, Nouns]]) -> list[tuple[int, Nouns]]:
    """The longest name; beside a field of a thing ("visit cost") the thing by itself."""
    if len(found) > 1 and not any(noun.kind == "table" for noun in found[0][1]):
        return [found[0], *(pair for pair in found[1:2] if any(noun.kind == "table" for noun in pair[1]))]
    return found[:1]
