"""What a stored profile is shown with: fixes and example rows for its issues, changes since another version."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lakebook.call import Call
from lakebook.catalog.contracts import ignored_issues
from lakebook.catalog.models import DataProfile, ProfileChange
from lakebook.errors import NotFound


def without_ignored(call: Call, found: DataProfile) -> DataProfile:
    """The profile without the issues that were said to be no matter; their names are told."""
    ignored = set(ignored_issues(call.runtime.database, found.dataset_id))
    hidden = [issue.issue_id for issue in found.issues if issue.issue_id in ignored]
    shown = [issue for issue in found.issues if issue.issue_id not in ignored]
    return found.model_copy(update={"issues": shown, "ignored": hidden}) if hidden else found


def with_fixes(call: Call, layer: str, found: DataProfile) -> DataProfile:
    """The profile with the cell that mends each issue, over the table's present name."""
    table = found.name if layer == "bronze" else f"{layer}.{found.name}"
    return _told(found, "fix", call.runtime.fixes_of(found.model_dump(), table))


def with_examples(call: Call, found: DataProfile, files: Sequence[str]) -> DataProfile:
    """The profile with up to three rows of these files for each issue."""
    return _told(found, "examples", call.runtime.examples_of(found.model_dump(), files))


def with_changes(call: Call, found: DataProfile, against: int) -> DataProfile:
    """The profile with what changed since the version `against`; NotFound where there is no such version."""
    known = sorted(row["version"] for row in call.runtime.catalog.versions(found.dataset_id))
    if against not in known:
        raise NotFound(f"{found.name!r} has no version {against}.", hint=f"It has: {', '.join(map(str, known))}.")
    before = call.runtime.catalog.profile(found.dataset_id, against)
    changes = call.runtime.changes_of(before.model_dump(), found.model_dump())
    said = [ProfileChange.model_validate(change) for change in changes]
    return found.model_copy(update={"against": against, "changes": said})


def _told(found: DataProfile, what: str, given: Sequence[Any]) -> DataProfile:
    issues = [issue.model_copy(update={what: one}) for issue, one in zip(found.issues, given, strict=True)]
    return found.model_copy(update={"issues": issues})
