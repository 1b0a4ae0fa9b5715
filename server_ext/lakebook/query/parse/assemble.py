"""Steps put together from the first word to the last: every draft that consumes the whole question."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import chain

from lakebook.query.parse.grammar.asides import asides
from lakebook.query.parse.grammar.asking import asking, copulated
from lakebook.query.parse.grammar.averages import averages
from lakebook.query.parse.grammar.comparing import comparisons
from lakebook.query.parse.grammar.conditions import conditions, included
from lakebook.query.parse.grammar.elsewhere import elsewhere
from lakebook.query.parse.grammar.figures import AGGREGATES
from lakebook.query.parse.grammar.groups import groups
from lakebook.query.parse.grammar.having import havings
from lakebook.query.parse.grammar.kinds import kinds
from lakebook.query.parse.grammar.possession import possessions
from lakebook.query.parse.grammar.ranking import rankings
from lakebook.query.parse.grammar.restating import restatings
from lakebook.query.parse.grammar.rounding import roundings
from lakebook.query.parse.grammar.showing import MARKS
from lakebook.query.parse.grammar.special import special
from lakebook.query.parse.grammar.step import Step, Steps
from lakebook.query.parse.sentence import Sentence
from lakebook.query.parse.wants import Cond, Draft, HasSome, IsNumber

MOST_DRAFTS = 48  # kept at a place, the cheapest first
MOST_COST = 4.0
MOST_FINISHED = 60
_OF = ("of", "in", "from", "on", "for", "by")
EACH = 0.02  # what each step costs, so that longer phrases are read before shorter ones


def drafts(s: Sentence) -> tuple[list[tuple[Draft, float]], int]:
    """The drafts of the whole question, the cheapest first, and the furthest place that any got to."""
    chart: list[dict[Draft, float]] = [{} for _ in range(s.end + 1)]
    chart[0][Draft()] = 0.0
    furthest = 0
    for place in range(s.end):
        here = sorted(chart[place].items(), key=lambda pair: pair[1])[:MOST_DRAFTS]
        if not here:
            continue
        furthest = place
        for step in _steps(s, place):
            for draft, cost in here:
                if cost + step.cost > MOST_COST:
                    break
                for made in step.apply(draft):
                    _keep(chart[step.end], made.spanned(place, step.end, step.part), cost + step.cost + EACH)
    finished = sorted(chart[s.end].items(), key=lambda pair: pair[1])
    return finished[:MOST_FINISHED], s.end if finished else furthest


def _keep(drafts: dict[Draft, float], draft: Draft, cost: float) -> None:
    before = drafts.get(draft)
    if before is None or cost < before:
        drafts.pop(draft, None)
        drafts[draft] = cost


def _steps(s: Sentence, place: int) -> list[Step]:
    every = chain(
        asking(s, place), groups(s, place), _filters(s, place), possessions(s, place), havings(s, place),
        averages(s, place), rankings(s, place), comparisons(s, place), special(s, place), elsewhere(s, place),
        kinds(s, place), restatings(s, place), asides(s, place), roundings(s, place),
    )  # fmt: skip
    return [step for step in every if place < step.end <= s.end]


def _filters(s: Sentence, place: int) -> Steps:
    for end, cost in included(s, place):
        yield Step(end, cost, "nothing", _nothing)
    for end, conds, cost in conditions(s, place):
        yield Step(end, cost, "filter", _filtered(conds, s.fold(place)))
        if s.fold(end) == "only" and s.fold(end + 1) in MARKS and not place:
            yield Step(end + 1, cost, "filter", _filtered(conds, s.fold(place)))  # "for the Netherlands only: …"


def _nothing(draft: Draft) -> Iterable[Draft]:
    if draft.pending is None:
        yield draft


def _filtered(conds: tuple[Cond, ...], first: str) -> Callable[[Draft], Iterable[Draft]]:
    def apply(draft: Draft) -> Iterable[Draft]:
        waits = draft.pending is not None and draft.pending.kind in AGGREGATES
        if waits and any(isinstance(each, IsNumber) for each in conds):
            return  # no number stands between "mean" and what it is of: "the mean price of one unit"
        last = draft.where[-1] if draft.where else None
        if isinstance(last, HasSome) and first in _OF and draft.spans[-1].part == "filter":
            return  # "never bought a track of the genre Metal": it is the track that is Metal
        yield copulated(draft, first).filtered(*conds)

    return apply
