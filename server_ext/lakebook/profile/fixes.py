"""Each issue's fix as a notebook cell: polars over the table, with the counts before and after as assertions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lakebook.profile.issues import OUTLIER_DEVIATIONS
from lakebook.profile.spelling import BLANKS, lesser_spellings

Column = dict[str, Any]
Profile = dict[str, Any]
Body = list[str]


def fixes_of(profile: Profile, table: str) -> list[str | None]:
    """One cell for each issue of the profile, in its order, over the table of this name; None where there is none."""
    columns = {column["name"]: column for column in profile["columns"]}
    return [_cell(profile, table, issue, columns.get(issue["column"], {})) for issue in profile["issues"]]


def _cell(profile: Profile, table: str, issue: dict[str, Any], column: Column) -> str | None:
    fix = FIXES.get(issue["issue_type"])
    if fix is None or (issue["issue_type"] in DROPPING and profile["column_count"] < 2):
        return None
    changed = f"{table} is not what it was at version {profile['version']}: profile it again"
    lines = [
        "import lakebook",
        "import polars as pl",
        "",
        "lb = lakebook.open()",
        f"table = lb.table({table!r}).polars()",
        f"assert table.height == {profile['row_count']:_}, {changed!r}",
        *([f"column = {column['name']!r}"] if column else []),
        "",
        *fix(profile, issue, column),
        "",
        f"# To keep it: lb.table({_silver(table)!r}).replace(clean)",
        "clean.head()",
    ]
    return "\n".join(lines)


def _silver(table: str) -> str:
    return f"silver.{table.partition('.')[2] or table}"


def _duplicates(profile: Profile, issue: dict[str, Any], _column: Column) -> Body:
    return [
        "# The first of equal rows stays.",
        "clean = table.unique(keep='first', maintain_order=True)",
        f"assert clean.height == {profile['row_count'] - issue['count']:_}",
    ]


def _outer_blanks(_profile: Profile, issue: dict[str, Any], _column: Column) -> Body:
    return [
        f"trimmed = pl.col(column).str.strip_chars({BLANKS!r})",
        f"assert table.select((trimmed != pl.col(column)).sum()).item() == {issue['count']:_}",
        "clean = table.with_columns(trimmed)",
        "assert clean.select((trimmed != pl.col(column)).sum()).item() == 0",
    ]


def _missing(profile: Profile, issue: dict[str, Any], _column: Column) -> Body:
    return [
        "# Rows without a value are left out: for questions about this column only.",
        f"assert table[column].null_count() == {issue['count']:_}",
        "clean = table.filter(pl.col(column).is_not_null())",
        f"assert clean.height == {profile['row_count'] - issue['count']:_}",
    ]


def _dropped(profile: Profile, said: str) -> Body:
    return [said, "clean = table.drop(column)", f"assert clean.width == {profile['column_count'] - 1:_}"]


def _mostly_missing(profile: Profile, issue: dict[str, Any], _column: Column) -> Body:
    return _dropped(profile, f"assert table[column].null_count() == {issue['count']:_}")


def _constant(profile: Profile, _issue: dict[str, Any], _column: Column) -> Body:
    return _dropped(profile, "assert table[column].n_unique() == 1")


def _outliers(profile: Profile, issue: dict[str, Any], column: Column) -> Body:
    flag = f"{column['name']}_outlier"
    while flag in {other["name"] for other in profile["columns"]}:
        flag += "_"
    far = f"(pl.col(column).cast(pl.Float64) - {column['mean']!r}).abs() > {OUTLIER_DEVIATIONS} * {column['std_dev']!r}"
    return [
        f"# Flagged, not removed: more than {OUTLIER_DEVIATIONS:.0f} deviations from the mean.",
        f"far = {far}",
        f"clean = table.with_columns(far.fill_null(False).alias({flag!r}))",
        "assert clean.height == table.height",
        f"assert clean[{flag!r}].sum() >= {issue['count']}",
        f"assert clean.filter(~pl.col({flag!r})).filter(far).height == 0",
    ]


def _spellings(_profile: Profile, issue: dict[str, Any], column: Column) -> Body:
    lesser = lesser_spellings(column)
    return [
        "spelling = {",
        *(f"    {value!r}: {usual!r}," for value, usual in sorted(lesser.items())),
        "}",
        f"assert table[column].is_in(list(spelling)).sum() == {issue['count']:_}",
        "clean = table.with_columns(pl.col(column).replace(spelling))",
        "assert clean[column].is_in(list(spelling)).sum() == 0",
        f"assert clean[column].drop_nulls().n_unique() == {column['unique_count'] - len(lesser)}",
    ]


def _variants(_profile: Profile, issue: dict[str, Any], _column: Column) -> Body:
    return [
        "# Of values that differ only by capitals and blanks, the most frequent one stands for all.",
        f"blanks = {BLANKS!r}",
        "values = table[column].drop_nulls().rename('value').value_counts(name='rows')",
        "folded = pl.col('value').str.replace_all(f'[{blanks}]+', ' ').str.strip_chars(' ').str.to_lowercase()",
        "usual = pl.col('value').sort_by(['rows', 'value'], descending=[True, False]).first().over(folded)",
        "lesser = values.with_columns(usual=usual).filter(",
        "    pl.col('value').str.strip_chars(blanks) != pl.col('usual').str.strip_chars(blanks)",
        ")",
        "spelling = dict(zip(lesser['value'], lesser['usual'], strict=True))",
        f"assert table[column].is_in(list(spelling)).sum() == {issue['count']:_}",
        "clean = table.with_columns(pl.col(column).replace(spelling))",
        "assert clean[column].is_in(list(spelling)).sum() == 0",
    ]


def _gaps(profile: Profile, issue: dict[str, Any], column: Column) -> Body:
    weekly = column["date_gaps"]["beat"] == "weekly"
    resting = [
        "on = days.dt.weekday().rename('on').value_counts(name='days')",
        "# A weekday that hardly ever occurs is a day of rest, and no gap.",
        "usual = on.filter(pl.col('days') * 5 >= pl.col('days').max())['on']",
        "every = every.filter(every.dt.weekday().is_in(usual.implode()))",
    ]
    return [
        "# Each missing day gets a row with nothing but the day, so that no reader draws a line over it.",
        "days = table[column].cast(pl.Date).drop_nulls().unique().sort()",
        f"every = pl.date_range(days[0], days[-1], {'1w' if weekly else '1d'!r}, eager=True)",
        *([] if weekly else resting),
        "missing = every.filter(~every.is_in(days.implode()))",
        f"assert missing.len() == {issue['count']:_}",
        "added = pl.DataFrame({column: missing.cast(table[column].dtype)})",
        "clean = pl.concat([table, added], how='diagonal').sort(column, nulls_last=True)",
        f"assert clean.height == {profile['row_count'] + issue['count']:_}",
        "assert every.is_in(clean[column].cast(pl.Date).implode()).all()",
    ]


FIXES: dict[str, Callable[[Profile, dict[str, Any], Column], Body]] = {
    "duplicates": _duplicates,
    "outer_blanks": _outer_blanks,
    "missing_values": _missing,
    "high_nulls": _mostly_missing,
    "constant": _constant,
    "outliers": _outliers,
    "case_variants": _spellings,
    "spelling_variants": _variants,
    "date_gaps": _gaps,
}
DROPPING = ("high_nulls", "constant")
