"""One draft being settled: what it is about, and what settles its parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from lakebook.query.parse.binding import Binder, Unsettled
from lakebook.query.parse.names import Noun
from lakebook.query.parse.settle.amounts import of_figure
from lakebook.query.parse.settle.conditions import Conditions
from lakebook.query.parse.settle.dimensions import Dimensions
from lakebook.query.parse.settle.figure_parts import limited, tables_of
from lakebook.query.parse.settle.figures import Figures
from lakebook.query.parse.wants import Cond, Draft, GroupWant, HavingWant, IsMissing, Want
from lakebook.query.reading import Aggregate, Compare, Condition, Every, Figure, Having, Missing
from lakebook.query.tables import Table
from lakebook.query.terms import Field, Term, Thing


@dataclass
class Frame:
    """A draft with its subject; `cost` grows with what is settled."""

    draft: Draft
    question: str
    binder: Binder
    figures: Figures
    conditions: Conditions
    dimensions: Dimensions
    noun: Noun | None
    subject: Thing | None
    anchors: tuple[Table, ...]
    cost: float = 0.0
    over: tuple[Table, ...] = ()

    def figure(self, want: Want, where: Condition | None = None) -> Figure:
        """A figure asked for; with the conditions that are its own."""
        figure, cost = self.figures.of(want, self.anchors)
        self.over = tuple(dict.fromkeys((*self.over, *tables_of(figure))))
        own, price = self.conditions.all(want.where, self.around, None) if want.where else (None, 0.0)
        both = together(own, where)
        self.cost += cost + price
        return limited(figure, both) if both is not None else figure

    @property
    def around(self) -> tuple[Table, ...]:
        """The tables that conditions may be about: the subject's, those said in passing, and the figures'."""
        return tuple(dict.fromkeys((*self.anchors, *self.over)))

    def where(self, conds: Sequence[Cond], *, known: Term | None = None) -> Condition | None:
        """Conditions of the draft; "not counting blanks" is about the term that is `known`."""
        named = [cond for cond in conds if not (isinstance(cond, IsMissing) and not cond.nouns)]
        found, cost = self.conditions.all(named, self.around, self.subject)
        self.cost += cost
        if len(named) == len(conds):
            return found
        if known is None:
            raise Unsettled
        return together(found, Missing(known, negated=True))

    def group(self, want: GroupWant, anchors: Sequence[Table] = ()) -> Term | Thing:
        """What is broken down by."""
        if want.part and not want.nouns and self.draft.event:
            want = replace(want, nouns=self.draft.event)
        term, cost = self.dimensions.of(want, anchors or self.anchors)
        self.cost += cost
        return term

    def having(self, wanted: Sequence[HavingWant]) -> tuple[tuple[Having, ...], Condition | None]:
        """Conditions on groups; those on a number that each thing has once are conditions on rows."""
        found, of_rows = [], None
        for each in wanted:
            if each.want.kind == "rows" and self.subject is not None:
                figure: Figure = Aggregate("rows", self.subject.table)
            else:
                figure = self.figure(each.want)
            asked = each.value
            value = self.figure(asked) if isinstance(asked, Want) else of_figure(figure, asked, each.unit)
            if self._of_row(figure) and isinstance(figure, Aggregate) and not isinstance(value, Figure):
                term = figure.of
                if not isinstance(term, Field):
                    raise Unsettled
                of_rows = together(of_rows, Compare(term, each.operator, value))
            else:
                if _is_doubtful(each.want, figure) and self.subject is not None:
                    raise Unsettled
                found.append(Having(figure, each.operator, value))
        return tuple(found), of_rows

    def _of_row(self, figure: Figure) -> bool:
        """Whether the things asked about have the figure's number once each."""
        if not isinstance(figure, Aggregate) or figure.kind != "sum" or self.subject is None:
            return False
        return figure.table == self.subject.table and self.is_row

    @property
    def is_row(self) -> bool:
        """Whether a row of its table is one of the things asked about."""
        return self.noun is not None and self.noun.kind == "table"


def _is_doubtful(want: Want, figure: Figure) -> bool:
    """Whether "above 95 points" may mean one row's number as well as the sum of all."""
    return want.kind == "most" and isinstance(figure, Aggregate) and figure.kind == "sum"


def together(first: Condition | None, second: Condition | None) -> Condition | None:
    """Both conditions, or the one there is."""
    if first is None or second is None:
        return first if second is None else second
    return Every((first, second))
