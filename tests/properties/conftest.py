"""Each module of properties that asks for one has a home of its own, worked on in this process."""

from tests.properties.in_process import folder, runtime

__all__ = ["folder", "runtime"]
