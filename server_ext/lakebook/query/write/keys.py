"""What a reading groups by, taken apart into single values: keys of things, their labels, plain terms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from lakebook.query.reading import Figure, Reading
from lakebook.query.terms import Term, Thing
from lakebook.query.write.terms import leaves


@dataclass(frozen=True)
class Key:
    """A value that rows are grouped by; `needed`: rows without it are left out."""

    term: Term
    shown: bool = True
    needed: bool = False


def keys_of(reading: Reading) -> list[Key]:
    """The keys of a reading with groups, those that are only for its order last."""
    ranked = reading.limit is not None or bool(reading.having) or bool(reading.each) or reading.count_groups
    found = list(_split([*_missing(reading.each, reading.groups), *reading.groups], needed=ranked))
    found += [Key(each) for each in reading.columns]
    found += [Key(each.by, shown=False) for each in reading.order if isinstance(each.by, Term)]
    return once(found)


def things_needed(groups: Sequence[Term | Thing]) -> list[Key]:
    """The keys of groups whose rows all have a name."""
    return once(_split(groups, needed=True))


def once(keys: Sequence[Key] | Iterator[Key]) -> list[Key]:
    """The keys without those that are there already; shown and needed wherever one of them is."""
    kept: list[Key] = []
    for key in keys:
        place = next((number for number, each in enumerate(kept) if each.term == key.term), None)
        if place is None:
            kept.append(key)
        else:
            both = kept[place]
            kept[place] = replace(both, shown=both.shown or key.shown, needed=both.needed or key.needed)
    return kept


def figures_of(reading: Reading) -> list[Figure]:
    """Every figure that the statement computes, shown or not."""
    shown: list[Figure] = [] if reading.count_groups else list(reading.figures)
    for having in reading.having:
        shown.append(having.figure)
        if isinstance(having.value, Figure):
            shown.append(having.value)
    return shown + [each.by for each in reading.order if isinstance(each.by, Figure) and not reading.count_groups]


def _split(groups: Sequence[Term | Thing], *, needed: bool) -> Iterator[Key]:
    for group in groups:
        if isinstance(group, Thing):
            yield from (Key(each, shown=not group.labels, needed=True) for each in group.key)
            yield from (Key(each) for each in group.labels)
        else:
            yield Key(group, needed=needed)


def _missing(each: Sequence[Term], groups: Sequence[Term | Thing]) -> list[Term]:
    """What the limit holds for that is not among the groups already."""
    there = [
        term for group in groups for term in ((*group.key, *group.labels) if isinstance(group, Thing) else (group,))
    ]
    return [term for term in each if term not in there and list(leaves(term))]
