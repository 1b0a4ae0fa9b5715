"""Results for people: small tables in HTML for cells, in text for the shell."""

from __future__ import annotations

import html
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lakebook.verb import Listing, Result

SHOWN: dict[str, tuple[str, ...]] = {
    "Dataset": ("name", "layer", "row_count", "column_count", "version", "quality_score", "updated_at"),
    "ContractSummary": ("name", "layer", "rules", "ignored"),
    "ModelSummary": ("name", "version", "datasets", "metrics", "is_own", "updated_at"),
    "AskedQuestion": ("asked", "status", "source", "is_pinned", "verdict", "created_at", "query_id"),
    "Egress": ("at", "model", "outcome", "bytes_sent", "tokens_in", "tokens_out", "price", "egress_id"),
    "Job": ("title", "verb", "status", "progress", "message", "job_id"),
    "ModelVersion": ("name", "version", "aliases", "target_column", "problem_type", "score", "verdict"),
    "Run": ("notebook", "status", "parameters", "error", "created_at", "run_id"),
    "Schedule": ("name", "cron", "timezone", "notebook", "next_at"),
    "Dashboard": ("name", "notebook", "version", "shared", "updated_at"),
}
TABLE = "border-collapse:collapse;font-variant-numeric:tabular-nums"
CELL = "padding:2px 10px;text-align:{align};border-bottom:1px solid var(--jp-border-color2,#ddd);max-width:36em"


def listing_html(listing: Listing[Any]) -> str:
    """A listing as an HTML table, or one sentence where it is empty."""
    if not listing.items:
        return "<p>Nothing here yet.</p>"
    names = columns_of(listing.items[0])
    return table_html(names, [[said(getattr(item, name)) for name in names] for item in listing.items])


def fields_html(result: Result) -> str:
    """A result as an HTML table of its fields."""
    return table_html((), [[name, text] for name, text in fields(result)])


def columns_of(item: Result) -> tuple[str, ...]:
    """The fields of an item that a list shows."""
    return SHOWN.get(type(item).__name__, tuple(type(item).model_fields)[:6])


def fields(result: Result) -> list[tuple[str, str]]:
    """Name and text of each field that says something."""
    pairs = [(name, getattr(result, name)) for name in type(result).model_fields]
    return [(name.replace("_", " "), said(value)) for name, value in pairs if value not in (None, [], {}, "")]


def said(value: Any) -> str:
    """A value in words: thousands separated, times to the minute, lists joined."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}"
        case float():
            return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.2f}"
        case datetime():
            return value.strftime("%Y-%m-%d %H:%M UTC")
        case list() | tuple() if value and hasattr(type(value[0]), "model_fields"):
            return f"{len(value):,}"
        case list() | tuple():
            return ", ".join(said(item) for item in value[:8]) + (" …" if len(value) > 8 else "")
        case dict():
            return ", ".join(f"{name}={said(item)}" for name, item in list(value.items())[:8])
        case str():
            return _minute(value)
    return str(value)


def _minute(text: str) -> str:
    if len(text) == 27 and text.endswith("Z") and text[10] == "T":
        with suppress(ValueError):
            return datetime.fromisoformat(text).strftime("%Y-%m-%d %H:%M UTC")
    return text


def printable(text: str) -> str:
    """The text without characters that would break the line or steer the terminal; blanks stand for them."""
    return "".join(character if character.isprintable() else " " for character in text)


def table_html(names: tuple[str, ...], rows: list[list[str]]) -> str:
    """An HTML table; numbers stand to the right."""
    head = "".join(f'<th style="{CELL.format(align="left")}">{html.escape(n.replace("_", " "))}</th>' for n in names)
    body = "".join("<tr>" + "".join(_cell(text) for text in row) + "</tr>" for row in rows)
    return f'<table style="{TABLE}">{f"<thead><tr>{head}</tr></thead>" if names else ""}<tbody>{body}</tbody></table>'


def _cell(text: str) -> str:
    number = text[:1].isdigit() or text[:2].lstrip("-")[:1].isdigit()
    return f'<td style="{CELL.format(align="right" if number else "left")}">{html.escape(text)}</td>'


def fields_text(result: Result) -> str:
    """A result for the shell: one line for each field, whole, so that links can be copied."""
    pairs = fields(result)
    width = max((len(name) for name, _ in pairs), default=0)
    return "\n".join(f"{name.ljust(width)}  {text}" for name, text in pairs)


def table_text(names: tuple[str, ...], rows: list[list[str]]) -> str:
    """A table in plain text, columns aligned, long cells cut at 48 characters."""
    shown = [[printable(text) for text in row] for row in ([list(names), *rows] if names else rows)]
    cut = [[text if len(text) <= 48 else text[:47] + "…" for text in row] for row in shown]
    widths = [max(len(row[i]) for row in cut) for i in range(len(cut[0]))] if cut else []
    return "\n".join(
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in cut
    )


def text_of(result: Any) -> str:
    """Any verb's result for the shell."""
    from lakebook.catalog.models import DataProfile
    from lakebook.profile_display import profile_text
    from lakebook.verb import Listing, wire

    if isinstance(result, DataProfile):
        return profile_text(result)
    if isinstance(result, Listing):
        if not result.items:
            return "Nothing here yet."
        names = columns_of(result.items[0])
        return table_text(names, [[said(getattr(item, name)) for name in names] for item in result.items])
    if hasattr(result, "text"):
        return str(result.text())
    return fields_text(wire(result))
