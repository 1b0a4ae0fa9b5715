"""Variables of a notebook in a question: each `{name}` becomes one quoted value or number, and nothing else."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from lakebook.errors import InvalidRequest

_PLACE = re.compile(r"\{([A-Za-z_]\w*)\}")
_QUOTES = (('"', '"'), ("“", "”"), ("‘", "’"))


def filled(question: str, variables: Mapping[str, Any]) -> str:
    """The question with the variables' values; raises InvalidRequest where one is missing or is no single value."""

    def value_of(place: re.Match[str]) -> str:
        name = place[1]
        if name not in variables:
            raise InvalidRequest(f"There is no variable {name!r} here.", hint="Give it a value in a cell above.")
        return _said(name, variables[name])

    return _PLACE.sub(value_of, question)


def _said(name: str, value: Any) -> str:
    value = value.item() if hasattr(value, "item") and getattr(value, "ndim", None) == 0 else value
    if isinstance(value, str):
        return _quoted(name, value)
    if isinstance(value, datetime.datetime):
        value = value.date() if value.time() == datetime.time() else value
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return value.isoformat()
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return _number(name, value)
    raise InvalidRequest(
        f"The variable {name!r} is a {type(value).__name__}.", hint="A question takes one text, number or day."
    )


def _number(name: str, value: float | Decimal) -> str:
    exact = Decimal(str(value))
    if not exact.is_finite():
        raise InvalidRequest(f"The variable {name!r} is {value}.", hint="A question takes finite numbers.")
    return format(exact, "f")


def _quoted(name: str, text: str) -> str:
    """The text in marks that it does not hold itself, so that it stays one value whatever it says."""
    for opening, closing in _QUOTES:
        if text.strip() and opening not in text and closing not in text:
            return f"{opening}{text}{closing}"
    raise InvalidRequest(f"The text in {name!r} cannot be quoted.", hint="A value of words without quotes works.")
