"""What the columns of a result are called."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lakebook.query.reading import (
    Aggregate,
    Among,
    Compare,
    Condition,
    Difference,
    Figure,
    Metric,
    OfTotal,
    OverGroups,
    Ratio,
)
from lakebook.query.tables import folded
from lakebook.query.terms import Bands, Bin, Combined, Computed, Field, Part, Scaled, Term, Thing

# A column that says nothing without its table.
_GENERIC = {"name", "title", "label", "id", "code", "key"}
_AGGREGATES = {
    "sum": "total",
    "avg": "average",
    "distinct": "different",
    "rows": "known",
    "quantile": "quantile",
    "corr": "correlation",
}


def term_name(of: Term, *, alone: bool = True) -> str:
    """The name of a term's column; with `alone` false a name that says of which table it is."""
    match of:
        case Field():
            bare = of.column.name
            if folded(bare) in _GENERIC and not alone:
                bare = of.table.name if folded(bare) in ("name", "title", "label") else f"{of.table.name}{bare}"
            return f"{_word(of.role)}_{bare}" if of.role else bare
        case Computed():
            return of.name
        case Combined():
            return of.name or f"{term_name(of.left)}_{_SIGNS[of.operator]}_{term_name(of.right)}"
        case Scaled():
            return of.unit
        case Part():
            return of.part.removesuffix("_of_year").removesuffix("_of_month").removesuffix("_of_time")
        case Bin():
            return f"{term_name(of.term)}_from"
        case Bands():
            return "band"


def group_name(group: Term | Thing) -> str:
    """The name of a group, or of the things that it is of."""
    if not isinstance(group, Thing):
        return term_name(group)
    return group.table.name if group.labels or len(group.key) != 1 else term_name(group.key[0])


def figure_name(figure: Figure) -> str:
    """The name of a figure's column."""
    match figure:
        case Aggregate():
            return "_".join(each for each in (_aggregate(figure), _such(figure.where)) if each)
        case Metric():
            return "_".join(each for each in (figure.name, _such(figure.where)) if each)
        case Ratio():
            return figure.name or ("percent" if figure.percent else "ratio")
        case Difference():
            return "change_percent" if figure.percent else "difference"
        case OfTotal():
            return "percent_of_total" if figure.percent else "share_of_total"
        case OverGroups():
            return f"{_AGGREGATES.get(figure.kind, figure.kind)}_{figure_name(figure.figure)}"


def distinct_names(wanted: Sequence[str]) -> list[str]:
    """The names, those that are taken numbered; what has no name stays without one."""
    taken: set[str] = set()
    names = []
    for name in wanted:
        chosen, number = name, 2
        while chosen and folded(chosen) in taken:
            chosen, number = f"{name}_{number}", number + 1
        taken.add(folded(chosen))
        names.append(chosen)
    return names


_SIGNS = {"+": "plus", "-": "less", "*": "times", "/": "per"}


def _aggregate(figure: Aggregate) -> str:
    if figure.of is None:
        return f"number_of_{_plural(figure.table.name)}"
    if isinstance(figure.of, Thing):
        key = figure.of.key[0] if len(figure.of.key) == 1 and not figure.of.labels else None
        own = figure.of.table.full_name == figure.table.full_name and figure.kind == "distinct"
        return f"different_{term_name(key)}" if key and own else f"number_of_{_plural(figure.of.table.name)}"
    name, kind = term_name(figure.of), _AGGREGATES.get(figure.kind, figure.kind)
    return name if figure.names_itself or folded(name).startswith(kind) else f"{kind}_{name}"


def _such(condition: Condition | None) -> str:
    """The value that a figure is for, where it is for one."""
    match condition:
        case Among(values=(value,), negated=False) | Compare(operator="=", value=value) if not isinstance(value, Term):
            return _word(str(value))
        case _:
            return ""


def _plural(name: str) -> str:
    return name if name.endswith("s") else f"{name}s"


def _word(text: str) -> str:
    return re.sub(r"\W+", "_", text).strip("_")[:40]
