"""Verified questions as examples for a model: words and statements with every value taken out of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlglot import exp, parse_one
from sqlglot.errors import SqlglotError

from lakebook.query.by_model.prompt import Example
from lakebook.query.by_model.sources import words_of
from lakebook.query.domain import Domain
from lakebook.query.tables import folded

if TYPE_CHECKING:
    from lakebook.call import Call

MOST_READ = 200
MASK = "…"
_SLOT = re.compile(r"\{\d+\}")


def examples_of(call: Call, domain: Domain) -> list[Example]:
    """The newest verified questions over these tables, without values."""
    from lakebook.metadata.schema import verified_question as table

    names = {folded(each.full_name) for each in domain.tables}
    statement = table.select().where(table.c.verdict == "right").order_by(table.c.verified_id.desc()).limit(MOST_READ)
    with call.runtime.database.read() as connection:
        rows = connection.execute(statement).mappings().all()
    found = []
    for row in rows:
        read = {folded(f"{each['layer']}.{each['name']}") for each in row["datasets"]}
        example = masked_example(row["pattern"], row["sql"]) if read <= names else None
        if example is not None:
            found.append(example)
    return found


def masked_example(pattern: str, sql: str) -> Example | None:
    """The example without values; None where the question may still say one that the statement compares with."""
    try:
        tree = parse_one(sql, read="duckdb")
    except SqlglotError:
        return None
    question = _SLOT.sub(MASK, pattern)
    said = set(words_of(question))
    for literal in [each for each in tree.find_all(exp.Literal) if each.is_string]:
        if not isinstance(literal.parent, exp.TimeToStr | exp.Interval | exp.Extract):
            if set(words_of(literal.name)) & said:
                return None
            literal.replace(exp.Literal.string(MASK))
    return Example(question, tree.sql("duckdb", comments=False))
