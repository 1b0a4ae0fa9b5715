"""Whatever a file holds: it is read or refused by line, written and read again, and never breaks what reads it."""

from __future__ import annotations

import json
import random
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lakebook.errors import BadModel
from lakebook.semantics.format import parse
from lakebook.semantics.merge import merged
from lakebook.semantics.settled import settled
from lakebook.semantics.verbs import checked
from lakebook.semantics.write import as_json, as_yaml, identifier, plain_of, round_trip
from tests.unit.semantics.models import SHOP, TABLES, model_of

NAMES = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=12)
TEXT = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), max_size=20)
WORDS = st.lists(TEXT.filter(bool), max_size=3)
SQL = st.sampled_from(["Quantity", "orders.Quantity * 2", "SUM(orders.Quantity)", "COUNT(*)", "1; DROP TABLE x", "",
                       "(", "SUM(orders.line_total)", "SELECT 1", "x.y.z", "CASE WHEN a THEN b END",
                       "'a' || \"b\""])  # fmt: skip
CONTEXT = st.one_of(st.none(), TEXT, st.fixed_dictionaries({}, optional={
    "synonyms": WORDS, "instructions": TEXT,
    "value_synonyms": st.dictionaries(NAMES, WORDS, max_size=2), "anything": st.integers(),
}))  # fmt: skip
FIELDS = st.lists(st.fixed_dictionaries({"name": NAMES, "expression": SQL, "ai_context": CONTEXT}), max_size=3)
DATASETS = st.lists(st.fixed_dictionaries({
    "name": st.sampled_from(["orders", "buyers", "x y", 'q"t']),
    "source": st.sampled_from(["orders", "customers", "no"]),
    "fields": FIELDS, "ai_context": CONTEXT, "primary_key": st.lists(NAMES, max_size=2),
}), min_size=1, max_size=3)  # fmt: skip
COLUMNS = st.lists(st.sampled_from(["CustomerID", "Quantity", "nope"]), min_size=1, max_size=2)
RELATIONSHIPS = st.lists(st.fixed_dictionaries({
    "name": NAMES, "from": st.sampled_from(["orders", "buyers", "gone"]), "to": st.sampled_from(["orders", "buyers"]),
    "from_columns": COLUMNS, "to_columns": COLUMNS,
}), max_size=3)  # fmt: skip
METRICS = st.lists(st.fixed_dictionaries({"name": NAMES, "expression": SQL, "ai_context": CONTEXT}), max_size=3)
MODELS = st.fixed_dictionaries(
    {"name": NAMES, "datasets": DATASETS, "relationships": RELATIONSHIPS, "metrics": METRICS}
)


def looked_at(text: str) -> None:
    """All that is done with a file between its load and a question; only BadModel may come of it."""
    parsed = parse(text)
    faults = checked(parsed, TABLES)
    lines = max(1, len(text.splitlines()))
    assert all(1 <= one.line <= lines and one.message and "\n" not in one.message[:20] for one in faults)
    if not [one for one in faults if not one.is_note]:
        models = [settled(model, TABLES) for _path, model in parsed.models]
        assert merged(models, models)


@settings(max_examples=25)
@given(MODELS)
def test_any_model_is_written_and_read_again(data: dict[str, Any]) -> None:
    text = json.dumps({"version": "0.2.0.dev0", **data})
    assert plain_of(as_yaml(json.loads(text))) == json.loads(text)
    assert json.loads(as_json(as_yaml(json.loads(text)))) == json.loads(text)
    assert plain_of(as_yaml(round_trip(as_yaml(data)))) == data


@settings(max_examples=25)
@given(MODELS)
def test_any_model_is_checked(data: dict[str, Any]) -> None:
    looked_at(json.dumps(data))
    looked_at(as_yaml(data))


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_file_is_refused_or_read(seed: int) -> None:
    """Characters of a good file are lost, doubled or become others."""
    dice = random.Random(seed)
    for _ in range(6):
        text = list(SHOP)
        for _ in range(dice.randint(1, 8)):
            place = dice.randrange(len(text))
            text[place] = dice.choice(
                ["", text[place] * 2, "\t", "{", "]", "&a", "*a", "'", ":", "\n", "é", "\x85", "!"]
            )
        with suppress(BadModel):
            looked_at("".join(text))


@pytest.mark.parametrize("depth", [1, 10, 200])
def test_expressions_of_any_depth(depth: int) -> None:
    data = plain_of(SHOP)
    (model,) = data["semantic_model"]
    model["metrics"][0]["expression"] = "SUM(" + "(" * depth + "orders.Quantity" + ")" * depth + ")"
    looked_at(json.dumps(data))
    model["metrics"][0]["expression"] = "SUM(" + " + ".join(["orders.line_total"] * depth) + ")"
    looked_at(json.dumps(data))


def test_fields_of_fields_do_not_grow_without_end() -> None:
    """Each field is the one before twice over: written out they would be as long as two to the power of forty."""
    data = plain_of(SHOP)
    (model,) = data["semantic_model"]
    model["datasets"][0]["fields"] = [{"name": "f0", "expression": "Quantity"}] + [
        {"name": f"f{n}", "expression": f"f{n - 1} + f{n - 1}"} for n in range(1, 40)
    ]
    model["metrics"][0]["expression"] = "SUM(orders.f39)"
    assert len(settled(model_of(json.dumps(data)), TABLES).metrics[0].expression) < 10_000


@given(st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=30))
def test_any_name_is_one_column_in_sql(name: str) -> None:
    from sqlglot import exp

    from lakebook.semantics.expressions import tree_of

    tree = tree_of(f"SUM({identifier(name)})")
    assert tree is not None
    assert [column.name for column in tree.find_all(exp.Column)] == [name]
