"""What a model's numbers look like: Vega-Lite specs for the Lab, the cell, the card and MLflow, each said in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lakebook.charts.spec import SCHEMA
from lakebook.ml.model_version import TrainedModel
from lakebook.ml.record import Record

Spec = dict[str, Any]
MOST_COLUMNS = 20
LABEL_PIXELS = 240
WIDTH = 480
SHARE: Spec = {"domain": [0, 1]}
# Colours that stand out in a light theme and in a dark one.
OWN, DOUBT, QUIET = "#4c78a8", "#f58518", "#888888"
BASELINES = {"constant": "always the same answer", "linear": "a linear model", "lightgbm": "LightGBM as it comes"}


class Picture(Record):
    """A picture of a model: its name, what it shows in words, and its Vega-Lite 5 spec."""

    name: str
    says: str
    spec: dict[str, Any]


def pictures(model: TrainedModel) -> list[Picture]:
    """Scores, curve, confusion, residuals, calibration, importance: those for which the model has the numbers."""
    return list(_pictures(model))


def _pictures(model: TrainedModel) -> Iterator[Picture]:
    yield scores(model)
    if model.curve:
        yield curve(model)
    found = model.evaluation
    if found is None:
        return
    if found.confusion is not None:
        yield confusion(model)
    if found.residuals:
        yield residuals(model)
    if found.calibration:
        yield calibration(model)
    if found.importance:
        yield importance(model)


def scores(model: TrainedModel) -> Picture:
    """The winner beside its baselines, each with its 95 % interval, on the same rows never seen."""
    metric = _words(model.score_metric)
    rivals = [(BASELINES.get(one.name, one.name), one.score, one.score_interval) for one in model.baselines]
    values = [
        {"model": name, "score": score, "low": interval[0], "high": interval[1]}
        for name, score, interval in [(model.winner, model.score, model.score_interval), *rivals]
    ]
    y = _names("model", title=None)
    low = _amount("low", f"{metric}, 95 % interval", scale={"zero": False})
    point = {**low, "field": "score"}
    tips = [_tip("model", "model", "nominal"), *(_tip(name, name) for name in ("score", "low", "high"))]
    return _picture(
        "scores",
        f"{metric} of {model.winner} beside the baselines, on rows never seen",
        values,
        [
            {
                "mark": {"type": "rule", "strokeWidth": 2, "color": OWN},
                "encoding": {"x": low, "x2": {"field": "high"}, "y": y},
            },
            {"mark": {"type": "point", "filled": True, "size": 90}, "encoding": {"x": point, "y": y, "tooltip": tips}},
        ],
    )


def curve(model: TrainedModel) -> Picture:
    """The best score so far over the seconds of the training, beside the baselines' scores."""
    metric = _words(model.score_metric)
    values = [point.model_dump() for point in model.curve]
    last = {**values[-1], "seconds": max(model.training_time_seconds, values[-1]["seconds"]), "model": "the end"}
    x = _amount("seconds", "seconds", scale={"domainMin": 0})
    y = _amount("best", metric, scale={"zero": False})
    tips = [_tip("model", "model", "nominal"), *(_tip(name, name) for name in ("seconds", "score", "best"))]
    level = {"field": "level", "type": "quantitative", "scale": {"zero": False}}
    levels = [{"level": one.score, "name": BASELINES.get(one.name, one.name)} for one in model.baselines]
    beside: Spec = {
        "data": {"values": levels},
        "mark": {"type": "rule", "strokeDash": [4, 4], "color": QUIET},
        "encoding": {"y": level, "tooltip": [_tip("name", "baseline", "nominal"), _tip("level", metric)]},
    }
    # Each name has a place of its own along the line, since the baselines' scores may lie close together.
    said = {"type": "text", "style": "guide-label", "align": "right", "dx": -4, "dy": -6}
    named: list[Spec] = [
        {
            "data": {"values": [one]},
            "mark": said,
            "encoding": {"y": level, "x": {"value": WIDTH * place / len(levels)}, "text": {"field": "name"}},
        }
        for place, one in enumerate(levels, start=1)
    ]
    step = {"type": "line", "interpolate": "step-after"}
    return _picture(
        "curve",
        f"best {metric} so far on validation rows, the baselines as dashed lines",
        [*values, last],
        [
            {"mark": step, "encoding": {"x": x, "y": y}},
            {
                "data": {"values": values},
                "mark": {"type": "point", "filled": True},
                "encoding": {"x": x, "y": y, "tooltip": tips},
            },
            *([beside, *named] if levels else []),
        ],
    )


