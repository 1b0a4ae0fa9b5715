"""The verbs over runs: a notebook executed with parameters, and what became of it."""

from __future__ import annotations

from typing import Any

from lakebook.call import Call
from lakebook.errors import JobCancelled, LakebookError, LeaseLost
from lakebook.ids import new_id
from lakebook.notebooks import source
from lakebook.notebooks.execute import Work, execute
from lakebook.pipelines import store
from lakebook.pipelines.models import Run, RunIdRequest, RunRequest, RunsRequest
from lakebook.verb import Listing


def prepare(call: Call, request: RunRequest) -> dict[str, Any]:
    """Refuse at once a notebook that is not there, or a parameter that it does not take."""
    notebook = source.find(call.folder, request.notebook)
    source.check_parameters(notebook, request.parameters)
    request.notebook = str(notebook)
    return {"title": notebook.name, "notebook": str(notebook)}


def run(call: Call, request: RunRequest) -> Run:
    """Execute the notebook; raises NotebookFailed with cell and error, the executed notebook is kept."""
    run_id = call.job.job_id if call.job else new_id()
    notebook = (call.folder / request.notebook).absolute()
    output = call.runtime.settings.folder("runs") / run_id / notebook.name
    done = store.begin(call, run_id, request, output)
    if done is not None:
        return done
    try:
        source.find(notebook.parent, notebook.name)
        source.check_parameters(notebook, request.parameters)
        executed = execute(call, Work(notebook, output, request.parameters, run_id, request.time_limit))
    except LeaseLost:
        raise
    except JobCancelled:
        store.end(call, run_id, "cancelled", error="The run was cancelled.")
        raise
    except LakebookError as error:
        store.end(call, run_id, "failed", error=error.message)
        raise
    failure = executed.failure()
    if failure is not None:
        store.end(call, run_id, "failed", failed_cell=executed.failed_cell, error=executed.error)
        raise failure
    return store.end(call, run_id, "completed")


def list_runs(call: Call, request: RunsRequest) -> Listing[Run]:
    """The runs, newest first."""
    return Listing[Run](items=store.newest(call.runtime, request.limit))


def show_run(call: Call, request: RunIdRequest) -> Run:
    """One run as it stands."""
    return store.show(call.runtime, request.run)
