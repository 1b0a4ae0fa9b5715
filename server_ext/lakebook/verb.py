"""What a verb is: a typed request, a typed result, one function, one line of help, its doors."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Generic, Literal, Protocol, Self, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

if TYPE_CHECKING:
    from lakebook.call import Call

Door = Literal["python", "rest", "cli", "magic", "panel", "mcp"]
ALWAYS: tuple[Door, ...] = ("python", "rest", "cli")
Action = Literal["read", "write", "execute"]
Priority = Literal["low", "normal", "high"]
Item = TypeVar("Item", bound=BaseModel)


class Request(BaseModel):
    """What a verb takes; unknown fields are refused so that a typo is never ignored."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True, str_strip_whitespace=True)

    def brought(self) -> Self:
        """The request as it leaves the caller's machine: with the text of a file that it names."""
        return self


class QueuedRequest(Request):
    """What a verb takes whose work waits in the queue."""

    priority: Priority = Field("normal", description="How soon its turn comes among the jobs that wait.")


class Result(BaseModel):
    """What a verb gives back, as plain data."""

    model_config = ConfigDict(populate_by_name=True)

    def _repr_html_(self) -> str:
        from lakebook.display import fields_html

        return fields_html(self)

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        from lakebook.display import text_of

        printer.text(text_of(self))


class Listing(Result, Generic[Item]):
    """A list of things, newest first unless the verb says otherwise."""

    items: list[Item] = Field(description="The things listed.")

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, index: int) -> Item:
        return self.items[index]

    def rows(self) -> Iterator[Item]:
        """The items one by one."""
        return iter(self.items)

    def _repr_html_(self) -> str:
        from lakebook.display import listing_html

        return listing_html(self)


def _parted(words: Any) -> Any:
    """`a,b` and repeated words alike as one list of names."""
    given = [words] if isinstance(words, str) else words
    if not isinstance(given, list) or not all(isinstance(word, str) for word in given):
        return words
    return [name.strip() for word in given for name in word.split(",") if name.strip()]


Names = Annotated[list[str], BeforeValidator(_parted)]


@dataclass(frozen=True)
class Positional:
    """Marks a request field that shell and cell take without its name."""

    many: bool = False


@dataclass(frozen=True)
class Flag:
    """Another spelling of a field's option in shell and cell, such as `--as`."""

    spelling: str


@dataclass(frozen=True)
class Inline:
    """Marks a request field that programs send; shell and cell give a file in its place."""


class Carry(Protocol):
    """Carries a request out where the home is; what is said of progress is shown to whoever waits."""

    def __call__(self, request: Request, fraction: float = 0.0, message: str = "") -> Any:
        """The verb's result."""


@dataclass(frozen=True)
class Verb:
    """One capability of lakebook and where it can be reached.

    `here` is done beside whoever asks, around the work: it reads and writes files that may not lie where the home is.
    A verb `ask.file` beside a verb `ask` is `ask --file` in shell and cell.
    """

    name: str
    request: type[Request]
    result: type[Result]
    function: str
    help: str
    method: str
    path: str
    action: Action
    seed: tuple[tuple[str, str], ...] = ()
    job: str | None = None
    prepare: str | None = None
    here: str | None = None
    magic: str | None = None
    panel: bool = False
    mcp: bool = True

    @property
    def doors(self) -> tuple[Door, ...]:
        """The doors this verb is at: Python, REST and CLI always."""
        extra: list[Door] = []
        if self.magic:
            extra.append("magic")
        if self.panel:
            extra.append("panel")
        if self.mcp:
            extra.append("mcp")
        return (*ALWAYS, *extra)

    def run(self, call: Call, request: Request) -> Any:
        """Do the work here and now; jobs are run so by their worker."""
        return load(self.function)(call, request)

    def prepared(self, call: Call, request: Request) -> dict[str, Any]:
        """Check a job's request before it is queued; what is returned is kept with the job."""
        if self.prepare is None:
            return {}
        facts: dict[str, Any] = load(self.prepare)(call, request)
        return facts


def load(address: str) -> Callable[..., Any]:
    """The function named by `module:name`."""
    module, _, name = address.partition(":")
    function: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return function


def wire(value: Any) -> Result:
    """A verb's return value as plain data; rich values say themselves how they travel."""
    if isinstance(value, Result):
        return value
    plain: Result = value.wire()
    return plain
