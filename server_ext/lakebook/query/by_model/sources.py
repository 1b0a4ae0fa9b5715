"""What a SELECT sees: the tables and queries of its FROM, their columns, and the names that it gives itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlglot import exp

from lakebook.query.tables import Column, Table, find_table, folded

Values = Callable[[Table, Column], list[str]]

_SEAM = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])")
_WORD = re.compile(r"[^\W_]+")
_SAME = {
    "number": "no", "nr": "no", "num": "no", "qty": "quantity", "desc": "description", "identifier": "id",
    "avg": "average", "amt": "amount", "temperature": "temp",
    "minimum": "min", "maximum": "max",
}  # fmt: skip


@dataclass(frozen=True)
class Source:
    """A table or query in a FROM clause under the name by which the statement knows it."""

    name: str
    table: Table | None
    columns: tuple[str, ...]

    def column(self, name: str) -> Column | None:
        """The table's column of this name."""
        if self.table is None:
            return None
        return next((each for each in self.table.columns if folded(each.name) == folded(name)), None)

    def has(self, name: str) -> bool:
        """Whether it gives a column of this name."""
        return any(folded(each) == folded(name) for each in self.columns)


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name or a text, folded, in the singular: InvoiceLines is (invoice, line)."""
    pieces = (word.casefold() for piece in _WORD.findall(name) for word in _SEAM.split(piece) if word)
    return tuple(_singular(piece) for piece in pieces)


def spelled_words(name: str) -> tuple[str, ...]:
    """The words with abbreviations spelled one way: InvoiceNumber and InvoiceNo are both (invoice, no)."""
    return tuple(_SAME.get(word, word) for word in words_of(name))


def spoken_words(name: str) -> frozenset[str]:
    """The words of a name, and those that people say for its abbreviations."""
    words = frozenset(words_of(name))
    return words | {long for long, short in _SAME.items() if short in words}


def flat(name: str) -> str:
    """The name without case, marks and plural: two spellings of one name agree in it."""
    return "".join(spelled_words(name))


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def selects(tree: exp.Expr) -> list[exp.Select]:
    """Every SELECT of the statement, inner ones first."""
    return list(tree.find_all(exp.Select))[::-1]


def own_sources(select: exp.Select, tables: Sequence[Table]) -> list[Source]:
    """What stands in the SELECT's own FROM and JOIN clauses."""
    start = select.args.get("from_")
    items = [start.this] if isinstance(start, exp.From) else []
    items += [join.this for join in select.args.get("joins") or []]
    return [_source(item, tables) for item in items]


def seen_sources(select: exp.Select, tables: Sequence[Table]) -> list[Source]:
    """The SELECT's own sources, then those of the queries around it, which it may refer to."""
    found = own_sources(select, tables)
    outer = select.parent_select
    while outer is not None:
        if isinstance(outer, exp.Select) and not _in_from(select, outer):
            found += own_sources(outer, tables)
        outer = outer.parent_select
    return found


def named_by(select: exp.Select) -> dict[str, exp.Expr]:
    """The names that the SELECT gives to its projections, folded, with what they stand for."""
    return {folded(each.alias): each.this for each in select.expressions if isinstance(each, exp.Alias)}


def source_of(column: exp.Column, sources: Sequence[Source]) -> Source | None:
    """The one source that the column comes from, or None where there is none or more than one."""
    if column.table:
        return next((each for each in sources if folded(each.name) == folded(column.table)), None)
    holders = [each for each in sources if each.has(column.name)]
    return holders[0] if len(holders) == 1 else None


def column_of(node: exp.Expr, sources: Sequence[Source]) -> tuple[Table, Column] | None:
    """The table's column that the node is, or None for anything else."""
    inner = node.unnest()
    if not isinstance(inner, exp.Column):
        return None
    source = source_of(inner, sources)
    column = source.column(inner.name) if source else None
    return (source.table, column) if source and source.table and column else None


def _source(item: exp.Expr, tables: Sequence[Table]) -> Source:
    if isinstance(item, exp.Table):
        query = _cte(item)
        if query is not None:
            return Source(item.alias_or_name, None, _outputs(query, tables))
        table = find_table(tables, item.name, item.db or None)
        names = tuple(column.name for column in table.columns) if table else ()
        return Source(item.alias_or_name, table, names)
    inner = item.this if isinstance(item, exp.Subquery) else None
    return Source(item.alias_or_name, None, _outputs(inner, tables) if isinstance(inner, exp.Query) else ())


def _cte(item: exp.Table) -> exp.Query | None:
    if item.db:
        return None
    node: exp.Expr | None = item
    while node is not None:
        attached = node.args.get("with_")
        for cte in attached.expressions if isinstance(attached, exp.With) else []:
            if folded(cte.alias) == folded(item.name) and isinstance(cte.this, exp.Query) and not _inside(item, cte):
                return cte.this
        node = node.parent
    return None


def _inside(node: exp.Expr, outer: exp.Expr) -> bool:
    above: exp.Expr | None = node
    while above is not None and above is not outer:
        above = above.parent
    return above is outer


def _in_from(select: exp.Select, outer: exp.Select) -> bool:
    """A query in a FROM clause or a WITH does not see what stands beside it."""
    node: exp.Expr | None = select
    while node is not None and node.parent is not outer:
        if isinstance(node, exp.From | exp.Join | exp.CTE):
            return True
        node = node.parent
    return isinstance(node, exp.From | exp.Join | exp.With)


def _outputs(query: exp.Query, tables: Sequence[Table]) -> tuple[str, ...]:
    if isinstance(query, exp.SetOperation):
        return _outputs(query.left, tables) if isinstance(query.left, exp.Query) else ()
    if not isinstance(query, exp.Select):
        return ()
    names: list[str] = []
    for each in query.expressions:
        if isinstance(each, exp.Star) or (isinstance(each, exp.Column) and isinstance(each.this, exp.Star)):
            names += [name for source in own_sources(query, tables) for name in source.columns]
        else:
            names.append(each.alias_or_name)
    return tuple(names)
