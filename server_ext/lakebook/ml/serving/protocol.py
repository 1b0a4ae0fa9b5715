"""The two ways in which programs ask a model: lakebook's own, and MLflow's scoring protocol."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import ValidationError

from lakebook.errors import InvalidRequest, PayloadTooLarge, WrongMedia
from lakebook.ml.model_version import Feature
from lakebook.ml.requests import Prediction, PredictRequest
from lakebook.ml.serving.feature_rows import typed_rows
from lakebook.ml.serving.predictor import Meant

Style = Literal["lakebook", "mlflow"]
JSON, CSV = "application/json", "text/csv"
MEDIA: dict[Style, tuple[str, ...]] = {"lakebook": (JSON,), "mlflow": (JSON, CSV)}
MOST_BYTES = 16 << 20
MOST_ROWS = 10_000
FORMS = ("dataframe_split", "dataframe_records", "instances", "inputs")


@dataclass(frozen=True)
class Question:
    """What was asked: of which model, which rows; a table's columns stand beside lists of values."""

    reference: str | None
    rows: Sequence[Any]
    columns: Sequence[str] | None = None
    is_text: bool = False
    explained: bool = False
    key: str | None = None

    def fields(self, features: Sequence[Feature]) -> Sequence[Any]:
        """The rows as fields with values; lists without names are in the features' order."""
        if not self.is_text and (self.columns is None and not any(isinstance(row, list) for row in self.rows)):
            return self.rows
        names = self.columns or [feature.name for feature in features]
        found = []
        for position, row in enumerate(self.rows):
            if not isinstance(row, list) or len(row) != len(names):
                raise InvalidRequest(
                    f"Row {position + 1} does not hold {len(names)} values, one for each column.",
                    hint=f"The columns are: {', '.join(names[:20])}.",
                )
            found.append(dict(zip(names, row, strict=True)))
        return typed_rows(found, features) if self.is_text else found


def check_head(style: Style, media: str, length: int) -> None:
    """Refuse a body by its head alone, unread: WrongMedia, PayloadTooLarge."""
    kind = media.partition(";")[0].strip().lower() or "none"
    if kind not in MEDIA[style]:
        raise WrongMedia(
            f"A body of type {kind!r} is not read: rows are sent as {' or '.join(MEDIA[style])}.",
            hint="Models never read pickles or other programs' objects.",
        )
    if length > MOST_BYTES:
        raise PayloadTooLarge(
            f"The body has {length:,} bytes; {MOST_BYTES:,} are the most for one request.",
            hint="Send fewer rows, or predict a whole table with `lakebook predict --dataset`.",
        )


def understood(style: Style, media: str, body: bytes) -> Question:
    """The question in a body; InvalidRequest where it is none, PayloadTooLarge where it holds too many rows."""
    if media.partition(";")[0].strip().lower() == CSV:
        question = _table(body)
    else:
        plain = _plain(body)
        question = _own(plain) if style == "lakebook" else _mlflow(plain)
    if len(question.rows) > MOST_ROWS:
        raise PayloadTooLarge(
            f"{len(question.rows):,} rows were sent; {MOST_ROWS:,} are the most for one request.",
            hint="Send them in parts, or predict a whole table with `lakebook predict --dataset`.",
        )
    return question


def told(style: Style, meant: Meant, found: Sequence[Prediction], warnings: Sequence[str]) -> bytes:
    """The answer's body."""
    if style == "mlflow":
        return json.dumps({"predictions": [one.prediction for one in found]}).encode()
    model = meant.model
    listed = [vars(one) for one in found]
    only = listed[0] if len(listed) == 1 else {"prediction": None, "confidence": None}
    return json.dumps(
        {
            "model_id": model.model_id, "name": model.name, "version": model.version,
            "prediction": only["prediction"], "confidence": only["confidence"],
            "predictions": listed, "warnings": list(warnings),
        }
    ).encode()  # fmt: skip


def _plain(body: bytes) -> Mapping[str, Any]:
    try:
        plain = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise InvalidRequest(
            "The body is not JSON.", hint='Send an object, such as {"features": {"age": 22}}.'
        ) from error
    if not isinstance(plain, Mapping):
        raise InvalidRequest("The body is not a JSON object.", hint='Such as {"features": {"age": 22}}.')
    return plain


def _own(plain: Mapping[str, Any]) -> Question:
    try:
        request = PredictRequest.model_validate(plain)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise InvalidRequest(f"{where or 'The request'}: {first['msg']}.", details={"field": where}) from error
    if request.features is None or request.dataset is not None:
        raise InvalidRequest(
            "This address predicts rows that are sent.",
            hint="Give `features`; a table is predicted by `lakebook predict --dataset`.",
        )
    rows = [request.features] if isinstance(request.features, dict) else request.features
    return Question(request.model, rows, explained=request.explain, key=request.key)


def _mlflow(plain: Mapping[str, Any]) -> Question:
    forms = [form for form in FORMS if form in plain]
    if len(forms) != 1:
        raise InvalidRequest(
            f"The body holds {len(forms)} of the forms in which rows are sent; one is wanted.",
            hint=f"The forms are: {', '.join(FORMS)}.",
        )
    given = plain[forms[0]]
    if forms[0] == "dataframe_split":
        if not isinstance(given, Mapping) or not isinstance(given.get("data"), list):
            raise InvalidRequest("dataframe_split wants `columns` and `data`.")
        columns = given.get("columns")
        if columns is not None and not isinstance(columns, list):
            raise InvalidRequest("The `columns` of dataframe_split are a list of names.")
        return Question(None, given["data"], None if columns is None else [str(name) for name in columns])
    if isinstance(given, Mapping) and forms[0] != "dataframe_records":
        return _columns(forms[0], given)
    if not isinstance(given, list):
        raise InvalidRequest(f"{forms[0]} wants a list of rows.")
    return Question(None, given)


def _columns(form: str, given: Mapping[str, Any]) -> Question:
    """Rows given as columns; a value that is no list stands for a column of one."""
    columns = {str(name): value if isinstance(value, list) else [value] for name, value in given.items()}
    lengths = {len(values) for values in columns.values()}
    if len(lengths) > 1:
        raise InvalidRequest(f"The columns of {form} are not equally long.", hint="Give each a value for every row.")
    return Question(None, [list(row) for row in zip(*columns.values(), strict=True)], list(columns))


def _table(body: bytes) -> Question:
    try:
        lines = list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise InvalidRequest("The body is not a CSV table in UTF-8.") from error
    if not lines:
        raise InvalidRequest("The CSV table has no line.", hint="Its first line names the columns.")
    return Question(None, [line for line in lines[1:] if line], lines[0], is_text=True)
