"""A model's card as the doors show it: its words, what to mind, how to use it, its pictures."""

from __future__ import annotations

import html

from pydantic import Field

from lakebook.ml.model_version import ModelVersion
from lakebook.ml.pictures import Picture, pictures
from lakebook.ml.record import Record


class ModelCard(Record):
    """A model's card: what it predicts, how well, for whom not, and how to use it."""

    reference: str = Field(description="The version, as name@3.")
    words: str = Field(description="The whole card as text.")
    mind: list[str] = Field(description="For whom and for what it is not to be trusted, in sentences.")
    usage: list[str] = Field(description="Cells that predict with it and look after it.")
    pictures: list[Picture] = Field(description="What its numbers look like.")

    def text(self) -> str:
        """The card for the shell."""
        return self.words

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(self.words)}</pre>"


def card_of(model: ModelVersion) -> ModelCard:
    """The card of a registered model."""
    from lakebook.ml.card import card_text, not_for, usage

    return ModelCard(
        reference=f"{model.name}@{model.version}",
        words=card_text(model),
        mind=not_for(model),
        usage=usage(model),
        pictures=pictures(model),
    )
