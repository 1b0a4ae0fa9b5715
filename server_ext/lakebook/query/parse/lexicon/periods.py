"""Words around periods of time: what opens one, closes one, and says that it is counted from now."""

from __future__ import annotations

WITHIN = (
    "in", "for", "during", "of", "on", "within", "dated", "in the year", "for the year", "in all of", "the year",
    "over", "throughout", "from the year", "the year of", "in the year of", "during the year", "across",
    "over the year", "during all of", "in the whole of", "for all of", "from", "at", "with dates in", "taken in", "by",
    "for the whole of", "throughout all of", "over the whole of", "dating from", "all of", "in calendar year",
    "in the month of", "during the month of", "back in", "year",
)  # fmt: skip
BEFORE = ("before", "earlier than", "prior to", "up until", "ahead of")
UNTIL = (
    "until", "up to", "till", "up to and including", "until the end of", "up to the end of",
    "through the end of", "by the end of", "to the end of",
)  # fmt: skip
AFTER = ("after", "later than", "following", "past")
SINCE = (
    "since", "starting from", "from", "starting in", "beginning in", "starting with", "beginning with", "as of",
    "starting", "from the start of", "since the start of", "since the beginning of",
)  # fmt: skip
OR_LATER = (
    "or later", "or after", "and later", "onwards", "and after", "onward", "and onwards", "and since", "or since",
    "or newer",
)  # fmt: skip
OR_EARLIER = ("or earlier", "or before", "and earlier", "and before", "or older")
LAST = (
    "last", "the last", "past", "the past", "previous", "the previous", "in the last", "during the last", "in the past",
    "most recent", "the most recent", "in the most recent", "latest", "the latest", "within the last", "over the last",
    "over the past", "for the last", "for last", "in the latest", "during the past", "from the last", "in the previous",
)  # fmt: skip
THIS = ("this", "in this", "the current", "in the current", "during this")
SPANS = {
    "day": "day", "days": "day", "week": "week", "weeks": "week", "month": "month", "months": "month",
    "quarter": "quarter", "quarters": "quarter", "year": "year", "years": "year",
}  # fmt: skip
OF_DATA = ("of the data", "in the data", "of data", "on record", "of the record", "covered")
# What opens a period of two ends, and what stands between them; "" where nothing opens it.
BOTH_ENDS = (
    (("between", "for the period between"), ("and",)),
    (
        ("from", "for", "", "in", "between", "during"),
        ("to", "until", "till", "through", "up to", "-", "–", "to the end of", "through to"),
    ),
)
