"""understand(): the one reading of a question, or why there is none."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

from lakebook.query.domain import Domain
from lakebook.query.parse.apart import also_apart, each_of_several
from lakebook.query.parse.assemble import drafts
from lakebook.query.parse.at_once import asked_of_one_row
from lakebook.query.parse.binding import Binder
from lakebook.query.parse.check import unsaid
from lakebook.query.parse.graph import Graph
from lakebook.query.parse.named_table import named_table
from lakebook.query.parse.names import Names
from lakebook.query.parse.of_things import also_of_things
from lakebook.query.parse.refusals import is_statement, refusal
from lakebook.query.parse.sense import is_senseless
from lakebook.query.parse.sentence import Sentence
from lakebook.query.parse.settle.figure_parts import tables_of
from lakebook.query.parse.settle.shapes import settled
from lakebook.query.parse.spelling import respelled
from lakebook.query.parse.suggest import nearest_questions
from lakebook.query.parse.unknown import strangers, unknown_words
from lakebook.query.parse.values import ValueIndex, Values
from lakebook.query.parse.wants import Draft
from lakebook.query.parse.words import Token, tokens
from lakebook.query.reading import Aggregate, Declined, Figure, Metric, Reading, Trace
from lakebook.query.terms import Field

MOST_CHARACTERS = 600
MOST_WORDS = 90
MOST_CHOICES = 4
MARGIN = 0.09  # readings whose costs differ by less may both be meant
KEPT_DOMAINS = 64
STATEMENT = "statement"  # the reason of a question that is SQL
NOT_UNDERSTOOD = "Not every word of the question is understood."

SEVERAL_TABLES = "The words fit other tables as well; say that {} meant, for example by `--dataset`."
_COUNT = re.compile(r'count\s*\(\s*distinct\s+(?:"?\w+"?\.)?"?(\w+)"?\s*\)', re.IGNORECASE)
_LAST_MARKS = ("?", ".", "!")


@dataclass(frozen=True)
class Tongue:
    """What one group of tables that belong together can be asked about, made once for a version of them."""

    domain: Domain
    names: Names
    values: ValueIndex
    binder: Binder


def understand(question: str, domain: Domain, values: Values | None = None) -> Reading | Declined:
    """The question as a typed query over the domain's tables, or Declined; `values` gives a column's texts."""
    words = tokens(question)
    while words and words[-1].fold in _LAST_MARKS:
        words = words[:-1]
    early = _declined_early(question, words, domain)
    if early is not None:
        return early
    return _of_named_table(question, words, domain, values) or _understood(question, words, domain, values)


def _of_named_table(question: str, words: tuple[Token, ...], domain: Domain, values: Values | None) -> Reading | None:
    """The reading over the one table that the last words name, where what is before them can be read so."""
    named = named_table(words, domain.tables)
    if named is None:
        return None
    table, place = named
    reading = _understood(question, words[:place], domain.among((table,)), values)
    if isinstance(reading, Declined):
        return None
    said = " ".join(token.text for token in words[place:])
    return replace(reading, trace=(*reading.trace, Trace(said, "table")))


def _understood(question: str, words: tuple[Token, ...], domain: Domain, values: Values | None) -> Reading | Declined:
    found: list[tuple[Reading, float]] = []
    rivals: list[Reading] = []
    answered: Sentence | None = None
    apart: list[str] = []
    sentences: list[tuple[Sentence, int]] = []
    for tongue in _tongues(domain, values):
        mended, notes = respelled(words, tongue.names, tongue.values)
        sentence = Sentence(mended, tongue.names, tongue.values)
        finished, furthest = drafts(sentence)
        sentences.append((sentence, furthest))
        here = _readings(finished, (words, mended), question, tongue, notes, apart)
        if here:
            answered = sentence
        rivals += [reading for reading, _ in sorted(here, key=lambda pair: pair[1])[:1]]
        found.extend(here)
    if len(rivals) > 1:
        return _many(rivals, question, domain)
    if len(rivals) == 1 and any(not strangers(each) for each, _ in sentences if each is not answered):
        suggestions = nearest_questions(question, domain.tables)
        return Declined((), suggestions, (_said(rivals[0]),), reason=_which(rivals[0]))
    if not found and apart:
        return Declined(tuple(apart[:1]), nearest_questions(question, domain.tables), reason=NOT_UNDERSTOOD)
    return _chosen(found, question, domain, sentences)


def _declined_early(question: str, words: tuple[Token, ...], domain: Domain) -> Declined | None:
    if not domain.tables:
        return Declined((), reason="There is no such table to ask.")
    if not any(token.kind != "mark" for token in words):
        return Declined((), nearest_questions(question, domain.tables), reason="There is no question here.")
    if is_statement(question):
        return Declined((), reason=STATEMENT)
    if len(question) > MOST_CHARACTERS or len(words) > MOST_WORDS:
        reason = f"The question is longer than {MOST_CHARACTERS} characters."
        return Declined((), nearest_questions(question[:MOST_CHARACTERS], domain.tables), reason=reason)
    refused = refusal(question)
    if refused is not None:
        reason, said = refused
        return Declined(said, nearest_questions(question, domain.tables), reason=reason)
    return None


def _readings(
    finished: Sequence[tuple[Draft, float]],
    spelled: tuple[tuple[Token, ...], tuple[Token, ...]],
    question: str,
    tongue: Tongue,
    notes: tuple[str, ...],
    apart: list[str],
) -> list[tuple[Reading, float]]:
    """The readings with what they cost; to `apart` go words that no row of a thing can meet alone.

    `spelled` are the words as they were written and as they were meant.
    """
    written, words = spelled
    found: dict[Reading, float] = {}
    best = 99.0
    for draft, cost in finished:
        if cost > best + MARGIN:
            break
        made = settled(draft, question, tongue.binder)
        if made is None:
            continue
        reading, more = made
        reading = each_of_several(words, draft, reading) or reading
        if unsaid(words, draft, reading) or is_senseless(words, reading, tongue.names, tongue.binder.graph):
            continue
        counting = replace(reading, figures=tuple(map(_counted_so, reading.figures)))
        if said := asked_of_one_row(words, draft, counting, tongue.binder.graph):
            apart.append(said)
            continue
        total = cost + more
        best = min(best, total)
        for meant in (reading, also_of_things(words, counting), also_apart(words, draft, reading)):
            if meant is None:
                continue
            traced = replace(meant, trace=_traces(draft, written), notes=(*notes, *reading.notes))
            if total < found.get(traced, 99.0):
                found.pop(traced, None)
                found[traced] = total
    return list(found.items())


def _chosen(
    found: list[tuple[Reading, float]], question: str, domain: Domain, sentences: list[tuple[Sentence, int]]
) -> Reading | Declined:
    suggestions = nearest_questions(question, domain.tables) if not found else ()
    if not found:
        unknown = unknown_words(sentences)
        return Declined(unknown, suggestions, reason=NOT_UNDERSTOOD)
    found.sort(key=lambda pair: pair[1])
    close = _fullest([reading for reading, cost in found if cost - found[0][1] < MARGIN])
    many = _many(close, question, domain)
    return replace(many, readings=tuple(close)) if isinstance(many, Declined) else many


def _fullest(readings: list[Reading]) -> list[Reading]:
    """Of readings that differ only in what they show beside, the one that shows most."""
    kept: dict[Reading, Reading] = {}
    for reading in readings:
        bare = replace(_of_all(reading), figures=()) if reading.order or reading.having else _of_all(reading)
        if bare not in kept or len(kept[bare].figures) < len(reading.figures):
            kept[bare] = reading
    return list(kept.values())


def _counted_so(figure: Figure) -> Figure:
    """A metric that only counts the different values of a column, as that count."""
    counts = _COUNT.fullmatch(figure.sql.strip()) if isinstance(figure, Metric) and len(figure.tables) == 1 else None
    if counts is None or not isinstance(figure, Metric):
        return figure
    table = figure.tables[0]
    column = next((each for each in table.columns if each.name.casefold() == counts[1].casefold()), None)
    return Aggregate("distinct", table, Field(table, column), where=figure.where) if column is not None else figure


def _of_all(reading: Reading) -> Reading:
    """The reading in one form: "days with an order in 2011" are those of which 2011 has an order."""
    reading = replace(reading, figures=tuple(map(_counted_so, reading.figures)))
    having = reading.having[0] if len(reading.having) == 1 else None
    own = getattr(having.figure, "where", None) if having is not None else None
    if having is None or own is None or reading.where is not None or reading.figures or having.operator in ("<", "<="):
        return reading
    figure = replace(cast(Aggregate | Metric, having.figure), where=None)
    return replace(reading, where=own, having=(replace(having, figure=figure),))


def _many(readings: list[Reading], question: str, domain: Domain) -> Reading | Declined:
    """The reading where all mean the same; else the choices."""
    choices = tuple(dict.fromkeys(_said(reading) for reading in readings))
    if len(choices) < len(readings) and not _same_tables(readings):
        choices = tuple(f"{_said(reading)}, in {' and '.join(_tables_said(reading))}" for reading in readings)
    if len(readings) == 1 or (len(choices) == 1 and _same_tables(readings)):
        return readings[0]
    reason = "The question can be meant in more than one way."
    return Declined((), nearest_questions(question, domain.tables), choices[:MOST_CHOICES], reason=reason)


def _same_tables(readings: list[Reading]) -> bool:
    """Whether no two of the readings are of tables that have nothing to do with each other."""
    names = {table.full_name for reading in readings for figure in reading.figures for table in tables_of(figure)}
    subjects = {reading.subject.table.full_name for reading in readings if reading.subject is not None}
    return len(names) < 2 and len(subjects) < 2


def _which(reading: Reading) -> str:
    """Which tables are to be named so that this reading is the only one."""
    names = _tables_said(reading)
    said = f"{' and '.join(names)} {'is' if len(names) == 1 else 'are'}" if names else "they are"
    return SEVERAL_TABLES.format(said)


def _tables_said(reading: Reading) -> list[str]:
    """The names of the tables that the reading's figures and its subject are of."""
    figures = [*reading.figures, *(order.by for order in reading.order if isinstance(order.by, Figure))]
    of_figures = [table.full_name for figure in figures for table in tables_of(figure)]
    subject = [reading.subject.table.full_name] if reading.subject else []
    return list(dict.fromkeys([*subject, *of_figures]))


def _said(reading: Reading) -> str:
    from lakebook.query.wording import wording

    return wording(reading)


def _traces(draft: Draft, words: tuple[Token, ...]) -> tuple[Trace, ...]:
    spans = sorted(draft.spans, key=lambda span: span.start)
    return tuple(Trace(" ".join(token.text for token in words[span.start : span.end]), span.part) for span in spans)


_known: OrderedDict[object, list[Tongue]] = OrderedDict()


def _tongues(domain: Domain, values: Values | None) -> list[Tongue]:
    key = (domain.tables, domain.relationships, domain.models, tuple(sorted(domain.keys.items())), values is None)
    known = _known.get(key)
    if known is None:
        known = [_tongue(domain.among(tables), values) for tables in Graph(domain).components()]
        _known[key] = known
        while len(_known) > KEPT_DOMAINS:
            _known.popitem(last=False)
    _known.move_to_end(key)
    return known


def _tongue(domain: Domain, values: Values | None) -> Tongue:
    graph = Graph(domain)
    names = Names(domain, graph, values)
    return Tongue(domain, names, ValueIndex(domain.tables, values, domain.models), Binder(graph, names))
