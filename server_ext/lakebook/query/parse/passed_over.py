"""Words that became no part of the query although they ask for something."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from lakebook.query.parse.grammar.step import of_kind
from lakebook.query.parse.wants import Draft, HasSome, HasText, IsMissing, IsNumber, Span
from lakebook.query.parse.words import Token
from lakebook.query.reading import Reading

IDLE = frozenset({"nothing"})
_STARTING = ("starting", "beginning")  # "at multiples of 500" was held beside the width of the bins
_NOT = frozenset({"not", "never", "without", "nobody", "none", "except", "isn't", "didn't", "don't", "doesn't"})
_REASONS = frozenset({"because", "since", "as", "if"})
OWN = frozenset({"its", "their", "his", "her"})
_NAMED = frozenset({"total", "amount", "number", "count", "value", "sum", "name", "date"})
_MOST = frozenset({"most", "least", "fewest"})
_AND = frozenset({"and", ",", "&", "plus", "+"})
_BESIDES = frozenset({"including", "together", "along", "plus"})
_ASKS = frozenset({"which", "what", "who"})
_RELATIVE = frozenset({"that", "which"})
_NAMING = frozenset({"subject", "limit", "order"})
_BUYS = frozenset({"bought", "buy", "buys", "ordered", "order", "orders", "purchased", "purchase"})
_DONE = frozenset({"bought", "placed", "ordered", "purchased", "made", "written", "composed", "performed", "paid"})


def passed_over(words: tuple[Token, ...], draft: Draft, reading: Reading) -> Iterator[str]:
    """Numbers, negations, orders, names and columns that were said and do nothing in the reading."""
    folds = [token.fold for token in words]
    idle = [span for span in draft.spans if span.part == "nothing" and folds[span.start] not in _STARTING]
    for span in idle:
        yield from (each.fold for each in words[span.start : span.end] if each.kind == "number")
        yield from _negations(folds[span.start : span.end])
    if not (reading.groups or reading.columns):
        yield from (folds[at] for at in places(draft, IDLE) if _asks_which(folds, at))
        yield from (folds[0] for span in draft.spans if _asks_how_many_too(folds, span))
    if len(reading.figures) > 1 and not (reading.groups or reading.columns):
        yield from (folds[span.start] for span in draft.spans if span.part == "measure" and folds[span.start] == "its")
    if draft.order is not None and not (reading.order or reading.along or reading.count_groups):
        yield "order"
    yield from _remarks(folds, draft)


def places(draft: Draft, parts: frozenset[str]) -> Iterator[int]:
    for span in draft.spans:
        if span.part in parts:
            yield from range(span.start, span.end)


@dataclass(frozen=True)
class _Said:
    """The words of a part of the query, with those of the part before and of the one before that."""

    part: str
    words: list[str]
    before: str
    last: list[str]
    prior: str
    rest: list[str]


def _said(folds: list[str], draft: Draft) -> Iterator[_Said]:
    none = Span(0, 0, "")
    spans = (none, none, *draft.spans)
    for prior, before, span in zip(spans, spans[1:], spans[2:], strict=False):
        words, last = folds[span.start : span.end], folds[before.start : before.end]
        yield _Said(span.part, words, before.part, last, prior.part, folds[span.end :])


def _remarks(folds: list[str], draft: Draft) -> Iterator[str]:
    """Words that name a table, or that stand after columns or an order, and ask for more than they do."""
    for said in _said(folds, draft):
        if said.part == "table":
            yield from _beside(said, draft)
        elif (
            _is_said_of_others(said)
            or _is_misplaced(said, draft)
            or _reaches_back(said, draft)
            or _is_said_of_all(said)
            or _is_a_verb(said)
        ):
            yield said.words[0]
        elif said.part == "columns" and "some" in said.words:
            yield "some"  # "and some rain" is a condition
        elif said.words[0] == "and":
            yield from _one_more(said, sorts=draft.rank is None)


def _is_said_of_others(said: _Said) -> bool:
    """ "Products that only Japan ever bought" are bought by nobody else."""
    only = said.part == "filter" and "only" in (said.words[0], *said.last[-1:])
    return only and not _BUYS.isdisjoint(said.rest[:2])


def _is_said_of_all(said: _Said) -> bool:
    """ "The coldest night of the four years", "the largest invoice of the 24 countries": out of all of them one."""
    return said.part in ("limit", "having") and said.words[:2] == ["of", "the"]


def _is_a_verb(said: _Said) -> bool:
    """ "In which years did we bill more than 450": what we do is no bill."""
    return said.part == "subject" and len(said.words) == 1 and said.last[-1:] in (["we"], ["they"], ["you"], ["i"])


def _beside(said: _Said, draft: Draft) -> Iterator[str]:
    """A table that is to be seen, or that is one of those to break down by, and no remark."""
    words, last = said.words, said.last
    subject = {noun.table for noun in draft.subject}
    elsewhere = any(noun.table not in subject for nouns in draft.context for noun in of_kind(nouns, "table"))
    one_more = words[0] in _ASKS | OWN or (not said.rest and bool(draft.shown))
    with_it = not _BESIDES.isdisjoint([words[0], *last]) or (one_more and not _AND.isdisjoint(last[-1:]))
    by_it = last == ["and"] and said.prior == "group"  # "per year and genre"
    if with_it or by_it or _says_more(words, said.before if elsewhere else ""):
        yield words[0]
    if not _MOST.isdisjoint(last[-1:]) or (last == ["total"] and len(words) == 1):
        yield last[-1]  # "total invoices" may be their sum and may be their number


def _one_more(said: _Said, *, sorts: bool) -> Iterator[str]:
    """ "Sorted by city and name", "with their date and total": one more of those before it."""
    named = said.part == "nothing" and not _NAMED.isdisjoint(said.words[1:])
    if (sorts and said.before == "order") or (named and said.before == "columns"):
        yield "and"
    if said.before == "filter" and said.part == "columns" and said.last[:1] == ["with"] and len(said.last) == 2:
        yield said.last[1]  # "with date and total" asks for both


def _is_misplaced(said: _Said, draft: Draft) -> bool:
    """Whether a condition after a ranking is no condition: "top ten products, with description", "and who was it"."""
    if said.part != "filter":
        return False
    there = any(
        isinstance(each, IsMissing | HasSome) and each.negated == isinstance(each, IsMissing) for each in draft.where
    )
    last = not said.rest or said.rest[0] in _AND
    seen = said.words[0] == "with" and said.before not in _NAMING and last and there
    return draft.rank is not None and (seen or "who" in (said.words[0], *said.last))


def _reaches_back(said: _Said, draft: Draft) -> bool:
    """Whether a condition is of what was said before it.

    "Only species above 4 kg" are species, and not birds; "not rain, drizzle or snow" is none of the three; "an album
    that starts with The" is so itself, and not whose it is.
    """
    if said.part != "filter":
        return False
    relative = said.words[0] in _RELATIVE
    noun = said.before if relative else said.prior
    if (relative or said.last[-1:] in (["that"], ["which"])) and any(isinstance(each, HasText) for each in draft.where):
        return noun in ("filter", "table")
    if said.before != "nothing":
        return False
    negated = said.prior == "filter" and any(isinstance(each, IsNumber | IsMissing) for each in draft.where)
    only = "only" in said.last and len(said.last) > 1 and bool(draft.groups)
    return only or (negated and said.last == [","] and "or" in said.words)


def _negations(folds: list[str]) -> list[str]:
    """What is not so, said where it would change nothing; a reason may say it, and "not even once" says no more."""
    if not _REASONS.isdisjoint(folds):
        return []
    return [fold for fold, then in pairwise([*folds, ""]) if fold in _NOT and then not in ("even", "once", "a")]


def _says_more(folds: list[str], before: str) -> bool:
    """ "Whose album …", "sold by media type", "the name of their support rep", "all day" are no remarks."""
    of_another = before in ("columns", "filter") and folds[0] == "of"
    by = any(then == "by" and fold not in _DONE for fold, then in pairwise(["", *folds]))
    return folds[0] == "whose" or by or of_another or ("all", "day") in pairwise(folds)


def _asks_how_many_too(folds: list[str], span: Span) -> bool:
    """ "Which songs were never sold? How many are they?" asks for the songs too."""
    return folds[0] in _ASKS and folds[span.start] == "?" and "many" in folds[span.start : span.end]


def _asks_which(folds: list[str], at: int) -> bool:
    """ "How many …, and who are they" asks for names."""
    return folds[at] in ("which", "who") and at > 0 and (folds[at - 1] in ("and", "?", ".", ",", ":", "-"))
