"""The homes and calls of the core's tests, for the sources of ingest."""

from tests.unit.core.conftest import call, fresh_home, runtime

__all__ = ["call", "fresh_home", "runtime"]
