"""What makes a result doubtful that the engine gave without complaint: each doubt is one sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from sqlglot import exp

from lakebook.errors import nearest_name
from lakebook.query.by_model.literals import filters_on_text
from lakebook.query.by_model.sources import Source, Values, own_sources, seen_sources, source_of
from lakebook.query.domain import Domain
from lakebook.query.tables import Table, folded

if TYPE_CHECKING:
    import pyarrow as pa

Run = Callable[[exp.Expr], "pa.Table"]

# What stays the same where rows are repeated.
_UNMOVED = (exp.Min, exp.Max, exp.AnyValue, exp.LogicalAnd, exp.LogicalOr)


def empty_filters(tree: exp.Expr, domain: Domain, values: Values) -> Iterator[str]:
    """Texts that no row has in the column they are compared with; the nearest value is proposed."""
    for select in tree.find_all(exp.Select):
        for table, column, literal in filters_on_text(select, seen_sources(select, domain.tables)):
            known = values(table, column)
            if known and literal.name not in known:
                near = nearest_name(literal.name, known)
                more = f" Did you mean '{near}'?" if near else ""
                yield f"No row of {table.name} has '{literal.name}' as {column.name}.{more}"


def doubtful_joins(tree: exp.Expr, domain: Domain) -> Iterator[str]:
    """Joins by columns that are not known to belong together, and figures over rows that a join repeats."""
    for select in tree.find_all(exp.Select):
        sources = own_sources(select, domain.tables)
        if len(sources) < 2:
            continue
        ties = list(_ties(select, sources))
        tied = {name for left, right, _ in ties for name in (left.name, right.name)}
        loose = [each.name for each in sources if each.name not in tied]
        if loose:
            yield f"Nothing says which rows of {loose[0]} belong to which of the others."
        for left, right, columns in ties:
            if left.table and right.table and not _is_known(domain, left.table, right.table, columns):
                yield f"Nothing says that {left.name} and {right.name} belong together by {columns[0][0]}."
        yield from _repeated_figures(select, sources, ties, domain)


Tie = tuple[Source, Source, tuple[tuple[str, str], ...]]


def _ties(select: exp.Select, sources: Sequence[Source]) -> Iterator[Tie]:
    """The equalities of columns between two sources, those of one pair together."""
    pairs: dict[tuple[str, str], list[tuple[str, str]]] = {}
    conditions = [join.args.get("on") for join in select.args.get("joins") or []]
    conditions.append(select.args.get("where"))
    for condition in conditions:
        for equal in condition.find_all(exp.EQ) if condition is not None else []:
            if not isinstance(equal.this, exp.Column) or not isinstance(equal.expression, exp.Column):
                continue
            left, right = source_of(equal.this, sources), source_of(equal.expression, sources)
            if left is not None and right is not None and left is not right:
                pairs.setdefault((left.name, right.name), []).append((equal.this.name, equal.expression.name))
    for join in select.args.get("joins") or []:
        for name in join.args.get("using") or []:
            holders = [each for each in sources if each.has(name.name)][:2]
            if len(holders) == 2:
                pairs.setdefault((holders[0].name, holders[1].name), []).append((name.name, name.name))
    by_name = {each.name: each for each in sources}
    for (left_name, right_name), columns in pairs.items():
        yield by_name[left_name], by_name[right_name], tuple(columns)


def _is_known(domain: Domain, left: Table, right: Table, columns: Sequence[tuple[str, str]]) -> bool:
    here = {(folded(one), folded(other)) for one, other in columns}
    for each in domain.relationships:
        for many, one, turned in ((left, right, False), (right, left, True)):
            if (each.many.full_name, each.one.full_name) != (many.full_name, one.full_name):
                continue
            pairs = zip(each.many_columns, each.one_columns, strict=True)
            wanted = {(folded(b), folded(a)) if turned else (folded(a), folded(b)) for a, b in pairs}
            if wanted <= here:
                return True
    return False


def _repeated_figures(
    select: exp.Select, sources: Sequence[Source], ties: Sequence[Tie], domain: Domain
) -> Iterator[str]:
    repeated = {each.name: each for each in sources if _is_repeated(each, ties, domain)}
    for figure in select.find_all(exp.AggFunc):
        if figure.parent_select is not select or isinstance(figure, _UNMOVED) or figure.find(exp.Distinct):
            continue
        used = {found.name for column in figure.find_all(exp.Column) if (found := source_of(column, sources))}
        counts_rows = not used
        spoiled = [name for name in used if name in repeated] or (
            [next(iter(repeated))] if counts_rows and len(repeated) == len(sources) else []
        )
        if spoiled:
            yield f"The join repeats rows of {spoiled[0]}, so that {figure.sql('duckdb')} counts them more than once."


def _is_repeated(source: Source, ties: Sequence[Tie], domain: Domain) -> bool:
    """Whether some way from here leads to several rows for one of here."""
    seen, waiting = {source.name}, [source]
    while waiting:
        here = waiting.pop()
        for left, right, columns in ties:
            for one, other, names in (
                (left, right, [pair[1] for pair in columns]),
                (right, left, [pair[0] for pair in columns]),
            ):
                if one.name != here.name or other.name in seen:
                    continue
                if not _is_key(other, names, domain):
                    return True
                seen.add(other.name)
                waiting.append(other)
    return False


def _is_key(source: Source, names: Sequence[str], domain: Domain) -> bool:
    """Whether no two rows of the source agree in these columns; what is not known is no key."""
    if source.table is None:
        return False
    table, wanted = source.table, {folded(name) for name in names}
    key = domain.keys.get(table.full_name)
    if key and {folded(name) for name in key} <= wanted:
        return True
    return any(
        folded(each.name) in wanted and each.unique_count is not None and each.unique_count == table.row_count
        for each in table.columns
    )


def doubtful_limits(tree: exp.Expr, run: Run) -> Iterator[str]:
    """A LIMIT that cuts between equals, or that cuts rows in no order."""
    limit = tree.args.get("limit")
    if not isinstance(tree, exp.Select) or not isinstance(limit, exp.Limit):
        return
    number = limit.expression
    if not isinstance(number, exp.Literal) or not number.is_int:
        return
    order = tree.args.get("order")
    if not isinstance(order, exp.Order):
        if tree.args.get("group") or not tree.find(exp.AggFunc):
            yield f"The SQL takes {number.name} rows in no order: which ones is chance."
        return
    wider = tree.copy()
    wider.set("limit", exp.Limit(expression=exp.Literal.number(int(number.name) + 1)))
    if tree.args.get("distinct"):
        return
    for place, ordered in enumerate(order.expressions):
        key = ordered.this.copy()
        if isinstance(key, exp.Literal) and key.is_int:
            key = tree.expressions[int(key.name) - 1].unalias().copy()
        wider.append("expressions", exp.alias_(key, f"order_{place}", quoted=True))
    rows = run(wider).to_pylist()
    if len(rows) <= int(number.name):
        return
    keys = [[row[f"order_{place}"] for place in range(len(order.expressions))] for row in rows[-2:]]
    if keys[0] == keys[1]:
        yield f"Row {number.name} and the one after it are equal in what they are ordered by: which comes is chance."


def doubtful_rows(table: pa.Table) -> Iterator[str]:
    """A result without rows, or with nothing but missing values."""
    if table.num_rows == 0:
        yield "No row fits."
    elif table.num_columns and all(column.null_count == table.num_rows for column in table.columns):
        yield "Every value of the result is missing."
    elif len(set(table.column_names)) < table.num_columns:
        yield "Two columns of the result have one name."
