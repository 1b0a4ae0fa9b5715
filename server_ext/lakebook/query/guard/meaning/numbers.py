"""Numbers: division, averages, rounding, casts, logarithms, statistics."""

from __future__ import annotations

from sqlglot import exp

from lakebook.query.guard.meaning.typed import (
    Differs,
    Kind,
    call,
    double,
    is_decimal,
    is_fraction,
    is_number,
    is_text,
    is_whole,
    of_type,
    require,
    whole,
)

MOST_ROUNDED = 12
MOST_SCALE = 12


def arithmetic(node: exp.Binary, _engine: str) -> exp.Expr:
    """`+`, `-` and `*` of numbers; a binary fraction on either side makes one of the result."""
    require(is_number(node.this) and is_number(node.expression), "Only numbers may be added, subtracted, multiplied.")
    if is_fraction(node.this) or is_fraction(node.expression):
        return of_type(node, Kind.DOUBLE)
    if is_decimal(node.this) or is_decimal(node.expression):
        scales = [scale(side) for side in (node.this, node.expression)]
        most = sum(scales) if isinstance(node, exp.Mul) else max(scales)
        require(most <= MOST_SCALE, "The result has more decimal places than every engine keeps.")
        node.type = exp.DataType.build(f"DECIMAL(38, {most})")
        return node
    return of_type(node, Kind.BIGINT)


def scale(node: exp.Expr) -> int:
    """How many decimal places the values have; 0 for what is no decimal."""
    if isinstance(node, exp.Literal) and not node.is_string:
        return len(node.name.partition(".")[2])
    parameters = node.type.expressions if isinstance(node.type, exp.DataType) else []
    if not is_decimal(node):
        return 0
    return int(parameters[1].name) if len(parameters) > 1 else 0


def divide(node: exp.Div, engine: str) -> exp.Expr:
    """DuckDB divides numbers as DOUBLE; the others would keep decimals of some scale. By zero it gives infinity."""
    require(is_number(node.this) and is_number(node.expression), "Only numbers may be divided.")
    quotient = exp.Div(this=double(node.this), expression=double(node.expression), typed=False, safe=False)
    del engine
    return of_type(quotient, Kind.DOUBLE)


def modulo(node: exp.Mod, _engine: str) -> exp.Expr:
    """The sign of the rest is the dividend's in all engines."""
    require(is_whole(node.this) and is_whole(node.expression), "Only whole numbers may be divided with a rest.")
    return of_type(node, Kind.BIGINT)


def whole_divide(node: exp.IntDiv, engine: str) -> exp.Expr:
    """`//` of whole numbers cuts off towards zero."""
    require(is_whole(node.this) and is_whole(node.expression), "`//` takes whole numbers only.")
    if engine == "spark":
        return of_type(node, Kind.BIGINT)
    quotient = exp.Div(this=node.this, expression=node.expression, typed=False, safe=False)
    return of_type(exp.cast(exp.Trunc(this=quotient), Kind.BIGINT), Kind.BIGINT)


def average(node: exp.Avg, _engine: str) -> exp.Expr:
    """The average as DOUBLE: of decimals the others would keep some scale."""
    operand = node.this
    if isinstance(operand, exp.Distinct):
        operand.set("expressions", [double(_numbers(each)) for each in operand.expressions])
    else:
        node.set("this", double(_numbers(operand)))
    return of_type(node, Kind.DOUBLE)


def total(node: exp.Sum, _engine: str) -> exp.Expr:
    """A sum of numbers; whole numbers and decimals are exact everywhere."""
    operand = node.this.expressions[0] if isinstance(node.this, exp.Distinct) else node.this
    _numbers(operand)
    if is_fraction(operand):
        return of_type(node, Kind.DOUBLE)
    if is_decimal(operand):
        node.type = exp.DataType.build(f"DECIMAL(38, {scale(operand)})")
        return node
    return of_type(node, Kind.BIGINT)


def deviation(node: exp.AggFunc, _engine: str) -> exp.Expr:
    """Deviation and variance of DOUBLE, NULL for a single value."""
    node.set("this", double(_numbers(node.this)))
    return of_type(node, Kind.DOUBLE)


def correlation(node: exp.Corr, _engine: str) -> exp.Expr:
    """Where one side does not vary DuckDB says NaN and the others NULL."""
    require(not isinstance(node.parent, exp.Window | exp.Filter), "A correlation may have no window and no filter.")
    left, right = double(_numbers(node.this)), double(_numbers(node.expression))
    pair = exp.and_(exp.not_(exp.Is(this=left.copy(), expression=exp.Null())),
                    exp.not_(exp.Is(this=right.copy(), expression=exp.Null())))  # fmt: skip
    pairs = exp.Count(this=exp.Case(ifs=[exp.If(this=pair, true=whole(1))]))
    found = exp.Coalesce(this=exp.Corr(this=left, expression=right),
                         expressions=[exp.cast(exp.Literal.string("NaN"), Kind.DOUBLE)])  # fmt: skip
    return of_type(exp.Case(ifs=[exp.If(this=exp.GT(this=pairs, expression=whole(0)), true=found)]), Kind.DOUBLE)


def median(node: exp.Median, engine: str) -> exp.Expr:
    """The middle value of DOUBLE; between two it is their mean."""
    node.set("this", double(_numbers(node.this)))
    if engine == "spark":
        return call("percentile", node.this, exp.Literal.number("0.5"), kind=Kind.DOUBLE)
    return of_type(node, Kind.DOUBLE)


