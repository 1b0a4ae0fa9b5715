"""The tests that stand for the design's numbered properties are tagged, each once, and run often enough."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings

HERE = Path(__file__).resolve().parent
TAG = re.compile(r"# Feature: ai-analytics-platform, Property (\d+): (.+)")
STATED = re.compile(r"^\*\*Property (\d+): ([^*\n]+)\*\*\n(\*For any\*[^\n]*)$", re.MULTILINE)
ENOUGH = 100


@dataclass(frozen=True)
class Tagged:
    """A tag, and the test that it stands above."""

    file: str
    number: int
    text: str
    test: ast.FunctionDef


def tagged(path: Path) -> list[Tagged]:
    """The tags of a file; a tag that stands above no test fails."""
    source = path.read_text(encoding="utf-8")
    starts = {
        min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)]): node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef)
    }
    found = []
    for number, line in enumerate(source.splitlines(), 1):
        if line.lstrip().startswith("# Feature:"):
            tag = TAG.fullmatch(line)
            assert tag is not None, f"{path.name}:{number} is no tag"
            assert number + 1 in starts, f"{path.name}:{number} stands above no test"
            found.append(Tagged(path.name, int(tag[1]), tag[2], starts[number + 1]))
    return found


@pytest.fixture(scope="module")
def tags() -> list[Tagged]:
    """Every tag of this folder."""
    return [tag for path in sorted(HERE.glob("test_*.py")) for tag in tagged(path)]


def decorators(test: ast.FunctionDef) -> dict[str, ast.Call]:
    """The decorators that are called, by name."""
    return {ast.unparse(made.func): made for made in test.decorator_list if isinstance(made, ast.Call)}


def test_each_number_is_tagged_at_most_once(tags: list[Tagged]) -> None:
    numbers = [tag.number for tag in tags]
    assert len(numbers) >= 20
    assert sorted(numbers) == sorted(set(numbers))


def test_each_tag_stands_above_a_hypothesis_test(tags: list[Tagged]) -> None:
    for tag in tags:
        assert tag.test.name.startswith("test_"), tag
        assert "given" in decorators(tag.test), tag


def test_a_tag_says_what_the_design_says(tags: list[Tagged], shared: Path) -> None:
    stated = {}
    for document in sorted((shared / "seeds").glob("*.txt")):
        for number, title, statement in STATED.findall(document.read_text(encoding="utf-8")):
            stated[int(number)] = f"{title.strip()}. {statement.replace('*', '').strip()}"
    assert len(stated) == 48
    for tag in tags:
        assert tag.text == stated[tag.number]


def test_no_tagged_test_is_content_with_fewer_examples(tags: list[Tagged]) -> None:
    assert settings.get_profile("ci").max_examples >= ENOUGH
    assert settings.get_profile("ci").derandomize
    for tag in tags:
        own = decorators(tag.test).get("settings")
        given = {keyword.arg: keyword.value for keyword in own.keywords} if own else {}
        number = given.get("max_examples", ast.Constant(ENOUGH))
        assert isinstance(number, ast.Constant), tag
        assert isinstance(number.value, int), tag
        assert number.value >= ENOUGH, tag


@pytest.mark.parametrize(
    "source",
    [
        "# Feature: ai-analytics-platform, Property one: x\ndef test_a(): ...",
        "# Feature: ai-analytics-platform, Property 1: x",
    ],
)
def test_a_tag_that_is_none_is_seen(tmp_path: Path, source: str) -> None:
    path = tmp_path / "test_x.py"
    path.write_text(f"{source}\n")
    with pytest.raises(AssertionError, match=r"test_x\.py:1"):
        tagged(path)
