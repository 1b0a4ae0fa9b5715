"""Models as questions use them: tables by full name, fields written out, own words put to everybody's."""

from __future__ import annotations

import json

import pytest

from lakebook.semantics.merge import merged
from lakebook.semantics.model import Dataset, Field, Metric, SemanticModel
from lakebook.semantics.settled import settled
from lakebook.semantics.write import plain_of
from tests.unit.semantics.models import SHOP, TABLES, model_of


def settled_with(metric: str, *fields: tuple[str, str], alone: bool = False) -> SemanticModel:
    """The shop with this metric and these fields of orders besides."""
    data = plain_of(SHOP)
    (model,) = data["semantic_model"]
    model["metrics"][0]["expression"] = metric
    model["datasets"][0]["fields"] += [{"name": name, "expression": sql} for name, sql in fields]
    if alone:
        model["datasets"], model["relationships"] = model["datasets"][:1], []
    return settled(model_of(json.dumps(data)), TABLES)


def test_sources_are_full_names() -> None:
    assert [one.source for one in settled(model_of(SHOP), TABLES).datasets] == ["bronze.orders", "bronze.customers"]
    waiting = model_of(SHOP.replace("bronze.customers", "nothing"))
    assert settled(waiting, TABLES).datasets[1].source == "nothing"


@pytest.mark.parametrize(
    ("metric", "written"),
    [
        ("SUM(orders.line_total)", "SUM((orders.Quantity * orders.UnitPrice))"),
        ("SUM(orders.LINE_TOTAL * 2)", "SUM((orders.Quantity * orders.UnitPrice) * 2)"),
        ("SUM(orders.Quantity)", "SUM(orders.Quantity)"),
        ("COUNT(DISTINCT orders.Country)", "COUNT(DISTINCT orders.Country)"),
        ("MAX(orders.when)", "MAX(orders.InvoiceDate)"),
        ("SUM(orders.twice)", "SUM(((orders.Quantity * orders.UnitPrice) * 2))"),
        ("SUM(orders.round)", "SUM(orders.around)"),
    ],
)
def test_fields_in_metrics_are_written_out(metric: str, written: str) -> None:
    fields = (("twice", "line_total * 2"), ("round", "around"), ("around", "round"))
    (found,) = settled_with(metric, *fields).metrics
    if "round" in metric:
        # Fields that are made of each other end somewhere.
        assert found.expression in ("SUM(orders.around)", "SUM(orders.round)")
    else:
        assert found.expression == written


def test_fields_of_fields_are_written_out() -> None:
    fields = {one.name: one.expression for one in settled(model_of(SHOP), TABLES).datasets[0].fields}
    assert fields["big"] == "(Quantity * UnitPrice) > 100"
    assert fields["Country"] == "Country"


def test_columns_of_the_only_dataset_get_its_name() -> None:
    (metric,) = settled_with("SUM(Quantity) / COUNT(DISTINCT InvoiceNo)", alone=True).metrics
    assert metric.expression == "SUM(orders.Quantity) / COUNT(DISTINCT orders.InvoiceNo)"


def test_names_in_quotes_stay_in_quotes() -> None:
    (metric,) = settled_with('SUM(orders."odd name" * orders.odd)', ("odd", '"odd name"')).metrics
    assert metric.expression == 'SUM(orders."odd name" * orders."odd name")'


def test_what_has_no_sql_is_left_out() -> None:
    data = plain_of(SHOP)
    (model,) = data["semantic_model"]
    model["metrics"][0]["expression"] = {"dialects": [{"dialect": "DAX", "expression": "SUMX()"}]}
    assert settled(model_of(json.dumps(data)), TABLES).metrics == ()


def test_own_words_are_put_to_the_models_of_everybody() -> None:
    shared = settled(model_of(SHOP), TABLES)
    own = SemanticModel(
        "own words",
        datasets=(
            Dataset("orders", "bronze.orders", synonyms=("takings book", "lines"), fields=(
                Field("Country", "Country", synonyms=("land",), value_synonyms=(("France", ("gaul",)),
                                                                              ("United Kingdom", ("UK", "albion")))),
                Field("Quantity", "Quantity", synonyms=("pieces",)),
            )),
            Dataset("birds", "bronze.birds", synonyms=("penguins",)),
        ),
        metrics=(Metric("Revenue", "SUM(1)", synonyms=("money",)), Metric("other", "SUM(orders.Quantity)")),
    )  # fmt: skip
    first, rest = merged([shared], [own])
    country, *_others, quantity = first.datasets[0].fields
    assert first.datasets[0].synonyms == ("lines", "takings book")
    assert country.synonyms == ("market", "land")
    assert dict(country.value_synonyms) == {"United Kingdom": ("uk", "britain", "albion"), "France": ("gaul",)}
    assert (quantity.name, quantity.synonyms) == ("Quantity", ("pieces",))
    assert [(one.expression, one.synonyms) for one in first.metrics] == [
        ("SUM((orders.Quantity * orders.UnitPrice))", ("sales", "money"))
    ]
    assert [one.name for one in rest.datasets] == ["birds"]
    assert [one.name for one in rest.metrics] == ["other"]


def test_words_alone_are_a_model() -> None:
    own = SemanticModel("own words", datasets=(Dataset("birds", "bronze.birds"),))
    assert merged([], [own]) == (own,)
    assert merged([], [SemanticModel("own words")]) == ()
