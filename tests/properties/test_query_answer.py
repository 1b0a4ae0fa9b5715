"""Results of any shape can be shown, sent as JSON and told in a sentence whose numbers are theirs."""

from __future__ import annotations

import json
import re
from datetime import date

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from lakebook.charts import spec_for
from lakebook.query.answer import Answer
from lakebook.query.explain import written
from lakebook.query.rows import rows_json
from tests.properties.grounding import grounded

texts = st.one_of(st.none(), st.text(st.characters(codec="utf-8"), max_size=20))
amounts = st.one_of(st.none(), st.floats(allow_nan=True), st.floats(-1e9, 1e9))
columns = st.one_of(
    st.lists(st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1)), min_size=3, max_size=3).map(
        lambda values: pa.array(values, pa.int64())
    ),
    st.lists(amounts, min_size=3, max_size=3).map(lambda values: pa.array(values, pa.float64())),
    st.lists(texts, min_size=3, max_size=3).map(lambda values: pa.array(values, pa.string())),
    st.lists(st.one_of(st.none(), st.dates()), min_size=3, max_size=3).map(
        lambda values: pa.array(values, pa.date32())
    ),
    st.lists(st.one_of(st.none(), st.booleans()), min_size=3, max_size=3).map(
        lambda values: pa.array(values, pa.bool_())
    ),
    st.lists(st.one_of(st.none(), st.decimals(-(10**9), 10**9, places=2)), min_size=3, max_size=3).map(
        lambda values: pa.array(values, pa.decimal128(18, 2))
    ),
)
results = st.lists(columns, min_size=1, max_size=4).map(
    lambda made: pa.table({f"column {number}": values for number, values in enumerate(made)})
)


@given(table=results)
def test_any_result_is_json_for_every_reader(table: pa.Table) -> None:
    described, rows = rows_json(table)
    again = json.loads(json.dumps(rows, allow_nan=False))
    assert again == rows
    assert [column["name"] for column in described] == table.column_names
    for number, row in enumerate(table.to_pylist()):
        for name, value in row.items():
            if isinstance(value, int) and not isinstance(value, bool):
                assert int(rows[number][name]) == value


@given(table=results)
def test_any_result_can_be_shown(table: pa.Table) -> None:
    answer = Answer("q", "answered", "sql", table=table)
    page = answer._repr_mimebundle_()["text/html"]
    assert page.count("<tr>") == 4
    assert answer.df.shape == (3, table.num_columns)
    spec = spec_for(table)
    assert spec is None or json.loads(json.dumps(spec, allow_nan=False)) == spec


@given(value=st.integers(-(10**12), 10**12), other=st.integers(-(10**12), 10**12))
def test_a_number_is_grounded_only_by_itself(value: int, other: int) -> None:
    table = pa.table({"n": [value]})
    assert grounded(f"It is {written(value)}.", table)
    assert grounded(f"It is {written(other)}.", table) == (value == other)


@given(value=st.one_of(st.integers(-(10**15), 10**15), st.floats(-1e12, 1e12), st.dates(date(1900, 1, 1))))
def test_written_values_can_be_read_back(value: object) -> None:
    text = written(value)
    if isinstance(value, int | float):
        assert abs(float(text.replace(",", "")) - value) <= 0.5e-4 + abs(value) * 1e-12
        assert re.fullmatch(r"-?\d{1,3}(,\d{3})*(\.\d{1,4})?", text)
    else:
        assert date.fromisoformat(text) == value
