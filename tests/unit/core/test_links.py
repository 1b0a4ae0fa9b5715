"""Links: derived from the home's key and a job, never stored; a stored result gets its link back only here."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lakebook.access.links import KEY_FILE, MARK, opened, sealed, token_of

results = st.dictionaries(
    st.text(max_size=8), st.one_of(st.none(), st.integers(), st.text(max_size=20).filter(lambda text: MARK not in text))
)


def test_a_token_belongs_to_one_home_and_one_job(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    token = token_of(first, "job")
    assert len(token) == 43
    assert token_of(first, "job") == token
    assert len({token, token_of(first, "other"), token_of(second, "job"), token_of(second, "other")}) == 4


def test_the_key_is_private_and_made_once_by_whoever_comes_first(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        tokens = set(pool.map(lambda _n: token_of(tmp_path, "job"), range(32)))
    assert len(tokens) == 1
    assert [path.name for path in tmp_path.iterdir()] == [KEY_FILE]
    assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(result=results)
def test_a_stored_result_hides_the_token_and_gets_it_back(tmp_path: Path, result: dict[str, object]) -> None:
    token = token_of(tmp_path, "job")
    shown = {**result, "path": f"lakebook/p/{token}", "url": f"http://127.0.0.1:1/lakebook/p/{token}"}
    stored = sealed(shown, token)
    assert token not in repr(stored)
    assert opened(stored, tmp_path, "job") == shown
    assert opened(stored, tmp_path, "other") != shown


def test_a_result_without_a_link_is_left_alone(tmp_path: Path) -> None:
    result = {"rows": 3, "name": "orders", "file": None}
    assert opened(result, tmp_path, "job") is result
    assert not (tmp_path / KEY_FILE).exists()
