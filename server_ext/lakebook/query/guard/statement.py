"""Read text as one statement of a dialect: syntax, invisible characters, how many statements there are."""

from __future__ import annotations

import logging
import re
import unicodedata
from itertools import islice, pairwise

from sqlglot import exp, parse, tokenize
from sqlglot.errors import ParseError, SqlglotError, TokenError
from sqlglot.tokenizer_core import Token, TokenType

from lakebook.errors import Reason
from lakebook.query.guard.places import place_of

MAX_CHARACTERS = 100_000

# The parser logs what it leaves unparsed, with the text; here such a statement is refused with a reason instead.
logging.getLogger("sqlglot").setLevel(logging.ERROR)

_QUOTED = {TokenType.STRING, TokenType.IDENTIFIER, TokenType.RAW_STRING, TokenType.BYTE_STRING}
_OPENING = re.compile(r"['\"`]|/\*|\$\w*\$")
_TRIES = 64
_UNUSUAL = re.compile(r"[^ -~\t\n\r]")


def one_statement(sql: str, dialect: str) -> tuple[exp.Expr | None, list[Reason]]:
    """The tree of the only statement, which is a query; or None and why there is none."""
    if len(sql) > MAX_CHARACTERS:
        return None, [Reason(f"The statement is longer than {MAX_CHARACTERS:,} characters.", 1, 1)]
    try:
        odd = _odd_character(sql, dialect) if _UNUSUAL.search(sql) else None
        if odd:
            return None, [odd]
        found = [tree for tree in parse(sql, read=dialect) if tree is not None]
    except ParseError as error:
        return None, [_syntax(error)]
    except TokenError:
        place = place_of(_never_closed(sql, dialect), sql)
        return None, [Reason("A quote or a comment begins here and never ends.", *place)]
    except RecursionError:
        return None, [Reason("The statement is nested too deeply.", 1, 1)]
    except SqlglotError as error:
        return None, [Reason(_first_line(error), 1, 1)]
    found = [tree for tree in found if not isinstance(tree, exp.Semicolon)]
    if not found:
        return None, [Reason("There is no statement here.", 1, 1)]
    if len(found) > 1:
        place = place_of(_second(sql, dialect), sql)
        return None, [Reason(f"There are {len(found)} statements here; only one may run.", *place)]
    if not isinstance(found[0], exp.Select | exp.SetOperation | exp.Pivot | exp.Subquery):
        return None, [Reason("Only a SELECT may run.", 1, 1)]
    return found[0], []


def _syntax(error: ParseError) -> Reason:
    first = error.errors[0] if error.errors else {}
    near = str(first.get("highlight") or "").strip()
    line, column = first.get("line"), first.get("col")
    if isinstance(column, int) and near:
        column = max(1, column - len(near) + 1)
    return Reason(f"This cannot be read as SQL{f' near {near!r}' if near else ''}.", line or 1, column or 1)


def _second(sql: str, dialect: str) -> int:
    """The offset at which the second statement begins."""
    tokens = tokenize(sql, read=dialect)
    starts = [
        token.start
        for before, token in pairwise([None, *tokens])
        if token and not _is_semicolon(token) and (before is None or _is_semicolon(before))
    ]
    return starts[1]


def _is_semicolon(token: Token) -> bool:
    return token.token_type is TokenType.SEMICOLON


def _never_closed(sql: str, dialect: str) -> int:
    """The offset of the quote or comment that does not end: the last one before which everything can be read."""
    for opening in islice(reversed(list(_OPENING.finditer(sql))), _TRIES):
        try:
            tokenize(sql[: opening.start()], read=dialect)
        except TokenError:
            continue
        return opening.start()
    return 0


def _first_line(error: Exception) -> str:
    text = str(error).splitlines()[0] if str(error) else "no reason given"
    return f"This cannot be read as SQL: {text.rstrip('.')}."


def _odd_character(sql: str, dialect: str) -> Reason | None:
    """Invisible and look-alike separators mean different things to different parsers: refused outside quotes."""
    quoted = [(token.start, token.end) for token in tokenize(sql, read=dialect) if token.token_type in _QUOTED]
    for place, character in enumerate(sql):
        if character in " \t\n\r" or (character.isascii() and character.isprintable()):
            continue
        if character.isalnum() or unicodedata.category(character) in ("Mn", "Mc"):
            continue
        if not any(start <= place <= end for start, end in quoted):
            name = unicodedata.name(character, "a control character").lower()
            return Reason(f"There is {name} outside of quotes.", *place_of(place, sql))
    return None
