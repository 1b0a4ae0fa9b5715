"""A real and very weak language model: the protocol works, and what it is let through with is right."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import lakebook
from lakebook.client import Lakebook
from lakebook.local import LocalPlace
from tests.services.conftest import Server
from tests.services.model_on_questions import judged, read

# Two of the set: each takes the model seconds to minutes. All of it: `python -m tests.services.model_on_questions`.
SAMPLE = ("d083", "d102")
MOST_TOKENS = 96


@pytest.fixture
def lb(tmp_path: Path, shared: Path, language_model: Server) -> Iterator[Lakebook]:
    words = dict(word.split("=") for word in language_model.address.split()[1:])
    address = language_model.address.split()[0]
    with lakebook.open(tmp_path / "home", llm=address, llm_model=words["model"], llm_seconds=240) as opened:
        opened.ingest(str(shared / "data" / "penguins" / "penguins.csv"), name="penguins")
        opened.ingest(str(shared / "data" / "weather" / "seattle-weather.csv"), name="weather")
        yield opened


def test_a_weak_model_is_let_through_with_nothing_wrong(
    lb: Lakebook, shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lakebook.llm.wire.MOST_TOKENS", MOST_TOKENS)
    questions = [each for each in read(shared / "data" / "questions" / "dev.jsonl") if each["id"] in SAMPLE]
    assert len(questions) == len(SAMPLE)
    assert isinstance(lb.place, LocalPlace)
    verdicts = [verdict for _, _, verdict in judged(lb.place.call(), questions)]
    assert set(verdicts) <= {"right", "unverified", "declined"}
    entries = lb.egress().items
    assert len(entries) >= len(SAMPLE)
    assert {each.outcome for each in entries} == {"replied"}
    assert all(each.tokens_in and each.tokens_out for each in entries)
    assert "Adelie" not in "".join(lb.egress.show(each.egress_id).sent for each in entries)
