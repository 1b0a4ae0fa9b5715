"""How every command ends: exit status 0, 1 for a refusal, 2 for wrong use; an error is one line, or JSON."""

from __future__ import annotations

import json
import logging
import os
import sys
from argparse import Namespace
from collections.abc import Callable

from lakebook.arguments import WrongUse
from lakebook.errors import LakebookError
from lakebook.jobs.child import broken

REFUSED, WRONG_USE, INTERRUPTED = 1, 2, 130


def ended(read: Callable[[], Namespace], carry_out: Callable[[Namespace], int]) -> int:
    """The exit status of a command: its words are read, then carried out."""
    try:
        options = read()
    except WrongUse as error:
        print(f"lakebook: {error}\n{error.usage}", file=sys.stderr)
        return WRONG_USE
    as_json = bool(getattr(options, "json", False))
    try:
        return carry_out(options)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except LakebookError as error:
        return refused(error, as_json=as_json)
    except Exception as error:
        logging.getLogger("lakebook.cli").critical("the command broke", exc_info=True)
        return refused(broken(error), as_json=as_json)
    except KeyboardInterrupt:
        print("lakebook: interrupted; the job was cancelled", file=sys.stderr)
        return INTERRUPTED


def refused(error: LakebookError, *, as_json: bool) -> int:
    """Say why something was not done, in one line or as JSON; the exit status for it."""
    if as_json:
        print(json.dumps({"error": error.to_dict()}, ensure_ascii=False))
    else:
        print(f"lakebook: {error}", file=sys.stderr)
    return REFUSED
