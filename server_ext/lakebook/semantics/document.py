"""A semantic model's file as plain data with the line of each part: YAML or JSON, read without running any of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lakebook.semantics.faults import Fault, refused

LONGEST_BYTES = 2_000_000
DEEPEST = 40
MOST_PARTS = 200_000

Path = tuple[str | int, ...]

_NUMBER = re.compile(r"-?(0|[1-9]\d{0,300})(\.\d{1,300})?([eE][+-]?\d{1,3})?")
_PAIR = re.compile(r"\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")


class Number(str):
    """A number, kept as it was written."""

    __slots__ = ()


@dataclass
class Document:
    """The parts of a file as mappings, lists and texts, and where each stands."""

    text: str
    data: Any
    lines: dict[Path, int] = field(default_factory=dict)

    @property
    def is_json(self) -> bool:
        """Whether the file is written as JSON."""
        return self.text.lstrip("\ufeff \t\r\n").startswith("{")

    def line(self, path: Path) -> int:
        """The line of a part, from 1; of what it would be in, where it is not there."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read(text: str) -> Document:
    """The document of a file's text; raises BadModel with the line for what is no YAML or JSON, or too much of it."""
    import yaml

    if len(text.encode("utf-8", "replace")) > LONGEST_BYTES:
        raise refused([Fault(1, f"A semantic model has at most {LONGEST_BYTES:,} bytes; this is more.")])
    document = Document(text, None)
    plain = _PAIR.sub(_joined, text.removeprefix("\ufeff")) if document.is_json else text.removeprefix("\ufeff")
    try:
        _Builder(yaml.parse(plain, Loader=_loader()), document).build()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        kind = "JSON" if document.is_json else "YAML"
        said = error.problem or error.context or "it cannot be read"
        line = min(mark.line + 1, len(plain.splitlines())) if mark else 1
        raise refused([Fault(line, f"This is no {kind}: {said}.")]) from None
    except yaml.reader.ReaderError as error:
        line = plain.count("\n", 0, error.position) + 1 if isinstance(error.position, int) else 1
        raise refused([Fault(line, "It holds a character that no text file may hold.")]) from None
    return document


def _loader() -> Any:
    """The parser in C where PyYAML was built with it; both only know YAML's plain types."""
    import yaml

    return yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader


def _joined(pair: re.Match[str]) -> str:
    """JSON writes a character beyond the first 65,536 as two escapes, YAML as one."""
    high, low = int(pair[1], 16), int(pair[2], 16)
    return f"\\U{0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00):08x}"


class _Builder:
    """Makes data of the parser's events; what YAML can do beyond JSON's data is refused, but for plain aliases."""

    def __init__(self, events: Iterator[Any], document: Document) -> None:
        self.events, self.document = events, document
        self.anchors: dict[str, tuple[Any, int]] = {}
        self.parts = 0

    def build(self) -> None:
        import yaml

        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                if self.document.lines:
                    raise refused([Fault(_line(event), "A file holds one document; a second one begins here.")])
                self.document.data = self._node(next(self.events), ())

    def _node(self, event: Any, path: Path) -> Any:
        import yaml

        before = self.parts
        self._count(event, path)
        self.document.lines[path] = _line(event)
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        if event.tag is not None:
            raise refused([Fault(_line(event), f"The tag {event.tag} is not taken; write the value alone.")])
        value: Any
        if isinstance(event, yaml.ScalarEvent):
            value = _scalar(event.value) if event.implicit[0] else event.value
        elif isinstance(event, yaml.SequenceStartEvent):
            value = self._list(path)
        else:
            value = self._mapping(path)
        if event.anchor:
            self.anchors[event.anchor] = (value, self.parts - before)
        return value

    def _list(self, path: Path) -> list[Any]:
        import yaml

        found: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            found.append(self._node(event, (*path, len(found))))
        return found

    def _mapping(self, path: Path) -> dict[str, Any]:
        import yaml

        found: dict[str, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent) or event.tag is not None:
                raise refused([Fault(_line(event), "What stands before a colon must be a plain word.")])
            if event.value == "<<":
                raise refused([Fault(_line(event), "Merging with << is not taken; write it out.")])
            if event.value in found:
                raise refused([Fault(_line(event), f"{event.value!r} is given twice.")])
            key = str(event.value)
            found[key] = self._node(next(self.events), (*path, key))
            self.document.lines[(*path, key)] = _line(event)
        return found

    def _alias(self, event: Any) -> Any:
        if event.anchor not in self.anchors:
            raise refused([Fault(_line(event), f"*{event.anchor} stands for something that holds it.")])
        value, parts = self.anchors[event.anchor]
        self.parts += parts
        self._within_limits(event)
        return value

    def _count(self, event: Any, path: Path) -> None:
        self.parts += 1
        self._within_limits(event)
        if len(path) > DEEPEST:
            raise refused([Fault(_line(event), f"It is nested deeper than {DEEPEST} levels.")])

    def _within_limits(self, event: Any) -> None:
        if self.parts > MOST_PARTS:
            raise refused([Fault(_line(event), f"It has more than {MOST_PARTS:,} parts.")])


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _scalar(text: str) -> Any:
    """A plain word as JSON would have it: `no` and a date stay texts."""
    if text in ("", "~", "null", "Null", "NULL"):
        return None
    if text in ("true", "True", "TRUE", "false", "False", "FALSE"):
        return text[0] in "tT"
    return Number(text) if _NUMBER.fullmatch(text) else text
