"""Small semantic models for the tests, and what is said of them."""

from __future__ import annotations

import re

from lakebook.semantics.format import parse
from lakebook.semantics.known import KnownColumn, KnownTable, among
from lakebook.semantics.model import SemanticModel
from lakebook.semantics.verbs import checked

ORDERS = KnownTable("bronze", "orders", tuple(
    KnownColumn(name, kind) for name, kind in (("InvoiceNo", "VARCHAR"), ("Quantity", "BIGINT"),
                                               ("UnitPrice", "DECIMAL(18,2)"), ("Country", "VARCHAR"),
                                               ("InvoiceDate", "TIMESTAMP"), ("CustomerID", "BIGINT"),
                                               ("odd name", "BIGINT"))))  # fmt: skip
CUSTOMERS = KnownTable("bronze", "customers", (KnownColumn("CustomerID", "BIGINT"), KnownColumn("Name", "VARCHAR")))
TABLES = among([ORDERS, CUSTOMERS])

SHOP = """\
# The shop, as its people speak of it.
version: "0.2.0.dev0"
semantic_model:
  - name: shop
    description: Orders of a shop.
    ai_context: Amounts are in pounds.
    datasets:
      - name: orders
        source: orders
        primary_key: [InvoiceNo]
        ai_context: {synonyms: [lines]}
        custom_extensions: [{vendor_name: OTHER, data: "{}"}]
        fields:
          - {name: Country, ANSI Country, ai_context: {synonyms: [market], WORDS}}
          - {name: when, datatype: DateTime, ANSI InvoiceDate}
          - {name: line_total, datatype: Decimal, ANSI Quantity * UnitPrice}
          - {name: big, label: filter, datatype: Boolean, ANSI line_total > 100}
      - name: buyers
        source: bronze.customers
    relationships:
      - {name: order_buyer, from: orders, to: buyers, from_columns: [CustomerID], to_columns: [CustomerID]}
    metrics:
      - {name: revenue, datatype: Decimal, EXPRESSION, ai_context: {synonyms: [sales]}}
""".replace("EXPRESSION", 'expression: {dialects: [{dialect: DAX, expression: "SUMX()"}, SUM]}')
SHOP = SHOP.replace("SUM]", "{dialect: ANSI_SQL, expression: SUM(orders.line_total)}]")
SHOP = SHOP.replace("WORDS", "value_synonyms: {United Kingdom: [uk, britain]}")
SHOP = re.sub(r"ANSI ([^,}]+)", r"expression: {dialects: [{dialect: ANSI_SQL, expression: \1}]}", SHOP)


def shop_with(old: str, new: str) -> str:
    """The shop's model with a part of it changed."""
    assert old in SHOP
    return SHOP.replace(old, new, 1)


def model_of(text: str) -> SemanticModel:
    """The only model of a file."""
    ((_path, model),) = parse(text).models
    return model


def said_of(text: str) -> list[str]:
    """Every fault of a file in words; notes begin with `note`."""
    return [("note " if one.is_note else "") + one.text() for one in checked(parse(text), TABLES)]
