"""Cut a question into tokens."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_TOKEN = re.compile(
    r"""
      (?P<text>"[^"]+"|“[^”]+”|(?<!\w)'[^']+'(?!\w)|(?<!\w)‘[^’]+’(?!\w))
    | (?P<day>\d{4}-\d{2}-\d{2}(?![\w-]))
    | (?P<month>\d{4}-\d{2}(?![\w-]))
    | (?P<number>-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?![\w.]*\w))
    | (?P<word>(?<!\w)(?:w/o?(?!\w)|vs\.(?!\w))|\w+(?:['’]\w+)*)
    | (?P<mark><=|>=|!=|<>|\S)
    """,
    re.VERBOSE,
)
_SEAM = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])")
_GLUED = re.compile(
    r"(?<![\w.,])(\d+(?:\.\d+)?)(mm|cm|km|kg|mg|g|ms|min|h|s|°c|°|k|m|mb|gb|kb|%|€|p)(?!\w)", re.IGNORECASE
)
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
    question = _GLUED.sub(r"\1 \2", unicodedata.normalize("NFC", question))
    for match in _TOKEN.finditer(question):
        kind = match.lastgroup or "mark"
        text = match.group()
        if kind == "number" and text.startswith("-") and match.start() and question[match.start() - 1].isalnum():
            found.append(Token("-", "-", "mark", match.start()))
            found.append(Token(text[1:], text[1:], "number", match.start() + 1))
            continue
        inner = text[1:-1] if kind == "text" else text
        found.append(Token(inner, inner.casefold(), kind, match.start()))
    return tuple(found)


@lru_cache(maxsize=4096)
def parts(name: str) -> tuple[str, ...]:
    """The words of a name in snake, camel or spaced case, folded: InvoiceNo is (invoice, no)."""
    pieces = _PART.findall(unicodedata.normalize("NFC", name))
    return tuple(word.casefold() for piece in pieces for word in _SEAM.split(piece) if word)


_IRREGULAR = {
    "people": "person",
    "men": "man",
    "women": "woman",
    "children": "child",
    "mice": "mouse",
    "analyses": "analysis",
    "ids": "id",
    "skus": "sku",
    "menus": "menu",
}
_SINGULAR = frozenset(
    {"species", "series", "status", "address", "process", "bus", "gas", "basis", "analysis", "business"}
)


def singular(word: str) -> str:
    """A form in which the singular and the plural of a word agree; not always a word itself."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) <= 3 or word in _SINGULAR or not word.endswith("s") or word.endswith(("ss", "is", "us")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "xes", "sses", "zes")):
        return word[:-2]
    return word[:-1]


@lru_cache(maxsize=4096)
def stems(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words, each in its singular form."""
    return tuple(singular(word) for word in words)
