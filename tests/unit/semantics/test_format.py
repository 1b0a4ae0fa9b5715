"""Models of the Ossie format: both forms, every part, and the faults of their form by line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lakebook.semantics.format import parse
from lakebook.semantics.model import Relationship
from lakebook.semantics.write import as_json, as_yaml, identifier, plain_of, round_trip
from tests.unit.semantics.models import SHOP, model_of, said_of, shop_with


def test_every_part_is_read() -> None:
    model = model_of(SHOP)
    orders, buyers = model.datasets
    country, when, total, big = orders.fields
    assert (model.name, model.description, model.instructions) == (
        "shop",
        "Orders of a shop.",
        "Amounts are in pounds.",
    )
    assert (orders.source, orders.primary_key, orders.synonyms) == ("orders", ("InvoiceNo",), ("lines",))
    assert country.value_synonyms == (("United Kingdom", ("uk", "britain")),)
    assert when.is_time
    assert (total.expression, total.data_type) == ("Quantity * UnitPrice", "Decimal")
    assert big.is_filter
    assert not total.is_filter
    assert buyers.source == "bronze.customers"
    assert model.relationships == (Relationship("order_buyer", "orders", "buyers", ("CustomerID",), ("CustomerID",)),)
    assert [(one.name, one.expression, one.synonyms) for one in model.metrics] == [
        ("revenue", "SUM(orders.line_total)", ("sales",))
    ]
    assert said_of(SHOP) == []


def test_the_model_may_stand_at_the_top() -> None:
    data = plain_of(SHOP)
    (inner,) = data.pop("semantic_model")
    for text in (as_yaml({**data, **inner}), json.dumps({**data, **inner}), as_yaml({"semantic_model": inner})):
        assert model_of(text) == model_of(SHOP)


def test_several_models_in_one_file() -> None:
    data = plain_of(SHOP)
    data["semantic_model"].append({**data["semantic_model"][0], "name": "second"})
    assert [model.name for _path, model in parse(json.dumps(data)).models] == ["shop", "second"]


@pytest.mark.parametrize(
    ("said", "is_time"),
    [("datatype: Date", True), ("datatype: DateTimeTz", True), ("datatype: Integer", False),
     ("datatype: Integer, dimension: {is_time: true}", True), ("datatype: Date, dimension: {is_time: false}", False),
     ("datatype: Date, dimension: {}", True)],
)  # fmt: skip
def test_what_is_a_time(said: str, is_time: bool) -> None:
    model = model_of(shop_with("datatype: DateTime", said))
    assert model.datasets[0].fields[1].is_time is is_time


@pytest.mark.parametrize(
    ("dialect", "sql", "read"),
    [("OSSIE_SQL_2026", "SUM(orders.Quantity)", "SUM(orders.Quantity)"),
     ("SNOWFLAKE", "SUM(IFF(orders.Quantity > 1, 1, 0))", "SUM(CASE WHEN orders.Quantity > 1 THEN 1 ELSE 0 END)"),
     ("BIGQUERY", "SUM(`orders`.`Quantity`)", 'SUM("orders"."Quantity")'), ("SNOWFLAKE", "SUM((", "SUM(("),
     ("MDX", "[Measures].[x]", "")],
)  # fmt: skip
def test_the_dialect_that_is_read(dialect: str, sql: str, read: str) -> None:
    plain = plain_of(SHOP)
    metric = plain["semantic_model"][0]["metrics"][0]
    metric["expression"] = {"dialects": [{"dialect": dialect, "expression": sql}]}
    assert model_of(json.dumps(plain)).metrics[0].expression == read


def test_an_expression_may_be_plain_text() -> None:
    text = shop_with("expression: {dialects: [{dialect: ANSI_SQL, expression: Country}]}", "expression: Country")
    assert model_of(text) == model_of(SHOP)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  - name: shop\n    description", "  - description", "Line 4: `name` is missing."),
        ("        source: orders\n", "", "Line 8: dataset orders: `source` is missing."),
        ("source: bronze.customers", "source: [a]", "Line 19: dataset buyers: `source` must be text."),
        ("primary_key: [InvoiceNo]", "primary_key: x", "Line 10: dataset orders: `primary_key` must be a list."),
        ("datatype: DateTime", "datatype: Moment", "Line 15: dataset orders, field when: `datatype` must be one of"),
        ("label: filter", "label: [x]", "Line 17: dataset orders, field big: `label` must be text."),
        ("from_columns: [CustomerID]", "from_columns: []", "order_buyer: `from_columns` must not be empty"),
        ("synonyms: [sales]", "synonyms: sales", "Line 23: metric revenue, ai_context: `synonyms`"),
        ("name: buyers", "name: ''", "Line 18: dataset"),
        ("    datasets:\n", "    datasets: 3\n    x:\n", "Line 7: `datasets` must be a list."),
        ("name: order_buyer", f"name: {'x' * 201}", "`name`: string should have at most 200 characters"),
    ],
    ids=["no name", "no source", "source", "key", "datatype", "label", "no columns", "synonyms", "empty name",
         "datasets", "long name"],
)  # fmt: skip
def test_faults_of_form(old: str, new: str, said: str) -> None:
    found = said_of(shop_with(old, new))
    assert any(said.replace("metric revenue, ai_context:", "metric revenue:") in one for one in found), found
    assert all("pydantic" not in one and len(one) < 300 for one in found)


@pytest.mark.parametrize("text", ["[]", "just words", "", "semantic_model: []", "semantic_model: 3", "version: 0.2\n"],
                         ids=["list", "words", "empty", "no model", "number", "version alone"])  # fmt: skip
def test_what_is_no_model(text: str) -> None:
    assert said_of(text)
    assert parse(text).models == []


def test_a_word_that_is_nearly_a_key_is_noted() -> None:
    assert said_of(shop_with("primary_key:", "primary_keys:")) == [
        "note Line 10: `primary_keys` is not used; did you mean `primary_key`?"
    ]
    assert said_of(shop_with("primary_key:", "owner_team:")) == []


def test_another_version_is_noted() -> None:
    (note,) = said_of(shop_with("0.2.0.dev0", "3.1"))
    assert note.startswith("note Line 2: The file is written for version 3.1")


def test_a_round_trip_keeps_what_is_not_used() -> None:
    data = round_trip(SHOP)
    data["semantic_model"][0]["metrics"][0]["ai_context"]["synonyms"].append("takings")
    text = as_yaml(data)
    assert "# The shop, as its people speak of it." in text
    assert "vendor_name: OTHER" in text
    assert text.index("description") < text.index("ai_context") < text.index("datasets")
    assert model_of(text).metrics[0].synonyms == ("sales", "takings")


def test_yaml_as_json_and_back() -> None:
    as_data = json.loads(as_json(SHOP))
    assert as_data == plain_of(SHOP)
    assert plain_of(as_yaml(as_data)) == as_data
    assert model_of(as_json(SHOP)) == model_of(SHOP)


def test_numbers_stay_numbers_in_json() -> None:
    assert json.loads(as_json("{a: 12, b: 1.5, c: '12', d: [-3, 1e3]}\n")) == {
        "a": 12, "b": 1.5, "c": "12", "d": [-3, 1000.0],
    }  # fmt: skip


@pytest.mark.parametrize(("name", "sql"), [("plain_1", "plain_1"), ("odd name", '"odd name"'), ('q"t', '"q""t"'),
                                           ("1st", '"1st"'), ("é", '"é"')])  # fmt: skip
def test_names_in_sql(name: str, sql: str) -> None:
    assert identifier(name) == sql


@pytest.mark.parametrize("name", ["retail", "chinook"])
def test_the_shared_models_have_no_faults(shared: Path, name: str) -> None:
    text = (shared / "data" / "questions" / f"{name}.ossie.yaml").read_text()
    assert parse(text).faults == []
    assert len(parse(text).models) == 1
