"""Which tables a question is about: BM25 over their words, and the tables that join those found."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

from lakebook.query.by_model.sources import words_of
from lakebook.query.domain import Domain
from lakebook.query.tables import Column, Table, folded

MOST_TABLES = 6
MOST_COLUMNS = 40
# A table that fits less than this part of the best one's score is left out.
LEAST_SHARE = 0.25
_SATURATION, _LENGTH = 1.2, 0.75
_TOKEN = re.compile(r"[^\W_]+")

Words = tuple[str, ...]


def linked(question: str, domain: Domain) -> Domain:
    """The domain with the tables that the question is likely to need, the likeliest first."""
    asked = _asked(question)
    scores = scored(asked, [_table_words(table, domain) for table in domain.tables])
    ranked = sorted(zip(scores, range(len(scores)), domain.tables, strict=True), key=lambda each: (-each[0], each[1]))
    best = ranked[0][0] if ranked else 0.0
    chosen = [table for score, _, table in ranked if score >= best * LEAST_SHARE][:MOST_TABLES]
    for table in _between(chosen, domain):
        if len(chosen) < MOST_TABLES + 2:
            chosen.append(table)
    return Domain(
        tuple(chosen),
        tuple(each for each in domain.relationships if each.many in chosen and each.one in chosen),
        domain.models,
        domain.keys,
    )


def columns_for(question: str, table: Table, kept: Sequence[str]) -> tuple[Column, ...]:
    """The table's columns, or where there are very many, those that fit the question and those to be kept."""
    if len(table.columns) <= MOST_COLUMNS:
        return table.columns
    scores = scored(_asked(question), [_column_words(column) for column in table.columns])
    ranked = sorted(range(len(scores)), key=lambda place: (-scores[place], place))
    wanted = {folded(name) for name in kept}
    chosen = {place for place, column in enumerate(table.columns) if folded(column.name) in wanted}
    chosen |= set([place for place in ranked if place not in chosen][: max(0, MOST_COLUMNS - len(chosen))])
    return tuple(column for place, column in enumerate(table.columns) if place in chosen)


def scored(asked: Words, documents: Sequence[Words]) -> list[float]:
    """How well each document fits the words, by BM25."""
    counts = [Counter(document) for document in documents]
    usual = sum(map(len, documents)) / max(1, len(documents)) or 1.0
    found = Counter(word for count in counts for word in count)
    scores = []
    for count, document in zip(counts, documents, strict=True):
        score = 0.0
        for word in set(asked):
            rarity = math.log(1 + (len(documents) - found[word] + 0.5) / (found[word] + 0.5))
            length = _SATURATION * (1 - _LENGTH + _LENGTH * len(document) / usual)
            score += rarity * count[word] * (_SATURATION + 1) / (count[word] + length)
        scores.append(score)
    return scores


def _asked(question: str) -> Words:
    return tuple(word for piece in _TOKEN.findall(question) for word in words_of(piece))


def _table_words(table: Table, domain: Domain) -> Words:
    words = [*words_of(table.name)] * 3
    for column in table.columns:
        words += _column_words(column)
    for model in domain.models:
        for dataset in model.datasets:
            if folded(dataset.source.rpartition(".")[2]) != folded(table.name):
                continue
            said = [dataset.name, dataset.description, *dataset.synonyms]
            said += [text for one in dataset.fields for text in (one.name, one.description, *one.synonyms)]
            said += [text for one in model.metrics if f"{dataset.name}." in one.expression for text in _said(one)]
            words += [word for text in said for word in _asked(text)]
    return tuple(words)


def _said(metric: object) -> tuple[str, ...]:
    name, synonyms = getattr(metric, "name", ""), getattr(metric, "synonyms", ())
    return (name, *synonyms)


def _column_words(column: Column) -> Words:
    """The words of a column's name, label and most frequent values; the values help to find it and are not sent."""
    values = [word for value in column.top_values[:20] for word in _asked(str(value)[:200])]
    return (*words_of(column.name), *words_of(column.label), *values)


def _between(chosen: Sequence[Table], domain: Domain) -> list[Table]:
    """Tables that join two of the chosen ones which nothing joins directly."""
    neighbours: dict[str, set[str]] = {}
    for each in domain.relationships:
        neighbours.setdefault(each.many.full_name, set()).add(each.one.full_name)
        neighbours.setdefault(each.one.full_name, set()).add(each.many.full_name)
    names = {table.full_name for table in chosen}
    return [
        table
        for table in domain.tables
        if table.full_name not in names and len(neighbours.get(table.full_name, set()) & names) > 1
    ]
