"""CSV and its relatives: dialect, header, ragged rows, encodings, quotes."""

from __future__ import annotations

import pytest

