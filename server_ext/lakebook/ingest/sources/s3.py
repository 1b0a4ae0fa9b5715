"""Objects of S3 and of servers that speak its protocol: one key, or a pattern as one table."""

from __future__ import annotations

import fnmatch
import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from lakebook.call import Call
from lakebook.errors import BadFile, Forbidden, InvalidRequest, LakebookError, MissingExtra, NotFound, Unavailable
from lakebook.ingest.keep import Incoming
from lakebook.ingest.models import IngestRequest
from lakebook.ingest.sources import folder
from lakebook.ingest.sources.allowed import allow_secret
from lakebook.ingest.sources.credentials import ANONYMOUS, checked, refuse_secrets, secret_of
from lakebook.ingest.sources.gather import local, options_of
from lakebook.ingest.sources.material import Material
from lakebook.ingest.sources.packed import inner_name

# What boto3 finds by itself: the keys of whoever runs lakebook.
OWN_KEYS = "aws:default"
BLOCK = 1 << 20
MOST_OBJECTS = 100_000
WILD = re.compile(r"[*?\[]")
FORBIDDEN = {"AccessDenied", "403", "Forbidden", "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken",
             "InvalidToken", "AllAccessDisabled", "TokenRefreshRequired"}  # fmt: skip


@dataclass(frozen=True)
class Place:
    """A bucket, and a key or a pattern of keys in it."""

    bucket: str
    key: str

    @property
    def is_pattern(self) -> bool:
        """Whether several objects may be meant."""
        return bool(WILD.search(self.key)) or self.key.endswith("/")

    @property
    def prefix(self) -> str:
        """The part of the pattern that stands for itself."""
        return WILD.split(self.key, maxsplit=1)[0]

    def holds(self, key: str) -> bool:
        """Whether the pattern means this key; a star does not reach past a `/`."""
        pattern = self.key + "*" if self.key.endswith("/") else self.key
        return key.count("/") == pattern.count("/") and fnmatch.fnmatchcase(key, pattern)


def prepare(call: Call, request: IngestRequest) -> str:
    """Refuse at the door what carries a secret or names no object; returns what the table is called after."""
    refuse_secrets(request.source, "s3://bucket/key")
    checked(call, request.credentials, anonymous=True)
    if request.credentials is None:
        allow_secret(call, OWN_KEYS)
    place = place_of(request.source)
    if not place.is_pattern:
        return place.key.rsplit("/", 1)[-1]
    return folder.title(Path(place.bucket) / (place.key + "*" if place.key.endswith("/") else place.key))


def place_of(address: str) -> Place:
    """The bucket and key of an address; InvalidRequest where one is missing."""
    bucket, _, key = address.partition("://")[2].partition("/")
    if not bucket or "@" in bucket or not key:
        raise InvalidRequest("The address names no bucket and key.", hint="Write `s3://bucket/folder/file.csv`.")
    return Place(bucket, key)


def tables(call: Call, request: IngestRequest, _facts: dict[str, Any]) -> Iterator[Material]:
    """The one table of the object, or of all the objects of a pattern."""
    place = place_of(request.source)
    client = _client(secret_of_keys(call, request.credentials), anonymous=request.credentials == ANONYMOUS)
    if not place.is_pattern:
        filename = place.key.rsplit("/", 1)[-1]
        kept, digest, etag = _fetched(call, client, place.bucket, place.key)
        material = local(call, kept, digest, filename, options_of(request, inner_name(filename)))
        material.source = f"{request.source} (etag {etag})"
        material.source_kind = "s3"
        yield material
        return
    keys = _keys(call, client, place)
    fetched = [_fetched(call, client, place.bucket, key) for key in keys]
    material = folder.united(
        call, request, [kept for kept, _, _ in fetched], request.source, lambda name: options_of(request, name)
    )
    tags = hashlib.sha256("".join(etag for _, _, etag in fetched).encode()).hexdigest()[:16]
    material.source, material.source_kind = f"{request.source} ({len(keys)} objects, etags {tags})", "s3"
    yield material


def secret_of_keys(call: Call, reference: str | None) -> tuple[str, str] | None:
    """Access key and secret key, where the reference holds both as `key:secret`."""
    if reference is None or reference == ANONYMOUS:
        return None
    key, colon, secret = (secret_of(call, reference) or "").rpartition(":")
    if not colon or not key or not secret:
        raise InvalidRequest(
            "The credentials hold no pair of keys.", hint="Put `access-key:secret-key` where the reference points."
        )
    return key, secret


