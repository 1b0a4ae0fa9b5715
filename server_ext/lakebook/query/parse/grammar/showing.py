"""What is to be shown beside what is asked: columns, figures, units."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from lakebook.query.parse.grammar.figures import wants
from lakebook.query.parse.grammar.moments import event_times
from lakebook.query.parse.grammar.step import FREE, LIGHT, Step, Steps, is_key_number, of_kind
from lakebook.query.parse.lexicon.adjectives import MEASURES
from lakebook.query.parse.lexicon.nouns import KEY_WORDS, NAME_WORDS, TAKINGS
from lakebook.query.parse.measures import unit_of
from lakebook.query.parse.names import Noun
from lakebook.query.parse.sentence import Sentence
from lakebook.query.parse.wants import Draft, IsNumber, Nouns, Want
from lakebook.query.parse.words import parts

MARKS = frozenset({",", ";", "?", ".", "!", ":", "-", "–", "—", "(", ")", '"', "'", "…"})
_WHOSE = frozenset({"their", "its", "which", "his", "her", "the"})


def closes(s: Sentence, end: int) -> bool:
    """Whether nothing is asked after the place, up to the next mark."""
    return end == s.end or s.fold(end) in MARKS or any(closes(s, then) for then in s.phrase(end, "silent", "end"))


def endings(s: Sentence, start: int) -> Steps:
    """Words at the end that ask for nothing more: "show me both figures", "and how many was it for each"."""
    for lead in {start, *s.phrase(start, "joint")}:
        for end in s.phrase(lead, "end"):
            if closes(s, end):
                yield Step(end, LIGHT, "nothing", _ends)
        for end in s.phrase(lead, "name_them"):
            if closes(s, end):
                yield Step(end, LIGHT, "columns", _named)
        for end in s.phrase(lead, "show_figure"):
            if closes(s, end) or s.fold(end) == "in":
                yield Step(end, FREE, "columns", _shows_figure)
        for end in s.phrase(lead, "show_ranked"):
            if closes(s, end):
                yield Step(end, FREE, "columns", _shows_ranked)
        yield from _how_much_of_it(s, lead)


def events_shown(s: Sentence, start: int) -> Steps:
    """ "and when was he or she born": a time of what is listed."""
    for at in s.phrase(start, "when"):
        while s.fold(at) in _IT:
            at += 1
        if closes(s, at) or s.phrase(at, "and"):
            yield Step(at, LIGHT, "columns", _shows_time(s))
        for end, nouns in event_times(s, at):
            yield Step(end, FREE, "columns", _shows(nouns))


def _shows_time(s: Sentence) -> Callable[[Draft], Iterable[Draft]]:
    def apply(draft: Draft) -> Iterable[Draft]:
        ranked = {noun.table for noun in draft.rank.by} if draft.rank is not None else set()
        own = {noun.table.full_name for noun in of_kind(draft.subject, "table") if noun.table in ranked}
        times = s.times_of(own) if own and draft.pending is None else ()
        if times:
            yield replace(draft, shown=(*draft.shown, times))

    return apply


# "And how hot did it get", "what did they spend": words that stand around what is asked for.
_IT = frozenset({
    "did", "do", "does", "was", "is", "were", "are", "it", "that", "they", "he", "she", "we", "this", "those", "have",
    "has", "had", "been", "then", "there", "in", "on", "for", "at", "total", "get", "got", "become", "exactly", "each",
    "fall", "fell", "rained", "weigh", "weighed", "blow", "blew", "cost", "last", "lasted", "run", "ran", "measure",
    "the", "altogether", "overall", "actually", "them", "us", "of", "go", "reach", "these", "or", "all", "with",
})  # fmt: skip


_GOT = frozenset({"get", "got", "reach"})
_FELL = frozenset({"fall", "fell", "rained", "weigh", "weighed", "cost"})


def _how_much_of_it(s: Sentence, start: int) -> Steps:
    """ "and how hot did it get", "and how much have they spent": the figure that the ranking goes by."""
    for end in s.words(start, ("how many", "number of", "how many of")):
        for last, nouns in s.nouns(end):
            if closes(s, last):
                yield Step(last, LIGHT, "columns", _shows_count(nouns))
    if s.fold(start) not in ("how", "what"):
        return
    at, spends = start + 1, False
    for end, adjective in s.adjectives(at) if s.fold(start) == "how" else ():
        if adjective.degree == "":
            at = end
    said = at > start + 1
    said = said or (s.fold(at) == "much" and not _FELL.isdisjoint(token.fold for token in s.tokens[at:]))
    at += s.fold(at) in ("much", "many")
    while at < s.end and s.fold(at) not in MARKS:
        money = s.phrase(at, "money_verb")
        spends, at = spends or bool(money), money[0] if money else at + 1
        if not money and s.fold(at - 1) not in _IT:
            return
    said = said or (s.fold(start) == "what" and not _GOT.isdisjoint(token.fold for token in s.tokens[start:at]))
    if said or spends:
        yield Step(at, FREE, "columns", _shows_money if spends else _shows_figure)


def _shows_count(nouns: Nouns) -> Callable[[Draft], Iterable[Draft]]:
    """The figure of the ranking, where it counts these."""
    tables = {noun.table for noun in of_kind(nouns, "table")}

    def apply(draft: Draft) -> Iterable[Draft]:
        rank = draft.rank
        if rank is not None and rank.often and tables and draft.pending is None:
            yield draft.flagged("show")

    return apply


def _shows_money(draft: Draft) -> Iterable[Draft]:
    """The figure of the ranking, where that is money."""
    want = draft.rank.want if draft.rank is not None else None
    if want is not None and _is_money(want):
        yield from _shows_figure(draft)


def _ends(draft: Draft) -> Iterable[Draft]:
    if draft.pending is None and (draft.figures or draft.listed or draft.counted or draft.having):
        yield replace(draft, ask="list" if draft.ask == "exists" else draft.ask)


def _named(draft: Draft) -> Iterable[Draft]:
    """ "How many … and which ones": a list, whose length says how many; what is listed anyway stays."""
    if draft.ask != "count":
        yield from (each for each in _ends(draft) if not each.figures or each.groups or each.rank)
    elif len(draft.figures) == 1 and draft.figures[0] == Want("count", draft.counted) and not draft.groups:
        yield replace(draft, ask="list", counted=(), figures=(), listed=(draft.counted,))


def _shows_ranked(draft: Draft) -> Iterable[Draft]:
    if draft.rank or draft.groups:
        yield from _shows_figure(draft)


def _shows_figure(draft: Draft) -> Iterable[Draft]:
    if draft.pending is None and (draft.rank or draft.having or draft.groups):
        yield draft.flagged("show")
    elif draft.pending is None and draft.listed:
        amounts = [cond.nouns for cond in draft.where if isinstance(cond, IsNumber) and cond.nouns]
        if len(amounts) == 1:
            labels = () if draft.shown or not of_kind(draft.subject, "table") else (Want("label"),)
            yield replace(draft, shown=(*labels, *draft.shown, amounts[0]))


def columns_shown(s: Sentence, start: int) -> Steps:
    """ "with their city and email", ": title and number of tracks", "show the amount"."""
    for at in s.phrase(start, "with_show"):
        cost = FREE
        place = s.article(at)
        for end, nouns in s.nouns(place):
            tables = of_kind(nouns, "table")
            # "With the customer" is who it was, "with customers" may be how many there were.
            kinds = (() if s.plural(end) else of_kind(nouns, "field")) or of_kind(nouns, "field", "metric")
            if kinds and not (tables and all(map(is_key_number, kinds))):  # a customer is shown by name
                yield Step(end, cost + LIGHT / 2, "columns", _shows(kinds, listed=s.fold(start) == ","))
            if tables and at > start:
                yield Step(end, cost + LIGHT, "columns", _shows(nouns))
        for words in NAME_WORDS:
            run = words.split()
            if [token.fold for token in s.tokens[place : place + len(run)]] == run:
                end = place + len(run)
                own = tuple(noun for last, nouns in s.nouns(place) if last == end for noun in of_kind(nouns, "field"))
                yield Step(end, cost, "columns", _shows_labels(own))
                yield from _names_of(s, end)
        if (
            s.fold(place) in KEY_WORDS
            and (s.fold(place - 1) in _WHOSE or s.fold(place - 1) in MARKS)
            and not s.nouns(place)
            and s.fold(place + 1) not in ("of", "for")
        ):
            yield Step(place + 1, cost, "columns", _shows_number if s.fold(place) == "number" else _shows(_KEY))
        named = {end for end, nouns in s.nouns(place) if of_kind(nouns, "field") and not s.plural(end)}
        for end, want, price in wants(s, at):
            if want.kind != "metric" or end not in named:
                yield Step(end, cost + price, "columns", _shows(want))


def _names_of(s: Sentence, start: int) -> Steps:
    """ "With the name of the artist", "and the name of their support rep"."""
    for of in s.words(start, ("of the", "of their", "of its", "of")):
        for end, nouns in s.nouns(of):
            if kinds := of_kind(nouns, "table", "field"):
                yield Step(end, FREE, "columns", _shows(kinds))


_KEY = Want("key")
_COUNTED = frozenset({"rows", "count"})


def _shows_number(draft: Draft) -> Iterable[Draft]:
    """ "The number too": how many, where the ranking goes by that; else what the listed thing is numbered by."""
    rank = draft.rank
    if rank is not None and (rank.often or (rank.want is not None and rank.want.kind in _COUNTED)):
        yield from _shows_figure(draft)
    elif rank is not None or draft.having or draft.shown:
        yield from _shows(_KEY)(draft)


def worth_shown(s: Sentence, start: int) -> Steps:
    """ "together with what each invoice was worth"."""
    for lead in s.phrase(start, "with_show"):
        for at in s.words(lead, ("what each", "what every", "how much each", "what the")):
            for middle, _ in [*s.nouns(at), (at, ())]:
                for verb in s.after(middle, "silent"):
                    for end in s.phrase(verb, "money_verb"):
                        yield Step(end, LIGHT, "columns", _shows(Want("money")))


def _shows_labels(own: Nouns) -> Callable[[Draft], Iterable[Draft]]:
    """The names of what is listed; a title that is a column of its own is that column."""

    def apply(draft: Draft) -> Iterable[Draft]:
        tables = {noun.table for noun in of_kind(draft.subject, "table")}
        if not any(noun.table in tables for noun in own):
            yield from _shows(Want("label"))(draft)

    return apply


def _shows(item: Nouns | Want, *, listed: bool = False) -> Callable[[Draft], Iterable[Draft]]:
    def apply(draft: Draft) -> Iterable[Draft]:
        if draft.pending is not None and draft.pending.kind != "list":
            return
        # "Name, phone and city of …": what they are of comes last.
        names_first = draft.shown[:1] == (Want("label"),) and draft.ask == "list" and (listed or len(draft.shown) > 1)
        if not draft.listed and not (names_first or (draft.pending is not None and isinstance(item, tuple))):
            return
        if draft.listed or draft.rank or draft.shown:
            yield replace(draft, pending=None, shown=(*draft.shown, item))

    return apply


def heads_shown(s: Sentence, start: int) -> Steps:
    """ "species, island, length": of what is ranked or held beside a number only the last word is said again."""
    for at in s.phrase(start, "with_show"):
        place = s.article(at)
        if s.tokens[place].kind == "word" if place < s.end else False:
            for end in [*s.words(place + 1, ("on each", "of each", "on it", "of it")), place + 1]:
                yield Step(end, LIGHT, "columns", _shows_head(s.fold(place)))


def _shows_head(word: str) -> Callable[[Draft], Iterable[Draft]]:
    def apply(draft: Draft) -> Iterable[Draft]:
        rank = draft.rank
        ranked = (*rank.by, *(rank.want.nouns if rank.want else ())) if rank is not None else ()
        amounts = [noun for cond in draft.where if isinstance(cond, IsNumber) for noun in cond.nouns]
        wants = [*(each.want for each in draft.having), *([rank.want] if rank is not None and rank.want else [])]
        worth = word in _WORTH and any(_is_money(want) for want in wants)
        if worth or any(word in _words_for(noun) for noun in (*ranked, *amounts)):
            yield from _shows_figure(draft)

    return apply


_WORTH = frozenset({"value", "amount", "total", "sum", "revenue", "money", "worth", "sales", "turnover"})


def _is_money(want: Want) -> bool:
    named = {word for noun in want.nouns if noun.metric for word in parts(noun.metric.name)}
    return want.kind == "money" or not named.isdisjoint(TAKINGS)


def _words_for(noun: Noun) -> set[str]:
    """The words of a column's name, and those of what it measures: of a wind the speed."""
    column = getattr(noun.term, "column", None)
    own = set(parts(column.name)) if column is not None else set()
    held = unit_of(column.name) if column is not None else None
    kin = [measure.columns for measure in MEASURES if not own.isdisjoint(measure.columns)]
    return own.union(*kin, held[:1] if held else ()) - _UNITS


_UNITS = frozenset({"mm", "g", "c", "ms", "kg", "min", "max"})
