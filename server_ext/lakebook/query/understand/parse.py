"""understand(): the one reading of a question, or why there is none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lakebook.query.tables import Table, find_table, folded
from lakebook.query.understand.clauses import clauses
from lakebook.query.understand.core import cores
from lakebook.query.understand.draft import Draft
from lakebook.query.understand.lexicon import OPENERS
from lakebook.query.understand.names import thing
from lakebook.query.understand.reading import Declined, Reading
from lakebook.query.understand.scope import Scope, TooIntricate
from lakebook.query.understand.settle import settled
from lakebook.query.understand.suggest import MOST_SUGGESTIONS, nearest_questions, respelled
from lakebook.query.understand.unknown import unknown_words
from lakebook.query.understand.values import Values
from lakebook.query.understand.words import Token, parts, stems, tokens
from lakebook.query.write import write

MOST_CHARACTERS = 500
MOST_OPENERS = 3
MOST_LEADING = 2
MOST_CHOICES = 4

_LAST_MARKS = ("?", ".", "!")
_SEPARATORS = (",", ";", "?", ".", "-", "–", "—", ":", "and", ", and", "where", "but", ", but")


def understand(
    question: str, tables: Sequence[Table], dataset: str | None = None, values: Values | None = None
) -> Reading | Declined:
    """The question as a typed query over one table, or Declined; `values` gives a text column's different values."""
    words = tokens(question)
    while words and words[-1].fold in _LAST_MARKS:
        words = words[:-1]
    asked = _asked(tables, dataset)
    if not words or len(question) > MOST_CHARACTERS or not asked:
        return Declined((), nearest_questions(question, asked), reason=_why_not(words, question, asked))
    scopes = [Scope(table, words, values, _other_things(table, tables)) for table in asked]
    found: dict[str, Reading] = {}
    vague: set[Reading] = set()
    try:
        for scope in scopes:
            for reading, unclear in _readings(scope, question):
                same = found.setdefault(write(reading), reading)
                if unclear:
                    vague.add(same)
    except TooIntricate:
        said = tuple(token.text for token in words)
        return Declined(said, nearest_questions(question, asked), reason="The question has too many parts.")
    chosen = _of_named_tables(list(found.values()))
    clear = [reading for reading in chosen if reading not in vague]
    if len(chosen) == len(clear) == 1:
        return chosen[0]
    suggestions = nearest_questions(question, asked)
    if chosen:
        return Declined((), suggestions, _choices(clear), reason="The question can be meant in more than one way.")
    unknown = unknown_words(scopes)
    mended = [text for text in respelled(words, unknown, asked) if _reads(text, asked, values)]
    suggestions = tuple(dict.fromkeys((*mended, *suggestions)))[:MOST_SUGGESTIONS]
    return Declined(unknown, suggestions, reason="Not every word of the question is understood.")


def _reads(text: str, asked: Sequence[Table], values: Values | None) -> bool:
    scopes = (Scope(table, tokens(text), values, _other_things(table, asked)) for table in asked)
    try:
        return any(True for scope in scopes for _ in _readings(scope, text))
    except TooIntricate:
        return False


def _asked(tables: Sequence[Table], dataset: str | None) -> list[Table]:
    """The tables that may be meant: the dataset's, or one a name as names without a layer go."""
    if dataset is not None:
        layer, dot, name = dataset.partition(".")
        by_id = [table for table in tables if table.dataset_id == dataset]
        found = find_table(tables, dataset) or (find_table(tables, name, layer) if dot else None)
        return [found] if found else by_id[:1]
    names = dict.fromkeys(folded(table.name) for table in tables)
    return [table for name in names if (table := find_table(tables, name))]


def _other_things(table: Table, tables: Sequence[Table]) -> frozenset[str]:
    """The last words of the other tables' names: the things that have a table of their own."""
    names = (stems(parts(other.name)) for other in tables if folded(other.name) != folded(table.name))
    return frozenset(name[-1] for name in names if name)


def _why_not(words: tuple[Token, ...], question: str, asked: list[Table]) -> str:
    if not asked:
        return "There is no such table to ask."
    if len(question) > MOST_CHARACTERS:
        return f"The question is longer than {MOST_CHARACTERS} characters."
    return "There is no question here." if not words else ""


def _readings(scope: Scope, question: str) -> Iterator[tuple[Reading, bool]]:
    for place, draft in _led(scope, 0, Draft(), MOST_LEADING):
        for end, core in cores(scope, place, draft):
            seen: set[tuple[int, Draft]] = set()
            for finished in _tails(scope, end, core, seen):
                yield from settled(scope, finished, question)


def _led(scope: Scope, start: int, draft: Draft, left: int) -> Iterator[tuple[int, Draft]]:
    """Openers ("show me") and clauses before the core ("in 2011, how many …")."""
    for place in _opened(scope, start, MOST_OPENERS):
        opened = draft.spanned(start, place, "nothing")
        yield place, opened
        if left:
            for end, leading in clauses(scope, place, opened):
                if leading.shape == "" and leading.conditions != draft.conditions:
                    for after in [*scope.phrase(end, (",", ":")), end]:
                        yield from _led(scope, after, leading, left - 1)


def _opened(scope: Scope, start: int, left: int) -> Iterator[int]:
    yield start
    if left:
        for place in scope.phrase(start, OPENERS):
            yield from _opened(scope, place, left - 1)


def _tails(scope: Scope, start: int, draft: Draft, seen: set[tuple[int, Draft]]) -> Iterator[Draft]:
    """The clauses after the core, to the end of the question."""
    if (start, draft) in seen:
        return
    seen.add((start, draft))
    if start == scope.end:
        yield draft
        return
    for place in [start, *scope.phrase(start, _SEPARATORS)]:
        for end, longer in clauses(scope, place, draft.spanned(start, place, "nothing")):
            if end > place:
                yield from _tails(scope, end, longer, seen)


def _of_named_tables(readings: list[Reading]) -> list[Reading]:
    """Where the things asked for have a table of their own, the keys to it in other tables are not meant."""
    own = [each for each in readings if any(measure.kind == "rows" for measure in each.measures)]
    return [each for each in readings if not any(_holds_keys_of(each, other) for other in own if other is not each)]


def _holds_keys_of(reading: Reading, other: Reading) -> bool:
    """Whether the reading counts the different keys under which the other's table lists the same things."""
    if reading.table == other.table or len(reading.measures) != 1 or reading.measures[0].kind != "distinct":
        return False
    key = reading.measures[0].operand[0]
    name = stems(parts(other.table.name))
    own_keys = {parts(column.name) for column in other.table.columns}
    return bool(name) and thing(key) == name[-1] and bool({parts(key.name), ("id",)} & own_keys)


def _choices(readings: list[Reading]) -> tuple[str, ...]:
    several = len({reading.table.full_name for reading in readings}) > 1
    texts = (f"{each.text} ({each.table.name})" if several else each.text for each in readings)
    return tuple(dict.fromkeys(texts))[:MOST_CHOICES]
