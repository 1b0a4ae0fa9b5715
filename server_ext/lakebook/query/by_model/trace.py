"""The question held against the statement: words without a trace in it, and parts of it that no word asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlglot import exp, parse_one
from sqlglot.errors import SqlglotError

from lakebook.query.by_model.days import DAY, meant_day, months_in
from lakebook.query.by_model.signs import columns_of, numbers_of, signs_of, texts_of
from lakebook.query.by_model.sources import named_by, seen_sources, source_of, spoken_words, words_of
from lakebook.query.by_model.vocabulary import (
    ASKING,
    COUNTING,
    DENYING,
    LABELS,
    LACKING,
    MONTHS,
    NUMBERS,
    ROWS,
    SIGNS,
    SILENT,
    TOPS,
    UNASKED,
)
from lakebook.query.domain import Domain
from lakebook.query.tables import Table, folded

_TOKEN = re.compile(r"\d[\d,]*(?:\.\d+)?|[^\W\d_]\w*")

_PHRASES = (
    (re.compile(r"%"), "percent"),
    (re.compile(r"\b(?:at least|or more|or later|no (?:less|fewer) than|and up)\b", re.IGNORECASE), "atleast"),
    (re.compile(r"\b(?:at most|or less|or fewer|or earlier|no more than|up to)\b", re.IGNORECASE), "atmost"),
)
MOST_DOUBTS = 5
YEARS = range(1500, 2200)


@dataclass
class _Question:
    """The words of the question in the singular, and the numbers it names."""

    words: list[str] = field(default_factory=list)
    numbers: set[float] = field(default_factory=set)

    @property
    def known(self) -> set[str]:
        return set(self.words)


def doubts_of_words(question: str, tree: exp.Expr, domain: Domain) -> list[str]:
    """Why the statement may not say what the question asks, a sentence each; empty where the two agree."""
    asked = _read(question)
    used = _Used(tree, domain, asked)
    found = [*_words_without_trace(asked, used), *_parts_unasked(asked, used), *_values_unasked(asked, tree)]
    return list(dict.fromkeys(found))[:MOST_DOUBTS]


def _read(question: str) -> _Question:
    asked = _Question()
    for pattern, word in _PHRASES:
        question = pattern.sub(f" {word} ", question)
    for piece in _TOKEN.findall(question):
        if piece[0].isdigit():
            asked.numbers.add(float(piece.replace(",", "")))
            continue
        words = words_of(piece)
        asked.words += words
        asked.numbers |= {float(NUMBERS[word]) for word in (*words, piece.casefold()) if word in NUMBERS}
    return asked


class _Used:
    """What the statement uses, in words: tables, columns, metrics, texts, signs."""

    def __init__(self, tree: exp.Expr, domain: Domain, asked: _Question) -> None:
        self.tree, self.signs, self.domain = tree, signs_of(tree), domain
        self.spelled: set[str] = set()
        self.columns: dict[str, frozenset[str]] = {}
        self.tables: dict[str, Table] = {}
        self.words: set[str] = set()
        for select in tree.find_all(exp.Select):
            self._note(select, domain)
        self.metric_columns: set[str] = set()
        for said, columns in _metrics(tree, domain):
            if said & asked.known:
                self.words |= said
                self.metric_columns |= columns
        for words in self.columns.values():
            self.words |= words
        for text in texts_of(tree):
            self.words |= set(words_of(text.name))

    def _note(self, select: exp.Select, domain: Domain) -> None:
        sources, given = seen_sources(select, domain.tables), named_by(select)
        for source in sources:
            if source.table is not None:
                self.tables[source.table.full_name] = source.table
                self.words |= _table_words(source.table, domain)
        for column in columns_of(select):
            if column.parent_select is not select or (not column.table and folded(column.name) in given):
                continue
            holder = source_of(column, sources)
            if holder is not None and holder.table is not None:
                self.spelled.add(column.name)
                words = _column_words(holder.table, column.name, domain)
                about = _table_words(holder.table, domain)
                is_label = set(words_of(column.name)) <= LABELS | about
                self.columns[folded(column.name)] = words | about if is_label else words


def _table_words(table: Table, domain: Domain) -> set[str]:
    words = set(words_of(table.name))
    for model in domain.models:
        for dataset in model.datasets:
            if folded(dataset.source.rpartition(".")[2]) == folded(table.name):
                words |= {word for name in (dataset.name, *dataset.synonyms) for word in words_of(name)}
    return words


def _column_words(table: Table, name: str, domain: Domain) -> frozenset[str]:
    column = next((each for each in table.columns if folded(each.name) == folded(name)), None)
    words = {*spoken_words(name), *(words_of(column.label) if column else ())}
    for model in domain.models:
        for dataset in model.datasets:
            if folded(dataset.source.rpartition(".")[2]) != folded(table.name):
                continue
            for one in dataset.fields:
                if folded(one.expression.strip('" ')) == folded(name):
                    words |= {word for said in (one.name, *one.synonyms) for word in words_of(said)}
    return frozenset(words)


def _metrics(tree: exp.Expr, domain: Domain) -> Iterator[tuple[set[str], set[str]]]:
    """The words and the columns of each metric of a semantic model that the statement holds as it is defined."""
    held = {_plain(node) for node in tree.walk() if isinstance(node, exp.Func | exp.Binary | exp.Paren)}
    for model in domain.models:
        for metric in model.metrics:
            try:
                defined = parse_one(metric.expression)
            except SqlglotError:
                continue
            if _plain(defined) in held:
                words = {word for name in (metric.name, *metric.synonyms) for word in words_of(name)}
                yield words, {folded(column.name) for column in defined.find_all(exp.Column)}


def _plain(node: exp.Expr) -> str:
    """The expression without the names of tables, casts and brackets, for comparing."""
    copy = node.copy()
    for column in copy.find_all(exp.Column):
        column.set("table", None)
        column.set("db", None)
    for cast in list(copy.find_all(exp.Cast)):
        cast.replace(cast.this)
    return re.sub(r'[()"\s]', "", copy.sql("duckdb")).casefold()


def _words_without_trace(asked: _Question, used: _Used) -> Iterator[str]:
    months = months_in(used.tree)
    for word in dict.fromkeys(asked.words):
        if word in used.words or word in NUMBERS or MONTHS.get(word) in months:
            continue
        signs = SIGNS.get(word)
        if (signs is None and word in SILENT) or (signs and signs & used.signs):
            continue
        if word in ROWS and "count" in used.signs:
            continue
        yield f"Nothing in the SQL stands for “{word}”."


def _parts_unasked(asked: _Question, used: _Used) -> Iterator[str]:
    wanted = {sign for word in asked.words for sign in SIGNS.get(word, ())}
    for sign, said in UNASKED.items():
        if sign in used.signs and sign not in wanted and not (ASKING.get(sign, frozenset()) & asked.known):
            if sign in ("min", "max") and wanted & {"min", "max"}:
                continue
            yield f"The SQL holds {said}, which no word asks for."
    if TOPS & asked.known and not {"limit", "max", "min", "rank"} & used.signs:
        yield "The question asks for the first of several, and the SQL gives all of them."
    yield from _missing_values(asked, used)
    if "count" in used.signs and not COUNTING & asked.known and not wanted & {"division", "desc", "asc"}:
        yield "The SQL counts, which no word asks for."
    for name, words in used.columns.items():
        if not words & asked.known and name not in used.metric_columns and not _is_named_otherwise(name, used, asked):
            yield f"The SQL uses the column {name}, which no word names."
    yield from _other_table(asked, used)
    if _counts_rows_of(used.tree) and not ROWS & asked.known:
        yield from _rows_that_are_no_things(used)


def _other_table(asked: _Question, used: _Used) -> Iterator[str]:
    """A thing that has a table of its own is told by its number in another table only as far as it is there."""
    for table in used.domain.tables:
        words = set(words_of(table.name))
        if table.full_name in used.tables or not words <= asked.known:
            continue
        held = [set(words_of(name)) for name in used.spelled]
        if any(words < each and not each <= asked.known for each in held):
            yield f"The SQL does not read the table {table.name}, which the question names."


def _missing_values(asked: _Question, used: _Used) -> Iterator[str]:
    """Both "no country" and "country unknown" ask for rows without it, "without unknown" for those that have it."""
    denied, lacking = bool(DENYING & asked.known), bool(LACKING & asked.known)
    if "null" in used.signs and denied == lacking:
        yield "The SQL looks for missing values, which the question does not."
    if "notnull" in used.signs and not (denied and lacking) and not ("known" in asked.known and not denied):
        yield "The SQL leaves missing values out, which the question does not."


def _is_named_otherwise(name: str, used: _Used, asked: _Question) -> bool:
    """A column that is compared with a text the question says, or only cut to a part of time it names."""
    places = [each for each in columns_of(used.tree) if folded(each.name) == name]
    return any(_has_said_value(each, asked) for each in places) or all(_is_said_time(each, asked) for each in places)


def _has_said_value(column: exp.Column, asked: _Question) -> bool:
    above = column.parent
    if not isinstance(above, exp.EQ | exp.NEQ | exp.In | exp.Like | exp.ILike):
        return False
    texts = [each for each in above.find_all(exp.Literal) if each.is_string]
    return bool(texts) and all(set(words_of(each.name)) <= asked.known for each in texts)


def _is_said_time(column: exp.Column, asked: _Question) -> bool:
    above = column.parent
    while isinstance(above, exp.Cast):
        above = above.parent
    if above is None:
        return False
    signs = signs_of(above) & {"year", "quarter", "month", "week", "day", "hour", "weekday"}
    said = {sign for word in asked.words for sign in SIGNS.get(word, ())}
    dated = any(int(number) in YEARS for number in asked.numbers) or bool(set(MONTHS) & asked.known)
    compared = (
        isinstance(above, exp.GT | exp.GTE | exp.LT | exp.LTE | exp.Between) and above.find(exp.Literal) is not None
    )
    return bool(signs & said) or (dated and (compared or bool(signs & {"year", "month"})))


def _counts_rows_of(tree: exp.Expr) -> bool:
    return any(isinstance(each.this, exp.Star) for each in tree.find_all(exp.Count))


def _rows_that_are_no_things(used: _Used) -> Iterator[str]:
    """To count the rows of a table counts its things only where each row is one: where some column is a key."""
    for table in used.tables.values():
        if not any(each.unique_count is not None and each.unique_count == table.row_count for each in table.columns):
            yield f"The SQL counts rows of {table.name}, several of which may belong to one thing."


def _values_unasked(asked: _Question, tree: exp.Expr) -> Iterator[str]:
    given = set()
    for text in texts_of(tree):
        day = DAY.fullmatch(text.name)
        if day is not None:
            given |= {float(int(part)) for part in day.groups() if part}
            if not _is_said_day(text, asked):
                yield f"The SQL names the time {text.name}, which the question does not."
        elif not set(words_of(text.name)) <= asked.known | {str(int(each)) for each in asked.numbers}:
            yield f"The SQL compares with '{text.name}', which the question does not say."
        given |= {float(each) for each in re.findall(r"\d+", text.name)}
    for number in numbers_of(tree):
        value = float(number.name)
        given.add(value)
        alone = isinstance(number.parent, exp.Limit) and value == 1 and {"desc", "asc"} & signs_of(tree)
        if value not in asked.numbers and not alone and not (value == 0 and _is_comparison_with_nothing(number)):
            yield f"The SQL holds the number {number.name}, which the question does not."
    for missing in sorted(asked.numbers - given - {1.0}):
        yield f"Nothing in the SQL stands for “{missing:g}”."


def _is_comparison_with_nothing(number: exp.Literal) -> bool:
    return isinstance(number.parent, exp.Offset)


def _is_said_day(text: exp.Literal, asked: _Question) -> bool:
    meant = meant_day(text)
    if meant is None or float(meant.year) not in asked.numbers:
        return False
    named = {MONTHS[word] for word in asked.words if word in MONTHS}
    is_edge = (meant.month, meant.day) in ((1, 1), (12, 31)) and not named
    return is_edge or meant.month in named or float(meant.month) in asked.numbers
