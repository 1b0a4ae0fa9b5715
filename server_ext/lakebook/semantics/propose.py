"""A first semantic model of a dataset, from its profile: keys, time, measures, likely words; for a person to accept."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from lakebook.catalog.relations import relations_of
from lakebook.semantics.ossie import SPECIFICATION
from lakebook.semantics.requests import ModelDocument, ProposalRequest
from lakebook.semantics.write import as_yaml, identifier

if TYPE_CHECKING:
    from lakebook.call import Call
    from lakebook.catalog.models import ColumnProfile, DataProfile, TableReference

# What is one value for each thing, and so is averaged rather than added up.
RATES = re.compile(r"price|rate|ratio|percent|pct|share|score|index|age|temperature|temp|speed|latitude|longitude|lat|"
                   r"lon|lng|average|avg|mean|median|depth|height|width|length|weight|rank|level|grade|year|month|"
                   r"day|hour|minute|week|quarter|code|zip|postcode|phone|number|no|nr|id|key")  # fmt: skip
NAMES_A_THING = re.compile(r"id|key|code|no|nr|number|zip|postcode|phone|uuid|guid|sku|year|month|day|hour|week")
QUANTITIES = frozenset({"quantity", "qty", "units", "pieces"})
PRICES = frozenset({"price", "rate"})


def propose(call: Call, request: ProposalRequest) -> ModelDocument:
    """A draft in YAML with a comment on each guess; nothing is kept until it is loaded."""
    row = call.runtime.catalog.row(request.dataset)
    profile = call.runtime.catalog.profile(row["dataset_id"], row["version"])
    keys, references = relations_of(call, row)
    data = _model(row["name"], row["layer"], profile, keys, references)
    return ModelDocument(name=row["name"], format="yaml", document=as_yaml(data))


def _model(
    name: str, layer: str, profile: DataProfile, keys: list[str], references: list[TableReference]
) -> dict[str, Any]:
    from ruamel.yaml.comments import CommentedMap

    linked = [one for one in references if one.dataset_id is not None]
    dataset = CommentedMap(name=name, source=f"{layer}.{name}")
    declared, guessed = keys, next((one for one in profile.keys if len(one) == 1), None)
    if declared or guessed:
        dataset["primary_key"] = list(declared or guessed or ())
        said = "as its database said" if declared else f"tells all {profile.row_count:,} rows apart"
        dataset.yaml_add_eol_comment(said, "primary_key")
    if " ".join(words_of(name)) != name.casefold():
        dataset["ai_context"] = _in_a_line({"synonyms": [" ".join(words_of(name))]})
    dataset["fields"] = _fields(profile)
    model = CommentedMap(version=SPECIFICATION, name=name, datasets=[dataset])
    model["datasets"] += [{"name": one, "source": f"{layer}.{one}"} for one in dict.fromkeys(
        each.table for each in linked if each.table != name)]  # fmt: skip
    if linked:
        model["relationships"] = [_relationship(name, one) for one in linked]
    model["metrics"] = _metrics(name, profile)
    model.yaml_set_start_comment("A first draft, from the profile. Change what is wrong, add your words, load it.")
    return model


def _fields(profile: DataProfile) -> list[Any]:
    from ruamel.yaml.comments import CommentedMap

    times = [one.name for one in profile.columns if _is_time(one)]
    made = []
    for column in profile.columns:
        field = CommentedMap(name=column.name)
        field["expression"] = _ansi(identifier(column.name))
        field["datatype"] = datatype_of(column.data_type)
        if column.name in times:
            field["dimension"] = _in_a_line({"is_time": column.name == times[0]})
        if column.label and column.label != column.name:
            field["description"] = column.label
        words = " ".join(words_of(column.label or column.name))
        if words != column.name.casefold():
            field["ai_context"] = _in_a_line({"synonyms": [words]})
        if column.name in times:
            said = "the time that questions are about" if column.name == times[0] else "a further time"
            field.yaml_add_eol_comment(said, "dimension")
        made.append(field)
    return made


def _metrics(name: str, profile: DataProfile) -> list[Any]:
    from ruamel.yaml.comments import CommentedMap

    made: list[Any] = []
    for column in profile.columns:
        place, words = f"{identifier(name)}.{identifier(column.name)}", words_of(column.label or column.name)
        said = " ".join(words)
        if not _is_number(column):
            continue
        if is_measure(column):
            metric = CommentedMap(name=f"total_{'_'.join(words)}", expression=_ansi(f"SUM({place})"))
            metric["ai_context"] = _in_a_line({"synonyms": [f"total {said}"]})
        elif column.data_type.upper().startswith(("DOUBLE", "FLOAT", "DECIMAL")) and not _names_a_thing(words):
            metric = CommentedMap(name=f"average_{'_'.join(words)}", expression=_ansi(f"AVG({place})"))
            metric["ai_context"] = _in_a_line({"synonyms": [f"average {said}"]})
            metric.yaml_add_eol_comment("one value for each row, so not added up", "name")
        else:
            continue
        made.append(metric)
    return [*made, *_product(name, profile)]


def _product(name: str, profile: DataProfile) -> list[Any]:
    """Where rows have a price and a quantity, what they come to."""
    from ruamel.yaml.comments import CommentedMap

    numbers = [(one.name, set(words_of(one.name))) for one in profile.columns if _is_number(one)]
    prices = [column for column, words in numbers if words & PRICES]
    quantities = [column for column, words in numbers if words & QUANTITIES]
    if len(prices) != 1 or len(quantities) != 1 or prices == quantities:
        return []
    sides = [f"{identifier(name)}.{identifier(one)}" for one in (quantities[0], prices[0])]
    metric = CommentedMap(name="revenue", expression=_ansi(f"SUM({sides[0]} * {sides[1]})"))
    metric["ai_context"] = _in_a_line({"synonyms": ["sales", "turnover"]})
    metric.yaml_add_eol_comment("a guess: quantity times price", "name")
    return [metric]


def _relationship(name: str, reference: TableReference) -> dict[str, Any]:
    return {"name": f"{name}_{reference.table}_{'_'.join(reference.columns)}", "from": name, "to": reference.table,
            "from_columns": list(reference.columns), "to_columns": list(reference.table_columns)}  # fmt: skip


def words_of(name: str) -> list[str]:
    """The words of a name: `UnitPrice` and `unit_price` are "unit", "price"."""
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    return [word.casefold() for word in re.split(r"[\W_]+", split) if word]


def datatype_of(data_type: str) -> str:
    """The format's name for a DuckDB type."""
    upper = data_type.upper()
    if upper.endswith("]") or upper.startswith(("STRUCT", "MAP", "BLOB", "JSON")):
        return "Opaque"
    kinds = (("VARCHAR", "String"), ("BOOLEAN", "Boolean"), ("DECIMAL", "Decimal"), ("DOUBLE", "Float"),
             ("FLOAT", "Float"), ("DATE", "Date"), ("TIMESTAMP WITH", "DateTimeTz"), ("TIMESTAMPTZ", "DateTimeTz"),
             ("TIMESTAMP", "DateTime"), ("TIME", "Time"))  # fmt: skip
    found = next((name for start, name in kinds if upper.startswith(start)), None)
    return found or ("Integer" if "INT" in upper else "Opaque")


