"""Each test has a home of its own with two tables, and answers that were kept in its history."""

from __future__ import annotations

from tests.unit.semantics.conftest import shop, shop_home

__all__ = ["shop", "shop_home"]
