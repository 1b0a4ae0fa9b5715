"""The figures of a reading, with those that they are made of."""

from __future__ import annotations

from collections.abc import Iterator

from lakebook.query.reading import Aggregate, Difference, Figure, Metric, OfTotal, OverGroups, Ratio, Reading


def inner(figures: tuple[Figure, ...]) -> Iterator[Figure]:
    """The figures with those that they are made of."""
    for figure in figures:
        yield figure
        match figure:
            case Ratio():
                yield from inner((figure.top, figure.bottom))
            case Difference():
                yield from inner((figure.left, figure.right))
            case OfTotal() | OverGroups():
                yield from inner((figure.figure,))
            case Aggregate() | Metric():
                continue


def is_count(figure: Figure) -> bool:
    """Whether a figure says how many rows or different values there are."""
    if isinstance(figure, Metric):
        return figure.sql.casefold().lstrip().startswith("count")
    return isinstance(figure, Aggregate) and figure.kind in ("rows", "distinct")


def counted_column(sql: str) -> str:
    """The column of whose values a metric counts the different ones; empty where it does something else."""
    plain = sql.casefold().replace('"', "").replace(" ", "")
    return plain.removesuffix(")").rsplit(".", 1)[-1] if plain.startswith("count(distinct") else ""


def counts_rows(reading: Reading) -> bool:
    kinds = {"rows", "distinct"}
    return reading.count_groups or any(
        isinstance(figure, Metric) or getattr(figure, "kind", "") in kinds for figure in inner(reading.figures)
    )
