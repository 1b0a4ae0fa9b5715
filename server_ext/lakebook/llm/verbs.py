"""The verbs over language models: which there are, who lets questions go there, and what was sent."""

from __future__ import annotations

from typing import Any

from lakebook.call import Call
from lakebook.errors import NotFound
from lakebook.llm.language_model import LanguageModel
from lakebook.llm.models import (
    AllowRequest,
    Egress,
    EgressDetail,
    EgressIdRequest,
    EgressRequest,
    LanguageModelSeat,
    ModelsAskedRequest,
    ValuesRequest,
    ValuesResult,
    Which,
)
from lakebook.verb import Listing


def list_models(call: Call, _request: ModelsAskedRequest) -> Listing[LanguageModelSeat]:
    """The language models that are configured, the one here first."""
    return Listing[LanguageModelSeat](items=[_seat(call, model) for model in call.runtime.language_models])


def allow(call: Call, request: AllowRequest) -> LanguageModelSeat:
    """Let questions go to the model from now on; asked once, kept."""
    model = _model(call, request.which)
    call.runtime.consents.give(call.principal.user_id, model.endpoint.address)
    call.audit("llm.allow", f"language_model:{model.endpoint.address}", model=model.endpoint.model)
    return _seat(call, model)


def forbid(call: Call, request: AllowRequest) -> LanguageModelSeat:
    """Let nothing go to the model from now on."""
    model = _model(call, request.which)
    call.runtime.consents.take_back(call.principal.user_id, model.endpoint.address)
    call.audit("llm.forbid", f"language_model:{model.endpoint.address}", model=model.endpoint.model)
    return _seat(call, model)


def let_values_leave(call: Call, request: ValuesRequest) -> ValuesResult:
    """Say whether values of a table's rows may be sent to a language model."""
    dataset = call.runtime.catalog.dataset(request.dataset)
    call.runtime.consents.let_values_leave(dataset.dataset_id, not request.deny)
    call.audit("llm.values", f"dataset:{dataset.dataset_id}", allowed=not request.deny)
    return ValuesResult(dataset=dataset.name, values_may_leave=not request.deny)


def list_egress(call: Call, request: EgressRequest) -> Listing[Egress]:
    """Your requests that left for a language model, newest first."""
    rows = call.runtime.egress.newest(call.principal.user_id, request.limit)
    return Listing[Egress](items=[Egress(**_without_owner(row)) for row in rows])


def show_egress(call: Call, request: EgressIdRequest) -> EgressDetail:
    """One of your requests with exactly what was sent."""
    row = call.runtime.egress.entry(call.principal.user_id, request.egress)
    sent = bytes(row["sent"]).decode("utf-8")
    return EgressDetail(**{**_without_owner(row), "sent": sent})


def _without_owner(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "user_id"}


def _model(call: Call, which: Which) -> LanguageModel:
    for model in call.runtime.language_models:
        if model.which == which:
            return model
    setting = "LAKEBOOK_LLM" if which == "local" else "LAKEBOOK_REMOTE_LLM"
    raise NotFound(f"There is no {which} language model here.", hint=f"Set `{setting}` to its address.")


def _seat(call: Call, model: LanguageModel) -> LanguageModelSeat:
    return LanguageModelSeat(
        which=model.which,
        model=model.endpoint.model,
        address=model.endpoint.address,
        is_allowed=call.runtime.consents.given(call.principal.user_id, model.endpoint.address),
        is_resting=model.breaker.is_open,
        is_refused=model.is_refused,
    )
