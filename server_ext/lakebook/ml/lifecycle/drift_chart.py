"""The picture of a drift: an index for each column and day, or one bar for each column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lakebook.charts.spec import LABEL_CHARACTERS, SCHEMA
from lakebook.ml.lifecycle.records import ColumnDrift, DriftDay

MOST_COLUMNS = 30
ANSWERS = "the answers"
# From calm to alarming: the usual marks of the index, 0.1 and 0.25, are where the colours turn.
COLOURS = {"domain": [0.1, 0.25], "range": ["#c7d9e8", "#f3b35b", "#c8443c"]}

Spec = dict[str, Any]


def chart_of(reference: str, columns: Sequence[ColumnDrift], answer: ColumnDrift, days: Sequence[DriftDay]) -> Spec:
    """A field of days and columns where there is more than one day, else bars; those that moved most stand first."""
    shown = [answer, *columns[: MOST_COLUMNS - 1]]
    order = [ANSWERS, *(one.column for one in columns[: MOST_COLUMNS - 1])]
    colour = {"field": "psi", "type": "quantitative", "title": "PSI", "scale": {"type": "threshold", **COLOURS}}
    column = {"field": "column", "type": "nominal", "title": None, "sort": [_label(name) for name in order],
              "axis": {"labelLimit": 220}}  # fmt: skip
    spec: Spec = {"$schema": SCHEMA, "title": f"Drift of {reference}", "width": 420}
    if len(days) > 1:
        values = [
            {"day": one.day, "column": _label(name), "psi": one.answer_psi if name == ANSWERS else one.psi.get(name)}
            for one in days
            for name in order
        ]
        day = {"field": "day", "type": "ordinal", "title": None}
        encoding = {"x": day, "y": column, "color": colour, "tooltip": _tips("day", "column", "psi")}
        return {**spec, "data": {"values": values}, "mark": {"type": "rect", "tooltip": True}, "encoding": encoding}
    values = [
        {"column": _label(name), "psi": one.psi, "moved": one.words} for name, one in zip(order, shown, strict=True)
    ]
    amount = {"field": "psi", "type": "quantitative", "title": "PSI (from 0.25 on: drifted)"}
    encoding = {
        "x": amount,
        "y": column,
        "color": {**colour, "legend": None},
        "tooltip": _tips("column", "psi", "moved"),
    }
    return {**spec, "data": {"values": values}, "mark": {"type": "bar", "tooltip": True}, "encoding": encoding}


def _tips(*names: str) -> list[Spec]:
    return [{"field": name, "type": "quantitative" if name == "psi" else "nominal"} for name in names]


def _label(name: str) -> str:
    plain = "".join(sign if sign.isprintable() else " " for sign in name.replace("\\", "⧵"))
    return plain if len(plain) <= LABEL_CHARACTERS else plain[: LABEL_CHARACTERS - 1] + "…"
