"""Words of questions and the parts of a statement that they stand for, for holding the two against each other.

This is no parser: a word is known here only as something that a statement must show, or as one that says nothing.
"""

from __future__ import annotations

from lakebook.query.by_model.sources import words_of


def _words(text: str) -> frozenset[str]:
    """The words in the form in which questions are read, and as they are."""
    return frozenset(text.split()) | frozenset(words_of(text))


# Words that need no trace.
SILENT = _words(
    """
    a an the this that these those of in on at to for from with as and or is are was were be been do does did have has
    had having it its i we us our you your they them their there here what which who whom whose when where how show me
    give list name tell find get see please pls can could would will want need let all any some one ones also then than
    so if by into out up much many per each every both s t figure value result table data record database answer
    column entry according across within broken down split grouped listed shown just along together
    found recorded written booked file dated registered appear exist contain ever turn placed
    """
)

# Words and the signs that a statement shows, any of which is enough.
SIGNS: dict[str, frozenset[str]] = {
    word: frozenset(signs.split())
    for words, signs in (
        ("average mean avg typical", "avg"),
        ("total sum altogether overall combined", "sum count"),
        ("number count times often", "count rank sum"),
        ("different distinct unique", "distinct group"),
        ("median", "median"),
        ("deviation standard stddev", "stddev"),
        ("correlate correlation", "corr"),
        ("percent percentage", "percent"),
        ("share proportion ratio fraction", "division"),
        ("top most highest best largest biggest greatest maximum max", "desc max"),
        ("bottom least lowest fewest worst smallest minimum min", "asc min"),
        ("first", "asc desc min"),
        ("earliest oldest", "asc min"),
        ("last latest newest recent", "desc max"),
        ("sort sorted rank ranked order ordered descending ascending", "desc asc"),
        ("without not no never except excluding exclude other outside ignoring ignore", "negation null notnull"),
        ("more over above exceed exceeding greater higher larger longer", "gt"),
        ("less fewer under below lower smaller", "lt"),
        ("atleast since", "gte"),
        ("atmost", "lte"),
        ("between", "between"),
        ("before until", "lt lte"),
        ("after", "gt gte"),
        ("missing unknown null empty blank", "null notnull"),
        ("known", "notnull"),
        ("difference change gap", "minus lag"),
        ("year yearly annual", "year"),
        ("quarter quarterly", "quarter"),
        ("month monthly", "month"),
        ("week weekly", "week"),
        ("weekday", "weekday"),
        ("day daily", "day"),
        ("hour hourly", "hour"),
    )
    for word in _words(words)
}

TOPS = _words(
    """
    top most highest best largest biggest greatest maximum max bottom least lowest fewest worst smallest minimum min
    """
)
GROUPING = _words(
    """
    per by each every which what who whom across year yearly annual quarter quarterly month monthly week weekly
    weekday day daily hour hourly different
    """
)
DENYING = _words("without not no never except excluding exclude ignoring ignore")
LACKING = _words("missing unknown null empty blank")

# Columns that say which thing a row is about: to name the thing is to ask for them.
LABELS = _words("name title first last full id")

# Signs that must not stand in a statement unless a word asks for them, and how they are said.
UNASKED: dict[str, str] = {
    "avg": "an average",
    "median": "a median",
    "stddev": "a deviation",
    "corr": "a correlation",
    "division": "a division",
    "min": "a smallest value",
    "max": "a largest value",
    "negation": "a negation",
    "minus": "a difference",
    "lag": "a comparison with the row before",
    "group": "groups",
    "limit": "a limit",
    "window": "a figure over neighbouring rows",
    "union": "several queries put together",
    "random": "a sample of the rows",
    "odd": "a function that nothing asks for",
}
ASKING: dict[str, frozenset[str]] = {
    "division": _words("percent percentage"),
    "group": GROUPING | TOPS,
    "limit": TOPS | _words("first last earliest latest newest oldest recent"),
    "window": _words("each per every rank ranked running cumulative previous before growth"),
}

_COUNTED = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
NUMBERS = {word: number for number, word in enumerate(_COUNTED)} | {
    "once": 1,
    "twice": 2,
    "dozen": 12,
    "twenty": 20,
    "hundred": 100,
}
MONTHS = {
    name: number
    for number, names in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
         "september sep", "october oct", "november nov", "december dec"), start=1)
    for name in names.split()
}  # fmt: skip
COUNTING = _words("many number count often times row record line")
ROWS = _words("row record line entry")
