"""Times: parts, weekdays, truncation, differences, intervals."""

from __future__ import annotations

import re

from sqlglot import exp

from lakebook.query.guard.meaning.typed import (
    Differs,
    Kind,
    call,
    is_day,
    is_text,
    is_time,
    of_type,
    require,
    whole,
)

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")  # fmt: skip
PARTS: dict[str, type[exp.Func]] = {
    "YEAR": exp.Year, "QUARTER": exp.Quarter, "MONTH": exp.Month, "DAY": exp.Day, "HOUR": exp.Hour,
    "MINUTE": exp.Minute,
}  # fmt: skip
CUT = frozenset({"YEAR", "QUARTER", "MONTH", "WEEK", "DAY", "HOUR", "MINUTE"})
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?)?")
_DIRECTIVES: dict[str, tuple[type[exp.Func], int]] = {
    "%Y": (exp.Year, 4), "%m": (exp.Month, 2), "%d": (exp.Day, 2), "%H": (exp.Hour, 2), "%M": (exp.Minute, 2),
}  # fmt: skip
_FORMAT = re.compile(r"(%[YmdHM]|[-/ :.])+")


def part(node: exp.Func, _engine: str) -> exp.Expr:
    """Year, quarter, month, day, hour and minute are the same everywhere."""
    return of_type(type(node)(this=_time(node.this)), Kind.BIGINT)


def extract(node: exp.Extract, engine: str) -> exp.Expr:
    """The parts by name; `dow` counts from Sunday as 0, `week` is the ISO week."""
    name, value = node.this.name.upper(), _time(node.expression)
    if name in PARTS:
        return of_type(PARTS[name](this=value), Kind.BIGINT)
    if name in ("DOW", "DAYOFWEEK", "WEEKDAY"):
        return weekday(exp.DayOfWeek(this=value), engine)
    if name == "ISODOW":
        return iso_weekday(exp.DayOfWeekIso(this=value), engine)
    require(name == "WEEK", f"The part {name.lower()!r} is not the same in every engine.")
    return week(exp.Week(this=value), engine)


def iso_weekday(node: exp.DayOfWeekIso, engine: str) -> exp.Expr:
    """Monday is 1."""
    value = _time(node.this)
    if engine == "snowflake":
        return of_type(exp.DayOfWeekIso(this=value), Kind.BIGINT)
    return of_type(exp.Paren(this=exp.Add(this=exp.Anonymous(this="weekday", expressions=[value]),
                                          expression=whole(1))), Kind.BIGINT)  # fmt: skip


def weekday(node: exp.DayOfWeek, engine: str) -> exp.Expr:
    """Sunday is 0, whatever a session says about the first day of the week."""
    monday_first = iso_weekday(exp.DayOfWeekIso(this=node.this), engine)
    return of_type(exp.Paren(this=exp.Mod(this=monday_first, expression=whole(7))), Kind.BIGINT)


def week(node: exp.Func, _engine: str) -> exp.Expr:
    """The ISO week."""
    return of_type(exp.WeekOfYear(this=_time(node.this)), Kind.BIGINT)


def day_name(node: exp.Dayname, engine: str) -> exp.Expr:
    """The whole name in English; the others shorten it."""
    return _name(iso_weekday(exp.DayOfWeekIso(this=node.this), engine), DAYS)


def month_name(node: exp.Monthname, _engine: str) -> exp.Expr:
    """The whole name in English; the others shorten it."""
    return _name(exp.Month(this=_time(node.this)), MONTHS)


def _name(number: exp.Expr, names: tuple[str, ...]) -> exp.Expr:
    ifs = [exp.If(this=whole(place), true=exp.Literal.string(name)) for place, name in enumerate(names, start=1)]
    return of_type(exp.Case(this=number, ifs=ifs), Kind.TEXT)


def truncated(node: exp.Func, engine: str) -> exp.Expr:
    """To the beginning of a period, as TIMESTAMP; weeks begin on Monday, whatever a session says."""
    unit, value = _unit(node), _point(node.this)
    require(unit in CUT, f"Times may not be cut to the {unit.lower()} in every engine.")
    if unit != "WEEK" or engine == "spark":
        return of_type(_cut(value, unit), Kind.TIMESTAMP)
    back = exp.Sub(this=whole(1), expression=iso_weekday(exp.DayOfWeekIso(this=value.copy()), engine))
    monday = exp.DateAdd(this=_cut(value, "DAY"), expression=exp.Paren(this=back), unit=exp.var("DAY"))
    return of_type(monday, Kind.TIMESTAMP)


def _cut(value: exp.Expr, unit: str) -> exp.Expr:
    return exp.TimestampTrunc(this=value, unit=exp.var(unit))


def difference(node: exp.DateDiff, engine: str) -> exp.Expr:
    """How many boundaries of the unit lie between; Spark would count the whole units that have passed."""
    unit = _unit(node)
    later, earlier = _time(node.this), _time(node.expression)
    require(unit in ("YEAR", "QUARTER", "MONTH", "DAY", "HOUR"), f"Differences in {unit.lower()}s are not the same.")
    if engine == "snowflake":
        return of_type(exp.DateDiff(this=later, expression=earlier, unit=exp.var(unit)), Kind.BIGINT)
    if unit == "DAY":
        return call("datediff", exp.cast(later, Kind.DATE), exp.cast(earlier, Kind.DATE), kind=Kind.BIGINT)
    if unit == "HOUR":
        return _hours(_point(later), _point(earlier))
    return of_type(exp.Paren(this=exp.Sub(this=_count(later, unit), expression=_count(earlier, unit))), Kind.BIGINT)


