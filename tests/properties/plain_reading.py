"""What a reading means, row by row in plain Python: slow, without SQL, and with nothing of the writer in it."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from lakebook.query.reading import (
    Aggregate,
    Among,
    Beside,
    Compare,
    Condition,
    Difference,
    Either,
    Every,
    Figure,
    Has,
    Missing,
    OfTotal,
    OverGroups,
    Ratio,
    Reading,
    Within,
)
from lakebook.query.terms import Combined, Field, Part, Scaled, Term, Thing
from tests.properties.small_shop import TIES, Row, Shop

_OF_KNOWN: dict[str, Callable[[Sequence[Any]], Any]] = {"sum": sum, "min": min, "max": max}

Link = tuple[str, str, bool]  # from a table, to a table, whether one row leads to several
Way = tuple[Link, ...]
Place = dict[Way, Row | None]

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b, "<>": lambda a, b: a != b, "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
}  # fmt: skip


def way(start: str, end: str, role: str = "") -> Way:
    """The links between two tables of the shop; there is one way only."""
    found: Way = ()
    if start != end:
        front: list[Way] = [()]
        while True:
            front = [(*path, link) for path in front for link in _links(path[-1][1] if path else start, path)]
            arrived = [path for path in front if path[-1][1] == end]
            if arrived:
                found = arrived[0]
                break
    return (*found, (end, end, False)) if role else found


def _links(table: str, path: Way) -> Iterator[Link]:
    been = {link[0] for link in path}
    for many, one in TIES:
        if many == one:
            continue
        if many == table and one not in been:
            yield (many, one, False)
        if one == table and many not in been:
            yield (one, many, True)


class Meaning:
    """Readings over the rows of one shop."""

    def __init__(self, shop: Shop, thing: Thing | None = None) -> None:
        self.shop = shop
        self.thing = thing

    # Rows and where they lead.

    def step(self, row: Row | None, link: Link) -> list[Row]:
        """The rows that a row leads to."""
        start, end, fans = link
        if row is None:
            return []
        mine, theirs = TIES[(end, start) if fans else (start, end)]
        mine, theirs = (theirs, mine) if fans else (mine, theirs)
        return [other for other in self.shop.rows[end] if row[mine] is not None and other[theirs] == row[mine]]

    def places(self, row: Row, ways: Iterable[Way], fan: Way = ()) -> Iterator[Place]:
        """Every choice of a row at the end of each way; none at the fan itself leaves nothing, past it a blank."""
        needed: list[Way] = sorted({path[:end] for path in ways for end in range(1, len(path) + 1)}, key=len)
        chosen: list[Place] = [{(): row}]
        for path in needed:
            more: list[Place] = []
            for place in chosen:
                rows: list[Row | None] = [*self.step(place[path[:-1]], path[-1])]
                if not rows and path != fan:
                    rows = [None]
                more += [{**place, path: each} for each in rows]
            chosen = more
        yield from chosen

    # Terms and conditions.

    def term(self, of: Term, place: Place, start: str) -> Any:
        """The value of a term where the rows are chosen."""
        match of:
            case Field():
                row = place[way(start, of.table.name, of.role)]
                return None if row is None else row[of.column.name]
            case Part():
                value = self.term(of.term, place, start)
                return None if value is None else {"year": value.year, "month": value.replace(day=1)}[of.part]
            case Scaled():
                value = self.term(of.term, place, start)
                return None if value is None else float(value) / of.divisor
            case Combined(operator="*"):
                left, right = self.term(of.left, place, start), self.term(of.right, place, start)
                return None if left is None or right is None else left * right
        raise AssertionError(of)

    def holds(self, condition: Condition, place: Place, start: str) -> bool | None:
        """Whether the condition holds, None for unknown."""
        match condition:
            case Every():
                return _all([self.holds(each, place, start) for each in condition.conditions])
            case Either():
                return _any([self.holds(each, place, start) for each in condition.conditions])
            case Has():
                return self._has(condition, place, start)
            case Missing():
                return (self.term(condition.term, place, start) is None) != condition.negated
        value = self.term(condition.term, place, start)
        match condition:
            case Among():
                if value is None:
                    return True if condition.negated and condition.unknown_too else None
                return (value in condition.values) != condition.negated
            case Within():
                low, high = condition.period.start, condition.period.end
                inside = value is not None and (low is None or low <= value) and (high is None or value < high)
                return None if value is None else inside != condition.negated
            case Beside():
                other = self.total(condition.figure, None)
                return (
                    None if value is None or other is None else _COMPARE[condition.operator](float(value), float(other))
                )
            case Compare():
                return None if value is None else _COMPARE[condition.operator](value, condition.value)
        raise AssertionError(condition)

    def passes(self, conditions: Sequence[Condition], row: Row, start: str) -> bool:
        """Whether a row counts: conditions that lie past the same fan hold of one and the same row there."""
        past: dict[Way, list[Condition]] = {}
        for each in conditions:
            past.setdefault(next(iter(self.fans(each, start)), ()), []).append(each)
        return all(self._together(fan, those, row, start) for fan, those in past.items())

    def _together(self, fan: Way, conditions: Sequence[Condition], row: Row, start: str) -> bool:
        if fan or len(conditions) > 1 or not isinstance(conditions[0], Either):
            ways = [path for each in conditions for path in self.ways(each, start)]
            return any(
                all(self.holds(each, place, start) is True for each in conditions)
                for place in self.places(row, ways, fan)
            )
        return any(self.passes(list(_flat([each])), row, start) for each in conditions[0].conditions)

    def fans(self, condition: Condition, start: str) -> set[Way]:
        """Where one row becomes several for this condition; an Either over several such has none of its own."""
        found = {fan for path in self.ways(condition, start) if (fan := first_fan(path))}
        return set() if len(found) > 1 else found

    def ways(self, condition: Condition, start: str) -> Iterator[Way]:
        """The ways to all that the condition speaks of."""
        match condition:
            case Every() | Either():
                for each in condition.conditions:
                    yield from self.ways(each, start)
            case Has():
                thing = self.thing
                yield way(start, thing.table.name) if thing else ()
            case _:
                yield from term_ways(condition.term, start)

    def _has(self, condition: Has, place: Place, start: str) -> bool:
        thing = self.thing
        owner = thing.table.name if thing else start
        row = place[way(start, owner)]
        found = [] if row is None else list(self._had(row, thing, condition, owner))
        held = any(good is True for good in found)
        if condition.only:
            held = bool(found) and all(good is True for good in found)
        return held != condition.negated

    def _had(self, row: Row, thing: Thing | None, condition: Has, owner: str) -> Iterator[bool | None]:
        """Of each row that the thing has, whether the condition holds of it."""
        had, target = condition.of.table.name, way(owner, condition.of.table.name)
        inner = Meaning(self.shop)
        starts = [row]
        if thing and not is_row(thing):
            key = _only(thing.key)
            starts = [each for each in self.shop.rows[owner] if row[key] is not None and each[key] == row[key]]
        elif had == owner:
            target = ((owner, owner, True),)
        for each in starts:
            ways = [target, *(inner.ways(condition.where, owner) if condition.where else ())]
            for place in inner.places(each, ways, target):
                if place[target] is None:
                    continue
                at: Place = {(): place[target]} if had == owner else place
                yield inner.holds(condition.where, at, owner) if condition.where else True

    # Figures.

    def total(self, figure: Figure, where: Condition | None) -> Any:
        """The figure over all rows."""
        return self.grouped([figure], (), where, needed=False).get((), [None])[0]

    def grouped(
        self, figures: Sequence[Figure], keys: Sequence[Term], where: Condition | None, *, needed: bool | Sequence[bool]
    ) -> dict[tuple[Any, ...], list[Any]]:
        """Each figure for each group that any of them has."""
        wanted = [needed] * len(keys) if isinstance(needed, bool) else list(needed)
        parts = [self._figure(each, keys, where, wanted) for each in figures]
        groups = dict.fromkeys(group for part in parts for group in part)
        if not keys:
            groups = {(): None}
        zero = [_is_count(each) for each in figures]
        return {
            group: [part.get(group, 0 if none else None) for part, none in zip(parts, zero, strict=True)]
            for group in groups
        }

    def _figure(
        self, figure: Figure, keys: Sequence[Term], where: Condition | None, needed: Sequence[bool]
    ) -> dict[tuple[Any, ...], Any]:
        match figure:
            case Aggregate():
                return self._aggregate(figure, keys, where, needed)
            case Ratio() | Difference():
                one, other = (figure.top, figure.bottom) if isinstance(figure, Ratio) else (figure.left, figure.right)
                both = self.grouped([one, other], keys, where, needed=needed)
                return {group: _combined(figure, *values) for group, values in both.items()}
            case OfTotal():
                whole = self.total(figure.figure, where)
                parts = self._figure(figure.figure, keys, where, needed)
                return {group: _share(value, whole, figure.percent) for group, value in parts.items()}
            case OverGroups():
                inner = [
                    *keys,
                    *(term for each in figure.groups for term in (each.key if isinstance(each, Thing) else [each])),
                ]
                every = [*needed, *[True] * (len(inner) - len(keys))]
                singles: dict[tuple[Any, ...], list[Any]] = {}
                for group, (value,) in self.grouped([figure.figure], inner, where, needed=every).items():
                    singles.setdefault(group[: len(keys)], []).append(value)
                return {group: aggregate(figure.kind, values) for group, values in singles.items()}
        raise AssertionError(figure)

    def _aggregate(
        self, figure: Aggregate, keys: Sequence[Term], where: Condition | None, needed: Sequence[bool]
    ) -> dict[tuple[Any, ...], Any]:
        start = figure.table.name
        groups: dict[tuple[Any, ...], list[Any]] = {} if keys else {(): []}
        for row in self.shop.rows[start]:
            for group in self._groups(row, start, keys, where):
                if any(value is None and must for value, must in zip(group, needed, strict=True)):
                    continue
                values = groups.setdefault(group, [])
                if figure.where is None or self.passes(list(_flat([figure.where])), row, start):
                    values.append(self._value(figure, row, start))
        return {group: aggregate(figure.kind if figure.of else "rows", values) for group, values in groups.items()}

    def _groups(self, row: Row, start: str, keys: Sequence[Term], where: Condition | None) -> set[tuple[Any, ...]]:
        """The groups that a row counts in, once in each."""
        conditions = list(_flat([where] if where else []))
        ways = [path for key in keys for path in term_ways(key, start)]
        bridges = {fan for path in ways if (fan := first_fan(path))}
        with_groups = [each for each in conditions if not isinstance(each, Has) and self.fans(each, start) & bridges]
        others = [each for each in conditions if each not in with_groups]
        if not self.passes(others, row, start):
            return set()
        ways += [path for each in with_groups for path in self.ways(each, start)]
        found = set()
        for place in self.places(row, ways):
            missing = any(place[fan] is None for fan in bridges)
            if not missing and all(self.holds(each, place, start) is True for each in with_groups):
                found.add(tuple(self.term(key, place, start) for key in keys))
        return found

    def _value(self, figure: Aggregate, row: Row, start: str) -> Any:
        of = figure.of
        if of is None:
            return 1
        terms = of.key if isinstance(of, Thing) else (of,)
        place = next(iter(self.places(row, [path for each in terms for path in term_ways(each, start)])))
        return self.term(terms[0], place, start)

    # Listings.

    def listed(self, reading: Reading) -> list[tuple[Any, ...]]:
        """The rows of a listing, each as often as it is there."""
        assert reading.subject is not None
        start = reading.subject.table.name
        conditions = list(_flat([reading.where] if reading.where else []))
        found = []
        for row in self.shop.rows[start]:
            if self.passes(conditions, row, start):
                place = next(
                    iter(self.places(row, [path for each in reading.columns for path in term_ways(each, start)]))
                )
                found.append(tuple(self.term(each, place, start) for each in reading.columns))
        if reading.distinct:
            found = list(dict.fromkeys(each for each in found if len(each) > 1 or each[0] is not None))
        return found


def term_ways(of: Term, start: str) -> Iterator[Way]:
    """The ways to the columns that a term is made of."""
    match of:
        case Field():
            yield way(start, of.table.name, of.role)
        case Combined():
            yield from term_ways(of.left, start)
            yield from term_ways(of.right, start)
        case Part() | Scaled():
            yield from term_ways(of.term, start)


def first_fan(path: Way) -> Way:
    """The way up to where one row becomes several."""
    return next((path[: place + 1] for place, link in enumerate(path) if link[2]), ())


def is_row(thing: Thing) -> bool:
    """Whether each row of its table is such a thing."""
    return not thing.key or _only(thing.key) == "id"


def aggregate(kind: str, values: Sequence[Any]) -> Any:
    """The figure of these values, blanks left out."""
    known = [value for value in values if value is not None]
    match kind:
        case "rows":
            return len(known)
        case "distinct":
            return len(set(known))
        case _ if not known:
            return None
        case "avg":
            return float(sum(known)) / len(known)
        case "median":
            return statistics.median(float(value) for value in known)
        case _:
            return _OF_KNOWN[kind](known)


def _combined(figure: Ratio | Difference, one: Any, other: Any) -> Any:
    if isinstance(figure, Difference):
        one = 0 if one is None and _is_sum(figure.left) else one
        other = 0 if other is None and _is_sum(figure.right) else other
        return None if one is None or other is None else float(one) - float(other)
    if figure.percent and one is None and _is_sum(figure.top):
        one = 0
    if one is None or not other:
        return None
    return float(one) / float(other) * (100 if figure.percent else 1)


def _share(value: Any, whole: Any, percent: bool) -> Any:
    return None if value is None or not whole else float(value) / float(whole) * (100 if percent else 1)


def _is_count(figure: Figure) -> bool:
    return isinstance(figure, Aggregate) and figure.kind in ("rows", "distinct")


def _is_sum(figure: Figure) -> bool:
    return isinstance(figure, Aggregate) and figure.kind == "sum"


def _only(key: Sequence[Term]) -> str:
    (single,) = key
    assert isinstance(single, Field)
    return single.column.name


def _flat(conditions: Sequence[Condition]) -> Iterator[Condition]:
    for each in conditions:
        if isinstance(each, Every):
            yield from _flat(each.conditions)
        else:
            yield each


def _all(found: Sequence[bool | None]) -> bool | None:
    return False if False in found else None if None in found else True


def _any(found: Sequence[bool | None]) -> bool | None:
    return True if True in found else None if None in found else False


def same(one: Any, other: Any) -> bool:
    """Whether two values are the same to nine digits."""
    numbers = isinstance(one, int | float | Decimal) and isinstance(other, int | float | Decimal)
    return abs(float(one) - float(other)) <= 1e-9 * max(1.0, abs(float(one))) if numbers else one == other