def confusion(model: TrainedModel) -> Picture:
    """Rows by true and predicted class, shaded by their share of the true class."""
    table = model.evaluation.confusion if model.evaluation else None
    labels = [] if table is None else table.labels
    values = [
        {"true": truth, "predicted": guess, "rows": rows, "share": rows / max(1, sum(line))}
        for truth, line in zip(labels, [] if table is None else table.counts, strict=True)
        for guess, rows in zip(labels, line, strict=True)
    ]
    x = _names("predicted", axis={"labelAngle": 0, "labelLimit": 90})
    y = _names("true")
    shade = {"field": "share", "type": "quantitative", "scale": {"scheme": "blues", **SHARE}, "legend": None}
    ink = {"condition": {"test": "datum.share > 0.55", "value": "white"}, "value": "black"}
    tips = [_tip("true", "true", "nominal"), _tip("predicted", "predicted", "nominal"), _tip("rows", "rows")]
    return _picture(
        "confusion",
        f"rows by true and predicted {_shown(model.target_column)}",
        values,
        [
            {"mark": "rect", "encoding": {"x": x, "y": y, "color": shade, "tooltip": tips}},
            {"mark": "text", "encoding": {"x": x, "y": y, "text": {"field": "rows", "format": ","}, "color": ink}},
        ],
        height={"step": 34},
    )


def residuals(model: TrainedModel) -> Picture:
    """Which share of the rows is off by at most how much: truth minus prediction."""
    found = model.evaluation.residuals if model.evaluation else []
    title = f"truth minus prediction of {_shown(model.target_column)}"
    x = _amount("value", title)
    y = _share("share", "share of the rows")
    line = {"type": "line", "point": True, "interpolate": "monotone"}
    return _picture(
        "residuals",
        f"share of the rows by {title}",
        [one.model_dump() for one in found],
        [
            {
                "mark": line,
                "encoding": {"x": x, "y": y, "tooltip": [_tip("value", title), _tip("share", "share", form=".0%")]},
            },
            {
                "data": {"values": [{"zero": 0}]},
                "mark": {"type": "rule", "strokeDash": [4, 4], "color": QUIET},
                "encoding": {"x": {"field": "zero", "type": "quantitative"}},
            },
        ],
    )


def calibration(model: TrainedModel) -> Picture:
    """How often the model is right where it is so sure; on the diagonal its probabilities mean what they say."""
    found = model.evaluation.calibration if model.evaluation else []
    x = _share("predicted", "how sure it is")
    y = _share("observed", "how often it is right")
    tips = [
        _tip("predicted", "how sure", form=".1%"),
        _tip("observed", "how often right", form=".1%"),
        _tip("rows", "rows"),
    ]
    size = {"field": "rows", "type": "quantitative", "legend": None, "scale": {"range": [30, 300]}}
    ideal = [{"predicted": 0, "observed": 0}, {"predicted": 1, "observed": 1}]
    return _picture(
        "calibration",
        "how often it is right by how sure it is; the dashed line is where both are the same",
        [one.model_dump() for one in found],
        [
            {
                "data": {"values": ideal},
                "mark": {"type": "line", "strokeDash": [4, 4], "color": QUIET},
                "encoding": {"x": x, "y": y},
            },
            {"mark": "line", "encoding": {"x": x, "y": y}},
            {"mark": {"type": "point", "filled": True}, "encoding": {"x": x, "y": y, "size": size, "tooltip": tips}},
        ],
        height=240,
        width=320,
    )


def importance(model: TrainedModel) -> Picture:
    """What the score loses where a column's values are shuffled, with its 95 % interval; the weightiest first."""
    found = sorted(model.evaluation.importance if model.evaluation else [], key=lambda one: -one.loss)[:MOST_COLUMNS]
    title = f"loss of {_words(model.score_metric)} where the column is shuffled"
    values = [
        {"column": _shown(one.column), "loss": one.loss, "low": one.interval[0], "high": one.interval[1]}
        for one in found
    ]
    y = _names("column", title=None)
    tips = [_tip("column", "column", "nominal"), *(_tip(name, name) for name in ("loss", "low", "high"))]
    bar = _amount("loss", title)
    return _picture(
        "importance",
        f"{title}, the weightiest first",
        values,
        [
            {"mark": "bar", "encoding": {"x": bar, "y": y, "tooltip": tips}},
            {
                "mark": {"type": "rule", "color": DOUBT},
                "encoding": {"x": {**bar, "field": "low"}, "x2": {"field": "high"}, "y": y},
            },
        ],
    )


def _picture(name: str, says: str, values: list[Spec], layers: list[Spec], **size: Any) -> Picture:
    spec = {"$schema": SCHEMA, "description": says, "data": {"values": values}, "width": WIDTH, "layer": layers, **size}
    return Picture(name=name, says=says, spec=spec)


def _amount(field: str, title: str, **more: Spec) -> Spec:
    return {"field": field, "type": "quantitative", "title": title, **more}


def _share(field: str, title: str) -> Spec:
    return _amount(field, title, scale=SHARE, axis={"format": "%"})


def _names(field: str, **more: Any) -> Spec:
    """Names in the order of the rows."""
    return {"field": field, "type": "nominal", "sort": None, "axis": {"labelLimit": LABEL_PIXELS}, **more}


def _tip(field: str, title: str, kind: str = "quantitative", form: str = "") -> Spec:
    shown = form or (",.4~g" if kind == "quantitative" else "")
    return {"field": field, "type": kind, "title": title, **({"format": shown} if shown else {})}


def _words(metric: str) -> str:
    return metric.replace("_", " ")


def _shown(text: str) -> str:
    """A name as Vega may show it: a backslash would be read as an escape."""
    return "".join(sign if sign.isprintable() else " " for sign in text.replace("\\", "⧵"))