def _count(value: exp.Expr, unit: str) -> exp.Expr:
    """Years, quarters or months since the year 0."""
    year: exp.Expr = exp.Year(this=value)
    if unit == "YEAR":
        return year
    name, many = (exp.Month, 12) if unit == "MONTH" else (exp.Quarter, 4)
    months = exp.Add(this=exp.Mul(this=year, expression=whole(many)), expression=name(this=value.copy()))
    return exp.Paren(this=months)


def _hours(later: exp.Expr, earlier: exp.Expr) -> exp.Expr:
    seconds = [exp.Anonymous(this="unix_seconds", expressions=[exp.cast(_cut(value, "HOUR"), Kind.TIMESTAMPLTZ)])
               for value in (later, earlier)]  # fmt: skip
    between = exp.Paren(this=exp.Sub(this=seconds[0], expression=seconds[1]))
    return of_type(exp.IntDiv(this=between, expression=whole(3600)), Kind.BIGINT)


def moved(node: exp.Add | exp.Sub, engine: str) -> exp.Expr:
    """A time and an interval written out; of a day DuckDB makes a TIMESTAMP."""
    interval = node.expression
    require(isinstance(interval, exp.Interval) and is_time(node.this), "Only written intervals may be added to times.")
    amount, unit = interval.this, interval.args.get("unit")
    require(isinstance(amount, exp.Literal) and bool(re.fullmatch(r"\d+", amount.name)) and unit is not None,
            "An interval must be a whole number of one unit.")  # fmt: skip
    name = str(unit.name).upper().removesuffix("S")
    require(name in (*CUT, "SECOND"), f"Intervals of {name.lower()}s are not the same in every engine.")
    del engine
    count = int(amount.name) * (3 if name == "QUARTER" else 1)
    step = exp.Interval(this=exp.Literal.string(str(count)), unit=exp.var("MONTH" if name == "QUARTER" else name))
    return of_type(type(node)(this=_point(node.this), expression=step), Kind.TIMESTAMP)


def formatted(node: exp.TimeToStr, _engine: str) -> exp.Expr:
    """`strftime` with years, months, days, hours and minutes in digits."""
    layout = node.args.get("format")
    if not isinstance(layout, exp.Literal) or not _FORMAT.fullmatch(layout.name):
        raise Differs("Times are written out with %Y, %m, %d, %H and %M only.")
    pieces = [_piece(_time(node.this), each) for each in re.findall(r"%\w|[^%]+", layout.name)]
    whole_text = pieces[0]
    for piece in pieces[1:]:
        whole_text = exp.DPipe(this=whole_text, expression=piece)
    return of_type(exp.Paren(this=whole_text), Kind.TEXT)


def _piece(value: exp.Expr, said: str) -> exp.Expr:
    if not said.startswith("%"):
        return exp.Literal.string(said)
    name, width = _DIRECTIVES[said]
    digits = exp.cast(name(this=value.copy()), Kind.TEXT)
    return exp.Anonymous(this="lpad", expressions=[digits, exp.Literal.number(width), exp.Literal.string("0")])


def last_day(node: exp.LastDay, _engine: str) -> exp.Expr:
    """The last day of the month."""
    return of_type(exp.LastDay(this=exp.cast(_time(node.this), Kind.DATE)), Kind.DATE)


def cast_time(node: exp.Cast, _engine: str) -> exp.Expr:
    """Of times, and of text that is a literal in ISO form."""
    literal = node.this
    if isinstance(literal, exp.Literal) and literal.is_string:
        require(bool(_ISO.fullmatch(literal.name)), "Times are written as 2024-02-29 or 2024-02-29 10:30:00.")
        return node
    require(is_time(literal) or isinstance(literal, exp.Null), "Only times may be turned into times.")
    return node


def written(literal: exp.Expr, beside: exp.Expr) -> exp.Expr:
    """A text literal that stands beside a time, as that time."""
    require(isinstance(literal, exp.Literal) and is_text(literal) and bool(_ISO.fullmatch(literal.name)),
            "Beside a time stands a time, written as 2024-02-29 or 2024-02-29 10:30:00.")  # fmt: skip
    kind = Kind.DATE if is_day(beside) else Kind.TIMESTAMP
    require(kind is Kind.TIMESTAMP or len(literal.name) == len("2024-02-29"), "A day stands beside a day.")
    return of_type(exp.cast(literal, kind), kind)


def _unit(node: exp.Expr) -> str:
    unit = node.args.get("unit")
    return str(unit.name if isinstance(unit, exp.Expr) else "").upper()


def _time(node: exp.Expr) -> exp.Expr:
    require(is_time(node), "A day or a time is needed here, of a type that is known.")
    return node


def _point(node: exp.Expr) -> exp.Expr:
    """A day as the TIMESTAMP of its midnight."""
    value = _time(node)
    return of_type(exp.cast(value, Kind.TIMESTAMP), Kind.TIMESTAMP) if is_day(value) else value
