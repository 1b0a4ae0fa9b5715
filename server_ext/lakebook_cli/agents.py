"""`lakebook mcp`: the agents' face over standard input and output."""

from __future__ import annotations

from argparse import Namespace
from contextlib import suppress

from lakebook.arguments import Parser
from lakebook.errors import MissingExtra
from lakebook.verb import Action
from lakebook_cli.ending import ended

ACTIONS: tuple[Action, ...] = ("read", "write", "execute")


def main(words: list[str]) -> int:
    """Serve until the input ends; 1 for a refusal, 2 for wrong use."""
    return ended(lambda: parser().parse_args(words), _carry_out)


def _carry_out(options: Namespace) -> int:
    with suppress(KeyboardInterrupt):  # whoever started it ends it so
        _serve(options.url or options.home, frozenset(("read", *options.allow)))
    return 0


def parser() -> Parser:
    """The words that `lakebook mcp` takes."""
    made = Parser(prog="lakebook mcp", description="Serve agents over standard input and output.")
    made.add_argument("--home", default=None, help="Folder that holds everything lakebook keeps.")
    made.add_argument("--url", default=None, help="Address of a lakebook server to ask instead.")
    made.add_argument(
        "--allow", action="append", default=[], choices=ACTIONS[1:], help="What agents may do besides reading."
    )
    return made


def _serve(address: str | None, allowed: frozenset[Action]) -> None:
    try:
        from lakebook_mcp.stdio import serve
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("mcp"):
            raise MissingExtra.named("The library for agents", "mcp") from error
        raise
    serve(address, allowed)
