"""A model's card: what it predicts, learned from what, how well on rows never seen, for whom not, and how to use it."""

from __future__ import annotations

import base64
import html
import json
import shlex
from typing import TYPE_CHECKING

from lakebook.display import table_html, table_text

if TYPE_CHECKING:
    from lakebook.ml.model_version import Finding, ModelVersion

SCORES = ("scored on rows never seen", "score", "95 % interval", "lead of the winner")
TRIED = ("tried", "validation score", "seconds")
WEAKEST = ("where it is weakest", "rows", "score", "95 % interval")
SHOWN_TRIED = 8
SHOWN_FIELDS = 6
SMALL_SEGMENT = 30
SMALL_HELD_OUT = 100
STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222;"
    "background:#fff}table{margin:.5rem 0 1.2rem}pre{background:#f4f4f4;padding:.6rem;overflow:auto}"
    "figure{margin:1rem 0}img{max-width:100%}figcaption{color:#666}"
    "@media print{body{margin:0}}"
)


def card_text(model: ModelVersion) -> str:
    """The card for the shell."""
    tables = [table_text(SCORES, score_rows(model)), table_text(TRIED, tried_rows(model))]
    if weakest := weakest_rows(model):
        tables.append(table_text(WEAKEST, weakest))
    warnings = [f"- {line}" for line in not_for(model)]
    parts = ["\n".join(headline(model)), *tables, "\n".join(["Mind:", *warnings]) if warnings else ""]
    return "\n\n".join(part for part in [*parts, "\n".join(["To use it:", *usage(model)])] if part)


def card_html(model: ModelVersion) -> str:
    """The card for a cell."""
    title, *rest = headline(model)
    said = "".join(f"<p>{html.escape(line)}</p>" for line in rest)
    tables = table_html(SCORES, score_rows(model)) + table_html(TRIED, tried_rows(model))
    if weakest := weakest_rows(model):
        tables += table_html(WEAKEST, weakest)
    warnings = "".join(f"<li>{html.escape(line)}</li>" for line in not_for(model))
    minding = f"<p>Mind:</p><ul>{warnings}</ul>" if warnings else ""
    commands = html.escape("\n".join(usage(model)))
    return f"<p><b>{html.escape(title)}</b></p>{said}{tables}{minding}<p>To use it:</p><pre>{commands}</pre>"


def cell_html(model: ModelVersion) -> str:
    """The card with the picture that says most: how the best score rose, else the score beside the baselines."""
    from lakebook.charts import png
    from lakebook.ml.pictures import curve, scores

    picture = curve(model) if model.curve else scores(model)
    encoded = base64.b64encode(png(picture.spec)).decode()
    shown = f'<p><img alt="{html.escape(picture.says)}" width="560" src="data:image/png;base64,{encoded}"></p>'
    before, mark, after = card_html(model).partition("<table")
    return f"{before}{shown}{mark}{after}"


def card_page(model: ModelVersion) -> str:
    """The card as one HTML page with its pictures inside, which asks nothing of any server."""
    from lakebook.charts import png
    from lakebook.ml.pictures import pictures

    title = html.escape(f"{model.name} v{model.version}")
    figures = "".join(
        f'<figure><img alt="{html.escape(picture.says)}" src="data:image/png;base64,'
        f'{base64.b64encode(png(picture.spec)).decode()}"><figcaption>{html.escape(picture.says)}</figcaption></figure>'
        for picture in pictures(model)
    )
    made = html.escape(
        f"Made {model.created_at:%Y-%m-%d %H:%M} UTC with {model.engine} {model.engine_version}; "
        f"model {model.model_id}, run {model.mlflow_run_id}."
    )
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head>'
        f"<body><h1>{title}</h1>{card_html(model)}{figures}<footer><p>{made}</p></footer></body></html>\n"
    )


def headline(model: ModelVersion) -> list[str]:
    """What it is, the verdict, how its rows were split, and what was left out."""
    lines = [
        (
            f"{model.name} v{model.version} ({', '.join(model.aliases) or 'no alias'}): "
            f"{model.problem_type} of {model.target_column}, learned from {model.dataset_name} v{model.dataset_version}"
        ),
        model.verdict,
        (
            f"{model.winner}, {model.rows_trained:,} rows learned, {model.rows_held_out:,} held out{_split(model)}, "
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


def weakest_rows(model: ModelVersion) -> list[list[str]]:
    """The groups of rows on which it scores worst."""
    return [
        [f"{one.column} = {one.value}", f"{one.rows:,}", f"{one.score:.4g}",
         f"{one.interval[0]:.4g} to {one.interval[1]:.4g}"]
        for one in (model.evaluation.segments if model.evaluation else [])
    ]  # fmt: skip


def not_for(model: ModelVersion) -> list[str]:
    """For whom and for what it is not to be trusted, in sentences."""
    left_out = {one.column for one in model.excluded}
    said = [_finding(finding) for finding in model.findings if finding.column not in left_out]
    if not any(baseline.beaten for baseline in model.baselines):
        said.append("It is no better than the baseline: do not decide anything by it.")
    if model.rows_held_out < SMALL_HELD_OUT:
        said.append(f"It was scored on {model.rows_held_out} rows only: its score may be off by much.")
    for one in model.evaluation.segments if model.evaluation else []:
        if _beyond(model, one.interval):
            said.append(
                f"Clearly weaker where {one.column} is {one.value}: {model.score_metric} {one.score:.4g} against "
                f"{model.score:.4g} overall, on {one.rows:,} rows."
            )
        elif one.rows < SMALL_SEGMENT:
            said.append(f"Where {one.column} is {one.value} it was scored on {one.rows} rows only.")
    if model.stopped_early:
        said.append("Its training was cancelled: longer ones may find better models.")
    return said


def _finding(finding: Finding) -> str:
    """What was found, as a sentence: what is said of a column begins with its name."""
    message = finding.message
    begun = f"{finding.column} {message}" if finding.column and message[:1].islower() else message
    return begun if begun.endswith(".") else f"{begun}."


def usage(model: ModelVersion) -> list[str]:
    """The commands that predict with it and look after it."""
    reference = f"{model.name}@{model.version}"
    some = list(model.input_example.items())[:SHOWN_FIELDS]
    fields = " ".join(_pair(name, value) for name, value in some)
    return [
        f"%predict {_word(reference)} --features {fields}".rstrip(),
        f"%models drift {_word(reference)} --dataset {_word(model.dataset_name)}",
    ]


def _split(model: ModelVersion) -> str:
    if model.split.kind == "time":
        return f" (the latest by {model.split.column})"
    return f" (whole groups of {model.split.column})" if model.split.kind == "group" else ""


def _beyond(model: ModelVersion, interval: tuple[float, float]) -> bool:
    """Whether a group's whole interval is worse than the score overall."""
    return interval[0] > model.score if model.problem_type == "regression" else interval[1] < model.score


def _pair(name: str, value: object) -> str:
    return _word(f"{name}={value}" if isinstance(value, str) else f"{name}={json.dumps(value, default=str)}")


def _word(text: str) -> str:
    """The text as one word of a shell or a cell."""
    return shlex.quote(text)
