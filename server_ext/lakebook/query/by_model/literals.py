"""Repairs of values: texts in wrong quotes, numbers beside texts, `= NULL`, another case, missing casts."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlglot import exp

from lakebook.query.by_model.sources import Source, Values, column_of, flat, seen_sources
from lakebook.query.tables import Column, Table, folded

COMPARED = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Like, exp.ILike)
_MATCHED = (exp.Like, exp.ILike, exp.RegexpLike, exp.StartsWith, exp.EndsWith, exp.Contains)
_SUMMED = (exp.Sum, exp.Avg, exp.Median, exp.Stddev, exp.StddevSamp, exp.StddevPop, exp.Variance)
_OF_TIME = (exp.Year, exp.Month, exp.Day, exp.Quarter, exp.Week, exp.Extract, exp.TimestampTrunc, exp.DateTrunc)
_YEAR_MONTH = re.compile(r"\d{4}-\d{2}")
_PATTERN = re.compile(r"%\w")


def mend_quotes(tree: exp.Expr, tables: Sequence[Table]) -> list[str]:
    """A column in single quotes where a column must stand; a value in double quotes where no such column is."""
    changes = []
    for select in list(tree.find_all(exp.Select)):
        sources = seen_sources(select, tables)
        names = {folded(name): name for source in sources for name in source.columns}
        for literal in [each for each in select.find_all(exp.Literal) if each.parent_select is select]:
            name = names.get(folded(literal.name)) if literal.is_string else None
            if name is not None and _stands_for_column(literal, select):
                literal.replace(exp.column(name, quoted=True))
                changes.append(f"'{name}' read as the column")
        for column in [each for each in select.find_all(exp.Column) if each.parent_select is select]:
            if _is_quoted_value(column, sources):
                column.replace(exp.Literal.string(column.name))
                changes.append(f'"{column.name}" read as a text')
    return changes


def _stands_for_column(literal: exp.Literal, select: exp.Select) -> bool:
    """In GROUP BY, ORDER BY or an aggregate; or alone in a SELECT that has something else as well."""
    parent = literal.parent
    if isinstance(parent, exp.Group | exp.Ordered | exp.AggFunc | exp.Distinct):
        return True
    shown = parent if isinstance(parent, exp.Alias) else literal
    return shown.parent is select and any(shown is each for each in select.expressions)


def _is_quoted_value(column: exp.Column, sources: Sequence[Source]) -> bool:
    if column.table or not isinstance(column.this, exp.Identifier) or not column.this.args.get("quoted"):
        return False
    compared = isinstance(column.parent, (*COMPARED, exp.In)) and column is not column.parent.this
    known = [name for source in sources for name in source.columns]
    return compared and not any(flat(name) == flat(column.name) for name in known)


def mend_comparisons(tree: exp.Expr, tables: Sequence[Table]) -> list[str]:
    """`= NULL`, a number beside a text column, LIKE over a time, a month where a day must stand."""
    changes: list[str] = []
    for select in list(tree.find_all(exp.Select)):
        sources = seen_sources(select, tables)
        for node in [each for each in select.find_all(*COMPARED) if each.parent_select is select]:
            before = node.sql("duckdb")
            found = column_of(node.this, sources)
            mended = _mended_comparison(node, found[1] if found else None)
            if mended is not None:
                node.replace(mended)
                changes.append(f"{before} read as {mended.sql('duckdb')}")
    return changes


def _mended_comparison(node: exp.Expr, column: Column | None) -> exp.Expr | None:
    value = node.expression
    if isinstance(value, exp.Null) and isinstance(node, exp.EQ | exp.NEQ):
        missing = exp.Is(this=node.this.copy(), expression=exp.Null())
        return missing if isinstance(node, exp.EQ) else exp.Not(this=missing)
    if column is None or not isinstance(value, exp.Literal):
        return None
    if column.is_text and not value.is_string:
        return _with_value(node, exp.Literal.string(value.name))
    if isinstance(node, _MATCHED) and not column.is_text:
        text = exp.cast(node.this.copy(), exp.DataType.Type.VARCHAR)
        return type(node)(this=text, expression=value.copy())
    if column.is_time and value.is_string and _YEAR_MONTH.fullmatch(value.name) and isinstance(node, exp.GTE | exp.LT):
        return _with_value(node, exp.Literal.string(f"{value.name}-01"))
    return None


def _with_value(node: exp.Expr, value: exp.Expr) -> exp.Expr:
    return type(node)(this=node.this.copy(), expression=value)


def mend_types(tree: exp.Expr, tables: Sequence[Table]) -> list[str]:
    """Casts where a figure is made of texts that hold numbers, or a part of a time of texts that hold times."""
    changes: list[str] = []
    for select in list(tree.find_all(exp.Select)):
        sources = seen_sources(select, tables)
        inside = [each for each in select.find_all(exp.Func) if each.parent_select is select]
        for node in inside:
            argument = "expression" if isinstance(node, exp.Extract) else "this"
            operand = node.args.get(argument)
            found = column_of(operand, sources) if isinstance(operand, exp.Expr) else None
            if found is None or not found[1].is_text:
                continue
            kind = _needed_type(node)
            if kind is not None and isinstance(operand, exp.Expr):
                operand.replace(exp.cast(operand.copy(), kind))
                changes.append(f"{found[1].name} read as {kind.lower()}")
    return changes


def _needed_type(node: exp.Expr) -> str | None:
    if isinstance(node, _SUMMED):
        return "DOUBLE"
    return "TIMESTAMP" if isinstance(node, _OF_TIME) else None


def mend_formats(tree: exp.Expr, tables: Sequence[Table]) -> list[str]:
    """`strftime('%Y', time)`, as SQLite has it, with its arguments the other way round."""
    changes = []
    for node in list(tree.find_all(exp.TimeToStr)):
        form, moment = node.args.get("this"), node.args.get("format")
        if not isinstance(form, exp.Literal) or not isinstance(moment, exp.Expr):
            continue
        if form.is_string and _PATTERN.search(form.name):
            before = node.sql("duckdb")
            node.replace(exp.TimeToStr(this=moment.copy(), format=form.copy()))
            changes.append(f"arguments of {before} put in order")
    return changes


def mend_case(tree: exp.Expr, tables: Sequence[Table], values: Values) -> list[str]:
    """A text that is in the column in another case alone."""
    changes = []
    for select in list(tree.find_all(exp.Select)):
        sources = seen_sources(select, tables)
        for table, column, literal in filters_on_text(select, sources):
            known = values(table, column)
            if not known or literal.name in known:
                continue
            same = [value for value in known if folded(value.strip()) == folded(literal.name.strip())]
            if len(same) == 1:
                changes.append(f"'{literal.name}' read as '{same[0]}'")
                literal.replace(exp.Literal.string(same[0]))
    return changes


def filters_on_text(select: exp.Select, sources: Sequence[Source]) -> list[tuple[Table, Column, exp.Literal]]:
    """Each text column that the SELECT compares with a text by `=`, `<>` or IN, and the text."""
    found = []
    for node in [each for each in select.find_all(exp.EQ, exp.NEQ, exp.In) if each.parent_select is select]:
        bound = column_of(node.this, sources)
        if bound is None or not bound[1].is_text:
            continue
        given = node.expressions if isinstance(node, exp.In) else [node.expression]
        found += [(*bound, each) for each in given if isinstance(each, exp.Literal) and each.is_string]
    return found
