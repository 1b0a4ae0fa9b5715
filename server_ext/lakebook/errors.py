"""The one tree of errors: each class knows its code, its HTTP status and what to do next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, ClassVar


class LakebookError(Exception):
    """Anything lakebook refuses or cannot do, said in one sentence with a hint."""

    code: ClassVar[str] = "internal"
    status: ClassVar[int] = 500
    default_hint: ClassVar[str] = "Run `lakebook doctor`; if it finds nothing, report the request id."

    def __init__(self, message: str, *, hint: str | None = None, details: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = self.default_hint if hint is None else hint
        self.details = details or {}

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()

    def to_dict(self) -> dict[str, Any]:
        """The error as plain data: code, message, hint and details."""
        return {"code": self.code, "message": self.message, "hint": self.hint, "details": self.details}


class InvalidRequest(LakebookError):
    """The request does not fit what the verb takes."""

    code, status, default_hint = "invalid_request", 400, "See the verb's help for what it takes."


class Unauthorized(LakebookError):
    """Nobody is named by the request."""

    code, status, default_hint = "unauthorized", 401, "Log in, or send a token."


class Forbidden(LakebookError):
    """The principal may not do this."""

    code, status, default_hint = "forbidden", 403, "Ask an administrator of this server."


class NotFound(LakebookError):
    """Nothing has this id or name; the nearest name is said."""

    code, status, default_hint = "not_found", 404, "List what is there first."

    @classmethod
    def named(cls, kind: str, name: str, known: Iterable[str] = ()) -> NotFound:
        """The error for a missing thing of this kind, with the nearest known name as hint."""
        nearest = nearest_name(name, known)
        hint = f"Did you mean {nearest!r}?" if nearest else f"There is no {kind} of a like name; list them first."
        return cls(f"No {kind} is called {name!r}.", hint=hint, details={"name": name, "nearest": nearest})


class Gone(NotFound):
    """It was here, but its time is over."""

    code, status, default_hint = "gone", 410, "Start it again."


class MethodNotAllowed(LakebookError):
    """The address exists but does not take this method."""

    code, status, default_hint = "method_not_allowed", 405, "See the OpenAPI document for the methods it takes."


class Conflict(LakebookError):
    """The state of the thing does not allow this now."""

    code, status, default_hint = "conflict", 409, "Look at its present state and try again."


class NameTaken(Conflict):
    """Another thing of this kind has the name."""

    code, default_hint = "name_taken", "Choose another name, or add `--mode replace` to put this in its place."


class LeaseLost(Conflict):
    """Another worker has taken the job over; this one may not commit."""

    code, default_hint = "lease_lost", "Nothing to do: the other worker finishes the job."


class JobCancelled(Conflict):
    """The job was cancelled before it finished."""

    code, default_hint = "cancelled", "Start it again when you want its result."


class PayloadTooLarge(LakebookError):
    """The body is larger than this server takes."""

    code, status = "payload_too_large", 413
    default_hint = "Send less, or raise `LAKEBOOK_MAX_UPLOAD_BYTES`."


class WrongVersion(LakebookError):
    """The client speaks another version of the protocol than this server."""

    code, status, default_hint = "wrong_version", 412, "Ask with OPTIONS which versions this server speaks."


class WrongMedia(LakebookError):
    """The body's media type is not the one that this address takes."""

    code, status, default_hint = "wrong_media", 415, "See the OpenAPI document for the types it takes."


class ChecksumMismatch(LakebookError):
    """The bytes that came are not those that were sent; they were not kept."""

    code, status, default_hint = "checksum_mismatch", 460, "Send the same bytes again."


class BadFile(LakebookError):
    """The file cannot be read as the table it claims to be."""

    code, status, default_hint = "bad_file", 422, "Look at the file, or name its format with `--format`."


class SchemaRefused(LakebookError):
    """The columns are not those that the table has, or may come to have."""

    code, status = "schema_refused", 422
    default_hint = "Load it with `--schema evolve`, or set the rows that do not fit aside with `--schema quarantine`."


class ContractBroken(LakebookError):
    """The rows break rules that the table's contract holds them to; nothing was loaded."""

    code, status = "contract_broken", 422
    default_hint = "Mend the source, or drop the rule with `lakebook contracts drop`."


class BadModel(LakebookError):
    """The semantic model has faults; `details["faults"]` says each with its line."""

    code, status, default_hint = "bad_model", 422, "Mend the lines named, then load it again."


class BadTarget(LakebookError):
    """The target column cannot be learned from these rows."""

    code, status, default_hint = "bad_target", 422, "Choose another target column."


