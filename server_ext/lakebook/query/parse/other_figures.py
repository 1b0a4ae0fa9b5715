"""Words at the end that name a figure beside: "with the average" after a ranking by number shows no average."""

from __future__ import annotations

from collections.abc import Iterator

from lakebook.query.parse.figures_within import inner, is_count
from lakebook.query.parse.wants import Draft
from lakebook.query.parse.words import Token, parts
from lakebook.query.reading import Aggregate, Figure, Metric, OverGroups, Ratio, Reading

_AVERAGES = frozenset({"average", "averages", "mean", "means"})
_MONEY = frozenset({"revenue", "sales", "turnover", "takings", "dollars", "pounds", "euros", "money"})
_AFTER = frozenset({"too", "please", "of", "each", "also", "as", "well"})


def other_figures(words: tuple[Token, ...], draft: Draft, reading: Reading) -> Iterator[str]:
    """The words that name a figure which is not among those of the reading."""
    figures = tuple(inner(reading.figures))
    for span in draft.spans:
        said = [token.fold for token in words[span.start : span.end] if token.fold not in _AFTER]
        if span.part != "columns" or not said or not figures or reading.columns:
            continue
        if said[-1] in _AVERAGES and not any(map(_is_average, figures)):
            yield said[-1]
        if said[-1] in _MONEY and all(map(is_count, figures)):
            yield said[-1]


def _is_average(figure: Figure) -> bool:
    if isinstance(figure, Metric):
        return not _AVERAGES.isdisjoint(parts(figure.name)) or "avg(" in figure.sql.casefold()
    kind = figure.kind if isinstance(figure, Aggregate | OverGroups) else ""
    return kind == "avg" or isinstance(figure, Ratio)
