"""AutoGluon's predictor taken apart: what its features are read from, and the models it blends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lakebook.ml.serving import autogluon_parts
from lakebook.ml.serving.encoder import Column, Encoder, InstantColumn, NumberColumn, SameColumn, WordColumn
from lakebook.ml.serving.parts import Blend, Part
from lakebook.ml.serving.unprepared import Unprepared

if TYPE_CHECKING:
    import pandas as pd

# A word that no table holds.
NEVER_SEEN = "\x00never seen\x00"


class Taken:
    """A predictor's features and models, as they were found."""

    def __init__(self, predictor: Any, features: pd.DataFrame) -> None:
        self.predictor = predictor
        self.kind = str(predictor.problem_type)
        generators = predictor._learner.feature_generators
        if len(generators) != 1:
            raise Unprepared("its features are made in several steps")
        self.generator = generators[0]
        self.probe, self.words = probe_of(self.generator, features)
        self.shown = self.generator.transform(self.probe.copy())
        self.encoder = self._encoder()

    def part(self) -> Part:
        """The predictor's best model."""
        return self._part(self.predictor.model_best)

    def _part(self, name: str) -> Part:
        return self._part_of(self.predictor._trainer.load_model(name), name)

    def _part_of(self, model: Any, name: str) -> Part:
        if model.temperature_scalar is not None or model.conformalize is not None or model.normalize_pred_probas:
            raise Unprepared(f"the answers of {model.name} are calibrated")
        if type(model).__name__ == "GreedyWeightedEnsembleModel":
            bases = [self._base(base, name) for base in model.base_model_names]
            return Blend([self._part(base) for base in bases], [float(weight) for weight in model.weights_])
        if hasattr(model, "load_child"):
            if getattr(model, "stack_columns", None) and type(model).__name__ != "WeightedEnsembleModel":
                raise Unprepared(f"{model.name} reads the answers of others")
            folds = [self._part_of(model.load_child(fold), name) for fold in model.models]
            return folds[0] if len(folds) == 1 else Blend(folds, [1 / len(folds)] * len(folds))
        return autogluon_parts.part(model, self)

    def _base(self, base: str, blend: str) -> str:
        """The model that a blend reads under this name: once all was refitted, what it became."""
        read = set(self.predictor._trainer.model_graph.predecessors(blend))
        return base if base in read else f"{base}_FULL"

    def place(self, name: str) -> int:
        """Where the encoder puts a feature of AutoGluon's."""
        return list(self.shown.columns).index(name)

    def is_word(self, name: str) -> bool:
        """Whether a feature of AutoGluon's is a code."""
        return str(self.shown[name].dtype) == "category"

    def by_code(self, name: str, made: Any) -> Any:
        """What `made` (probe rows x anything) holds for each code of a feature, and last for none."""
        import numpy as np

        codes = self.shown[name].cat.codes.to_numpy()
        count = len(self.shown[name].cat.categories)
        found = np.full((count + 1, *np.shape(made)[1:]), np.nan)
        for code in range(-1, count):
            rows = np.flatnonzero(codes == code)
            if len(rows):
                found[code] = made[rows[0]]
        return found

    def _encoder(self) -> Encoder:
        columns = [self._column(name) for name in self.shown.columns]
        words = [name for name in self.shown.columns if self.is_word(name)]
        return Encoder(columns, {self.place(name): len(self.shown[name].cat.categories) for name in words})

    def _column(self, name: str) -> Column:
        source, _, part = name.partition(".") if name not in self.probe.columns else (name, "", "")
        if source not in self.probe.columns:
            raise Unprepared(f"{name} is made of free text or of several columns")
        if self.probe[source].dtype.kind == "M":
            return InstantColumn(source, part or None, self._filled(source))
        if part:
            raise Unprepared(f"{name} is made of free text")
        if self.probe[source].dtype == object:
            return self._word(name)
        same = _kept(self.generator, "_bool_features")
        return SameColumn(name, float(same[name])) if name in same else NumberColumn(name)

    def _word(self, name: str) -> WordColumn:
        shown = self.shown[name]
        codes = shown.cat.codes.astype(float).where(shown.notna()) if self.is_word(name) else shown.astype(float)
        found = codes.to_numpy()
        known = self.words[name]
        return WordColumn(
            name,
            {word: float(found[row]) for row, word in enumerate(known)},
            unknown=float(found[len(known)]),
            missing=float(found[len(known) + 1]),
            is_whole=name in _kept(self.generator, "category_map"),
        )

    def _filled(self, source: str) -> int:
        return int(_kept(self.generator, "_fillna_map")[source].value)


def probe_of(generator: Any, features: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, list[str]]]:
    """Rows that hold every word of every column once, then an unknown and a missing one; and those words."""
    import pandas as pd

    known = {name: _words(generator, name) for name in features.columns if features[name].dtype == object}
    length = max([len(words) for words in known.values()], default=0) + 2
    probe = features.iloc[[0] * length].reset_index(drop=True)
    for name, words in known.items():
        column = [*words, NEVER_SEEN, None]
        probe[name] = pd.Series(column + [None] * (length - len(column)), dtype=object)
    return probe, known


def _words(generator: Any, name: str) -> list[str]:
    listed = _kept(generator, "category_map").get(name)
    same = _kept(generator, "_bool_features").get(name)
    words = list(listed) if listed is not None else [same] if same is not None else []
    return [word for word in words if isinstance(word, str)]


def _kept(generator: Any, attribute: str) -> Mapping[str, Any]:
    """What the generator's steps keep under this name, by column."""
    found: dict[str, Any] = {}
    for step in _steps(generator):
        found |= getattr(step, attribute, None) or {}
    return found


def _steps(generator: Any) -> Iterator[Any]:
    yield generator
    inner: Sequence[Any] = getattr(generator, "generators", None) or []
    for step in [*inner, *(getattr(generator, "_post_generators", None) or [])]:
        for each in step if isinstance(step, list) else [step]:
            yield from _steps(each)
