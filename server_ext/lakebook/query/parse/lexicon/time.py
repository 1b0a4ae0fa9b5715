"""Words of the calendar and the clock."""

from __future__ import annotations

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
    "fourth quarter": 4, "last quarter": 4, "1st quarter": 1, "2nd quarter": 2, "3rd quarter": 3, "4th quarter": 4,
    "quarter 1": 1, "quarter 2": 2, "quarter 3": 3, "quarter 4": 4, "quarter one": 1, "quarter two": 2,
    "quarter three": 3, "quarter four": 4, "quarter four of": 4, "final quarter": 4,
}  # fmt: skip
HALVES = {"first half": 1, "second half": 2, "1st half": 1, "2nd half": 2, "h1": 1, "h2": 2, "last half": 2}
WEEKDAYS = {
    day.casefold(): day for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
}
WEEKEND = ("weekend", "weekends", "the weekend", "a weekend")
WORKDAYS = ("working day", "working days", "workday", "workdays", "a weekday", "weekdays", "business days")
SEASONS = {
    "winter": (12, 1, 2), "spring": (3, 4, 5), "summer": (6, 7, 8), "autumn": (9, 10, 11), "fall months": (9, 10, 11),
    "winter months": (12, 1, 2), "summer months": (6, 7, 8), "spring months": (3, 4, 5), "autumn months": (9, 10, 11),
    "the winter": (12, 1, 2), "the summer": (6, 7, 8), "the winter months": (12, 1, 2), "the summer months": (6, 7, 8),
    "the autumn": (9, 10, 11), "the spring": (3, 4, 5),
}  # fmt: skip

# Words for parts of time, as in "by month"; the first list cuts time off, the second recurs.
PARTS: dict[str, tuple[str, ...]] = {
    "year": ("year", "years", "calendar year", "calendar years", "yearly", "annual", "annually", "year by year",
        "year after year",
        "a year"),
    "quarter": ("quarter", "quarters", "quarterly", "quarter by quarter", "calendar quarter"),
    "month": ("month", "months", "monthly", "month by month", "month after month", "each calendar month of each year",
        "months of which year", "month of which year",
        "month of what year", "months , of which year", "month and year", "year and month"),
    "week": ("week", "weeks", "weekly", "week by week"),
    "day": ("day", "days", "date", "dates", "daily", "day by day", "calendar day", "single day", "calendar date",
        "days on record"),
    "month_of_year": ("calendar month", "month of the year", "month of year", "calendar months", "months of the year"),
    "weekday": ("weekday", "weekdays", "day of the week", "day of week", "days of the week", "day in the week",
        "week day"),
    "hour": ("hour", "hours", "hour of the day", "hour of day", "hourly", "hours of the day", "clock hour",
        "time of day", "time of the day"),
    "day_of_month": ("day of the month", "day of month", "days of the month"),
}  # fmt: skip
ADVERBS = {
    "yearly": "year", "annual": "year", "annually": "year", "quarterly": "quarter", "monthly": "month",
    "weekly": "week", "daily": "day", "year by year": "year", "month by month": "month",
    "quarter by quarter": "quarter", "day by day": "day", "week by week": "week", "a year": "year", "a month": "month",
    "a day": "day", "a week": "week", "hourly": "hour", "by year": "year", "every year": "year", "every month": "month",
    "one row a month": "month", "one row a year": "year", "one row a quarter": "quarter", "from year to year": "year",
    "from month to month": "month",
}  # fmt: skip
# Columns that say when: the verb of the question and the words of the column's name.
EVENTS: dict[str, tuple[str, ...]] = {
    "hire": ("hired", "hire", "employed", "joined", "with the company", "with us", "been with the company",
        "been with us", "worked here", "been here", "been employed", "working here", "start", "started",
        "been working here", "been on the team", "join", "come on board"),
    "birth": ("born",),
    "ship": ("shipped",),
    "release": ("released", "come out", "came out"),
    "admission": ("admitted",),
    "discharge": ("discharged",),
    "departure": ("departed", "left", "depart", "leave"),
    "arrival": ("arrived", "landed", "arrive", "land"),
    "enrollment": ("enrolled",),
    "signup": ("signed up", "sign up", "registered", "joined"),
    "order": ("ordered",),
    "visit": ("visited",),
    "purchase": ("bought", "purchased"),
    "invoice": ("invoiced", "billed"),
    "sale": ("sold",),
    "create": ("created",),
    "update": ("updated",),
    "due": ("due",),
    "exam": ("examined",),
    "payment": ("paid",),
    "delivery": ("delivered",),
}  # fmt: skip
