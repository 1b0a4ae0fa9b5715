"""Charts as Vega-Lite 5 specs with a PNG beside them."""

from lakebook.charts.spec import bundle, png, spec_for

__all__ = ["bundle", "png", "spec_for"]
