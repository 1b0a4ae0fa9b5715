"""The words that the parser knows. A word that is in none of these lists, names or values is not understood."""

from __future__ import annotations

OPENERS = (
    "what is", "what's", "whats", "what was", "what are", "what were", "what", "show me", "show", "give me", "give",
    "tell me", "tell us", "show us", "give us", "list", "display", "find", "get", "get me", "please", "pls",
    "can you", "could you", "i want to know", "i want", "i need", "i would like", "calculate", "compute",
)  # fmt: skip

# Words that change nothing wherever they stand between the parts of a question.
FILLERS = (
    "are there", "were there", "is there", "was there", "do we have", "did we have", "do i have", "have we", "we have",
    "do you have", "are in", "there are", "exist", "in total", "altogether", "overall", "in all", "on file",
    "on record", "in the data", "in the dataset", "in the table", "in this table", "in the file", "please", "pls",
    "whole period", "over the whole period", "for the whole period", "of all time", "ever", "were recorded",
    "was recorded", "are recorded", "recorded", "were found", "was found", "are found", "were seen", "was seen",
    "were observed", "were placed", "was placed", "were made", "are listed", "were written", "were booked",
    "were issued", "on the lines", "on all lines", "across all lines", "across all rows",
)  # fmt: skip

ARTICLES = ("the", "a", "an", "our", "all", "all the", "all our", "all of the")

ROWS = ("row", "rows", "line", "lines", "record", "records", "entry", "entries")
COUNT = ("how many", "number of", "count of", "count", "total number of", "how many of")
DISTINCT = ("different", "distinct", "unique")

AGGREGATES = {
    "sum": ("total", "sum", "sum of", "total of"),
    "avg": ("average", "mean", "avg", "average of", "mean of"),
    "median": ("median", "median of"),
    "min": ("minimum", "min", "lowest", "smallest", "minimum of"),
    "max": ("maximum", "max", "highest", "largest", "biggest", "greatest", "maximum of"),
    "stddev": ("standard deviation of", "standard deviation", "std of", "stddev of"),
}
EARLIEST = {"min": ("earliest", "first", "oldest"), "max": ("latest", "last", "most recent", "newest")}

MOST = ("most", "the most")
FEWEST = ("fewest", "the fewest", "least", "the least")
HIGHEST = ("highest", "the highest", "largest", "the largest", "biggest", "the biggest", "greatest", "the greatest")
LOWEST = ("lowest", "the lowest", "smallest", "the smallest")

BY = (
    "by", "per", "for each", "in each", "on each", "at each", "of each", "for every", "in every", "for each of the",
    "broken down by", "grouped by", "split by", "each",
)  # fmt: skip
PARTS = {
    "year": ("year", "years", "calendar year"),
    "quarter": ("quarter", "quarters"),
    "month": ("month", "months"),
    "day": ("day", "days", "date"),
    "weekday": ("weekday", "weekdays", "day of the week", "day of week"),
}
ADVERBS = {"yearly": "year", "quarterly": "quarter", "monthly": "month", "daily": "day"}

PLACE = ("in", "for", "from", "of", "on", "at", "with", "where", "within", "whose", "that are", "which are", "only")
NOT_PLACE = (
    "without", "excluding", "except", "except for", "except in", "outside", "outside of",
    "other than", "apart from", "but not", "ignoring", "not counting", "leaving out",
)  # fmt: skip
# "not from France": rows whose country is unknown are neither from France nor known not to be.
NOT_KNOWN = ("not", "are not", "were not", "is not", "was not", "not in", "not from", "not for", "not on",
    "that are not", "which are not", "are not in", "are not from", "were not in", "were not from",
)  # fmt: skip
IS = ("is", "are", "was", "were", "equals", "equal to", "=", ":", "is equal to")
IS_NOT = ("is not", "are not", "was not", "isn't", "isn’t", "!=", "<>", "is not equal to", "not equal to")
MISSING = ("is missing", "is empty", "is null", "is unknown", "are missing", "is blank", "missing", "unknown")
PRESENT = ("is present", "is not missing", "is not null", "is known", "is not empty", "are known", "known")
NO_SUCH = ("without", "without a", "without an", "with no", "have no", "has no", "having no", "had no", "lacking")
SUCH = ("with a", "with an", "that have a", "that have an", "having a", "having an")

