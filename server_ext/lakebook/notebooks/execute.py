"""Executes a notebook by papermill in a kernel of its own, and says what happened in it."""

from __future__ import annotations

import re
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from lakebook.errors import JobCancelled, LakebookError, NotebookFailed
from lakebook.notebooks import source
from lakebook.notebooks.kernels import Kernel, choose, environment

if TYPE_CHECKING:
    from lakebook.call import Call

LOOK_EVERY = 0.2
INTERRUPT_GRACE = 2.0
START_SECONDS = 60
ERROR_LENGTH = 500
INJECTED = "injected-parameters"
EXPECTED = "raises-exception"
ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


@dataclass(frozen=True)
class Work:
    """A notebook to execute: which, with what, where its executed form goes, how long it may take."""

    notebook: Path
    output: Path
    parameters: dict[str, Any]
    run_id: str
    time_limit: float
    share: float = 1.0


@dataclass
class Execution:
    """What happened: the executed cells, and the first that failed (counted from 1 as its author sees them)."""

    work: Work
    cells: list[dict[str, Any]]
    failed_cell: int | None = None
    error: str | None = None

    def failure(self) -> NotebookFailed | None:
        """The error to raise for it, or None where every cell did what it should."""
        if self.error is None:
            return None
        where = f" in cell {self.failed_cell}" if self.failed_cell else ""
        return NotebookFailed(
            f"{self.work.notebook.name} failed{where}: {self.error}",
            hint=None if self.failed_cell else "Run the notebook in the Lab to see why.",
            details={"run_id": self.work.run_id, "cell": self.failed_cell, "output": str(self.work.output)},
        )


def execute(call: Call, work: Work) -> Execution:
    """Execute the notebook; raises JobCancelled when cancelled, otherwise says what happened."""
    content = source.read(work.notebook)
    kernel_name = choose(content, _installed())
    work.output.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    sitting = Sitting(call, work, kernel_name, *_parameterized(content, work, kernel_name))
    call.report(0.0, "starting the kernel", cell=0, cells=len(sitting.numbers))
    env = environment(call.runtime, work.run_id)
    with Kernel(sitting.client, folder=work.notebook.parent, env=env) as kernel:
        guard = Guard(call, kernel, work.time_limit)
        guard.start()
        try:
            sitting.run()
        finally:
            guard.stop()
    if guard.reason == "cancelled":
        raise JobCancelled("The run was cancelled.")
    return sitting.outcome(late=guard.reason == "late")


class Sitting:
    """The cells of one notebook on their way through a kernel."""

    def __init__(self, call: Call, work: Work, kernel_name: str, notebook: Any, numbers: list[int]) -> None:
        from papermill.clientwrap import PapermillNotebookClient
        from papermill.engines import NotebookExecutionManager

        self.call, self.work, self.notebook, self.numbers = call, work, notebook, numbers
        self.cells = NotebookExecutionManager(notebook, output_path=str(work.output), progress_bar=False)
        self.client = PapermillNotebookClient(
            self.cells, kernel_name=kernel_name, startup_timeout=START_SECONDS, on_cell_start=self._starts
        )
        self.at: int | None = None
        self.broken: str | None = None

    def run(self) -> None:
        """Execute cell by cell; a kernel that dies or never answers is kept as what broke."""
        self.cells.notebook_start()
        try:
            self.client.execute(cleanup_kc=True)
        except RuntimeError:
            # The client's word for a kernel that is dead; a cell's own errors are in its outputs.
            self._broke("The kernel did not start." if self.at is None else "The kernel died.")
        finally:
            self.cells.notebook_complete()

    def outcome(self, *, late: bool) -> Execution:
        """What happened, read from the executed cells."""
        done = Execution(self.work, list(self.notebook.cells))
        failed = self._first_error()
        if late:
            seconds = f"{self.work.time_limit:g}"
            done.failed_cell, done.error = self._number(self.at), f"It took longer than its limit of {seconds} seconds."
        elif self.broken is not None:
            done.failed_cell, done.error = self._number(self.at), self.broken
        elif failed is not None:
            done.failed_cell, done.error = self._number(failed[0]), failed[1]
        elif not self.work.output.is_file():
            done.error = "The executed notebook was not written."
        return done

    def _starts(self, cell: Any, cell_index: int) -> None:
        self.at = cell_index
        number, total = self.numbers[cell_index], max(self.numbers)
        fraction = self.work.share * cell_index / max(1, len(self.numbers))
        self.call.report(fraction, f"cell {number} of {total}", cell=number, cells=total)

    def _number(self, index: int | None) -> int | None:
        return None if index is None else self.numbers[index]

    def _broke(self, what: str) -> None:
        from nbformat.v4 import new_output

        self.broken = what
        if self.at is not None:
            cell = self.notebook.cells[self.at]
            self.cells.cell_exception(cell, cell_index=self.at)
            cell.outputs.append(new_output("error", ename="DeadKernelError", evalue=what, traceback=[what]))

    def _first_error(self) -> tuple[int, str] | None:
        for index, cell in enumerate(self.notebook.cells):
            if EXPECTED in cell.metadata.get("tags", []):
                continue
            for output in cell.get("outputs", []):
                if output.output_type == "error" and not _left_on_purpose(output):
                    return index, _said(output)
        return None


