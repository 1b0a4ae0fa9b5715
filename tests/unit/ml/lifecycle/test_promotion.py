"""Promotion: a champion's place is taken by proof on held-out rows, or by force with a reason, and audited."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from lakebook.call import Call
from lakebook.errors import Conflict, InvalidRequest
from lakebook.ml.lifecycle.promotion import archive, compare_versions, promote
from lakebook.ml.lifecycle.records import ArchiveRequest, CompareRequest, PromoteRequest
from lakebook.ml.model_version import Feature, SplitFacts
from lakebook.runtime import Runtime
from tests.unit.ml.lifecycle.made_models import Register, fresh, mostly, right, things


def newest_audit(runtime: Runtime) -> tuple[str, dict[str, object]]:
    entry = runtime.audit.entries(1)[0]
    return entry["action"], entry["details"]


def test_a_better_version_takes_the_place(call: Call, register: Register, runtime: Runtime) -> None:
    name = fresh("rising")
    register(name, mostly)
    register(name, right)
    done = promote(call, PromoteRequest(model=f"{name}@2"))
    assert done.model.aliases == ["candidate", "champion"]
    assert (done.to, done.replaced) == ("champion", f"{name}@1")
    assert done.comparison is not None
    assert done.comparison.better == f"{name}@2"
    assert done.comparison.difference_interval[0] > 0
    assert done.words.startswith(f"{name}@2 is the champion in place of {name}@1. {name}@2 is better: accuracy 1")
    assert done.text() == done.words
    assert runtime.models.get(name).version == 2
    assert newest_audit(runtime) == (
        "models.promote",
        {"name": name, "version": 2, "to": "champion", "reason": None, "replaced": 1, "forced": False,
         "difference": done.comparison.difference},
    )  # fmt: skip
    stages = [(edge["source_kind"], edge["source"]) for edge in runtime.catalog.lineage(done.model.model_id)]
    assert stages == [("deploy", f"champion of {name} in place of version 1")]


def test_a_version_that_is_not_better_stays(call: Call, register: Register, runtime: Runtime) -> None:
    name = fresh("equal")
    register(name, right)
    register(name, right)
    with pytest.raises(Conflict, match=r"is not shown to be better than the champion\. Neither is better") as refused:
        promote(call, PromoteRequest(model=f"{name}@candidate"))
    assert "--force --reason" in refused.value.hint
    assert refused.value.details["comparison"]["rows"] == 200
    assert runtime.models.get(name).version == 1


def test_a_worse_version_is_said_to_be_worse(call: Call, register: Register) -> None:
    name = fresh("falling")
    register(name, right)
    register(name, mostly)
    with pytest.raises(Conflict, match=f"{name}@1 is better: accuracy 0"):
        promote(call, PromoteRequest(model=f"{name}@2"))


def test_force_needs_a_reason_and_is_audited(call: Call, register: Register, runtime: Runtime) -> None:
    name = fresh("forced")
    register(name, right)
    register(name, mostly)
    with pytest.raises(InvalidRequest, match="Force needs a reason") as refused:
        promote(call, PromoteRequest(model=f"{name}@2", force=True))
    assert "--reason" in refused.value.hint
    done = promote(call, PromoteRequest(model=f"{name}@2", force=True, reason="explains itself better"))
    assert done.comparison is None
    assert done.words.endswith("By force: explains itself better")
    details = newest_audit(runtime)[1]
    assert (details["forced"], details["reason"], details["difference"]) == (True, "explains itself better", None)


def test_without_held_out_rows_only_force_promotes(call: Call, register: Register) -> None:
    name = fresh("old")
    register(name)
    register(name, held_out=None)
    with pytest.raises(Conflict, match=r"cannot be shown to be better.*No held-out rows were kept"):
        promote(call, PromoteRequest(model=f"{name}@2"))


def test_a_shadow_needs_no_proof_and_archived_ones_come_back_as_shadows(call: Call, register: Register) -> None:
    name = fresh("aside")
    for _ in range(3):
        register(name)
    assert promote(call, PromoteRequest(model=f"{name}@2", to="shadow")).model.aliases == ["shadow"]
    gone = promote(call, PromoteRequest(model=f"{name}@2", to="archived"))
    assert gone.words == f"{name}@2 is archived: it is kept, but predicts no more."
    assert gone.model.aliases == ["archived"]
    with pytest.raises(Conflict, match="archived already"):
        archive(call, ArchiveRequest(model=f"{name}@2"))
    assert promote(call, PromoteRequest(model=f"{name}@2", to="shadow")).words == f"{name}@2 is the shadow now."


def test_the_champion_leaves_only_for_another(call: Call, register: Register) -> None:
    name = fresh("alone")
    register(name)
    for request in (PromoteRequest(model=name, to="archived"), PromoteRequest(model=name, to="shadow")):
        with pytest.raises(Conflict, match="is the champion: it answers for") as refused:
            promote(call, request)
        assert "Promote another version first" in refused.value.hint
    with pytest.raises(Conflict, match="is the champion already"):
        promote(call, PromoteRequest(model=name))


def test_archiving_says_why_and_is_audited(call: Call, register: Register, runtime: Runtime) -> None:
    name = fresh("retired")
    register(name)
    register(name)
    archive(call, ArchiveRequest(model=f"{name}@2", reason="learned from wrong rows"))
    assert newest_audit(runtime) == (
        "models.archive",
        {"name": name, "version": 2, "to": "archived", "reason": "learned from wrong rows"},
    )
    with pytest.raises(Conflict, match="is archived and predicts no more") as refused:
        runtime.models.serving(f"{name}@2")
    assert f"{name}@champion" in refused.value.hint


def test_any_two_versions_compare_on_the_newer_ones_rows(call: Call, register: Register) -> None:
    name = fresh("pair")
    register(name, right)
    register(name, mostly, held_out=things(rows=120, seed=9))
    found = compare_versions(call, CompareRequest(model=f"{name}@1", other=f"{name}@2"))
    assert (found.rows, found.metric, found.rows_from) == (120, "accuracy", f"the rows held out from {name}@2")
    assert found.better == f"{name}@1"
    assert found.first.score == 1.0
    assert found.first.score_interval[1] == 1.0
    assert found.difference == pytest.approx(found.second.score - 1.0)
    assert found.difference_interval[0] <= found.difference <= found.difference_interval[1] < 0
    assert found.notes == []
    again = compare_versions(call, CompareRequest(model=f"{name}@2", other=f"{name}@1"))
    assert again.rows_from == found.rows_from
    assert again.difference == pytest.approx(-found.difference)


def test_what_may_flatter_the_older_is_said(call: Call, register: Register) -> None:
    name = fresh("apart")
    register(name, right, dataset_id="other")
    register(name, right)
    register(name, right, split=SplitFacts(kind="time", column="day"))
    first = compare_versions(call, CompareRequest(model=f"{name}@1", other=f"{name}@2"))
    assert first.notes == [f"{name}@1 learned from another table, which may hold some of these rows."]
    second = compare_versions(call, CompareRequest(model=f"{name}@2", other=f"{name}@3"))
    assert "was split otherwise" in second.notes[0]
    assert second.text().endswith(second.notes[0])


def test_regressions_compare_by_their_error(call: Call, register: Register) -> None:
    name = fresh("amounts")
    numbers: dict[str, Any] = {"problem_type": "regression", "problem_kind": "regression", "classes": [],
                                       "positive_class": None, "target_column": "size"}  # fmt: skip
    register(name, lambda _row: 1.0, **numbers)
    register(name, lambda row: row["size"] * 0.9, **numbers)
    found = compare_versions(call, CompareRequest(model=f"{name}@1", other=f"{name}@2"))
    assert found.metric == "rmse"
    assert found.better == f"{name}@2"
    assert found.difference > 0
    assert found.second.score < found.first.score


def test_versions_that_answer_other_questions_are_not_compared(call: Call, register: Register) -> None:
    name = fresh("asked")
    register(name)
    register(name, target_column="weight")
    with pytest.raises(Conflict, match="they answer different questions"):
        compare_versions(call, CompareRequest(model=f"{name}@1", other=f"{name}@2"))
    with pytest.raises(InvalidRequest, match="was named twice"):
        compare_versions(call, CompareRequest(model=f"{name}@1", other=f"{name}@champion"))


def test_rows_that_lack_a_column_or_every_outcome_are_refused(call: Call, register: Register) -> None:
    name = fresh("narrow")
    register(name)
    empty = things().set_column(2, "answer", pa.nulls(200, pa.string()))
    register(name, held_out=empty)
    register(name, held_out=things().drop_columns(["answer"]))
    wider = [Feature(name="size", type="number"), Feature(name="weight", type="number")]
    register(name, features=wider, held_out=None)
    with pytest.raises(InvalidRequest, match="'answer' is empty in every row"):
        compare_versions(call, CompareRequest(model=f"{name}@1", other=f"{name}@2"))
    with pytest.raises(InvalidRequest, match="There is no column 'answer' in the rows held out"):
        compare_versions(call, CompareRequest(model=f"{name}@1", other=f"{name}@3"))
    with pytest.raises(Conflict, match="No held-out rows were kept"):
        compare_versions(call, CompareRequest(model=f"{name}@1", other=f"{name}@4"))
    register(name)
    with pytest.raises(InvalidRequest, match=f"{name}@4 reads weight, which the rows held out from {name}@5 do not"):
        compare_versions(call, CompareRequest(model=f"{name}@4", other=f"{name}@5"))


def test_a_champion_that_changed_meanwhile_is_not_replaced(register: Register, runtime: Runtime) -> None:
    name = fresh("race")
    first, second, third = (register(name) for _ in range(3))
    runtime.models.move(second.model_id, "champion", champion=first.model_id)
    with pytest.raises(Conflict, match=f"{name}@2 has become the champion meanwhile"):
        runtime.models.move(third.model_id, "champion", champion=first.model_id)
    assert runtime.models.get(name).version == 2
