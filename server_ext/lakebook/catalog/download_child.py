"""A download in a process of its own: the plan comes on standard input, the file goes to standard output.

So that a server's threads stay free; it ends when nobody reads. A refusal goes to standard error, as JSON.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from dataclasses import asdict
from pathlib import Path

from lakebook.catalog.download import Plan, write
from lakebook.errors import LakebookError

REFUSED = 3


def command() -> list[str]:
    """The words that start the process."""
    return [sys.executable, "-m", "lakebook.catalog.download_child"]


def order(plan: Plan, temporary: Path) -> bytes:
    """What the process reads."""
    return json.dumps({"plan": asdict(plan), "temporary": str(temporary)}).encode()


def main() -> int:
    """Write the file; 0 when all of it was written."""
    # Ended from outside, it still takes away what it keeps on the way.
    signal.signal(signal.SIGTERM, lambda *_signal: sys.exit(REFUSED))
    told = json.loads(sys.stdin.buffer.read())
    try:
        write(Plan(**told["plan"]), sys.stdout.buffer, Path(told["temporary"]))
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return REFUSED
    except LakebookError as error:
        sys.stderr.write(json.dumps(error.to_dict()))
        return REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main())
