"""Small faults put into Python source, one at a time, as a person might make them."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass

SWAPPED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Add: ast.Sub, ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv, ast.Div: ast.Mult, ast.And: ast.Or, ast.Or: ast.And, ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """One fault: its line, what it is, and the whole source with it."""

    line: int
    what: str
    source: str


def mutants(source: str) -> Iterator[Mutant]:
    """Every fault there is for this source; annotations, imports and docstrings stay as they are."""
    tree = ast.parse(source)
    for place, node in enumerate(ast.walk(tree)):
        for number, (what, _) in enumerate(_faults(node)):
            changed = copy.deepcopy(tree)
            target = _at(changed, place)
            _faults(target)[number][1]()
            yield Mutant(getattr(node, "lineno", 0), what, ast.unparse(ast.fix_missing_locations(changed)))


def _at(tree: ast.AST, place: int) -> ast.AST:
    return next(node for number, node in enumerate(ast.walk(tree)) if number == place)


def _faults(node: ast.AST) -> list[tuple[str, _Change]]:
    match node:
        case ast.Compare(ops=[op]) if type(op) in SWAPPED:
            return [(f"{type(op).__name__} swapped", _Change(node, "ops", [SWAPPED[type(op)]()]))]
        case ast.BoolOp(op=op):
            return [(f"{type(op).__name__} swapped", _Change(node, "op", SWAPPED[type(op)]()))]
        case ast.BinOp(op=op, left=left) if type(op) in SWAPPED and not _is_annotation(left):
            return [(f"{type(op).__name__} swapped", _Change(node, "op", SWAPPED[type(op)]()))]
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            double = ast.UnaryOp(op=ast.Not(), operand=operand)
            return [("not removed", _Change(node, "operand", double))]
        case ast.Constant(value=bool(value)):
            return [("truth swapped", _Change(node, "value", not value))]
        case ast.Constant(value=int(value)):
            return [("number raised", _Change(node, "value", value + 1))]
        case ast.If(test=test) | ast.IfExp(test=test):
            return [("condition turned", _Change(node, "test", ast.UnaryOp(op=ast.Not(), operand=test)))]
        case ast.For(iter=_):
            return [("loop emptied", _Change(node, "iter", ast.Tuple(elts=[], ctx=ast.Load())))]
        case ast.Return(value=value) if value is not None and not isinstance(value, ast.Constant):
            return [("nothing returned", _Change(node, "value", ast.Constant(value=None)))]
        case ast.Continue():
            return []
    return []


def _is_annotation(left: ast.expr) -> bool:
    """`exp.Select | exp.Union` in a test of types is left alone: with `&` it would not even run."""
    return isinstance(left, ast.Attribute | ast.Name) and left != ast.Name("used")


@dataclass
class _Change:
    """Sets one field of a node when called."""

    node: ast.AST
    name: str
    value: object

    def __call__(self) -> None:
        setattr(self.node, self.name, self.value)
