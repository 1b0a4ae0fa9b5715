"""Datasets and profiles as people and programs see them; field names are the seed's, with its aliases."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, computed_field

from lakebook.verb import Positional, Request, Result

Severity = Literal["low", "medium", "high"]
Spoiled = Literal["sums", "counts", "joins", "groups", "models"]


class PersonalData(Result):
    """Why a column's values are likely to be about people."""

    kind: Literal["iban", "card_number", "email", "ip_address", "phone", "person_name"]
    confidence: float = Field(description="0 to 1.")
    reason: str


class SpellingVariants(Result):
    """Values that are another's but for capitals and blanks inside."""

    values: int = Field(description="How many such spellings there are.")
    rows: int = Field(description="How many rows have them.")
    examples: list[tuple[str, str, int]] = Field(description="The usual spelling, the other one, its rows.")


class DateGaps(Result):
    """A series of dates with a beat, and the dates that are missing from it."""

    beat: Literal["daily", "working days", "weekly"]
    missing: int
    gaps: list[tuple[str, str, int]] = Field(description="First and last date and how many, the longest ones first.")


class Dependency(Result):
    """Each value of the one column always comes with the same value of the other."""

    column: str
    decides: str


class Correlation(Result):
    """Two columns of numbers that move together."""

    columns: list[str]
    coefficient: float = Field(description="Pearson's, -1 to 1.")


class ColumnProfile(Result):
    """What is known about one column; min and max are text for dates, times and decimals."""

    name: str
    label: str = ""
    data_type: str
    null_count: int
    null_percentage: float = Field(description="0 to 100.")
    unique_count: int
    unique_exact: bool = True
    min_value: Any = None
    max_value: Any = None
    mean: float | None = None
    std_dev: float | None = None
    top_values: list[tuple[str, int]] = Field(default_factory=list)
    histogram: list[tuple[float, float, int]] = Field(default_factory=list)
    money: str | None = Field(None, description="Why the column is money, where it is.")
    notes: list[str] = Field(default_factory=list)
    personal: PersonalData | None = None
    zero_count: int | None = None
    negative_count: int | None = None
    quantiles: Any = None
    lengths: Any = None
    patterns: Any = None
    case_variants: Any = None
    outlier_count: int | None = None
    outlier_bounds: Any = None
    patterns_exact: bool | None = Field(None, description="Whether the patterns are of every row, not of a sample.")
    spelling_variants: SpellingVariants | None = None
    date_gaps: DateGaps | None = None

    @computed_field
    @property
    def type(self) -> str:
        """The data type, under the profile endpoint's name."""
        return self.data_type

    @computed_field
    @property
    def min(self) -> Any:
        """The least value, under the profile endpoint's name."""
        return self.min_value

    @computed_field
    @property
    def max(self) -> Any:
        """The greatest value, under the profile endpoint's name."""
        return self.max_value


class QualityIssue(Result):
    """Something in the data that would spoil an answer."""

    column: str = Field(description="The column, or an empty text for the whole table.")
    issue_type: str
    severity: Severity
    description: str
    count: int = Field(0, description="How many rows it touches.")
    spoils: list[Spoiled] = Field(default_factory=list, description="What it would spoil.")
    fix: str | None = Field(None, description="A notebook cell that mends it, where one was asked for.")
    examples: list[dict[str, Any]] = Field(default_factory=list, description="Up to three rows, with the fixes.")

    @computed_field
    @property
    def issue_id(self) -> str:
        """What a contract calls the issue: its kind, and its column where it has one."""
        return f"{self.issue_type}:{self.column}" if self.column else self.issue_type


class ProfileChange(Result):
    """What became different in a table from one version to another."""

    column: str = Field(description="The column, or an empty text for the whole table.")
    kind: str
    severity: Severity
    description: str


class DataProfile(Result):
    """The profile stored with a version of a dataset."""

    dataset_id: str
    name: str
    version: int
    row_count: int
    column_count: int
    duplicate_rows: int
    duplicate_groups: int = 0
    columns: list[ColumnProfile]
    quality_score: float = Field(description="0 to 1.")
    score_parts: list[tuple[str, float]] = Field(default_factory=list, description="What was taken off, and how much.")
    issues: list[QualityIssue]
    keys: list[list[str]] = Field(default_factory=list, description="Columns that tell every row from the others.")
    dependencies: list[Dependency] = Field(default_factory=list)
    correlations: list[Correlation] = Field(default_factory=list, description="Strong ones, the strongest first.")
    ignored: list[str] = Field(default_factory=list, description="Issues that are not shown, for nobody minds them.")
    generated_at: str
    against: int | None = Field(None, description="The version that `changes` starts from, where one was named.")
    changes: list[ProfileChange] = Field(default_factory=list, description="What changed since, worst first.")

    def _repr_html_(self) -> str:
        from lakebook.profile_display import profile_html

        return profile_html(self)


class Dataset(Result):
    """A table of the lake at its current version."""

    dataset_id: str
    name: str
    layer: str
    source_type: str
    s3_key: str
    version: int
    row_count: int
    column_count: int
    size_bytes: int
    quality_score: float | None = None
    user_id: str
    created_at: str
    updated_at: str
    deleted_at: str | None = None


class TableReference(Result):
    """A foreign key: these columns name a row of that table by those columns."""

    columns: list[str]
    table: str
    table_columns: list[str]
    dataset_id: str | None = Field(None, description="The dataset of that name, where there is one.")


class DatasetDetail(Dataset):
    """A dataset with its profile, its first rows, its versions and where it came from."""

    profile: DataProfile | None = None
    preview: list[dict[str, Any]] = Field(default_factory=list, description="The first 50 rows.")
    versions: list[dict[str, Any]] = Field(default_factory=list)
    lineage: list[dict[str, Any]] = Field(default_factory=list)
    keys: list[str] = Field(default_factory=list, description="The primary key's columns, where its database said.")
    references: list[TableReference] = Field(default_factory=list, description="Foreign keys to other tables.")


class DatasetsRequest(Request):
    """Which datasets to list."""

    deleted: bool = Field(False, description="List the deleted ones that can still be brought back instead.")


class DatasetRequest(Request):
    """One dataset, by id or name (`layer.name` where two layers have the name)."""

    dataset: Annotated[str, Positional()] = Field(description="Id or name of the dataset.")


class ProfileRequest(DatasetRequest):
    """One dataset, and what to show besides its profile."""

    fixes: bool = Field(False, description="Add to each issue the notebook cell that mends it, and example rows.")
    against: int | None = Field(None, ge=1, description="Say what changed since this version.")


class RenameRequest(DatasetRequest):
    """One dataset and its new name."""

    name: Annotated[str, Positional()] = Field(description="The new name.", min_length=1, max_length=200)


class RestoreRequest(DatasetRequest):
    """A deleted dataset to bring back, or a dataset and the version whose content it is to have again."""

    version: int | None = Field(
        None, ge=1, description="The version whose content a standing dataset is to have again, as a new version."
    )
