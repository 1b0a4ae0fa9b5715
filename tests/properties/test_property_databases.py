"""Property 2 of the design: bad credentials read nothing of a database."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lakebook.ingest.models import IngestRequest
from lakebook.ingest.sources import postgres, snowflake
from lakebook.jobs.submit import submit
from lakebook.runtime import Runtime
from lakebook.verbs import BY_NAME
from tests.properties.in_process import call_of, fresh, nothing_waits, work
from tests.unit.ingest_remote.listed import Listed

secrets = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=12)
MODULES = {"postgresql://ann@host/shop": postgres, "snowflake://ann@host/shop/public": snowflake}


# Feature: ai-analytics-platform, Property 2: Database connection validation. For any database connection credentials, the Platform should validate the connection before attempting data extraction, and only extract data if validation succeeds.
@given(
    address=st.sampled_from(sorted(MODULES)),
    right=secrets,
    other=secrets | st.none(),
    same=st.booleans(),
    rows=st.integers(1, 30),
)
def test_nothing_is_read_unless_the_credentials_are_good(
    runtime: Runtime, address: str, right: str, other: str | None, same: bool, rows: int
) -> None:
    nothing_waits(runtime)
    secret = right if same else other
    # Snowflake's addresses are refused at the door where no credentials are named at all.
    assume(secret is not None or MODULES[address] is postgres)
    shop = Listed({"orders": pa.table({"id": list(range(rows))})}, password=right)
    request = IngestRequest(source=address, tables=["orders"], name=fresh("orders"),
                            credentials=None if secret is None else "env:LB_PROPERTY_SECRET")  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MODULES[address], "connected", shop.connected)
        if secret is not None:
            patch.setenv("LB_PROPERTY_SECRET", secret)
        done = work(runtime, submit(call_of(runtime), BY_NAME["ingest"], request, staffed=True))
    if secret == right:
        assert done.status == "completed", done.failure
        assert (done.result or {})["rows"] == rows
        assert shop.reads == ["tables", "keys of orders", "rows of orders"]
    else:
        assert (done.status, (done.failure or {})["code"]) == ("failed", "forbidden")
        assert shop.reads == []
