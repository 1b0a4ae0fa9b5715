"""Which words of a question are not understood."""

from __future__ import annotations

from collections.abc import Sequence

from lakebook.query.parse.lexicon.time import MONTHS, SEASONS, WEEKDAYS
from lakebook.query.parse.lexicon.units import NUMBER_WORDS
from lakebook.query.parse.measures import known_words
from lakebook.query.parse.phrases import lexicon_words
from lakebook.query.parse.sentence import Sentence

MOST_WORDS = 6
_SAID = frozenset(
    {"than", "between", "before", "after", "until", "till", "since", "during", "within", "to", "pm", "am"}
)


def unknown_words(sentences: Sequence[tuple[Sentence, int]]) -> tuple[str, ...]:
    """The words that nothing explains in the tables that explain most; else those past where every reading ended."""
    best: tuple[str, ...] | None = None
    for sentence, _ in sorted(sentences, key=lambda pair: -pair[1]):
        words = strangers(sentence)
        if best is None or len(words) < len(best):
            best = words
    if best:
        return best[:MOST_WORDS]
    sentence, furthest = max(sentences, key=lambda pair: pair[1])
    rest = [token.text for token in sentence.tokens[furthest:] if token.kind != "mark"]
    return tuple(rest[:MOST_WORDS]) or tuple(token.text for token in sentence.tokens if token.kind != "mark")[-1:]


def strangers(sentence: Sentence) -> tuple[str, ...]:
    """The words that are in no list, name or value."""
    explained = [
        token.kind in ("number", "day", "month", "mark") or _is_grammar(token.fold) for token in sentence.tokens
    ]
    for place in range(sentence.end):
        ends = [end for end, _ in sentence.nouns(place)] + [end for end, _ in sentence.hits(place)]
        for end in ends:
            explained[place:end] = [True] * (end - place)
    return tuple(token.text for token, known in zip(sentence.tokens, explained, strict=True) if not known)


def _is_grammar(word: str) -> bool:
    return (
        word in lexicon_words() or word in known_words() or word in MONTHS or word in WEEKDAYS
        or word.removesuffix("s") in WEEKDAYS or word in SEASONS or word in NUMBER_WORDS or word in _SAID
    )  # fmt: skip
