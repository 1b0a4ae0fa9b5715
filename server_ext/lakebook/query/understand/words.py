"""Cut a question into tokens."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""
      (?P<text>"[^"]+"|“[^”]+”|(?<!\w)'[^']+'(?!\w)|(?<!\w)‘[^’]+’(?!\w))
    | (?P<day>\d{4}-\d{2}-\d{2}(?![\w-]))
    | (?P<month>\d{4}-\d{2}(?![\w-]))
    | (?P<number>-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?![\w.]*\w))
    | (?P<word>\w+(?:['’]\w+)*)
    | (?P<mark><=|>=|!=|<>|\S)
    """,
    re.VERBOSE,
)
_SEAM = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])")
_PART = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Token:
    """A piece of the question: its text as written, folded for comparing, and its kind.

    The kinds: `word`, `text` (was in quotes), `number`, `day` (2011-03-05), `month` (2011-03), `mark`.
    """

    text: str
    fold: str
    kind: str
    start: int


def tokens(question: str) -> tuple[Token, ...]:
    """The tokens of the question, in order."""
    found = []
    for match in _TOKEN.finditer(unicodedata.normalize("NFC", question)):
        kind = match.lastgroup or "mark"
        text = match.group()
        if kind == "number" and text.startswith("-") and match.start() and question[match.start() - 1].isalnum():
            found.append(Token("-", "-", "mark", match.start()))
            found.append(Token(text[1:], text[1:], "number", match.start() + 1))
            continue
        inner = text[1:-1] if kind == "text" else text
        found.append(Token(inner, inner.casefold(), kind, match.start()))
    return tuple(found)


def parts(name: str) -> tuple[str, ...]:
    """The words of a name in snake, camel or spaced case, folded: InvoiceNo is (invoice, no)."""
    pieces = _PART.findall(unicodedata.normalize("NFC", name))
    return tuple(word.casefold() for piece in pieces for word in _SEAM.split(piece) if word)


def singular(word: str) -> str:
    """A form in which the singular and the plural of a word agree; not always a word itself."""
    if len(word) <= 3 or not word.endswith("s") or word.endswith("ss"):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "xes", "sses", "zes")):
        return word[:-2]
    return word[:-1]


def stems(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words, each in its singular form."""
    return tuple(singular(word) for word in words)
