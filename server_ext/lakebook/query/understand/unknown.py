"""Which words of a question are not understood."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lakebook.query.understand import lexicon
from lakebook.query.understand.names import LONGEST_NAME, columns_named, names_table
from lakebook.query.understand.scope import Scope
from lakebook.query.understand.words import Token

MOST_WORDS = 6


def unknown_words(scopes: Sequence[Scope]) -> tuple[str, ...]:
    """The words that nothing explains in the table that explains most.

    If every word is known, those past the furthest place that any reading got to.
    """
    best: tuple[str, ...] | None = None
    for scope in sorted(scopes, key=lambda each: -each.reach):
        words = _strangers(scope)
        if best is None or len(words) < len(best):
            best = words
    if best:
        return best[:MOST_WORDS]
    furthest = max(scopes, key=lambda scope: scope.reach)
    rest = [token.text for token in furthest.tokens[furthest.reach :] if token.kind != "mark"]
    return tuple(rest[:MOST_WORDS]) or tuple(token.text for token in furthest.tokens if token.kind != "mark")[-1:]


def _strangers(scope: Scope) -> tuple[str, ...]:
    explained = [_is_grammar(token) for token in scope.tokens]
    for place in range(scope.end):
        ends = [end for end, _ in columns_named(scope.table.columns, scope.tokens[: place + LONGEST_NAME], place)]
        ends += [end for end, _, _ in scope.values(place)]
        named = names_table(scope.table, scope.tokens, place)
        for end in [*ends, *([named] if named is not None else [])]:
            explained[place:end] = [True] * (end - place)
    return tuple(token.text for token, known in zip(scope.tokens, explained, strict=True) if not known)


def _is_grammar(token: Token) -> bool:
    return token.kind in ("number", "day", "month", "mark") or (token.kind == "word" and token.fold in _GRAMMAR)


def _words_of(value: object) -> Iterable[str]:
    if isinstance(value, str):
        yield from value.split()
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _words_of(inner)
            if not isinstance(inner, tuple):
                yield from _words_of(key)  # otherwise the key is the parser's own word, not the question's
    elif isinstance(value, tuple | frozenset):
        for inner in value:
            yield from _words_of(inner)


_MORE = (
    "and", "or", "but", "top", "bottom", "which", "between", "to", "before", "after", "since", "during", "first",
    "until", "leaving", "out", "money", "sold", "type", "kind",
)  # fmt: skip
_LISTS = [value for name, value in vars(lexicon).items() if name.isupper() and name not in ("SYNONYMS", "ADDITIVE")]
_GRAMMAR = frozenset(word for source in (*_LISTS, _MORE) for word in _words_of(source)) - lexicon.UNITS
