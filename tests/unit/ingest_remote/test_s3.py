"""Places in S3, and who is asked with which credentials, at a server of the test's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from lakebook.call import Call
from lakebook.errors import Forbidden, InvalidRequest, MissingExtra, NotFound, Unavailable
from lakebook.ingest.models import IngestRequest
from lakebook.ingest.sources import s3
from tests.services.remote import loaded
from tests.unit.ingest_remote.test_web import CSV, Site
from tests.unit.remains import left_in


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A server that gives objects to anybody; lakebook has no credentials."""
    for name in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, "/dev/null")
    monkeypatch.delenv("AWS_EC2_METADATA_DISABLED", raising=False)
    made = Site()
    monkeypatch.setenv("AWS_ENDPOINT_URL", made.address)
    yield made
    made.close()


def test_a_public_object_is_read_unsigned(call: Call, store: Site) -> None:
    store.lay("/open-data/days/1.csv", ETag='"abc"')
    done = loaded(call, "s3://open-data/days/1.csv", credentials="anonymous", name="days")
    assert done.rows == 2
    assert call.runtime.catalog.lineage(done.dataset_id)[0]["source"] == "s3://open-data/days/1.csv (etag abc)"
    assert [("authorization" in headers) for _, headers in store.asked] == [False]


def test_without_credentials_nobody_at_all_is_asked(
    call: Call, store: Site, refused_hosts: Callable[[], list[str]]
) -> None:
    with pytest.raises(InvalidRequest, match="no credentials for S3") as caught:
        loaded(call, "s3://open-data/days/1.csv")
    assert "--credentials anonymous" in caught.value.hint
    assert store.asked == []
    assert refused_hosts() == []


@pytest.mark.parametrize(("status", "kind"), [(403, Forbidden), (404, NotFound), (418, Unavailable)])
def test_a_bare_status_is_one_error(call: Call, store: Site, status: int, kind: type[Exception]) -> None:
    store.lay("/open-data/a.csv", b"", status)
    with pytest.raises(kind):
        loaded(call, "s3://open-data/a.csv", credentials="anonymous")
    assert left_in(call.runtime) == []


def test_an_object_that_breaks_off_is_not_kept(call: Call, store: Site) -> None:
    store.lay("/open-data/a.csv", CSV, Content_Length="1000")
    with pytest.raises(Unavailable):
        loaded(call, "s3://open-data/a.csv", credentials="anonymous")
    assert left_in(call.runtime) == []
    assert list(call.runtime.settings.folder("files").iterdir()) == []


def test_a_pair_of_keys_is_two_words(call: Call, store: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LB_S3", "only-one")
    with pytest.raises(InvalidRequest, match="no pair of keys") as caught:
        loaded(call, "s3://open-data/a.csv", credentials="env:LB_S3")
    assert "only-one" not in str(caught.value)
    monkeypatch.setenv("LB_S3", "with:colon:secret")
    assert s3.secret_of_keys(call, "env:LB_S3") == ("with:colon", "secret")


@pytest.mark.parametrize("source", ["s3://", "s3://bucket", "s3://bucket/", "s3:///key", "s3://key@bucket/a.csv"])
def test_an_address_names_bucket_and_key(call: Call, source: str) -> None:
    with pytest.raises(InvalidRequest, match="no bucket and key"):
        s3.prepare(call, IngestRequest(source=source))


@pytest.mark.parametrize(
    ("source", "title"),
    [("s3://b/a/orders.csv", "orders.csv"), ("s3://b/a/orders_*.csv", "orders"), ("s3://b/days/*.csv", "days"),
     ("s3://b/days/", "days")],
    ids=["key", "words", "folder", "slash"],
)  # fmt: skip
def test_a_place_is_called_after_its_words(call: Call, source: str, title: str) -> None:
    assert s3.prepare(call, IngestRequest(source=source)) == title


@pytest.mark.parametrize(
    ("pattern", "key", "held"),
    [("d/*.csv", "d/1.csv", True), ("d/*.csv", "d/e/1.csv", False), ("d/", "d/1.csv", True), ("d/", "d/e/1.csv", False),
     ("d/?.csv", "d/12.csv", False), ("*/1.csv", "d/1.csv", True), ("d/[12].csv", "d/2.csv", True)],
)  # fmt: skip
def test_a_pattern_means_keys_of_its_depth(pattern: str, key: str, held: bool) -> None:
    assert s3.Place("b", pattern).holds(key) is held


def test_without_boto3_its_extra_is_named(call: Call, store: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(s3, "find_spec", lambda _name: None)
    with pytest.raises(MissingExtra, match=r"lakebook\[s3\]"):
        loaded(call, "s3://b/a.csv")
