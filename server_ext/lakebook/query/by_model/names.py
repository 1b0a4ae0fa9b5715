"""Repairs of names: tables, columns and the names by which a statement calls its tables, put to the one that is meant.

A name is changed only where one candidate stands out; otherwise it stays, and the guard refuses the statement.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from lakebook.query.by_model.sources import Source, flat, named_by, own_sources, seen_sources, selects, spelled_words
from lakebook.query.domain import Domain
from lakebook.query.tables import LAYERS, Table, find_table, folded

ALIKE = 80
APART = 8


def mend_tables(tree: exp.Expr, domain: Domain) -> list[str]:
    """Tables under another spelling, a schema that is not there, or a name close to one table's alone."""
    changes = []
    for node in list(tree.find_all(exp.Table)):
        if not isinstance(node.this, exp.Identifier) or _is_cte(node, tree):
            continue
        if not node.catalog and find_table(domain.tables, node.name, node.db or None) is not None:
            continue
        layer = folded(node.db) if folded(node.db) in LAYERS else None
        table = find_table(domain.tables, node.name, layer) or _meant_table(node.name, domain)
        if table is None or layer not in (None, table.layer):
            continue
        changes.append(f"table {'.'.join(part.name for part in node.parts)} read as {table.full_name}")
        if not node.alias and folded(node.name) != folded(table.name):
            node.set("alias", exp.TableAlias(this=exp.to_identifier(node.name, quoted=True)))
        node.set("this", exp.to_identifier(table.name, quoted=True))
        node.set("db", exp.to_identifier(table.layer))
        node.set("catalog", None)
    return changes


def mend_columns(tree: exp.Expr, domain: Domain) -> list[str]:
    """Columns under another spelling, under the wrong table, or of a table that was not joined."""
    changes: list[str] = []
    for select in selects(tree):
        for column in [each for each in select.find_all(exp.Column) if each.parent_select is select]:
            if isinstance(column.this, exp.Identifier):
                changes += _mend_column(column, select, domain)
    return changes


def _mend_column(column: exp.Column, select: exp.Select, domain: Domain) -> list[str]:
    sources = seen_sources(select, domain.tables)
    before = column.sql("duckdb")
    if column.table and _named(sources, column.table) is None:
        _mend_qualifier(column, sources)
    source = _named(sources, column.table) if column.table else None
    if column.table and source is None:
        if not any(each.has(column.name) for each in sources):
            _join_holder(column, sources, select, domain)
    elif source is not None:
        if not source.has(column.name):
            _mend_qualified(column, source, sources, select, domain)
    else:
        _mend_bare(column, sources, select, domain)
    after = column.sql("duckdb")
    return [f"{before} read as {after}"] if after != before else []


def _mend_qualifier(column: exp.Column, sources: Sequence[Source]) -> None:
    """The table's own name although it has another here, or a name that nothing has."""
    called = [each for each in sources if each.table and folded(each.table.name) == folded(column.table)]
    if not called:
        called = [each for each in sources if flat(each.name) == flat(column.table)]
    if not called:
        called = [each for each in sources if _meant(column.name, each.columns) is not None]
    if len(called) == 1:
        _qualify(column, called[0])


def _mend_qualified(
    column: exp.Column, source: Source, sources: Sequence[Source], select: exp.Select, domain: Domain
) -> None:
    exact = [each for each in sources if each.has(column.name)]
    spelled = _spelled(column.name, source.columns)
    if spelled is not None:
        _rename(column, spelled)
    elif len(exact) == 1:
        _qualify(column, exact[0])
    elif (near := _meant(column.name, source.columns)) is not None:
        _rename(column, near)
    elif not exact:
        _join_holder(column, sources, select, domain)


def _mend_bare(column: exp.Column, sources: Sequence[Source], select: exp.Select, domain: Domain) -> None:
    holders = [each for each in sources if each.has(column.name)]
    if holders:
        if len(holders) > 1 and _joined_on(select, column.name):
            _qualify(column, holders[0])
        return
    given = named_by(select)
    if folded(column.name) in given:
        return
    known = [name for each in sources for name in each.columns]
    if _may_name_a_result(column):
        known += [each.alias for each in select.expressions if isinstance(each, exp.Alias)]
    near = _spelled(column.name, known) or _meant(column.name, known)
    if near is not None and sum(each.has(near) for each in sources) <= 1:
        _rename(column, near)
    elif near is None and not column.this.args.get("quoted"):
        _join_holder(column, sources, select, domain)


