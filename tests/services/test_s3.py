"""A real S3 server that checks signatures: objects, patterns, etags, refusals."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from importlib import import_module
from itertools import count
from typing import Any

import pytest

from lakebook.call import Call
from lakebook.errors import BadFile, Forbidden, InvalidRequest, JobCancelled, NotFound, Unavailable
from lakebook.runtime import Runtime
from tests.services.conftest import Server
from tests.services.remote import loaded, rows_of
from tests.unit.remains import left_in

KEY, SECRET = "lake:book", "lakebook-secret"
CSV = b"id,kind\n1,a\n2,b\n"
_buckets = count()


@pytest.fixture
def bucket(s3: Server, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A fresh bucket of a server that lakebook is told of by the usual variables."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL_S3"):
        monkeypatch.delenv(name, raising=False)
    endpoint = s3.address.split()[0]
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    by_path = import_module("botocore.config").Config(s3={"addressing_style": "path"})
    store = import_module("boto3").resource("s3", endpoint_url=endpoint, config=by_path)
    return store.create_bucket(Bucket=f"shop-{next(_buckets)}")


def put(bucket: Any, key: str, body: bytes = CSV) -> str:
    """Lay the object down; its etag."""
    return str(bucket.put_object(Key=key, Body=body).e_tag).strip('"')


def test_an_object_is_a_table_with_its_etag_in_the_lineage(call: Call, bucket: Any) -> None:
    etag = put(bucket, "2024/my orders.csv")
    source = f"s3://{bucket.name}/2024/my orders.csv"
    done = loaded(call, source)
    assert (done.name, done.rows) == ("my_orders", 2)
    (edge,) = call.runtime.catalog.lineage(done.dataset_id)
    assert (edge["source_kind"], edge["source"]) == ("s3", f"{source} (etag {etag})")
    assert left_in(call.runtime) == []


def test_a_pattern_is_one_table_of_its_objects(call: Call, bucket: Any) -> None:
    put(bucket, "days/1.csv")
    put(bucket, "days/2.csv", b"id,kind\n3,c\n")
    put(bucket, "days/deep/3.csv", b"id,kind\n9,z\n")
    put(bucket, "days/notes.txt", b"no table")
    put(bucket, "days/empty.csv", b"")
    done = loaded(call, f"s3://{bucket.name}/days/*.csv", name="days")
    assert [row["id"] for row in rows_of(call, done.name)] == [1, 2, 3]
    (edge,) = call.runtime.catalog.lineage(done.dataset_id)
    assert "(2 objects, etags " in edge["source"]
    with pytest.raises(BadFile, match=r"several kinds: \.csv, \.txt"):
        loaded(call, f"s3://{bucket.name}/days/", name="all")
    with pytest.raises(NotFound, match="is meant by"):
        loaded(call, f"s3://{bucket.name}/days/*.parquet", name="none")


def test_a_compressed_object_is_unpacked(call: Call, bucket: Any) -> None:
    put(bucket, "a.csv.gz", gzip.compress(CSV))
    assert loaded(call, f"s3://{bucket.name}/a.csv.gz").rows == 2


def test_an_object_of_many_blocks_comes_whole(call: Call, bucket: Any) -> None:
    put(bucket, "big.csv", b"n\n" + b"".join(b"%d\n" % number for number in range(400_000)))
    assert loaded(call, f"s3://{bucket.name}/big.csv").rows == 400_000


@pytest.mark.parametrize(
    ("address", "words"),
    [("s3://no-such-bucket/a.csv", "no bucket no-such-bucket"), ("s3://{}/a.csv", "has no a.csv"),
     ("s3://no-such-bucket/*.csv", "no bucket no-such-bucket")],
    ids=["bucket", "key", "pattern"],
)  # fmt: skip
def test_what_is_not_there_is_said(call: Call, bucket: Any, address: str, words: str) -> None:
    with pytest.raises(NotFound, match=words):
        loaded(call, address.format(bucket.name), name="t")


def test_a_wrong_secret_opens_nothing_and_is_said_nowhere(
    call: Call, runtime: Runtime, bucket: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    put(bucket, "a.csv")
    caplog.set_level("INFO")
    monkeypatch.setenv("LB_S3", f"{KEY}:wrong-secret")
    with pytest.raises(Forbidden, match="do not open") as caught:
        loaded(call, f"s3://{bucket.name}/a.csv", credentials="env:LB_S3")
    assert "wrong-secret" not in str(caught.value) + caplog.text
    for file in runtime.settings.home.rglob("*"):
        assert not file.is_file() or b"wrong-secret" not in file.read_bytes()


def test_a_pair_of_keys_by_reference_opens(call: Call, bucket: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    put(bucket, "a.csv")
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("LB_S3", f"{KEY}:{SECRET}")
    assert loaded(call, f"s3://{bucket.name}/a.csv", credentials="env:LB_S3").rows == 2


def test_without_credentials_nobody_is_asked(
    call: Call, bucket: Any, monkeypatch: pytest.MonkeyPatch, refused_hosts: Callable[[], list[str]]
) -> None:
    put(bucket, "a.csv")
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.delenv("AWS_EC2_METADATA_DISABLED", raising=False)
    with pytest.raises(InvalidRequest, match="no credentials for S3"):
        loaded(call, f"s3://{bucket.name}/a.csv")
    assert refused_hosts() == []


def test_a_server_that_is_not_there_is_said(call: Call, bucket: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    with pytest.raises(Unavailable, match="S3 does not answer"):
        loaded(call, f"s3://{bucket.name}/a.csv")


def test_a_cancel_stops_the_transfer(call: Call, bucket: Any) -> None:
    put(bucket, "big.csv", b"n\n" + b"1\n" * 4_000_000)
    asked = count()
    call.is_cancelled = lambda: next(asked) > 2
    with pytest.raises(JobCancelled):
        loaded(call, f"s3://{bucket.name}/big.csv")
    assert left_in(call.runtime) == []
    assert list(call.runtime.settings.folder("files").iterdir()) == []
