"""On a shared server sources reach the hosts and secrets that are named; one person reaches everything."""

from __future__ import annotations

import pyarrow as pa
import pytest

from lakebook.call import Call
from lakebook.errors import Forbidden
from lakebook.ingest.models import IngestRequest
from lakebook.ingest.sources import database
from lakebook.ingest.sources.allowed import allow_host, allow_secret
from lakebook.ingest.sources.credentials import secret_of
from lakebook.jobs.submit import submit
from lakebook.settings import settings_of
from lakebook.verbs import BY_NAME
from tests.unit.ingest_remote.listed import Listed

SOURCE = "postgresql://ann@db.example.org/shop"


@pytest.fixture
def shared(call: Call) -> Call:
    """A call on a server that several people share."""
    call.runtime.settings.remote_kernels = True
    return call


def asked(call: Call, source: str = SOURCE, credentials: str | None = "env:LB_SHOP") -> None:
    """Ask for a source as every door does."""
    submit(call, BY_NAME["ingest"], IngestRequest(source=source, name="t", credentials=credentials), staffed=True)


def test_one_person_reaches_everything(call: Call) -> None:
    asked(call)
    allow_host(call, "")
    allow_secret(call, "keyring:shop/ann")
    assert call.runtime.jobs.newest(1)[0].status == "queued"


@pytest.mark.parametrize(
    ("source", "credentials", "said", "setting"),
    [
        (SOURCE, None, "no database at db.example.org", "LAKEBOOK_SOURCE_HOSTS=db.example.org"),
        ("snowflake://ann@account/db/schema", None, "no database at account", "LAKEBOOK_SOURCE_HOSTS=account"),
        ("postgresql:///shop", None, "a place without a host", "LAKEBOOK_SOURCE_HOSTS=host"),
        (SOURCE, "env:LB_SHOP", "no source use env:LB_SHOP", "LAKEBOOK_SOURCE_SECRETS=env:LB_SHOP"),
        ("https://example.org/a.csv", "keyring:shop/ann", "no source use keyring:shop/ann", "SECRETS=keyring:shop/ann"),
        ("s3://bucket/a.csv", "env:LB_SHOP", "no source use env:LB_SHOP", "LAKEBOOK_SOURCE_SECRETS=env:LB_SHOP"),
        ("s3://bucket/a.csv", None, "no source use aws:default", "LAKEBOOK_SOURCE_SECRETS=aws:default"),
    ],
)
def test_where_several_share_it_nothing_is_allowed_unless_named(
    shared: Call, source: str, credentials: str | None, said: str, setting: str
) -> None:
    with pytest.raises(Forbidden, match=said) as refused:
        asked(shared, source, credentials)
    assert setting in refused.value.hint
    assert shared.runtime.jobs.newest(1) == []


@pytest.mark.parametrize("hosts", ["db.example.org", " other , DB.Example.ORG", "*.example.org", "*"])
def test_what_is_named_is_allowed(shared: Call, hosts: str) -> None:
    shared.runtime.settings.source_hosts = hosts
    shared.runtime.settings.source_secrets = "keyring:a/b, env:LB_*"
    asked(shared)
    assert shared.runtime.jobs.newest(1)[0].status == "queued"


@pytest.mark.parametrize("host", ["example.org", "db.example.org.evil.net", "evil.net,db.example.org", ""])
def test_what_only_looks_like_a_named_host_is_not(shared: Call, host: str) -> None:
    shared.runtime.settings.source_hosts = "*.example.org"
    with pytest.raises(Forbidden):
        allow_host(shared, host)


def test_a_list_holds_for_one_person_too(call: Call) -> None:
    call.runtime.settings.source_hosts = "elsewhere"
    with pytest.raises(Forbidden, match=r"db\.example\.org"):
        asked(call)


def test_the_worker_asks_again(shared: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was queued before the list was made shorter is not read after it."""
    monkeypatch.setenv("LB_SHOP", "secret")
    with pytest.raises(Forbidden, match="env:LB_SHOP"):
        secret_of(shared, "env:LB_SHOP")
    listed = Listed({"orders": pa.table({"id": [1]})})
    with pytest.raises(Forbidden, match=r"db\.example\.org"):
        list(database.tables(shared, IngestRequest(source=SOURCE), {}, listed.connected))
    assert listed.reads == []


def test_a_worker_of_a_shared_server_knows_it(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAKEBOOK_REMOTE_KERNELS", "1")
    assert settings_of(call.runtime.settings.home).remote_kernels
