"""The one statement in a model's reply, which is often wrapped in prose, fences or tags."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass

CANNOT = "CANNOT"

_THOUGHT = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL | re.IGNORECASE)
_TOKEN = re.compile(r"<\|[^|>]{1,40}\|>|</?s>|\[/?INST\]")
_FENCE = re.compile(r"```[ \t]*(\w*)[^\n]*\n(.*?)(?:```|\Z)|```(.*?)```", re.DOTALL)
_START = re.compile(r"(?:^|(?<=[\n:;>]))[ \t(]*(?P<verb>SELECT|WITH)\b", re.IGNORECASE)
_OTHER = re.compile(
    r"^\s*(?:SELECT|WITH|INSERT|UPDATE|DELETE|DROP|CREATE|ALTER|ATTACH|COPY|PRAGMA|SET|CALL|INSTALL|LOAD|EXPORT"
    r"|TRUNCATE|MERGE|GRANT|BEGIN|COMMIT|EXEC\w*)\b",
    re.IGNORECASE,
)
# A blank line ends the statement unless what follows goes on with it.
_GOES_ON = re.compile(
    r"^\s*(?:FROM|WHERE|GROUP|ORDER|HAVING|LIMIT|OFFSET|FETCH|JOIN|LEFT|RIGHT|INNER|FULL|CROSS|OUTER|UNION|INTERSECT"
    r"|EXCEPT|SELECT|AND|OR|ON|QUALIFY|WINDOW|[(),])",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:lt|gt|amp|quot|#39|apos);")
_FIRST = re.compile(r"\s*(?P<verb>[A-Za-z]{5,7})\s")
_QUOTED = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"")


@dataclass(frozen=True)
class NoStatement:
    """The reply holds no statement that could be used, and why."""

    reason: str


def statement_in(reply: str) -> str | NoStatement:
    """The statement as the model wrote it, without what is around it."""
    text = _TOKEN.sub("", _THOUGHT.sub("", reply)).strip()
    if text.strip(" .`*'\"\n").upper().startswith(CANNOT):
        return NoStatement("The language model says that these tables cannot answer it.")
    text = _unescaped(_out_of_json(text))
    fenced = [(found[2] or found[3] or "").strip() for found in _FENCE.finditer(text)]
    pieces = [piece for piece in fenced if _begins(piece)]
    if len({" ".join(piece.split()) for piece in pieces}) > 1:
        return NoStatement("The language model wrote several statements, and one was asked for.")
    return _alone(pieces[0] if pieces else text)


def _unescaped(text: str) -> str:
    """Before the end is looked for: the marks of web pages hold semicolons."""
    return html.unescape(text) if _ENTITY.search(text) else text


def _begins(text: str) -> bool:
    return bool(_START.search(text) or _OTHER.match(text))


def _out_of_json(text: str) -> str:
    """Some models answer `{"sql": "…"}` whatever they are told."""
    inner = text.removeprefix("```json").removesuffix("```").strip()
    if not inner.startswith("{"):
        return text
    try:
        plain = json.loads(inner)
    except (ValueError, RecursionError):
        return text
    found = [plain[name] for name in ("sql", "query", "SQL") if isinstance(plain.get(name), str)]
    return found[0] if len(found) == 1 else text


def _alone(text: str) -> str | NoStatement:
    """The statement from its first word to where it ends."""
    started = _START.search(text) or _misspelled(text)
    if started is None:
        if _OTHER.match(text):
            return NoStatement("The language model wrote something that is no SELECT.")
        return NoStatement("The language model wrote no SQL.")
    before, rest = text[: started.start("verb")], text[started.start("verb") :]
    if _OTHER.match(before):
        return NoStatement("The language model wrote more than one statement.")
    opened = before.endswith("(")
    semicolon = _semicolon(rest)
    if semicolon is not None:
        after = rest[semicolon + 1 :]
        if any(_OTHER.match(line) for line in after.replace(";", "\n").splitlines()):
            return NoStatement("The language model wrote more than one statement.")
        rest = rest[:semicolon]
    paragraphs = re.split(r"\n[ \t]*\n", rest)
    whole = paragraphs[0]
    for paragraph in paragraphs[1:]:
        if not _GOES_ON.match(paragraph):
            break
        whole += "\n" + paragraph
    whole = whole.strip().removesuffix("```").strip()
    return f"({whole}" if opened else whole


def _misspelled(text: str) -> re.Match[str] | None:
    """A first word that is SELECT but for one letter."""
    from rapidfuzz.distance import DamerauLevenshtein

    first = _FIRST.match(text)
    if first is None or DamerauLevenshtein.distance(first["verb"].upper(), "SELECT") > 1:
        return None
    return first


def _semicolon(text: str) -> int | None:
    """The first semicolon outside of quotes."""
    hidden = _QUOTED.sub(lambda found: " " * len(found[0]), text)
    place = hidden.find(";")
    return place if place >= 0 else None
