"""Words that are a letter or two from one that is known, read as that one and said so."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from lakebook.query.parse.lexicon.places import NATIONALITIES, OTHER_NAMES
from lakebook.query.parse.lexicon.refusals import NEVER_RESPELLED
from lakebook.query.parse.lexicon.time import MONTHS, SEASONS, WEEKDAYS
from lakebook.query.parse.lexicon.units import NUMBER_WORDS
from lakebook.query.parse.measures import known_words
from lakebook.query.parse.names import Names
from lakebook.query.parse.phrases import lexicon_words
from lakebook.query.parse.values import ValueIndex, forms
from lakebook.query.parse.words import Token, parts, singular, stems

SHORTEST = 5
COMMON = {
    "wich": "which", "whcih": "which", "wht": "what", "waht": "what", "hwo": "how", "mnay": "many", "teh": "the",
    "numer": "number", "adress": "address", "avrage": "average", "whith": "with",
}  # fmt: skip
# Written short; said short of a name or a value, it is that.
SHORT = {
    "w/": "with", "w/o": "without", "w": "with", "avg": "average", "ave": "average", "pct": "percent", "yr": "year",
    "yrs": "years", "mth": "month", "mths": "months", "wk": "week", "wks": "weeks", "cust": "customer",
    "custs": "customers", "rev": "revenue", "incl": "including", "excl": "excluding", "nr": "number",
    "num": "number", "vs.": "versus", "btw": "between", "prod": "product", "prods": "products", "inv": "invoice",
    "amt": "amount", "thru": "through", "cnt": "count", "dist": "distinct", "med": "median",
}  # fmt: skip
LONG = 8  # from here on two letters may differ


def respelled(words: tuple[Token, ...], names: Names, values: ValueIndex) -> tuple[tuple[Token, ...], tuple[str, ...]]:
    """The words with each unknown one in its likeliest spelling, and what was read as what."""
    made, notes = list(words), []
    for place, token in enumerate(words):
        if _is_short(token, names, values):
            made[place] = replace(token, text=SHORT[token.fold], fold=SHORT[token.fold])
            continue
        if (
            token.kind != "word"
            or (len(token.text) < SHORTEST and token.fold not in COMMON)
            or is_known(token, names, values)
        ):
            continue
        near = COMMON.get(token.fold) or _nearest(token.fold, names, values)
        if near is not None:
            made[place] = replace(token, text=near, fold=near)
            notes.append(f"'{token.text}' read as {near}")
    return tuple(made), tuple(notes)


def _is_short(token: Token, names: Names, values: ValueIndex) -> bool:
    """Whether a word is written short for another, and names nothing here as it is."""
    plain = token.kind == "word" and token.fold in SHORT and not token.text.isupper()
    return plain and token.fold not in names.words and not values.holds(token.fold)


def is_known(token: Token, names: Names, values: ValueIndex) -> bool:
    """Whether the language, a name or a value has the word."""
    fold = token.fold.replace("’", "'").removesuffix("'s")
    if fold in _language() or singular(fold) in _language():
        return True
    if set(stems(parts(fold))) <= names.words:
        return True
    return any(map(values.holds, forms(fold))) or fold in NEVER_RESPELLED


@cache
def _language() -> frozenset[str]:
    return (
        lexicon_words() | frozenset(MONTHS) | frozenset(WEEKDAYS) | frozenset(f"{day}s" for day in WEEKDAYS)
        | frozenset(SEASONS) | frozenset(NUMBER_WORDS) | frozenset(NATIONALITIES) | frozenset(OTHER_NAMES)
        | known_words()
    )  # fmt: skip


def _nearest(word: str, names: Names, values: ValueIndex) -> str | None:
    """The one known word at the least distance; None where there is none or two are as near."""
    from rapidfuzz import process
    from rapidfuzz.distance import DamerauLevenshtein

    known = {each for each in names.words if len(each) >= SHORTEST - 1}
    known |= {each for each in values.few if len(each) >= SHORTEST - 1}
    known |= {each for each in _language() if len(each) >= SHORTEST}
    cutoff = 2 if len(word) >= LONG else 1
    forms = [word, singular(word)] if singular(word) != word else [word]
    best: dict[str, int] = {}
    for form in forms:
        found = process.extract(form, sorted(known), scorer=DamerauLevenshtein.distance, score_cutoff=cutoff, limit=4)
        for near, distance, _ in found:
            if near[0] == form[0]:
                best[near] = min(int(distance), best.get(near, 9))
    least = min(best.values(), default=9)
    nearest = {singular(near) for near, distance in best.items() if distance == least}
    if least > cutoff or len(nearest) != 1:
        return None
    return min(near for near, distance in best.items() if distance == least)