def quantile(node: exp.PercentileCont, engine: str) -> exp.Expr:
    """`quantile_cont(x, fraction)` of DOUBLE, interpolated."""
    fraction = node.args.get("expression")
    if not isinstance(fraction, exp.Literal) or fraction.is_string:
        raise Differs("The quantile must be written as a number.")
    values = double(_numbers(node.this))
    if engine == "spark":
        return call("percentile", values, fraction, kind=Kind.DOUBLE)
    order = exp.Order(expressions=[exp.Ordered(this=values, desc=False, nulls_first=False)])
    return of_type(exp.WithinGroup(this=exp.PercentileCont(this=fraction), expression=order), Kind.DOUBLE)


def rounded(node: exp.Round, _engine: str) -> exp.Expr:
    """Halves go away from zero; of DOUBLE the value itself is rounded, not its shortest decimal."""
    places = node.args.get("decimals")
    digits = 0 if places is None else _digits(places)
    values = _numbers(node.this)
    if is_whole(values):
        require(digits >= 0, "Whole numbers may not be rounded to tens.")
        return values
    if is_decimal(node.this):
        require(digits >= 0, "Decimals may not be rounded to tens.")
        kept = min(digits, scale(node.this))
        rounding = exp.Round(this=node.this, decimals=whole(digits))
        rounding.type = exp.DataType.build(f"DECIMAL(38, {kept})")
        return rounding
    power = exp.cast(exp.Literal.number(10 ** abs(digits)), Kind.DOUBLE)
    scaled: exp.Expr = exp.Abs(this=values.copy())
    if digits:
        scaled = (exp.Mul if digits > 0 else exp.Div)(this=scaled, expression=power.copy())
    half = exp.Add(this=scaled, expression=exp.cast(exp.Literal.number("0.5"), Kind.DOUBLE))
    size: exp.Expr = double(exp.Floor(this=half))
    if digits:
        size = (exp.Div if digits > 0 else exp.Mul)(this=size, expression=power)
    return of_type(exp.Paren(this=exp.Mul(this=double(exp.Sign(this=values)), expression=exp.Paren(this=size))),
                   Kind.DOUBLE)  # fmt: skip


def _digits(places: exp.Expr) -> int:
    sign, literal = (-1, places.this) if isinstance(places, exp.Neg) else (1, places)
    require(isinstance(literal, exp.Literal) and literal.is_int, "The places to round to must be written as a number.")
    digits = sign * int(literal.name)
    require(abs(digits) <= MOST_ROUNDED, f"Numbers are rounded to at most {MOST_ROUNDED} places.")
    return digits


def floor(node: exp.Floor | exp.Ceil, _engine: str) -> exp.Expr:
    """Down or up to the next whole number."""
    require(node.args.get("decimals") is None, "Floor and ceil take one number.")
    _numbers(node.this)
    return of_type(node, Kind.DOUBLE if is_fraction(node.this) else Kind.BIGINT)


def cast_number(node: exp.Cast, engine: str) -> exp.Expr:
    """To whole numbers: DuckDB rounds halves of decimals away from zero and halves of DOUBLE to even."""
    source, target = node.this, node.to.this
    require(not is_text(source) or isinstance(source, exp.Null), "Text may not be turned into numbers.")
    if target in (Kind.DOUBLE, Kind.FLOAT):
        return of_type(node, target)
    if target is Kind.DECIMAL:
        require(not is_fraction(source), "Binary fractions may not be turned into decimals.")
        return node
    if is_decimal(source):
        node.set("this", exp.Round(this=source, decimals=whole(0)))
    elif is_fraction(source):
        if isinstance(source.unnest(), exp.Floor | exp.Ceil):
            return node
        require(engine == "spark", "Binary fractions may not be turned into whole numbers.")
        node.set("this", call("rint", source, kind=Kind.DOUBLE))
    return node


def logarithm(node: exp.Log, engine: str) -> exp.Expr:
    """One argument means the base 10; of zero and below there is none."""
    base, value = (node.this, node.expression) if node.expression else (exp.Literal.number(10), node.this)
    name = {"10": "log10", "2": "log2"}.get(base.name, "")
    require(bool(name), "Logarithms have the base 2, 10 or e.")
    if engine == "snowflake":
        return of_type(exp.Log(this=base, expression=double(_numbers(value))), Kind.DOUBLE)
    return _positive(call(name, double(_numbers(value)), kind=Kind.DOUBLE), value)


def natural_logarithm(node: exp.Ln, engine: str) -> exp.Expr:
    """The base e; of zero and below there is none."""
    node.set("this", double(_numbers(node.this)))
    of_type(node, Kind.DOUBLE)
    return node if engine == "snowflake" else _positive(node, node.this)


def _positive(found: exp.Expr, value: exp.Expr) -> exp.Expr:
    """Where the others stop, Spark would say NULL: here it stops too, at a cast that fails."""
    fails = exp.cast(exp.Literal.string("a logarithm of zero or less"), Kind.DOUBLE)
    ifs = [
        exp.If(this=exp.Is(this=value.copy(), expression=exp.Null()), true=exp.Null()),
        exp.If(this=exp.GT(this=value.copy(), expression=whole(0)), true=found),
    ]
    return of_type(exp.Case(ifs=ifs, default=fails), Kind.DOUBLE)


def same_number(node: exp.Func, _engine: str) -> exp.Expr:
    """What every engine computes alike, in the type of its argument."""
    node.type = _numbers(node.this).type
    return node


def as_double(node: exp.Func, _engine: str) -> exp.Expr:
    """What every engine computes alike, as DOUBLE."""
    for name in ("this", "expression"):
        if isinstance(node.args.get(name), exp.Expr):
            node.set(name, double(_numbers(node.args[name])))
    return of_type(node, Kind.DOUBLE)


def _numbers(node: exp.Expr) -> exp.Expr:
    require(is_number(node), "A number is needed here, of a type that is known.")
    return node