def _client(keys: tuple[str, str] | None, *, anonymous: bool) -> Any:
    if find_spec("boto3") is None:
        raise MissingExtra.named("boto3", "s3")
    botocore_session, config = import_module("botocore.session"), import_module("botocore.config")
    session = botocore_session.get_session()
    if os.environ.get("AWS_EC2_METADATA_DISABLED", "true").lower() != "false":
        # Off the cloud nobody answers at the metadata address, and each try is a call to the outside.
        chain = session.get_component("credential_provider")
        for provider in ("container-role", "iam-role"):
            chain.remove(provider)
    if keys is not None:
        session.set_credentials(*keys)
    if not anonymous and _faults(session.get_credentials) is None:
        raise InvalidRequest(
            "There are no credentials for S3.",
            hint="Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE; for a public bucket "
            "`--credentials anonymous`.",
        )
    own = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    said: dict[str, Any] = {"signature_version": import_module("botocore").UNSIGNED} if anonymous else {}
    return _faults(
        lambda: import_module("boto3").Session(botocore_session=session).client(
            "s3",
            region_name=session.get_config_variable("region") or "us-east-1",
            config=config.Config(
                **said,
                s3={"addressing_style": "path" if own else "auto"},
                connect_timeout=10,
                read_timeout=30,
                retries={"max_attempts": 3, "mode": "standard"},
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )
    )  # fmt: skip


def _keys(call: Call, client: Any, place: Place) -> list[str]:
    found: list[str] = []
    with faults(place.bucket, place.key):
        for page in client.get_paginator("list_objects_v2").paginate(Bucket=place.bucket, Prefix=place.prefix):
            call.check()
            found += [one["Key"] for one in page.get("Contents", ()) if one["Size"] and place.holds(one["Key"])]
            if len(found) > MOST_OBJECTS:
                raise BadFile(f"The pattern means more than {MOST_OBJECTS:,} objects.", hint="Make it narrower.")
    if not found:
        raise NotFound(f"No object of {place.bucket} is meant by {place.key}.", hint="Check the pattern.")
    kinds = sorted({Path(key).suffix.lower() or "no ending" for key in found})
    if len(kinds) > 1:
        raise BadFile(
            f"The pattern means objects of several kinds: {', '.join(kinds)}.", hint="Choose one kind, such as `*.csv`."
        )
    return sorted(found)


def _fetched(call: Call, client: Any, bucket: str, key: str) -> tuple[Path, str, str]:
    """The object's kept file, its hash and its etag; the rows are of that etag alone."""
    with faults(bucket, key):
        answer = client.get_object(Bucket=bucket, Key=key)
        with Incoming(call, key.rsplit("/", 1)[-1], int(answer["ContentLength"])) as incoming:
            for block in answer["Body"].iter_chunks(BLOCK):
                incoming.write(block)
            kept, digest = incoming.keep()
    return kept, digest, str(answer.get("ETag", "")).strip('"')


def _faults(build: Any) -> Any:
    with faults("", ""):
        return build()


@contextmanager
def faults(bucket: str, key: str) -> Iterator[None]:
    """What the store says, as one of our errors, without its own words."""
    exceptions = import_module("botocore.exceptions")
    try:
        yield
    except exceptions.ClientError as error:
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", "")
        raise _said(str(error.response.get("Error", {}).get("Code") or status), bucket, key) from error
    except (exceptions.ProfileNotFound, exceptions.ConfigParseError, exceptions.PartialCredentialsError) as error:
        raise InvalidRequest(
            "The configuration of S3 cannot be used.", hint="Check AWS_PROFILE and its files."
        ) from error
    except exceptions.ParamValidationError as error:
        raise InvalidRequest(f"{bucket!r} cannot be a bucket's name.", hint="Write `s3://bucket/key`.") from error
    except (exceptions.BotoCoreError, ValueError) as error:
        raise Unavailable("S3 does not answer.", hint="Check AWS_ENDPOINT_URL, the region and the network.") from error


def _said(code: str, bucket: str, key: str) -> LakebookError:
    if code == "NoSuchBucket":
        return NotFound(f"There is no bucket {bucket}.", hint="Check the address, and AWS_ENDPOINT_URL.")
    if code in {"NoSuchKey", "404", "NotFound"}:
        return NotFound(f"The bucket {bucket} has no {key}.", hint="Check the key.")
    if code in FORBIDDEN:
        return Forbidden(f"The credentials do not open {bucket}/{key}.", hint="Check them, and the bucket's policy.")
    return Unavailable(f"S3 cannot give {bucket}/{key} now ({code}).", hint="Try again later.")