def is_measure(column: ColumnProfile) -> bool:
    """Whether adding the column's values up says something: a number that names nothing and is no rate."""
    words = words_of(column.label or column.name)
    if not _is_number(column) or any(RATES.fullmatch(word) for word in words) or _is_numbered(column):
        return False
    return column.money is not None or not _names_a_thing(words)


def _names_a_thing(words: list[str]) -> bool:
    return bool(words) and any(NAMES_A_THING.fullmatch(word) for word in (words[0], words[-1]))


def _is_numbered(column: ColumnProfile) -> bool:
    """Whether whole numbers begin so high that they number things: invoices from 536,365 on."""
    low, high = column.min_value, column.max_value
    return isinstance(low, int) and isinstance(high, int) and column.money is None and low > 100 and high - low < low


def _is_number(column: ColumnProfile) -> bool:
    return datatype_of(column.data_type) in {"Integer", "Decimal", "Float"}


def _is_time(column: ColumnProfile) -> bool:
    return datatype_of(column.data_type) in {"Date", "DateTime", "DateTimeTz"}


def _ansi(expression: str) -> Any:
    return _in_a_line({"dialects": [{"dialect": "ANSI_SQL", "expression": expression}]})


def _in_a_line(data: dict[str, Any]) -> Any:
    """The mapping, written between braces: what is short is read at a glance."""
    from ruamel.yaml.comments import CommentedMap

    line = CommentedMap(data)
    line.fa.set_flow_style()
    return line
