"""How far today's rows are from those that a model learned from: the stability index of each column, in words."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import timedelta
from statistics import NormalDist
from typing import TYPE_CHECKING

from lakebook.errors import Conflict, NotFound
from lakebook.ids import now, rfc3339
from lakebook.ml.lifecycle.comparison import dataset_rows, said
from lakebook.ml.lifecycle.drift_chart import chart_of
from lakebook.ml.lifecycle.records import ColumnDrift, Drift, DriftDay, DriftRequest
from lakebook.ml.lifecycle.spreads import (
    ANSWER,
    FEATURE,
    SCORE,
    Spreads,
    added,
    count_rows,
    numbers,
    parts,
    profile_for,
)
from lakebook.ml.lifecycle.unrecorded import ask
from lakebook.ml.training_profile import Spread

if TYPE_CHECKING:
    from lakebook.call import Call
    from lakebook.ml.model_version import ModelVersion
    from lakebook.ml.training_profile import TrainingProfile

MOVING, DRIFTED = 0.1, 0.25
# Rows of the training itself are called drifted in one case of a hundred, over all columns together.
CHANCE = 0.01
FEWEST_ROWS = 30
NAMED = 3


def show_drift(call: Call, request: DriftRequest) -> Drift:
    """How the rows of a table, or those that a model was asked lately, differ from its training's."""
    model = call.runtime.models.get(request.model)
    profile = profile_for(call.runtime.models, model)
    if profile is None:
        raise Conflict(
            f"{said(model)} has no profile of its training: an older lakebook trained it.", hint="Train it again."
        )
    if request.dataset is not None:
        counts, rows = _of_dataset(call, model, profile, request.dataset)
        return drift_of(model, profile, counts, rows, f"rows of {request.dataset}")
    days = _days(call, model, request.days)
    rows = sum(count for count, _ in days.values())
    if not rows:
        raise NotFound(
            f"{said(model)} was asked nothing in the last {request.days} days.",
            hint=f"Hold a table against its training: `models drift {said(model)} --dataset …`.",
        )
    counts = {}
    for _, found in days.values():
        counts = added(found, counts)
    return drift_of(model, profile, counts, rows, f"rows asked in the last {request.days} days", days)


def drift_of(
    model: ModelVersion, profile: TrainingProfile, counts: Spreads, rows: int, rows_from: str,
    days: Mapping[str, tuple[int, Spreads]] | None = None,
) -> Drift:  # fmt: skip
    """The drift of counted rows; `days` hold each day's rows and counts, where they were counted so."""
    spreads = parts(profile)
    if model.problem_type == "classification":
        # The profile counts classes by their code; people know them by their label.
        labels = [str(label) for label in model.classes]
        spreads[ANSWER] = spreads[ANSWER].model_copy(update={"categories": labels})
    measured = {key: _column(spread, counts[key], len(spreads)) for key, spread in spreads.items() if key in counts}
    columns = sorted(
        (one for key, one in measured.items() if key.startswith(FEATURE)), key=lambda one: one.psi, reverse=True
    )
    answer, confidence = measured[ANSWER], measured.get(SCORE)
    by_day = [_day(spreads, day, count, found) for day, (count, found) in sorted((days or {}).items())]
    enough = rows >= FEWEST_ROWS
    drifted = [one for one in [answer, *columns] if one.verdict == "drifted"]
    return Drift(
        reference=said(model), model_id=model.model_id, rows_from=rows_from, rows=rows, columns=columns, answer=answer,
        confidence=confidence, days=by_day, should_retrain=enough and bool(drifted),
        words=_words(said(model), rows, rows_from, columns, answer),
        chart=chart_of(said(model), columns, answer, by_day) if enough else None,
    )  # fmt: skip


def stability_index(before: Sequence[int], after: Sequence[int]) -> float:
    """The population stability index of two counts over the same bins; half a row more in each keeps it finite."""
    total_before, total_after = sum(before) + len(before) / 2, sum(after) + len(after) / 2
    shares = [
        ((one + 0.5) / total_before, (other + 0.5) / total_after) for one, other in zip(before, after, strict=True)
    ]
    return math.fsum((now_ - then) * math.log(now_ / then) for then, now_ in shares)


def chance_bound(before: Sequence[int], after: Sequence[int], columns: int) -> float:
    """What the index of rows from the very same source stays below, for all columns at once, in 99 of 100 cases."""
    bins = sum(1 for one, other in zip(before, after, strict=True) if one or other)
    if bins < 2 or not sum(before) or not sum(after):
        return 0.0
    # Wilson and Hilferty's quantile of the chi-square distribution with `bins - 1` degrees of freedom.
    part = 2 / (9 * (bins - 1))
    quantile = (bins - 1) * (1 - part + NormalDist().inv_cdf(1 - CHANCE / max(1, columns)) * math.sqrt(part)) ** 3
    return quantile * (1 / sum(before) + 1 / sum(after))


