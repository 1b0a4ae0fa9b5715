"""What may be said about a file at a load: how shell and cell write it, and what of it reaches the reader."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from lakebook.arguments import WrongUse, parser_of, request_of
from lakebook.ingest.models import IngestRequest
from lakebook.ingest.native import Options
from lakebook.verbs import BY_NAME

VERB = BY_NAME["ingest"]


def said(*words: str) -> IngestRequest:
    """The request that these words of a shell describe."""
    request = request_of(VERB, vars(parser_of(VERB, "lakebook ingest").parse_args(["shop.db", *words])))
    assert isinstance(request, IngestRequest)
    return request


@pytest.mark.parametrize(
    ("words", "expected"), [([], None), (["--header"], True), (["--no-header"], False)], ids=["unsaid", "yes", "no"]
)
def test_a_header_is_there_or_not_or_found_out(words: list[str], expected: bool | None) -> None:
    assert said(*words).header is expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--tables", "a,b"], ["a", "b"]),
        (["--tables", "a", "--tables", "b"], ["a", "b"]),
        (["--tables", " a , ,b,"], ["a", "b"]),
        ([], None),
    ],
    ids=["commas", "repeated", "blanks", "unsaid"],
)
def test_tables_by_commas_or_repeated(words: list[str], expected: list[str] | None) -> None:
    assert said(*words).tables == expected


def test_a_list_from_a_program_is_a_list() -> None:
    assert IngestRequest.model_validate({"source": "shop.db", "key": ["a", "b"]}).key == ["a", "b"]
    assert IngestRequest.model_validate({"source": "shop.db", "key": "a,b"}).key == ["a", "b"]


@pytest.mark.parametrize("wrong", [7, ["a", 7], {"a": "b"}], ids=["number", "mixed", "mapping"])
def test_names_that_are_no_names_are_refused(wrong: Any) -> None:
    with pytest.raises(ValidationError):
        IngestRequest.model_validate({"source": "shop.db", "tables": wrong})


@pytest.mark.parametrize("field", ["delimiter", "quote", "escape", "decimal"])
@pytest.mark.parametrize("mark", ["\t", " ", ";"], ids=["tab", "blank", "semicolon"])
def test_a_mark_keeps_its_blanks(field: str, mark: str) -> None:
    assert getattr(IngestRequest.model_validate({"source": "a.csv", field: mark}), field) == mark


def test_lines_to_pass_over_are_counted() -> None:
    assert said("--skip", "3").skip == 3
    with pytest.raises(WrongUse):
        said("--skip", "three")
    with pytest.raises(ValidationError):
        IngestRequest(source="a.csv", skip=-1)


def test_the_reader_hears_only_what_was_said() -> None:
    assert Options(format="csv", delimiter=";").dialect() == {}
    assert Options(header=False, skip_lines=0, quote="'", decimal=",").dialect() == {
        "header": False, "skip_lines": 0, "quote": "'", "decimal": ",",
    }  # fmt: skip
