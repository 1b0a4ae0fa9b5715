"""Missing values and pieces of text: "without a customer number", "with love in the title"."""

from __future__ import annotations

from collections.abc import Iterator

from lakebook.query.parse.grammar.step import FREE, LIGHT, ODD, of_kind
from lakebook.query.parse.lexicon.nouns import KEY_WORDS
from lakebook.query.parse.sentence import Sentence
from lakebook.query.parse.wants import Cond, HasText, IsMissing
from lakebook.query.parse.words import singular

Found = tuple[int, tuple[Cond, ...], float]


def gap_conditions(s: Sentence, start: int) -> Iterator[Found]:
    """ "without a customer number", "have no composer listed", "whose sex is known", "sex unknown"."""
    yield from _lacking(s, start)
    for lead in {start, *s.phrase(start, "whose"), *s.phrase(start, "place")}:
        for then, nouns in s.nouns(s.article(lead)):
            fields = of_kind(nouns, "field")
            for place in s.after(then, "copula") if fields else ():
                for symbol, negated in (("is_missing", False), ("is_present", True)):
                    for end in s.phrase(place, symbol):
                        yield end, (IsMissing(fields, negated),), FREE
    for end in s.phrase(start, "skip_missing"):
        yield end, (IsMissing((), negated=True),), FREE
    for at in s.phrase(start, "not_place"):
        for then in s.phrase(at, "is_missing"):
            for end, nouns in s.nouns(s.article(then)):
                if of_kind(nouns, "field"):
                    yield end, (IsMissing(of_kind(nouns, "field"), negated=True),), FREE


def _lacking(s: Sentence, start: int) -> Iterator[Found]:
    for symbol, negated in (("lack", False), ("own", True)):
        for at in s.phrase(start, symbol):
            for then, nouns in s.nouns(s.article(at)):
                fields = of_kind(nouns, "field")
                given = s.phrase(then, "given")
                said = symbol == "lack" or given or s.fold(at - 1) in ("a", "an", "known", "any", "some", "know")
                for end in [*given, then] if fields and said else ():
                    yield end, (IsMissing(fields, negated),), FREE if symbol == "lack" else LIGHT


def text_conditions(s: Sentence, start: int) -> Iterator[Found]:
    """ "have the word christmas somewhere in the name", "whose title contains love", "starting with A"."""
    for kind in _KINDS:
        for at in s.phrase(start, kind):
            for word in s.after(at, "word"):
                if word < s.end and "article" not in s.symbols(word):
                    yield from _in_name(s, word, kind)
    for kind in ("starts", "ends"):
        for at in s.phrase(start, kind):
            for word in s.after(at, "word"):
                if word < s.end and _is_cited(s, word):
                    own = singular(s.fold(start - 1)) in KEY_WORDS
                    yield word + 1, (HasText((), kind, s.tokens[word].text, own=own),), LIGHT
    yield from _in_column(s, start)
    yield from _of_provider(s, start)


_PROVIDERS = frozenset({"gmail", "yahoo", "hotmail", "outlook", "aol", "icloud", "gmx", "live", "msn", "googlemail"})


def _of_provider(s: Sentence, start: int) -> Iterator[Found]:
    """ "with a gmail address", "have a gmail.com address": what the e-mail address contains."""
    mails = of_kind(s.names.at(("email",)), "field")
    for at in s.phrase(start, "own") if mails else ():
        if s.fold(at) in _PROVIDERS:
            last = at + 3 if s.fold(at + 1) == "." else at + 1
            for end in s.words(last, ("address", "addresses", "account", "accounts", "mail address")):
                text = s.fold(at) if last == at + 1 else f"{s.fold(at)}.{s.fold(at + 2)}"
                yield end, (HasText(mails, "contains", text),), FREE


def _in_column(s: Sentence, start: int) -> Iterator[Found]:
    """ "whose title contains love", "whose product name contains LUNCH BAG"."""
    owned = set(s.phrase(start, "whose"))
    for lead in {start, *owned, *s.phrase(start, "place")}:
        for then, nouns in s.nouns(s.article(lead)):
            fields = of_kind(nouns, "field")
            negated = s.phrase(then, "never", "copula_not")
            for place, isnt in [(then, False), *((each, True) for each in negated)] if fields else ():
                for word, kind in _pieces(s, place):
                    if s.fold(start) == "by" or not (lead in owned or _is_of_letters(s, place, word, kind)):
                        continue
                    last = word + 1
                    while last < s.end and _goes_on(s, word, last) and s.tokens[last].text.isupper():
                        last += 1
                    yield last, (HasText(fields, kind, s.said(word, last), isnt),), LIGHT


# "By channel with x" and "channel that has x" say nothing of a channel's letters; "whose channel has x" does.
_OF_LETTERS = ("contain", "mention")
_KINDS = ("contains", "starts", "ends")
_NAMES = ("name", "names", "title")


def _in_name(s: Sentence, word: int, kind: str) -> Iterator[Found]:
    if s.tokens[word].kind == "text":
        yield word + 1, (HasText((), kind, s.tokens[word].text),), LIGHT
    for last in range(word + 1, min(word + MOST_PIECES, s.end) + 1):
        text = s.said(word, last)
        for then in s.phrase(last, "in_name"):
            if s.fold(then) in _NAMES and not s.nouns(then):
                yield then + 1, (HasText((), kind, text),), FREE
            for end, nouns in s.nouns(s.article(then)):
                bare = end == s.article(then) + 1 and s.fold(end - 1) in _NAMES
                if bare:  # a track's title is its name, whatever else has a column of titles
                    yield end, (HasText((), kind, text),), FREE
                if of_kind(nouns, "field") or (s.fold(end - 1) in _NAMES and not bare):
                    yield end, (HasText(of_kind(nouns, "field"), kind, text),), ODD if bare else FREE
        if last < s.end and (s.tokens[last].kind == "mark" or s.fold(last) in _JOINING):
            return


MOST_PIECES = 4
_JOINING = frozenset({"but", "and", "or", "not", "nor", "without", "with", "somewhere", "anywhere", "in"})


def _is_cited(s: Sentence, word: int) -> bool:
    """Whether a word is letters rather than a word: in capitals, in quotes, or like no word: "gift_"."""
    token = s.tokens[word]
    return token.text[:1].isupper() or token.kind == "text" or not token.text.isalpha()


def _goes_on(s: Sentence, word: int, last: int) -> bool:
    """Whether the next word belongs to the same text: "with LUNCH BAG in the name"."""
    return s.tokens[word].text[:1].isupper() and s.tokens[last].text[:1].isupper()


def _is_of_letters(s: Sentence, verb: int, word: int, kind: str) -> bool:
    """Whether it is letters that are spoken of: by the verb, by quotes, or as in "the letters ab"."""
    leads = [at for at in range(verb, word) if s.fold(at) != "a" or len(s.fold(word)) == 1]
    cited = s.tokens[word].kind == "text" or any(word in s.phrase(at, "word") for at in leads)
    return cited or kind != "contains" or any(s.fold(at).startswith(_OF_LETTERS) for at in range(verb, word))


def _pieces(s: Sentence, start: int) -> Iterator[tuple[int, str]]:
    """The places of words that a text is said to contain, to start or to end with."""
    for kind in _KINDS:
        for at in s.phrase(start, kind):
            for word in s.after(at, "word"):
                if word < s.end and s.tokens[word].kind != "mark" and not s.symbols(word).get("article"):
                    yield word, kind
