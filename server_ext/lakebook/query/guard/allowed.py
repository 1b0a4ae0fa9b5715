"""What a statement may be made of: node types and functions by list; anything else is refused.

Functions that read files, catalogues, settings, variables, sequences or clocks of the process, that run SQL
from text, that wait, or that fail on purpose are in no list.
"""

from __future__ import annotations


def listed(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


STRUCTURE = listed(
    """
    Add Alias All Any AtTimeZone Between BitwiseAnd BitwiseLeftShift BitwiseNot BitwiseOr BitwiseRightShift
    BitwiseXor Boolean Bracket ByteString Column Comprehension CTE Cube DataType DataTypeParam Distance Distinct
    Div Dot DPipe EQ Escape Except Fetch Filter From Glob Group GroupingSets GT GTE Having HavingMax Identifier
    IgnoreNulls ILike In IntDiv Intersect Interval Is Join JSONExtractQuote JSONKeyValue JSONPath JSONPathKey
    JSONPathRecursive JSONPathRoot JSONPathSlice JSONPathSubscript JSONPathUnion JSONPathWildcard Kwarg Lambda
    Lateral Like Limit LimitOptions Literal LT LTE Mod Mul Neg NEQ Not Null NullSafeEQ NullSafeNEQ Offset Order
    Ordered Overlaps Paren Pivot PivotAlias PivotAny PropertyEQ Qualify RawString Reference RespectNulls Rollup
    Select SimilarTo Slice Star Sub Subquery Table TableAlias TableSample Tuple Union UnpivotColumns Values Var
    When Where Window WindowSpec With WithinGroup
    """
)

FUNCTIONS = listed(
    """
    Abs Acos Acosh AddMonths And AnyValue ApproxDistinct ApproxQuantile ApproxTopK ArgMax ArgMin Array ArrayAgg
    ArrayAll ArrayAny ArrayAppend ArrayConcat ArrayContainedBy ArrayContains ArrayContainsAll ArrayDistinct
    ArrayFilter ArrayFirst ArrayIntersect ArrayLast ArrayMax ArrayMin ArrayOverlaps ArrayPosition ArrayPrepend
    ArrayReverse ArraySize ArraySlice ArraySort ArraySum ArraysZip ArrayToString ArrayUniqueAgg Ascii Asin Asinh
    Atan Atan2 Atanh Avg BitLength BitwiseAndAgg BitwiseCount BitwiseOrAgg BitwiseXorAgg Booland Boolnot Boolor
    ByteLength Case Cast Cbrt Ceil Chr Coalesce Columns Concat ConcatWs Contains Corr Cos Cosh CosineDistance Cot
    Count CountIf CovarPop CovarSamp CumeDist CurrentDate CurrentTimestamp Date DateAdd DateBin DateDiff
    DateFromParts DateStrToDate DateSub DateToDateStr DateToDi DateTrunc Day Dayname DayOfMonth DayOfWeek
    DayOfWeekIso DayOfYear Degrees DenseRank DiToDate DotProduct EndsWith EqualNull EuclideanDistance Exists Exp
    Explode Extract Factorial First FirstValue Flatten Floor GenerateSeries Getbit Greatest GroupConcat Grouping
    GroupingId Hex Hour If Initcap IsInf IsNan JarowinklerSimilarity JSONArray JSONArrayAgg JSONArrayContains
    JSONExists JSONExtract JSONExtractArray JSONExtractScalar JSONFormat JSONKeys JSONObject JSONObjectAgg
    JSONType Kurtosis Lag Last LastDay LastValue Lead Least Left Length Levenshtein List Ln Log LogicalAnd
    LogicalOr Lower Map MapContainsKey MapFromEntries MapKeys MapSize Max MD5 Median Min Minute Mode Month
    Monthname MonthsBetween NthValue Ntile Nullif Nvl2 Or Overlay Pad ParseJSON PercentileCont PercentileDisc
    PercentRank Pi Pow Quantile Quarter Radians Rank Reduce RegexpCount RegexpExtract RegexpExtractAll
    RegexpFullMatch RegexpILike RegexpInstr RegexpLike RegexpReplace RegexpSplit RegrAvgx RegrAvgy RegrCount
    RegrIntercept RegrR2 RegrSlope RegrSxx RegrSxy RegrSyy Repeat Replace Reverse Right Rint Round RowNumber
    SafeDivide Second SHA SHA2 Sign Sin Sinh Skewness Split SplitPart Sqrt StartsWith Stddev StddevPop StddevSamp
    StringToArray StrPosition StrToDate StrToTime StrToUnix Struct StructExtract Substring Sum Tan Tanh
    TimestampAdd TimestampDiff TimestampFromParts TimestampSub TimestampTrunc TimeStrToDate TimeStrToTime
    TimeStrToUnix TimeToStr TimeToTimeStr TimeToUnix ToArray ToBoolean ToChar ToDays ToDouble ToMap ToNumber
    Transform Translate Trim Trunc Try TryCast TsOrDiToDi TsOrDsAdd TsOrDsDiff TsOrDsToDate TsOrDsToDateStr
    TsOrDsToTimestamp Typeof Unhex Unicode UnixDate UnixMicros UnixMillis UnixSeconds UnixToStr UnixToTime Unnest
    Upper Variance VariancePop VarMap Week WeekOfYear WidthBucket Xor Year YearOfWeek YearOfWeekIso
    """
)

# Functions that the parser knows by name only, each dialect's own: elsewhere the name may be a person's own code.
_DUCKDB = listed(
    """
    age approx_count_distinct arg_max arg_max_null arg_min arg_min_null array_aggr array_aggregate array_distance
    array_extract array_has array_has_all array_has_any array_indexof array_select array_transform array_unique
    array_zip bar bit_count bit_length bool_and bool_or cardinality ceiling century cosine_similarity date_part
    dayofmonth dayofweek dayofyear days_in_month decade editdist3 element_at entropy epoch epoch_ms epoch_ns
    epoch_us equi_width_bins era even favg format format_bytes formatreadabledecimalsize formatreadablesize fsum
    gamma gcd geomean geometric_mean hamming histogram histogram_exact isfinite isinf isnan isodow isoyear jaccard
    jaro_similarity jaro_winkler_similarity json_array_length json_contains json_extract_path
    json_extract_path_text json_extract_string json_keys json_structure json_type json_valid julian kahan_sum
    kurtosis_pop lcm len length_grapheme lgamma list_aggr list_aggregate list_any_value list_append list_apply
    list_avg list_cat list_concat list_contains list_count list_distinct list_element list_entropy list_extract
    list_filter list_first list_has list_has_all list_has_any list_histogram list_indexof list_inner_product
    list_intersect list_kurtosis list_last list_mad list_max list_median list_min list_mode list_position
    list_prepend list_product list_reduce list_reverse list_reverse_sort list_select list_slice list_sort
    list_stddev_pop list_stddev_samp list_sum list_transform list_unique list_value list_var_pop list_var_samp
    list_where list_zip log10 log2 lpad mad make_date make_time make_timestamp map_concat map_contains map_entries
    map_extract map_extract_value map_from_entries map_values max_by microsecond millennium millisecond min_by
    mismatches nanosecond nfc_normalize product quantile quantile_cont quantile_disc regexp_escape regexp_matches
    regexp_split_to_array reservoir_quantile round_even roundbankers row rpad sem signbit string_split
    string_split_regex strip_accents strlen strptime struct_extract struct_keys struct_pack struct_values
    substring_grapheme sumkahan time_bucket timezone to_base to_binary to_centuries to_days to_decades to_hours
    to_json to_microseconds to_milliseconds to_minutes to_months to_quarters to_seconds to_timestamp to_weeks
    to_years trunc try_strptime url_decode url_encode wavg weekday weekofyear weighted_avg yearweek
    """
)

_SNOWFLAKE = listed(
    """
    array_position asinh acosh atanh bitand_agg bitor_agg bitxor_agg boolxor_agg charindex cbrt date_from_parts
    dayofweekiso div0 div0null haversine hour insert last_value monthname object_construct_keep_null ratio_to_report
    regr_valx regr_valy rtrimmed_length space square strtok time_from_parts to_time to_timestamp_ltz
    to_timestamp_ntz to_timestamp_tz try_to_boolean try_to_time try_to_timestamp try_to_timestamp_ntz
    try_to_timestamp_tz weekiso width_bucket yearofweekiso zeroifnull
    """
)

_SPARK = listed(
    """
    array_compact array_except array_insert array_remove array_repeat array_union arrays_overlap bool_or bround char
    every exists expm1 find_in_set forall format_number hypot ilike isnotnull isnull kurtosis log1p luhn_check
    make_date make_timestamp map_concat map_entries map_filter map_from_arrays map_values map_zip_with mask months
    named_struct nullifzero octet_length pmod positive regexp_substr rint sec sentences shiftleft shiftright some
    timestamp_micros timestamp_millis timestamp_seconds transform_keys transform_values try_to_number try_to_timestamp
    typeof weekday zeroifnull zip_with
    """
)

NAMED = {"duckdb": _DUCKDB, "postgres": _DUCKDB, "snowflake": _SNOWFLAKE, "spark": _SPARK}

# Functions that stand in the FROM clause.
TABLE_FUNCTIONS = listed(
    """
    generate_series range unnest
    """
)

TYPES = listed(
    """
    ARRAY BIGDECIMAL BIGINT BINARY BIT BLOB BOOLEAN CHAR DATE DECIMAL DOUBLE FLOAT HUGEINT INT INT128 INT256
    INTERVAL JSON LIST MAP NCHAR NULL NVARCHAR SMALLINT STRUCT TEXT TIME TIMESTAMP TIMESTAMP_MS TIMESTAMP_NS
    TIMESTAMP_S TIMESTAMPLTZ TIMESTAMPNTZ TIMESTAMPTZ TIMETZ TINYINT UBIGINT UHUGEINT UINT UINT128 USMALLINT
    UTINYINT UUID VARBINARY VARCHAR
    """
)
