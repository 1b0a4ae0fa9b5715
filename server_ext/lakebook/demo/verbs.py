"""The verb demo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lakebook.demo.make import make_demo
from lakebook.demo.models import DemoRequest, DemoResult

if TYPE_CHECKING:
    from lakebook.call import Call


def demo(call: Call, request: DemoRequest) -> DemoResult:
    """Fill a folder with the demo, relative to where the call comes from."""
    made = make_demo(
        call.folder / request.folder,
        lines=request.lines,
        seed=request.seed,
        if_absent=request.if_absent,
        force=request.force,
    )
    call.audit("demo", f"folder:{made.folder}", files=len(made.files))
    return made