def _column(spread: Spread, after: Sequence[int], columns: int) -> ColumnDrift:
    before = numbers(spread)
    psi, bound = stability_index(before, after), chance_bound(before, after, columns)
    is_beyond = psi > bound
    verdict = "drifted" if is_beyond and psi >= DRIFTED else "moving" if is_beyond and psi >= MOVING else "steady"
    return ColumnDrift(
        column=spread.name, psi=psi, by_chance=bound, verdict=verdict, words=_moved(spread, before, after)
    )


def _moved(spread: Spread, before: Sequence[int], after: Sequence[int]) -> str:
    """The bin whose share changed most, in words."""
    then, since = ([count / max(1, sum(side)) for count in side] for side in (before, after))
    place = max(range(len(then)), key=lambda place: abs(since[place] - then[place]))
    return f"{_bin(spread, place)}: {then[place]:.0%} then, {since[place]:.0%} now"


def _bin(spread: Spread, place: int) -> str:
    if place == len(spread.counts):
        return "empty"
    if spread.kind == "category":
        return spread.categories[place] if place < len(spread.categories) else "other values"
    edges = [f"{edge:,.4g}" for edge in spread.edges]
    if not edges:
        return "any number"
    if place == 0:
        return f"up to {edges[0]}"
    return f"above {edges[-1]}" if place == len(edges) else f"{edges[place - 1]} to {edges[place]}"


def _day(spreads: Mapping[str, Spread], day: str, rows: int, counts: Spreads) -> DriftDay:
    psi = {
        spread.name: stability_index(numbers(spread), counts[key])
        for key, spread in spreads.items()
        if key.startswith(FEATURE) and key in counts
    }
    worst = max(psi, key=lambda name: psi[name], default="")
    answer = stability_index(numbers(spreads[ANSWER]), counts[ANSWER])
    return DriftDay(day=day, rows=rows, worst_column=worst, worst_psi=psi.get(worst, 0.0), answer_psi=answer, psi=psi)


def _of_dataset(call: Call, model: ModelVersion, profile: TrainingProfile, reference: str) -> tuple[Spreads, int]:
    """A table's rows, asked and counted as if they came one by one."""
    table = dataset_rows(call, reference)
    travelling, found = ask(call, model, table)
    return count_rows(profile, model, travelling, found), table.num_rows


def _days(call: Call, model: ModelVersion, days: int) -> dict[str, tuple[int, Spreads]]:
    """The rows of each day and their counts, summed over the processes that counted."""
    from lakebook.metadata import schema

    table, since = schema.model_day, rfc3339(now() - timedelta(days=days - 1))[:10]
    call.runtime.recorder.flush()
    statement = table.select().where(table.c.model_id == model.model_id, table.c.day >= since)
    found: dict[str, tuple[int, Spreads]] = {}
    with call.runtime.database.read() as connection:
        for row in connection.execute(statement).mappings():
            rows, counts = found.get(row["day"], (0, {}))
            found[row["day"]] = (rows + row["rows"], added(row["counts"], counts))
    return found


def _words(reference: str, rows: int, rows_from: str, columns: Sequence[ColumnDrift], answer: ColumnDrift) -> str:
    """One or two sentences on what moved, and what to do."""
    heard = f"{rows:,} {rows_from if rows != 1 else rows_from.replace('rows', 'row', 1)}"
    if rows < FEWEST_ROWS:
        return f"{heard}: too few to say whether anything moved; at least {FEWEST_ROWS} are needed."
    drifted = [one for one in columns if one.verdict == "drifted"]
    moving = [one for one in columns if one.verdict == "moving"]
    answers = {
        "steady": "Its answers have not moved.",
        "moving": f"Its answers are moving (PSI {answer.psi:.2f}).",
        "drifted": f"Its answers have drifted (PSI {answer.psi:.2f}; {answer.words}).",
    }[answer.verdict]
    if not drifted and not moving:
        return f"Nothing has drifted: the {heard} look like those that {reference} learned from. {answers}"
    named = [*drifted, *moving][:NAMED]
    listed = "; ".join(f"{one.column} (PSI {one.psi:.2f}: {one.words})" for one in named)
    state = f"{_count(len(drifted))} drifted and {_count(len(moving))} moving" if drifted and moving else (
        f"{_count(len(drifted))} drifted" if drifted else f"{_count(len(moving))} moving"
    )  # fmt: skip
    advice = " Train it again on newer rows." if drifted or answer.verdict == "drifted" else ""
    return f"Of {len(columns)} columns, {state} in {heard}: {listed}. {answers}{advice}"


def _count(number: int) -> str:
    return f"{number} {'has' if number == 1 else 'have'}" if number else "none"