@dataclass(frozen=True)
class Reason:
    """Why a statement is refused: a sentence, and where (line and column count from 1)."""

    message: str
    line: int | None = None
    column: int | None = None


class RefusedStatement(LakebookError):
    """The guard does not let this SQL run."""

    code, status = "refused_statement", 422
    default_hint = "Write one SELECT over your own tables."

    def __init__(self, reasons: list[Reason], *, hint: str | None = None) -> None:
        self.reasons = reasons
        super().__init__(
            " ".join(reason.message for reason in reasons) or "This statement is refused.",
            hint=hint,
            details={"reasons": [asdict(reason) for reason in reasons]},
        )


class NotConnected(LakebookError):
    """Tables that a question speaks of have nothing that ties their rows together."""

    code, status = "not_connected", 422
    default_hint = "Name the relationship in a semantic model: `lakebook semantics load FILE`."


class SeveralWays(LakebookError):
    """Tables of a question hang together in more than one way; `details["ways"]` says them in words."""

    code, status, default_hint = "several_ways", 422, "Say which of the ways is meant."


class QueryFailed(LakebookError):
    """The engine could not answer the statement."""

    code, status, default_hint = "query_failed", 422, "Check the statement against the table's columns and types."


class QueryTimedOut(QueryFailed):
    """The statement ran past its time limit and was stopped."""

    code, status, default_hint = "query_timed_out", 504, "Ask for less: add a filter, or group more coarsely."


class QueryMemoryExceeded(QueryFailed):
    """The statement needed more memory than it may have and was stopped."""

    code, status, default_hint = "query_memory_exceeded", 507, "Ask for less: add a filter, or group more coarsely."


class QueryCancelled(QueryFailed):
    """The statement was cancelled and its process stopped."""

    code, status, default_hint = "query_cancelled", 409, "Ask again when you want its result."


class ModelTampered(LakebookError):
    """The model's files are not those that lakebook wrote; they are not loaded."""

    code, status, default_hint = "model_tampered", 409, "Train the model again."


class ModelFailed(LakebookError):
    """The model's process ended or took too long before it had answered."""

    code, status = "model_failed", 503
    default_hint = "Try again with fewer rows; if it fails again, train the model again."


class JobMemoryExceeded(LakebookError):
    """The job needed more memory than one may have and was stopped."""

    code, status = "job_memory_exceeded", 507
    default_hint = "Do it in smaller parts, or raise `LAKEBOOK_JOB_MEMORY_BYTES` where the machine has more."


class JobTimedOut(LakebookError):
    """The job took longer than one may take and was stopped."""

    code, status, default_hint = "job_timed_out", 504, "Do it in smaller parts, or raise `LAKEBOOK_JOB_SECONDS`."


class NotebookFailed(LakebookError):
    """A cell of the notebook raised an error; the executed notebook is kept."""

    code, status, default_hint = "notebook_failed", 422, "Open the executed notebook at the named cell."


class WorkerDied(LakebookError):
    """The job's process died time after time, without a word."""

    code, status = "worker_died", 503
    default_hint = "Close other programs or use a smaller file, then retry."


class MissingExtra(LakebookError):
    """An optional part is not installed."""

    code, status, default_hint = "missing_extra", 501, ""

    @classmethod
    def named(cls, what: str, extra: str) -> MissingExtra:
        """The error for a missing optional part, with the command that installs it."""
        return cls(f"{what} is not installed.", hint=f"Install it with `pip install 'lakebook[{extra}]'`.")


class Unavailable(LakebookError):
    """A service that lakebook was told to use does not answer."""

    code, status, default_hint = "unavailable", 503, "Check that it runs and that its address is right."


class TooBusy(LakebookError):
    """More is asked at this moment than can wait."""

    code, status, default_hint = "too_busy", 429, "Try again in a second."


class DiskFull(LakebookError):
    """There is no room left where lakebook writes."""

    code, status, default_hint = "disk_full", 507, "Free some space on the disk that holds the home, then retry."


class HomeUnusable(LakebookError):
    """The home folder cannot be used as it is."""

    code, status, default_hint = "home_unusable", 500, "Choose another folder with `--home`."


def nearest_name(name: str, known: Iterable[str]) -> str | None:
    """The known name most like this one, or None where none is alike."""
    from rapidfuzz import fuzz, process

    folded = {candidate.casefold(): candidate for candidate in known}
    found = process.extractOne(name.casefold(), list(folded), scorer=fuzz.ratio, score_cutoff=55)
    return folded[found[0]] if found else None
