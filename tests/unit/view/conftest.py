"""Each test has a home of its own, opened in this process."""

from tests.local_home import call, runtime

__all__ = ["call", "runtime"]
