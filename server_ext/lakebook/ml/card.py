"""A model in a few lines: what it predicts, how well on rows never seen, beside which baselines."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from lakebook.display import table_html, table_text

if TYPE_CHECKING:
    from lakebook.ml.model_version import ModelVersion

SCORES = ("scored on rows never seen", "score", "95 % interval", "lead of the winner")
TRIED = ("tried", "validation score", "seconds")
SHOWN_TRIED = 8


def card_text(model: ModelVersion) -> str:
    """The card for the shell."""
    tables = (table_text(SCORES, score_rows(model)), table_text(TRIED, tried_rows(model)))
    return "\n\n".join(["\n".join(headline(model)), *tables])


def card_html(model: ModelVersion) -> str:
    """The card for a cell."""
    title, *rest = headline(model)
    said = "".join(f"<p>{html.escape(line)}</p>" for line in rest)
    tables = table_html(SCORES, score_rows(model)) + table_html(TRIED, tried_rows(model))
    return f"<p><b>{html.escape(title)}</b></p>{said}{tables}"


def headline(model: ModelVersion) -> list[str]:
    """What it is, the verdict, and what was left out."""
    lines = [
        (
            f"{model.name} v{model.version} ({', '.join(model.aliases) or 'no alias'}): "
            f"{model.problem_type} of {model.target_column}, learned from {model.dataset_name} v{model.dataset_version}"
        ),
        model.verdict,
        (
            f"{model.winner}, {model.rows_trained:,} rows learned, {model.rows_held_out:,} held out, "
            f"{model.training_time_seconds:.0f} s"
        ),
    ]
    lines += [f"Left out {excluded.column}: {excluded.reason}" for excluded in model.excluded]
    return [*lines, *model.notes]


def score_rows(model: ModelVersion) -> list[list[str]]:
    """The winner and the baselines on the same rows."""
    low, high = model.score_interval
    rows = [[f"{model.winner} ({model.score_metric})", f"{model.score:.4g}", f"{low:.4g} to {high:.4g}", ""]]
    for baseline in model.baselines:
        low, high = baseline.score_interval
        lead_low, lead_high = baseline.difference_interval
        lead = f"{baseline.difference:+.3g} ({lead_low:+.3g} to {lead_high:+.3g})"
        rows.append([baseline.name, f"{baseline.score:.4g}", f"{low:.4g} to {high:.4g}", lead])
    return rows


def tried_rows(model: ModelVersion) -> list[list[str]]:
    """The models that were tried, best first."""
    return [
        [one.model, "" if one.score is None else f"{one.score:.4g}", f"{one.fit_seconds:.1f}"]
        for one in model.leaderboard[:SHOWN_TRIED]
    ]