COMPARE = {
    ">": ("over", "above", "more than", "greater than", "higher than", "exceeding", ">", "larger than"),
    "<": ("under", "below", "less than", "fewer than", "lower than", "smaller than", "<"),
    ">=": ("at least", "no less than", "not less than", ">=", "not under", "not below"),
    "<=": ("at most", "no more than", "not more than", "<=", "not over", "not above"),
    "=": ("exactly", "equal to", "equals", "=", "of exactly"),
}
AFTER_NUMBER = {">=": ("or more", "and more", "or above", "or over"), "<=": ("or less", "or fewer", "or below")}

# Words after a ranking or a breakdown that ask for the figure which is there anyway.
GROUP_FILLERS = (
    "with the amount", "with the amounts", "with the count", "with the counts", "with the figures", "with the number",
    "with the units", "with the revenue", "and how many", "and on how many", "and how many is it",
    "and how many is it each time", "and how many each", "and how much", "best one first", "best first", "ranked",
)  # fmt: skip
# After "without a …": the value was not given.
GIVEN = ("listed", "given", "filled in", "recorded", "on file", "entered")
HAVING = ("with", "has", "have", "had", "having", "that has", "that have", "that had")
EARNING = ("bring in", "brought in", "brings in", "generate", "generated", "generates", "earn", "earned", "earns")
WEEKDAYS = {
    day.casefold(): day for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
}

HIGH_FIRST = (
    "highest first", "largest first", "biggest first", "most first", "best first", "descending", "in descending order",
    "from high to low", "from highest to lowest", "from most to least", "from largest to smallest",
)  # fmt: skip
LOW_FIRST = (
    "lowest first", "smallest first", "least first", "fewest first", "ascending", "in ascending order",
    "from low to high", "from lowest to highest", "from least to most", "from smallest to largest",
)  # fmt: skip
NATURAL = (
    "in calendar order", "in chronological order", "chronologically", "in order of time", "alphabetically",
    "in alphabetical order", "in time order", "oldest first",
)  # fmt: skip

REVENUE = ("revenue", "turnover")
QUANTITY = frozenset({"quantity", "qty", "unit"})
PRICE = frozenset({"price"})
# Columns whose values make sense summed up, by their last word.
ADDITIVE = frozenset({
    "quantity", "qty", "unit", "amount", "revenue", "sale", "turnover", "total", "subtotal", "cost", "profit", "tax",
    "fee", "discount", "spend", "payment", "income", "expense", "precipitation",
})  # fmt: skip
IDENTIFIERS = frozenset({"id", "no", "number", "nr", "num", "code", "key"})
UNITS = frozenset({"mm", "cm", "m", "km", "g", "kg", "usd", "eur", "gbp", "pct", "percent", "ms"})
SYNONYMS = {
    ("units",): ("quantity",),
    ("client",): ("customer",),
    ("clients",): ("customer",),
    ("product", "code"): ("stock", "code"),
    ("product", "codes"): ("stock", "code"),
    ("sku",): ("stock", "code"),
}
# Things that are counted by their number on each line, and what else such a number is called.
DOCUMENTS = frozenset({"order", "invoice", "sale", "transaction", "purchase", "booking", "receipt"})

NUMBER_WORDS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "fifty": 50, "hundred": 100,
}  # fmt: skip
SCALES = {"thousand": 1_000, "million": 1_000_000}
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan"), ("february", "feb"), ("march", "mar"), ("april", "apr"), ("may",), ("june", "jun"),
            ("july", "jul"), ("august", "aug"), ("september", "sep", "sept"), ("october", "oct"),
            ("november", "nov"), ("december", "dec"),
        ),
        start=1,
    )
    for name in names
}  # fmt: skip
QUARTERS = {
    "q1": 1, "q2": 2, "q3": 3, "q4": 4, "first quarter": 1, "second quarter": 2, "third quarter": 3,
    "fourth quarter": 4, "last quarter": 4,
}  # fmt: skip
