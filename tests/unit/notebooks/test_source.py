"""Notebooks as files: found or refused in one line, and held against the parameters they are given."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lakebook.errors import BadFile, InvalidRequest, NotFound
from lakebook.notebooks import source
from tests.local_home import code, write_notebook


def taking(path: Path, text: str) -> Path:
    return write_notebook(path, "# Title", code(text, "parameters"), "1")


def test_a_notebook_is_found_from_the_callers_folder(tmp_path: Path) -> None:
    made = write_notebook(tmp_path / "a.ipynb", "1")
    assert source.find(tmp_path, "a.ipynb") == made
    assert source.find(Path("/"), str(made)) == made


def test_a_missing_notebook_names_the_nearest(tmp_path: Path) -> None:
    write_notebook(tmp_path / "daily_sales.ipynb", "1")
    with pytest.raises(NotFound, match=r"There is no notebook dayly_sales\.ipynb") as refused:
        source.find(tmp_path, "dayly_sales.ipynb")
    assert refused.value.hint == "Did you mean 'daily_sales.ipynb'?"


def test_a_missing_notebook_with_nothing_near_says_to_check_the_path(tmp_path: Path) -> None:
    with pytest.raises(NotFound) as refused:
        source.find(tmp_path, "elsewhere/x.ipynb")
    assert refused.value.hint == "Check the path."
    assert refused.value.details == {"name": "elsewhere/x.ipynb", "nearest": None}


def test_a_folder_is_no_notebook(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="is a folder"):
        source.find(tmp_path.parent, tmp_path.name)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is not JSON"),
        ("{not json", "is not JSON"),
        ("[1, 2]", "is not a notebook"),
        ('{"cells": []}', "is not a notebook"),
        ('{"nbformat": "4", "cells": []}', "is not a notebook"),
        ('{"nbformat": 3, "worksheets": []}', "format 3"),
        ('{"nbformat": 4, "cells": {}}', "format 4"),
    ],
)
def test_what_is_no_notebook_is_refused(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "x.ipynb"
    path.write_text(content)
    with pytest.raises(BadFile, match=said):
        source.read(path)


def test_a_binary_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.ipynb"
    path.write_bytes(b"PAR1\xff\xfe\x00\x80")
    with pytest.raises(BadFile, match="is not a notebook"):
        source.read(path)


def test_a_notebook_too_large_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_notebook(tmp_path / "x.ipynb", "1")
    monkeypatch.setattr(source, "MOST_BYTES", 10)
    with pytest.raises(BadFile, match="larger"):
        source.read(path)


def test_a_notebook_that_went_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"gone\.ipynb"):
        source.read(tmp_path / "gone.ipynb")


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("day = '2011-12-09'\nlimit: int = 3", ["day", "limit"]),
        ("a = b = 1", ["a", "b"]),
        ("a, (b, c) = 1, (2, 3)", ["a", "b", "c"]),
        ("%matplotlib inline\n!ls\nday = 1", ["day"]),
        ("x: int", ["x"]),
        ("# nothing but a comment", []),
        ("import os\nn = os.cpu_count()", ["n"]),
        ("if True:\n    hidden = 1\nshown = 2", ["shown"]),
    ],
)
def test_the_parameters_cell_says_what_is_known(tmp_path: Path, text: str, known: list[str]) -> None:
    path = taking(tmp_path / "x.ipynb", text)
    source.check_parameters(path, known)
    with pytest.raises(InvalidRequest, match="has no parameter 'other'") as refused:
        source.check_parameters(path, [*known, "other"])
    assert refused.value.details == {"unknown": ["other"], "known": known}
    for name in known:
        assert repr(name) in refused.value.hint


def test_a_notebook_without_parameters_says_how_to_take_some(tmp_path: Path) -> None:
    path = write_notebook(tmp_path / "x.ipynb", "day = 1")
    with pytest.raises(InvalidRequest, match=r"x\.ipynb takes no parameters, but 'day' was given") as refused:
        source.check_parameters(path, ["day"])
    assert "`parameters`" in refused.value.hint


def test_no_parameters_given_needs_no_cell(tmp_path: Path) -> None:
    path = write_notebook(tmp_path / "x.ipynb", "1")
    source.check_parameters(path, [])
    assert list(source.code_of(source.read(path))) == ["1"]


def test_a_parameters_cell_that_is_no_python_knows_nothing(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest) as refused:
        source.check_parameters(taking(tmp_path / "x.ipynb", "day = = 1"), ["day"])
    assert refused.value.hint == "Its parameters cell sets nothing."


@pytest.mark.parametrize(
    "metadata",
    [{"language_info": {"name": "R"}}, {"kernelspec": {"name": "ir", "language": "R", "display_name": "R"}}],
)
def test_other_languages_are_left_to_their_kernels(tmp_path: Path, metadata: dict[str, Any]) -> None:
    path = write_notebook(tmp_path / "x.ipynb", code("day <- 1", "parameters"), **metadata)
    source.check_parameters(path, ["anything"])
    assert not source.is_python(source.read(path))


@pytest.mark.parametrize(
    "metadata", [{}, {"language_info": {"name": "python"}}, {"kernelspec": {"name": "python3", "display_name": "P"}}]
)
def test_a_notebook_is_python_unless_it_says_otherwise(metadata: dict[str, Any]) -> None:
    assert source.is_python({"metadata": metadata})


def test_code_is_text_however_the_file_keeps_it(tmp_path: Path) -> None:
    path = tmp_path / "x.ipynb"
    cells = [{"cell_type": "code", "source": ["a = 1\n", "b"]}, {"cell_type": "markdown", "source": "# T"},
             {"cell_type": "code", "source": "c"}]  # fmt: skip
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}))
    assert list(source.code_of(source.read(path))) == ["a = 1\nb", "c"]
