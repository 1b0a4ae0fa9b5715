"""Which phrases of the lexicon stand at which places of a question."""

from __future__ import annotations

from functools import cache

from lakebook.query.parse.lexicon import asking, conditions, figures, showing, wordings
from lakebook.query.parse.lexicon.time import ADVERBS, EVENTS, PARTS
from lakebook.query.parse.words import Token, tokens

Marks = tuple[dict[str, tuple[int, ...]], ...]  # for each place: a symbol and the ends of its phrases, longest first


class _Node:
    """A place in the tree of phrases: the words that may follow, and what ends here."""

    def __init__(self) -> None:
        self.next: dict[str, _Node] = {}
        self.symbols: list[str] = []


@cache
def _tree() -> _Node:
    root = _Node()
    for lists in (asking.PHRASES, showing.PHRASES, figures.PHRASES, conditions.PHRASES, wordings.PHRASES):
        for symbol, phrases in lists.items():
            _plant(root, symbol, phrases)
    for part, phrases in PARTS.items():
        _plant(root, f"part:{part}", phrases)
    for event, phrases in EVENTS.items():
        _plant(root, f"event:{event}", phrases)
    for adverb, part in ADVERBS.items():
        _plant(root, f"adverb:{part}", (adverb,))
    return root


def _plant(root: _Node, symbol: str, phrases: tuple[str, ...]) -> None:
    for phrase in phrases:
        node = root
        for token in tokens(phrase):
            node = node.next.setdefault(token.fold, _Node())
        if symbol not in node.symbols:
            node.symbols.append(symbol)


def marks(words: tuple[Token, ...]) -> Marks:
    """Every phrase of the lexicon in the question; words in quotes are none."""
    found = []
    for start in range(len(words)):
        here: dict[str, list[int]] = {}
        node = _tree()
        for place in range(start, len(words)):
            follower = node.next.get(words[place].fold.replace("’", "'")) if words[place].kind != "text" else None
            if follower is None:
                break
            node = follower
            for symbol in node.symbols:
                here.setdefault(symbol, []).append(place + 1)
        found.append({symbol: tuple(reversed(ends)) for symbol, ends in here.items()})
    return tuple(found)


@cache
def lexicon_words() -> frozenset[str]:
    """Every word that some phrase of the lexicon holds."""
    found: set[str] = set()

    def walk(node: _Node) -> None:
        for word, follower in node.next.items():
            found.add(word)
            walk(follower)

    walk(_tree())
    return frozenset(found)


_by_first_word: dict[int, tuple[tuple[str, ...], dict[str, list[list[str]]]]] = {}


def by_first_word(options: tuple[str, ...]) -> dict[str, list[list[str]]]:
    """Phrases as runs of words, by their first word; kept by identity, for the lists are constants and long to hash."""
    known = _by_first_word.get(id(options))
    if known is None:
        known = _by_first_word[id(options)] = (options, _runs(options))
    return known[1]


def _runs(options: tuple[str, ...]) -> dict[str, list[list[str]]]:
    found: dict[str, list[list[str]]] = {}
    for option in options:
        run = option.split()
        if run:
            found.setdefault(run[0], []).append(run)
    return found
