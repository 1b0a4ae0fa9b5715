"""The rungs of one question, for one caller: what each may look at, and whom it may ask."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING

from lakebook.query.answer import Answer
from lakebook.query.by_model.examples import examples_of
from lakebook.query.by_model.rung import Asked, ByModel, Outcome
from lakebook.query.domain import Domain
from lakebook.query.domains import domain_of
from lakebook.query.ladder import Rung
from lakebook.query.read import Way, statement
from lakebook.query.seen import Values, values_from
from lakebook.query.verified import doubted, verified

if TYPE_CHECKING:
    from lakebook.call import Call
    from lakebook.llm.language_model import LanguageModel

NO_MODEL = "A synonym or a semantic model can say what it means; a language model may try: set `LAKEBOOK_LLM`."


@dataclass
class Asking:
    """A question of a caller's, over the tables in its scope, and how the statements for it are run."""

    call: Call
    text: str
    way: Way
    scope: tuple[str, ...] = ()

    @cached_property
    def domain(self) -> Domain:
        """The tables that it may be about."""
        return domain_of(self.call, self.scope)

    @cached_property
    def values(self) -> Values:
        """Looks the values of a text column up."""
        return values_from(self.way.children, principal=self.way.principal, cancel=self.way.cancel)

    @property
    def models(self) -> tuple[LanguageModel, ...]:
        """The language models that are configured."""
        return self.call.runtime.language_models

    def rungs(self, parser: Rung) -> Iterator[Rung]:
        """Verified answers, the parser, the models that the caller allows; then help where none is allowed."""
        yield Rung("verified", self.verified)
        yield Rung(parser.name, lambda: doubted(self.call, parser.answer()))
        for model in self.models:
            if self.call.runtime.consents.given(self.call.principal.user_id, model.endpoint.address):
                yield Rung(model.name, partial(self.by_model, model))
        yield Rung("help", self.help)

    def verified(self) -> Answer | None:
        """The answer to what somebody verified, over the rows of now."""
        found = verified(self.call, self.text, self.domain.tables, self.values)
        if found is None:
            return None
        return replace(self._run(found.sql), question=self.text, source="verified", reading=found.reading)

    def asked(self) -> Asked:
        """What is looked at where a model is asked."""
        return Asked(
            self.text,
            self.domain,
            self.values,
            self._run,
            examples_of(self.call, self.domain),
            self.call.runtime.consents.datasets_with_values(),
        )

    def by_model(self, model: LanguageModel) -> Answer:
        """What the model makes of the question, checked."""
        started = time.monotonic()
        outcome = ByModel(self.asked(), model, self.call.principal.user_id).outcome()
        return self._answer(model, outcome, started)

    def help(self) -> Answer | None:
        """What would help: which model could try and what it would be sent, or how one is named."""
        if not self.domain.tables:
            return None
        waiting = [
            model
            for model in self.models
            if not self.call.runtime.consents.given(self.call.principal.user_id, model.endpoint.address)
        ]
        if self.models and not waiting:
            return None
        said = self.offer(waiting[0]) if waiting else NO_MODEL
        offers = waiting[0].which if waiting else ""
        return Answer(question=self.text, status="declined", source="help", help=said, offers=offers)

    def offer(self, model: LanguageModel) -> str:
        """One line on what the model would be sent."""
        prompt = self.asked().prompt
        names = ", ".join(prompt.tables)
        values = "some values" if prompt.holds_values else "no values"
        where = "" if model.which == "local" else " remote"
        return (
            f"The {model.name} {model.endpoint.model} at {model.endpoint.where} could try. It would be sent "
            f"{prompt.size:,} bytes: the question, names, types and aggregates of {names}; {values}. "
            f"To allow it: `lakebook llm allow{where}`."
        )

    def _answer(self, model: LanguageModel, outcome: Outcome, started: float) -> Answer:
        reason, ran = " ".join(outcome.reasons), outcome.ran
        is_declined = outcome.status == "declined"
        is_answered = outcome.status == "answered"
        # Of a statement that is only offered, the rows are not shown: whether they are cut off or old says nothing.
        rowed = ran if is_answered and ran else Answer(self.text, outcome.status, model.name)
        return replace(
            rowed,
            question=self.text,
            status=outcome.status,
            source=model.name,
            sql=ran.sql if ran else "",
            reason="" if is_declined else reason,
            help=reason if is_declined else "",
            repairs=outcome.diff,
            egress=outcome.egress,
            datasets=ran.datasets if ran else (),
            execution_time_ms=round((time.monotonic() - started) * 1000, 1),
        )

    def _run(self, sql: str) -> Answer:
        return statement(sql, self.domain.tables, self.way)
