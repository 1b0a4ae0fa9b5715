"""The magics that are verbs: their arguments, help and errors come from the verbs' definitions."""

from __future__ import annotations

import keyword
import shlex
import sys
from typing import TYPE_CHECKING, Any, cast

from lakebook_magics.session import lakebook_of_kernel

if TYPE_CHECKING:
    from lakebook.client import Lakebook
    from lakebook.verb import Verb

VERB_MAGICS = ("ingest", "profile", "ask", "evaluate", "train", "predict", "schedule", "publish")


class VerbMagic:
    """One magic; `%name?` shows the verb's help."""

    def __init__(self, shell: Any, name: str) -> None:
        self.shell, self.name = shell, name
        self.__name__ = name
        # A question's {variables} are values, bound below; IPython would paste them.
        self._ipython_magic_no_var_expand = name == "ask"
        self._answered: tuple[Lakebook, str] | None = None

    def _help(self) -> str:
        return str(self.parser().format_help())

    # Made when asked for: making it at load would import every verb.
    __doc__ = cast(str, property(_help))

    @property
    def verb(self) -> Verb:
        """The verb's definition."""
        from lakebook.verbs import BY_NAME

        return BY_NAME[self.name]

    def parser(self) -> Any:
        """The parser of the magic's words."""
        from lakebook.arguments import parser_of

        parser = parser_of(self.verb, f"%{self.name}", add_help=False)
        if self.name == "ask":
            parser.add_argument("--cell", action="store_true", help="Put the SQL into a new %%%%sql cell below.")
            parser.add_argument("--to", metavar="NAME", help="Keep the rows as a frame in this variable.")
        return parser

    def __call__(self, line: str) -> Any:
        """Carry the verb out; a refusal is one line, not a stack."""
        from lakebook.errors import LakebookError

        try:
            return self._carry_out(line)
        except LakebookError as error:
            raise refusal(error) from None

    def _carry_out(self, line: str) -> Any:
        from lakebook.arguments import WrongUse, by_option, request_of
        from lakebook_magics.learning import LearningProgress
        from lakebook_magics.progress import CellProgress

        member, words = by_option(self.name, line.split())
        if member != self.name:
            return VerbMagic(self.shell, member)._carry_out(" ".join(words))
        try:
            options = vars(self.parser().parse_args(words_of(self.verb, line)))
        except WrongUse as error:
            raise refusal(error, hint=error.usage) from None
        lb, progress = lakebook_of_kernel(), LearningProgress() if self.name == "train" else CellProgress()
        frame = self._frame(options)
        if frame is not None:
            options = {"name": options["source"], **options, "source": lb.stage(frame)}
        if self.name == "ask":
            _checked(options.get("to", ""))
            options["question"] = self._bound(options["question"])
            options = {**self._before(lb), **options}
        request = request_of(self.verb, options)
        background = bool(options.get("background"))
        result = lb.do(self.verb, request, background=background, watch=progress.show)
        progress.done()
        if options.get("cell") and getattr(result, "sql", None):
            self.shell.set_next_input(f"%%sql\n{result.sql}", replace=False)
        if self.name == "ask" and options.get("to"):
            self._keep(options["to"], result)
        if self.name == "ask" and result.status == "answered":
            self._answered = lb, result.query_id
        return result

    def _before(self, lb: Lakebook) -> dict[str, str]:
        """The question that this kernel got an answer to last: "and by month?" goes on from it."""
        return {"after": self._answered[1]} if self._answered and self._answered[0] is lb else {}

    def _bound(self, words: list[str]) -> list[str]:
        """The words of a question with the notebook's variables in their places."""
        from lakebook.query.variables import filled

        return filled(" ".join(words), self.shell.user_ns).split(" ")

    def _keep(self, name: str, answer: Any) -> None:
        """Put an answer's rows into a variable; a question that was declined leaves it as it was."""
        if answer.status == "answered":
            self.shell.user_ns[name] = answer.df

    def _frame(self, options: dict[str, Any]) -> Any:
        """The frame of this name in the notebook, for `%ingest frame`."""
        value = self.shell.user_ns.get(options.get("source", ""))
        return None if isinstance(value, str) or self.name != "ingest" else value


def _checked(variable: str) -> None:
    """Refuse a name that no variable can have, before anything is asked."""
    from lakebook.errors import InvalidRequest

    if variable and (not variable.isidentifier() or keyword.iskeyword(variable)):
        raise InvalidRequest(f"{variable!r} cannot be a variable's name.", hint="For example `--to frame`.")


class Refusal(Exception):
    """What a cell shows of an error: one sentence and what to do; `cause` is the typed error."""

    def __init__(self, text: str, cause: Exception) -> None:
        super().__init__(text)
        self.cause = cause

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


def refusal(error: Exception, hint: str = "") -> Refusal:
    """The error as a cell shows it; the notebook still stops there, and `error.cause` is the typed one."""
    return Refusal(f"{type(error).__name__}: {error}{' — ' + hint if hint else ''}", error)


def words_of(verb: Verb, line: str) -> list[str]:
    """The words of a line; a sentence keeps its apostrophes."""
    from lakebook.arguments import marker
    from lakebook.verb import Positional

    marks = [marker(field, Positional) for field in verb.request.model_fields.values()]
    if any(isinstance(mark, Positional) and mark.many for mark in marks):
        return line.split()
    try:
        return shlex.split(line, posix=sys.platform != "win32")
    except ValueError as error:
        raise refusal(error, hint="Close the quote.") from None


def register(shell: Any) -> None:
    """Register the magics with the shell."""
    for name in VERB_MAGICS:
        shell.register_magic_function(VerbMagic(shell, name), "line", name)
