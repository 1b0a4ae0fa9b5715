"""Right statements over the shop, and the faults that models put into them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

_FILE = Path(__file__).parent / "fixtures" / "right.sql"
RIGHT = tuple(" ".join(statement.split()) for statement in _FILE.read_text(encoding="utf-8").split("\n\n"))

Fault = Callable[[str], str]
SPELLED = {
    "InvoiceNo": "invoice_no", "InvoiceDate": "invoice_date", "UnitPrice": "unit_price", "StockCode": "stock_code",
    "CustomerID": "CustomerId", "Quantity": "QTY", "body_mass_g": "BodyMassG", "bill_length_mm": "bill_length",
    "credit_limit": "creditLimit", "temp_max": "tempMax", "precipitation": "precipitations", "segment": "segments",
}  # fmt: skip
MISSPELLED = {
    "InvoiceNo": "InvoceNo", "InvoiceDate": "InvoiceDat", "UnitPrice": "UnitPrise", "Quantity": "Quantitty",
    "body_mass_g": "boddy_mass_g", "bill_length_mm": "bill_lenght_mm", "credit_limit": "credit_limmit",
    "temp_max": "temp_maxx", "precipitation": "percipitation", "species": "speceis", "segment": "segmant",
}  # fmt: skip


def _swap(words: dict[str, str]) -> Fault:
    def fault(sql: str) -> str:
        for right, wrong in words.items():
            sql = re.sub(rf"\b{right}\b", wrong, sql)
        return sql

    return fault


def _sub(pattern: str, wrong: str, *, count: int = 0) -> Fault:
    return lambda sql: re.sub(pattern, wrong, sql, count=count)


def _without_group(sql: str) -> str:
    return re.sub(r" GROUP BY .*?(?= HAVING| ORDER| LIMIT|$)", "", sql) if "HAVING" not in sql else sql


def _with_top(sql: str) -> str:
    found = re.search(r" LIMIT (\d+)$", sql)
    return sql[: found.start()].replace("SELECT ", f"SELECT TOP {found[1]} ", 1) if found else sql


def _wrong_alias(sql: str) -> str:
    return sql if " JOIN " in sql else re.sub(r"(?<=SELECT )(\w+)(?=,)", r"t.\1", sql)


def _quoted_groups(sql: str) -> str:
    return re.sub(r"(?<=GROUP BY )(\w+)(?= ORDER)", r"'\1'", sql)


def _having_in_where(sql: str) -> str:
    found = re.search(r" HAVING (COUNT\(\*\) > 1)", sql)
    return sql.replace(found[0], "").replace(" GROUP BY", f" WHERE {found[1]} GROUP BY") if found else sql


_SHOUTED = re.compile(r"\b(Country|InvoiceNo|Quantity|UnitPrice|orders|birds)\b")
FAULTS: dict[str, Fault] = {
    "fence": lambda sql: f"Sure, here is the query:\n```sql\n{sql};\n```\nIt counts what you asked for.",
    "bare fence": lambda sql: f"```\n{sql}\n```",
    "prose": lambda sql: f"The answer:\n{sql};\n\nThis gives the wanted rows.",
    "label": lambda sql: f"SQL: {sql}",
    "json": lambda sql: '{"sql": "' + sql.replace('"', '\\"') + '"}',
    "comment": lambda sql: f"{sql} -- as asked\n;",
    "chat token": lambda sql: f"{sql}<|im_end|>",
    "other case": lambda sql: _SHOUTED.sub(lambda found: found[0].upper(), sql),
    "spelled": _swap(SPELLED),
    "misspelled": _swap(MISSPELLED),
    "table singular": _swap({"orders": "order_", "customers": "customer", "birds": "bird", "days": "day"}),
    "table misspelled": _swap({"orders": "oders", "customers": "custommers"}),
    "schema": _sub(r"(?<=FROM )(\w+)", r"dbo.\1"),
    "catalogue": _sub(r"(?<=FROM )(\w+)", r"shop.public.\1"),
    "backticks": _sub(r"\b(Country|species|segment|weather|orders|birds|days|customers)\b(?!')", r"`\1`"),
    "brackets": _sub(r"\b(Country|species|weather|orders|birds|days)\b(?!')", r"[\1]"),
    "double quotes": _sub(r"'(Germany|United Kingdom|female|Gentoo)'", r'"\1"'),
    "curly quotes": _sub(r"'([A-Za-z ]+)'", r"‘\1’"),
    "entities": lambda sql: sql.replace(">", "&gt;").replace("<", "&lt;"),
    "double equals": _sub(r"(?<=[\w]) = (?=')", " == "),
    "ampersands": _sub(r" AND (?=InvoiceDate <)", " && "),
    "equals null": lambda sql: sql.replace("IS NULL", "= NULL").replace("IS NOT NULL", "<> NULL"),
    "no group": _without_group,
    "part of group": lambda sql: sql.replace("GROUP BY species, island", "GROUP BY species"),
    "quoted group": _quoted_groups,
    "having in where": _having_in_where,
    "top": _with_top,
    "fetch": _sub(r" LIMIT (\d+)$", r" FETCH FIRST \1 ROWS ONLY"),
    "limit with offset": _sub(r" LIMIT (\d+)$", r" LIMIT 0, \1"),
    "number for text": lambda sql: sql.replace("'536365'", "536365"),
    "value in another case": lambda sql: sql.replace("'Germany'", "'germany'").replace("'Gentoo'", "'GENTOO'"),
    "average": _sub(r"\bAVG\(", "AVERAGE("),
    "count distinct": lambda sql: sql.replace("COUNT(DISTINCT InvoiceNo)", "COUNT DISTINCT InvoiceNo"),
    "date_format": lambda sql: sql.replace("STRFTIME(date, '%Y-%m')", "DATE_FORMAT(date, '%Y-%m')"),
    "to_char": lambda sql: sql.replace("STRFTIME(date, '%Y-%m')", "TO_CHAR(date, 'YYYY-MM')"),
    "format first": lambda sql: sql.replace("STRFTIME(date, '%Y-%m')", "STRFTIME('%Y-%m', date)"),
    "datepart": lambda sql: sql.replace("YEAR(InvoiceDate)", "DATEPART(year, InvoiceDate)"),
    "month for a day": lambda sql: sql.replace("'2011-01-01'", "'2011-01'").replace("'2011-04-01'", "'2011-04'"),
    "alias of nothing": _wrong_alias,
    "table for alias": lambda sql: sql.replace("c.segment", "customers.segment").replace("c.name", "customers.name"),
    "alias swapped": lambda sql: sql.replace("c.segment", "o.segment").replace("c.name", "o.name"),
    "no join": _sub(r" JOIN customers c ON o.CustomerID = c.customer_id", ""),
    "trailing comma": _sub(r" FROM", ", FROM", count=1),
    "keyword misspelled": lambda sql: sql.replace("SELECT", "SELET").replace(" GROUP BY", " GRUOP BY"),
    "from misspelled": lambda sql: sql.replace(" FROM ", " FORM "),
    "spoken names": _swap({"UnitPrice": "unit price", "body_mass_g": "body mass g", "credit_limit": "credit limit"}),
}  # fmt: skip


def injected() -> Iterator[tuple[str, str, str]]:
    """A name, the right statement and the reply with the fault, for each fault that changes the statement."""
    for name, fault in FAULTS.items():
        for number, right in enumerate(RIGHT):
            wrong = fault(right)
            if wrong != right:
                yield f"{name} {number}", right, wrong
