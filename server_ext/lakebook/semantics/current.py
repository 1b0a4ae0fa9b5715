"""The semantic models that hold for a caller now: parsed once for each version, with the caller's own words in them."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

from lakebook.semantics import store
from lakebook.semantics.format import parse
from lakebook.semantics.known import KnownColumn, KnownTable, Tables, among
from lakebook.semantics.merge import merged
from lakebook.semantics.settled import settled

if TYPE_CHECKING:
    from lakebook.call import Call
    from lakebook.semantics.model import SemanticModel

MOST_KEPT = 64

_lock = threading.Lock()
_kept: OrderedDict[tuple[object, ...], tuple[SemanticModel, ...]] = OrderedDict()


def models_for(call: Call) -> tuple[SemanticModel, ...]:
    """Everybody's models and the caller's own words as one: sources are full names of tables where those are there.

    Made anew when a model or the catalogue changed.
    """
    user, database = call.principal.user_id, call.runtime.database
    standing = tuple((one.dataset_id, one.layer, one.name, one.version) for one, _ in call.runtime.catalog.datasets())
    key = (database.address, user, store.stamp(database, user), standing)
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    made = _made(call, among(tables_of(call)))
    with _lock:
        _kept[key] = made
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return made


def tables_of(call: Call) -> tuple[KnownTable, ...]:
    """The tables that the caller may read, with the columns of their newest version."""
    from lakebook.catalog.schemas import types_of

    return tuple(
        KnownTable(
            one.layer,
            one.name,
            tuple(KnownColumn(*column) for column in types_of(call.runtime.database, one.dataset_id).items()),
        )
        for one, _files in call.runtime.catalog.datasets()
    )


def _made(call: Call, tables: Tables) -> tuple[SemanticModel, ...]:
    own: list[SemanticModel] = []
    shared: list[SemanticModel] = []
    for row in store.kept(call.runtime.database, call.principal.user_id):
        models = [settled(model, tables) for _path, model in parse(row["document"]).models]
        (shared if row["owner"] == store.EVERYBODY else own).extend(models)
    return merged(shared, own)
