"""The headers of the tus protocol, read and written."""

from __future__ import annotations

import base64
import binascii

from tornado.httputil import HTTPHeaders

from lakebook.errors import InvalidRequest
from lakebook.ingest.uploads import Checksum, Upload

# What browsers' clients add of themselves; it says nothing that the content does not.
IDLE_FIELDS = {"filetype", "type", "relativePath"}
# More digits than any file's length has.
MOST_DIGITS = 18


def read_number(headers: HTTPHeaders, name: str) -> int:
    """The header as a number of bytes, or InvalidRequest."""
    said = headers.get(name, "")
    if not (said.isascii() and said.isdigit()) or len(said) > MOST_DIGITS:
        raise InvalidRequest(f"`{name}` is not a number of bytes.", hint=f"Send `{name}` as a whole number.")
    return int(said)


def read_metadata(headers: HTTPHeaders) -> dict[str, str]:
    """`Upload-Metadata` as fields; InvalidRequest where it is not pairs of a name and base64."""
    fields: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in headers.get("Upload-Metadata", "").split(","))):
        name, _, value = pair.partition(" ")
        try:
            fields[name] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError) as error:
            raise InvalidRequest("`Upload-Metadata` cannot be read.", hint="Send names and base64 values.") from error
    return {name: value for name, value in fields.items() if name not in IDLE_FIELDS}


def metadata_of(upload: Upload) -> str:
    """The upload's fields as `Upload-Metadata`."""
    fields = {"filename": upload.filename, **upload.fields}
    return ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in fields.items())


def read_checksum(headers: HTTPHeaders) -> Checksum | None:
    """`Upload-Checksum`, where the request has one."""
    if "Upload-Checksum" not in headers:
        return None
    algorithm, _, value = headers["Upload-Checksum"].partition(" ")
    try:
        return Checksum(algorithm, base64.b64decode(value, validate=True))
    except binascii.Error as error:
        raise InvalidRequest("`Upload-Checksum` is not base64.", hint="Send its kind, a blank and base64.") from error