class Guard(threading.Thread):
    """Stops the kernel when the run is cancelled or over its time: first by an interrupt, then for good."""

    def __init__(self, call: Call, kernel: Kernel, time_limit: float) -> None:
        super().__init__(name="notebook-guard", daemon=True)
        self.call, self.kernel = call, kernel
        self.deadline = time.monotonic() + time_limit
        self.reason: Literal["cancelled", "late"] | None = None
        self.ended = threading.Event()

    def run(self) -> None:
        """Look every fifth of a second."""
        while not self.ended.wait(LOOK_EVERY):
            self.reason = self._look()
            if self.reason is not None:
                self.kernel.interrupt()
                if not self.ended.wait(INTERRUPT_GRACE):
                    self.kernel.kill()
                return

    def stop(self) -> None:
        """The notebook has ended by itself, or by this."""
        self.ended.set()
        self.join()

    def _look(self) -> Literal["cancelled", "late"] | None:
        if time.monotonic() > self.deadline:
            return "late"
        try:
            return "cancelled" if self.call.is_cancelled() else None
        except LakebookError:
            # The metadata does not answer just now: nobody has said that the run should stop.
            return None


def _installed() -> frozenset[str]:
    """Names of the kernels on this machine, as papermill's own client finds them."""
    from nbformat.v4 import new_notebook
    from papermill.clientwrap import PapermillNotebookClient
    from papermill.engines import NotebookExecutionManager

    client = PapermillNotebookClient(NotebookExecutionManager(new_notebook(), progress_bar=False))
    return frozenset(client.create_kernel_manager().kernel_spec_manager.find_kernel_specs())


def _parameterized(content: dict[str, Any], work: Work, kernel_name: str) -> tuple[Any, list[int]]:
    """The notebook with its parameters put in, and for each of its cells the number its author knows it by."""
    import json

    from papermill.iorw import load_notebook_node
    from papermill.parameterize import parameterize_notebook

    notebook = load_notebook_node(str(work.notebook))
    if not work.parameters:
        return notebook, list(range(1, len(notebook.cells) + 1))
    before = len(notebook.cells)
    language = None if not source.is_python(content) else "python"
    parameters = json.loads(json.dumps(work.parameters))
    notebook = parameterize_notebook(notebook, parameters, kernel_name=kernel_name, language=language)
    if len(notebook.cells) == before:
        return notebook, list(range(1, before + 1))
    put_in = next(i for i, cell in enumerate(notebook.cells) if INJECTED in cell.metadata.get("tags", []))
    return notebook, [i + 1 if i < put_in else max(1, i) for i in range(before + 1)]


def _left_on_purpose(output: Any) -> bool:
    return output.ename == "SystemExit" and output.evalue in ("", "0", "None")


def _said(output: Any) -> str:
    lines = ANSI.sub("", str(output.evalue)).strip().splitlines()
    said = f"{output.ename}: {lines[0]}" if lines else str(output.ename)
    return said if len(said) <= ERROR_LENGTH else f"{said[: ERROR_LENGTH - 1]}…"
