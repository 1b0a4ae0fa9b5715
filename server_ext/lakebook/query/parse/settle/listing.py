"""Rows one by one, or the different values that they have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lakebook.query.parse.binding import Unsettled, column_of, is_key
from lakebook.query.parse.names import Noun, is_identifier
from lakebook.query.parse.settle.figure_parts import scaled
from lakebook.query.parse.settle.frame import Frame
from lakebook.query.parse.wants import Draft, IsNumber, Nouns, Want
from lakebook.query.parse.words import tokens
from lakebook.query.reading import Condition, Missing, Order, Reading
from lakebook.query.terms import Field, Term, Thing

_LAST_NAME = frozenset({"last", "surname", "surnames", "family"})
_SHOW = frozenset({"show", "list", "display", "give", "see", "print", "find", "get"})
# "With a city" is beside what is listed; ": name and city" is all that is to be seen.
_WITH = frozenset({"with", "including", "plus", "along", "together"})
_WHICH = frozenset({"which", "who"})
_ASKS_TOO = frozenset({"what", "show", "give", "tell"})
_BESIDE = frozenset({"their", "its", "his", "her"})


def listing(frame: Frame) -> Reading:
    """The things or values asked for, one row each."""
    draft = frame.draft
    if frame.subject is None or frame.noun is None:
        raise Unsettled
    columns = shown_columns(frame)
    of_field = frame.noun.kind == "field"
    where = frame.where(draft.where, known=frame.noun.term)
    above = _above(frame, frame.noun)
    if above:
        return _of_those_above(frame, frame.noun, above, where)
    if of_field and not draft.shown:
        if not _lists_well(frame):
            raise Unsettled
        term = frame.noun.term
        if term is None:
            raise Unsettled
        subject = None if is_plain(frame) else frame.subject
        order, limit = _order(frame, (term,)), _limit(frame)
        return Reading(
            frame.question, subject=subject, columns=(term,), distinct=True, where=where, order=order, limit=limit
        )
    if of_field and frame.noun.term is not None:
        rows = Thing(frame.noun.table, frame.binder.graph.thing(frame.noun.table).key)
        every = tuple(dict.fromkeys((frame.noun.term, *columns)))
        return Reading(
            frame.question, subject=rows, columns=every, distinct=_repeats(frame, every), where=where,
            order=_order(frame, every), limit=_limit(frame),
        )  # fmt: skip
    if not columns:
        columns = label_columns(frame.subject)
        if not columns or not _tells_apart(columns):
            columns = _every_column(frame)
    elif is_beside(frame):
        columns = tuple(dict.fromkeys((*label_columns(frame.subject), *columns)))
    if not columns or not (where or draft.shown or draft.distinct or frame.subject.labels):
        raise Unsettled
    return Reading(
        frame.question,
        subject=frame.subject,
        columns=columns,
        distinct=_repeats(frame, columns),
        where=where,
        order=_order(frame, columns),
        limit=_limit(frame),
    )


def _every_column(frame: Frame) -> tuple[Term, ...]:
    """Whole rows, where nothing less tells them apart; "lines at zero pounds" may ask how many there are."""
    if frame.draft.ask == "bare" and not says_show(frame.question):
        frame.cost += 0.1
    table = frame.subject.table if frame.subject is not None else None
    return tuple(Field(table, column) for column in table.columns) if table is not None else ()


def _repeats(frame: Frame, columns: tuple[Term, ...]) -> bool:
    """Whether the columns say the same again in other rows: the numbers of invoices in a table of their lines."""
    fields = [each for each in columns if isinstance(each, Field) and not each.role]
    rows = frame.subject.table.row_count if frame.subject is not None else None
    repeated = [each for each in fields if is_identifier(each.column) and (each.column.unique_count or 0) < (rows or 0)]
    measured = any(each.column.is_number and not is_identifier(each.column) for each in fields)
    return bool(repeated) and len(fields) == len(columns) and not measured and "everything" not in frame.question


def _tells_apart(columns: tuple[Term, ...]) -> bool:
    """Whether rows are known by the columns: "lines at zero pounds" may ask how many, for lines have no names."""
    known = [each for each in columns if isinstance(each, Field)]
    counts = [(each.column.unique_count, each.table.row_count) for each in known]
    return len(known) > 1 or not known or all(not unique or not rows or 2 * unique > rows for unique, rows in counts)


def is_beside(frame: Frame) -> bool:
    """Whether columns are asked for besides the things themselves: "the patients and their city"."""
    words = tokens(frame.question)
    spans = [words[span.start : span.end] for span in frame.draft.spans if span.part == "columns"]
    if words[0].fold in _WHICH and any(_asks_too([token.fold for token in each]) for each in spans[1:]):
        return True
    return any(token.fold in _WITH for span in spans for token in span) or not _BESIDE.isdisjoint(
        frame.question.casefold().replace(",", " ").split()
    )


def _asks_too(folds: list[str]) -> bool:
    """ "Which days were wet, and what was the wind": the wind, and which days they were."""
    return not _ASKS_TOO.isdisjoint(folds[:2]) or folds[:2] == ["and", "the"]


def says_show(question: str) -> bool:
    """Whether rows are to be shown: "show me the lines at zero pounds"."""
    return not _SHOW.isdisjoint(question.casefold().split()[:3])


def is_plain(frame: Frame) -> bool:
    """Whether the values of a column are listed and no condition speaks of things."""
    return frame.subject is not None and not any(each.__class__.__name__ == "HasSome" for each in frame.draft.where)


def _lists_well(frame: Frame) -> bool:
    noun = frame.noun
    column = column_of(noun.term) if noun else None
    if noun is None or column is None:
        return False
    return is_key(noun) or column.is_text or column.is_whole or column.is_date


def label_columns(thing: Thing) -> tuple[Term, ...]:
    """What people call a thing by: its labels, or else its key."""
    return thing.labels or thing.key


def with_labels(frame: Frame, thing: Thing, columns: Sequence[Term]) -> Thing:
    """The thing with columns of its own, or of what it belongs to, beside what people call it by."""
    if any(isinstance(each, Field) and not frame.binder.graph.leads(thing.table, each.table) for each in columns):
        raise Unsettled
    return replace(thing, labels=tuple(dict.fromkeys((*label_columns(thing), *columns))))


def shown_columns(frame: Frame) -> tuple[Term, ...]:
    """The columns asked for, of the subject or of what it belongs to."""
    found: list[Term] = []
    for item in frame.draft.shown:
        for term in _columns_of(frame, item):
            if term not in found:
                found.append(term)
    return tuple(found)


def _columns_of(frame: Frame, item: Nouns | Want) -> tuple[Term, ...]:
    subject = frame.subject
    if subject is None:
        raise Unsettled
    if isinstance(item, Want):
        if item.kind == "label" and subject.labels:
            return subject.labels
        if item.kind == "key" and subject.key and all(map(_is_numbered, subject.key)):
            return subject.key
        raise Unsettled
    noun, cost = frame.binder.one(item, [subject.table])
    frame.cost += cost
    if noun.kind == "table":
        if noun.table == subject.table:
            return label_columns(subject)
        other = frame.binder.graph.thing(noun.table)
        if not other.labels:
            raise Unsettled
        return other.labels
    if noun.term is None:
        raise Unsettled
    above = _above(frame, noun)
    if above:
        return above
    return (scaled(noun.term, frame.draft.unit) if frame.draft.unit else noun.term,)


def _is_numbered(term: Term) -> bool:
    column = column_of(term)
    return column is not None and is_identifier(column)


def _above(frame: Frame, noun: Noun) -> tuple[Term, ...]:
    """The labels of the row of the same table that a column points to: the boss of an employee."""
    if not isinstance(noun.term, Field):
        return ()
    for link in frame.binder.graph.links:
        if link.many == link.one == noun.table and link.many_columns == (noun.term.column.name,):
            labels = frame.binder.graph.labels(noun.table)
            return tuple(Field(noun.table, column, role="boss") for column in labels)
    return ()


def _of_those_above(frame: Frame, noun: Noun, labels: tuple[Term, ...], where: Condition | None) -> Reading:
    """The boss of somebody, or all bosses; what is said of several bosses would be said of those below them."""
    several = "plural" in frame.draft.flags
    if frame.draft.shown or noun.term is None or (several and where is not None):
        raise Unsettled
    rows = frame.binder.graph.thing(noun.table)
    if not several:
        return Reading(frame.question, subject=rows, columns=labels, where=where)
    known = Missing(noun.term, negated=True)
    return Reading(frame.question, subject=rows, columns=labels, distinct=True, where=known)


def _limit(frame: Frame) -> int | None:
    if frame.draft.limit is not None and frame.draft.order is None:
        raise Unsettled
    return frame.draft.limit


def _order(frame: Frame, columns: tuple[Term, ...]) -> tuple[Order, ...]:
    order = frame.draft.order
    if order is None:
        return ()
    symbol, by = order
    descending = symbol in ("high_first", "newest_first")
    if isinstance(by, tuple) and frame.subject is not None:
        noun, cost = frame.binder.one(_held_beside(frame.draft, by), [frame.subject.table])
        frame.cost += cost
        if noun.term is None or not _is_once(frame, noun):
            raise Unsettled
        return (Order(noun.term, descending), *_then(frame))
    if isinstance(by, Want):
        if by.kind not in ("bare",) or frame.subject is None:
            raise Unsettled
        noun, cost = frame.binder.one(by.nouns, [frame.subject.table])
        if not _is_once(frame, noun):
            raise Unsettled
        return (Order(noun.term, descending), *_then(frame)) if noun.term is not None else ()
    if symbol == "alphabetic":
        if isinstance(columns[0], Field) and is_identifier(columns[0].column):
            raise Unsettled  # names are meant, and no codes
        by_last = len(columns) > 1 and not _LAST_NAME.isdisjoint(frame.question.casefold().split())
        return tuple(Order(column) for column in (columns[1::-1] if by_last else columns[:2]))
    if symbol in ("natural", "newest_first"):
        times = [each for each in columns if isinstance(each, Field) and each.column.is_time]
        if len(times) == 1:
            return (Order(times[0], descending),)
        own = [each for each in frame.anchors[0].columns if each.is_time] if frame.anchors else []
        if len(own) > 1:
            raise Unsettled  # "employees, oldest first": by birth or by hire
        field, cost = frame.binder.times((), frame.anchors)
        frame.cost += cost
        return (Order(field, descending),)
    numbers = [each for each in columns if isinstance(each, Field) and each.column.is_number]
    if len(numbers) != 1:
        raise Unsettled
    return (Order(numbers[0], descending),)


def _is_once(frame: Frame, noun: Noun) -> bool:
    """Whether each thing has one value to be put in order by: "customers sorted by amount" have many invoices."""
    own = frame.subject.table if frame.subject is not None else noun.table
    return frame.binder.graph.leads(own, noun.table)


def _held_beside(draft: Draft, by: Nouns) -> Nouns:
    """ "Flippers longer than 225 mm, longest first": of several lengths the one that was held beside a number."""
    held = {noun.term for cond in draft.where if isinstance(cond, IsNumber) for noun in cond.nouns}
    return tuple(noun for noun in by if noun.term in held) or by


def _then(frame: Frame) -> tuple[Order, ...]:
    """What decides between those that are alike by the first."""
    if not frame.draft.then or frame.subject is None:
        return ()
    noun, cost = frame.binder.one(frame.draft.then, [frame.subject.table])
    frame.cost += cost
    return (Order(noun.term),) if noun.term is not None else ()
