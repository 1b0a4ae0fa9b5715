"""Predictions for the shell."""

from __future__ import annotations

from lakebook.display import table_text
from lakebook.ml.requests import Prediction, PredictResult

SHOWN_ROWS = 20
SHOWN_FEATURES = 3


def predictions_text(result: PredictResult) -> str:
    """The version that answered, a line for each of the first answers, and what to warn of."""
    told = [_told(one) for one in result.predictions[:SHOWN_ROWS]]
    names = [name for name in ("prediction", "confidence", "interval", "because") if any(name in row for row in told)]
    lines = [f"{result.name}@{result.version}"]
    if told:
        lines.append(table_text(tuple(names), [[row.get(name, "") for name in names] for row in told]))
    if len(result.predictions) > SHOWN_ROWS:
        lines.append(f"… {len(result.predictions) - SHOWN_ROWS:,} more; --json gives all.")
    return "\n".join([*lines, *result.warnings])


def _told(one: Prediction) -> dict[str, str]:
    row = {"prediction": str(one.prediction)}
    if one.confidence is not None:
        row["confidence"] = f"{one.confidence:.4g}"
    if one.interval is not None:
        row["interval"] = f"{one.interval[0]:.6g} to {one.interval[1]:.6g}"
    if one.contributions:
        strongest = sorted(one.contributions.items(), key=lambda added: -abs(added[1]))[:SHOWN_FEATURES]
        row["because"] = ", ".join(f"{name} {added:+.3g}" for name, added in strongest)
    return row
