"""Moving a version to its next stage: the champion must be better on rows that neither learned from, or be forced."""

from __future__ import annotations

from lakebook.call import Call
from lakebook.errors import Conflict, InvalidRequest
from lakebook.ml.lifecycle import lineage
from lakebook.ml.lifecycle.comparison import compare, said
from lakebook.ml.lifecycle.records import ArchiveRequest, CompareRequest, Comparison, PromoteRequest, Promotion
from lakebook.ml.lifecycle.stages import Stage, check_move
from lakebook.ml.model_version import ModelVersion


def promote(call: Call, request: PromoteRequest) -> Promotion:
    """Move a version; a champion's place is taken only by proof on held-out rows, or by force with a reason."""
    models = call.runtime.models
    model = models.get(request.model)
    check_move(model.name, model.version, model.aliases, request.to)
    if request.to == "archived":
        return _archived(call, model, request.reason)
    if request.force and not request.reason:
        raise InvalidRequest("Force needs a reason.", hint='Say why: `--force --reason "…"`.')
    standing = models.get(model.name)
    comparison = None
    if request.to == "champion" and not request.force:
        comparison = _proof(call, model, standing)
    moved = models.move(model.model_id, request.to, champion=standing.model_id)
    words = f"{said(moved)} is the {request.to} now."
    if request.to == "champion":
        words = f"{said(moved)} is the champion in place of {said(standing)}. {_why(comparison, request.reason)}"
        lineage.deployed(call, moved, standing)
    _audit(call, moved, request.to, request.reason, standing, comparison)
    replaced = said(standing) if request.to == "champion" else None
    return Promotion(model=moved, to=request.to, replaced=replaced, comparison=comparison, words=words)


def archive(call: Call, request: ArchiveRequest) -> Promotion:
    """Put a version away: it is kept, but predicts no more."""
    model = call.runtime.models.get(request.model)
    check_move(model.name, model.version, model.aliases, "archived")
    return _archived(call, model, request.reason)


def compare_versions(call: Call, request: CompareRequest) -> Comparison:
    """Two versions on the same rows, in words and numbers."""
    models = call.runtime.models
    return compare(call, models.get(request.model), models.get(request.other), request.dataset)


def _archived(call: Call, model: ModelVersion, reason: str | None) -> Promotion:
    route = call.runtime.routes.serving(model.model_id)
    if route is not None:
        raise Conflict(
            f"{said(model)} answers in the route of {route.name!r} and cannot be archived.",
            hint=f"End the route first: `models route {route.name} --stop`.",
        )
    moved = call.runtime.models.move(model.model_id, "archived")
    _audit(call, moved, "archived", reason)
    return Promotion(model=moved, to="archived", words=f"{said(moved)} is archived: it is kept, but predicts no more.")


def _proof(call: Call, model: ModelVersion, standing: ModelVersion) -> Comparison:
    """The comparison on the newcomer's held-out rows; Conflict unless the newcomer is better beyond chance."""
    force = f'`models promote {said(model)} --force --reason "…"`'
    try:
        found = compare(call, standing, model)
    except (Conflict, InvalidRequest) as error:
        raise Conflict(
            f"{said(model)} cannot be shown to be better than the champion: {error.message}",
            hint=f"Promote it by force: {force}.",
        ) from error
    if found.better == said(model):
        return found
    raise Conflict(
        f"{said(model)} is not shown to be better than the champion. {found.words}",
        hint=f"Let both answer in a test (`models route`), or promote it by force: {force}.",
        details={"comparison": found.model_dump(mode="json")},
    )


def _why(comparison: Comparison | None, reason: str | None) -> str:
    return comparison.words if comparison is not None else f"By force: {reason}"


def _audit(
    call: Call, model: ModelVersion, to: Stage, reason: str | None, standing: ModelVersion | None = None,
    comparison: Comparison | None = None,
) -> None:  # fmt: skip
    details = {"name": model.name, "version": model.version, "to": to, "reason": reason}
    if to == "champion" and standing is not None:
        details |= {
            "replaced": standing.version,
            "forced": comparison is None,
            "difference": None if comparison is None else comparison.difference,
        }
    call.audit("models.promote" if to != "archived" else "models.archive", f"model:{model.model_id}", **details)
