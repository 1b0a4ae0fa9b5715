"""Words that cut numbers into bins and bands."""

from __future__ import annotations

INTO_BINS = (
    "with", "in", "using", "in steps of", "in bins of", "with bins of", "into bins of", "bins of", "by", "in bands of",
    "with a", "in buckets of", "in classes of", "using bins of", "in groups of",
)  # fmt: skip
WIDE = ("wide bins", "bins", "- wide bins", "steps", "bands", "buckets", "each", "wide", "wide bands")
EDGES_SHOWN = (
    "lower edge and count", "lower edge and number", "with the lower edge and the count", "lower bound and count",
    "show the lower edge and the count", "give the lower edge and the count",
)  # fmt: skip
BY_NUMBER = (
    "by", "by their", "according to", "according to their", "on", "by its", "going by", "based on", "depending on",
)  # fmt: skip
BAND_INTROS = ("into", "as", "in", "to be", "in one of", "to one of", "into one of")
SORTING = (
    "label", "mark", "call", "count", "sort all", "group all", "put all",
    "sort", "group", "divide", "split", "put", "classify", "bucket", "break", "bin", "cut", "separate", "categorise",
    "categorize", "band",
)  # fmt: skip
BANDS = ("bands", "groups", "classes", "buckets", "bins", "categories", "ranges", "brackets", "band")