def _join_holder(column: exp.Column, sources: Sequence[Source], select: exp.Select, domain: Domain) -> None:
    """Join the one table that has the column, where rows of a table here belong to one row of it."""
    holders = [
        table for table in domain.tables if any(folded(each.name) == folded(column.name) for each in table.columns)
    ]
    here = {each.table.full_name: each for each in own_sources(select, domain.tables) if each.table}
    ways = [
        each
        for each in domain.relationships
        if len(holders) == 1 and each.one == holders[0] and each.many.full_name in here
    ]
    if len(ways) != 1 or holders[0].full_name in here or any(each.name == holders[0].name for each in sources):
        return
    way, table = ways[0], holders[0]
    on = exp.and_(
        *(
            exp.EQ(
                this=exp.column(many, table=here[way.many.full_name].name, quoted=True),
                expression=exp.column(one, table=table.name, quoted=True),
            )
            for many, one in zip(way.many_columns, way.one_columns, strict=True)
        ),
        copy=False,
    )
    joined = exp.Table(this=exp.to_identifier(table.name, quoted=True), db=exp.to_identifier(table.layer))
    _settle(select, sources, table)
    # A row that belongs to nothing stays: the join must not change what is counted.
    select.append("joins", exp.Join(this=joined, on=on, side="LEFT"))
    column.set("table", exp.to_identifier(table.name, quoted=True))


def _settle(select: exp.Select, sources: Sequence[Source], joined: Table) -> None:
    """Name the source of each column that the joined table has as well."""
    for column in [each for each in select.find_all(exp.Column) if each.parent_select is select and not each.table]:
        holders = [each for each in sources if each.has(column.name)]
        if len(holders) == 1 and any(folded(each.name) == folded(column.name) for each in joined.columns):
            _qualify(column, holders[0])


def _joined_on(select: exp.Select, name: str) -> bool:
    """Whether an inner join makes the columns of this name equal."""
    for join in select.args.get("joins") or []:
        if join.side:
            return False
        on = join.args.get("on")
        for equal in on.find_all(exp.EQ) if on is not None else []:
            sides = (equal.this, equal.expression)
            if all(isinstance(side, exp.Column) and folded(side.name) == folded(name) for side in sides):
                return True
    return False


def _may_name_a_result(column: exp.Column) -> bool:
    return column.find_ancestor(exp.Order, exp.Having, exp.Group, exp.Select).__class__ is not exp.Select


def _meant_table(name: str, domain: Domain) -> Table | None:
    spoken: dict[str, Table | None] = {}
    for table in domain.tables:
        spoken[table.name] = table if table.name not in spoken else find_table(domain.tables, table.name)
    for model in domain.models:
        for dataset in model.datasets:
            source = find_table(domain.tables, dataset.source.rpartition(".")[2])
            for word in (dataset.name, *dataset.synonyms) if source else ():
                spoken.setdefault(word, source)
    near = _spelled(name, list(spoken)) or _meant(name, list(spoken)) or _within(name, list(spoken))
    return spoken[near] if near is not None else None


def _spelled(name: str, known: Sequence[str]) -> str | None:
    """The one known name that differs in case, marks or plural alone."""
    same = {folded(each): each for each in known if flat(each) == flat(name)}
    return next(iter(same.values())) if len(same) == 1 else None


def _meant(name: str, known: Sequence[str]) -> str | None:
    """The known name that is most like this one, if it stands out; or the only one that holds all of its words."""
    names = list({folded(each): each for each in known}.values())
    words = set(spelled_words(name))
    holding = [each for each in names if words <= set(spelled_words(each))]
    if len(holding) > 1:
        return None
    alike = sorted(((_likeness(name, each), each) for each in names), reverse=True)
    if alike and alike[0][0] >= ALIKE and (len(alike) == 1 or alike[0][0] - alike[1][0] >= APART):
        return alike[0][1]
    return holding[0] if len(holding) == 1 and len(flat(name)) >= 4 else None


def _likeness(name: str, other: str) -> float:
    from rapidfuzz import fuzz

    return max(fuzz.ratio(flat(name), flat(other)), fuzz.ratio(folded(name), folded(other)))


def _within(name: str, known: Sequence[str]) -> str | None:
    """The only known name all of whose words are in this one: `order_lines` is orders."""
    words = set(spelled_words(name))
    held = [each for each in known if set(spelled_words(each)) <= words]
    return held[0] if len(held) == 1 else None


def _named(sources: Sequence[Source], name: str) -> Source | None:
    return next((each for each in sources if folded(each.name) == folded(name)), None)


def _qualify(column: exp.Column, source: Source) -> None:
    column.set("table", exp.to_identifier(source.name, quoted=True))
    column.set("db", None)
    column.set("catalog", None)
    spelled = _spelled(column.name, source.columns) or _meant(column.name, source.columns)
    if spelled is not None and not source.has(column.name):
        _rename(column, spelled)


def _rename(column: exp.Column, name: str) -> None:
    column.set("this", exp.to_identifier(name, quoted=True))


def _is_cte(node: exp.Table, tree: exp.Expr) -> bool:
    return not node.db and any(folded(cte.alias) == folded(node.name) for cte in tree.find_all(exp.CTE))
