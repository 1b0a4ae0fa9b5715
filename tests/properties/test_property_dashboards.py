"""Dashboards are stored as given under ids of their own; links to them are unique and known by their hashes alone."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakebook.dashboards import store
from lakebook.dashboards.models import DashboardCreate, DashboardRequest, DashboardsRequest, PublishRequest
from lakebook.dashboards.pages import page_for
from lakebook.dashboards.publish import publish
from lakebook.dashboards.render import Page
from lakebook.dashboards.verbs import create_dashboard, list_dashboards, show_dashboard
from lakebook.metadata import schema
from lakebook.runtime import Runtime, open_runtime
from tests.local_home import write_notebook
from tests.properties.in_process import call_of, fresh

SIGNS = st.characters(codec="utf-8", exclude_categories=["C"], exclude_characters='"/\\')
words = st.text(st.characters(codec="utf-8"), max_size=10)
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=5,
)
objects = st.dictionaries(words, plain, max_size=3)
configurations = st.fixed_dictionaries(
    {}, optional={"visualizations": st.lists(objects, max_size=3), "layout": objects, "theme": plain}
)

_ids: set[str] = set()
_links: set[str] = set()


# Feature: ai-analytics-platform, Property 31: Dashboard storage. For any dashboard creation, the Platform should store the dashboard configuration in PostgreSQL and return a unique dashboard identifier.
@given(start=st.text(SIGNS, max_size=20), config=configurations, user=words.filter(bool))
def test_a_dashboard_is_stored_as_it_was_given(runtime: Runtime, start: str, config: dict[str, Any], user: str) -> None:
    name = fresh(start)
    made = create_dashboard(call_of(runtime, user), DashboardCreate(name=name, config=config))
    assert made.dashboard_id not in _ids
    _ids.add(made.dashboard_id)
    assert made.name == unicodedata.normalize("NFC", name).strip()
    assert (made.user_id, made.version, made.shared) == (user, 0, False)
    assert made.visualizations == config.get("visualizations", [])
    assert made.layout == config.get("layout", {})
    again = open_runtime(runtime.settings.home)
    try:
        assert store.row(again, made.dashboard_id)["config"] == config
        for reference in (made.dashboard_id, made.name):
            assert show_dashboard(call_of(again), DashboardRequest(dashboard=reference)) == made
        assert made in list_dashboards(call_of(again), DashboardsRequest()).items
    finally:
        again.close()


def everything_stored(runtime: Runtime) -> str:
    """All rows of the metadata, and the paths of all pages."""
    with runtime.database.read() as connection:
        rows = [str(connection.execute(table.select()).all()) for table in schema.metadata.sorted_tables]
    return "\n".join([*rows, *map(str, runtime.settings.folder("pages").rglob("*"))])


# Feature: ai-analytics-platform, Property 34: Shareable link uniqueness. For any dashboard sharing action, the Platform should generate a unique shareable link that differs from all previously generated share links.
@given(pages=st.lists(words, min_size=1, max_size=3), again=st.booleans())
def test_each_sharing_makes_a_link_of_its_own(runtime: Runtime, folder: Path, pages: list[str], again: bool) -> None:
    write_notebook(folder / "board.ipynb", "1")
    ran = SimpleNamespace(failure=lambda: None)
    name, tokens = fresh("board"), list[str]()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lakebook.dashboards.publish.execute", lambda _call, _work: ran)
        patch.setattr("lakebook.dashboards.publish.source.read", lambda _output: {})
        patch.setattr("lakebook.dashboards.publish.datasets_read", lambda _runtime, _content: [])
        for html in pages:
            patch.setattr("lakebook.dashboards.publish.render", lambda _content, html=html, **_named: Page(html, 0))
            name = name if again else fresh("board")
            request = PublishRequest(notebook="board.ipynb", name=name)
            made = publish(call_of(runtime, folder=folder), request)
            tokens.append(made.path.rsplit("/", 1)[-1])
            found = page_for(runtime, tokens[-1])
            assert found is not None
            assert found.read_bytes().decode() == html
    assert not _links & set(tokens)
    assert len(set(tokens)) == len(tokens)
    _links.update(tokens)
    assert all(len(token) == 43 for token in tokens)
    stored = everything_stored(runtime)
    for token in tokens:
        assert store.digest(token) in stored
        assert token not in stored
