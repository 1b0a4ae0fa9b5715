"""The magics, the same on the home here and on a server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from python_calamine import load_workbook

from lakebook.arguments import marker
from lakebook.catalog.models import DataProfile
from lakebook.ingest.models import IngestResult
from lakebook.verb import Inline
from lakebook.verbs import BY_NAME
from lakebook_magics import NAMES
from lakebook_magics.verbs import Refusal


def run(shell: Any, cell: str) -> Any:
    """The value of a cell that must work."""
    result = shell.run_cell(cell)
    result.raise_error()
    return result.result


def refused(shell: Any, cell: str) -> str:
    """The one line that a cell shows when it is refused."""
    result = shell.run_cell(cell)
    assert isinstance(result.error_in_exec, Refusal)
    text = str(result.error_in_exec)
    assert "Traceback" not in text
    return text


@pytest.fixture
def orders(shell: Any) -> Any:
    run(shell, "%ingest orders.csv --as orders --mode replace")
    return shell


def test_ingest_gives_the_result(shell: Any) -> None:
    result = run(shell, "%ingest orders.csv --as mine --mode replace")
    assert isinstance(result, IngestResult)
    assert (result.rows, result.columns, result.name) == (600, 4, "mine")
    assert "600" in result._repr_html_()


def test_ingest_takes_a_frame_of_the_notebook(shell: Any) -> None:
    run(shell, "import pandas as pd; basket = pd.DataFrame({'fruit': ['pear', 'plum'], 'price': [1.25, 0.5]})")
    result = run(shell, "%ingest basket --mode replace")
    assert (result.name, result.rows) == ("basket", 2)
    assert run(shell, "%profile basket").columns[1].data_type.startswith("DECIMAL")


def test_profile(orders: Any) -> None:
    profile = run(orders, "%profile orders")
    assert isinstance(profile, DataProfile)
    assert profile.row_count == 600
    html = profile._repr_html_()
    assert "country" in html
    assert "quality" in html


def test_ask_gives_an_answer_that_stays(orders: Any) -> None:
    answer = run(orders, "%ask number of rows by country --dataset orders")
    assert answer.status == "answered"
    assert dict(answer.df.values.tolist()) == {"Germany": 200, "France": 200, "Spain": 200}
    bundle = answer._repr_mimebundle_()
    assert {"text/plain", "text/html", "application/vnd.vegalite.v5+json", "image/png"} <= bundle.keys()
    assert run(orders, "df = %ask number of rows --dataset orders\ndf.df.iloc[0, 0]") == 600


def test_ask_keeps_apostrophes_and_declines_in_words(orders: Any) -> None:
    answer = run(orders, "%ask what is Germany's churn")
    assert answer.status == "declined"
    assert "churn" in answer.words
    assert answer.df.empty


def test_ask_binds_variables_and_keeps_rows_in_one(orders: Any) -> None:
    run(orders, "land = 'France'")
    run(orders, "%ask --to few number of rows where country is {land} --dataset orders")
    assert int(run(orders, "few").iloc[0, 0]) == 200
    run(orders, "land = 'France or Spain'")
    answer = run(orders, "%ask --to few number of rows where country is {land} --dataset orders")
    assert answer.status == "declined"
    assert int(run(orders, "few").iloc[0, 0]) == 200
    assert "no variable 'nobody'" in refused(orders, "%ask number of rows where country is {nobody}")
    assert "cannot be a variable's name" in refused(orders, "%ask --to a-b number of rows")


def test_a_question_goes_on_from_the_one_answered_before(orders: Any) -> None:
    run(orders, "%ask number of rows --dataset orders")
    assert run(orders, "%ask what is the churn --dataset orders").status == "declined"
    german = run(orders, "%ask only in Germany --dataset orders")
    assert (german.question, german.df.iloc[0, 0]) == ("number of rows in Germany", 200)
    french = run(orders, "%ask what about France? --dataset orders")
    assert (french.question, french.df.iloc[0, 0]) == ("number of rows in France", 200)
    assert "number of rows in France" in french.notes[0]
    assert run(orders, "%ask total quantity --dataset orders").notes == run(orders, "%ask total quantity").notes
    both = run(orders, f"%ask and by country? --dataset orders --after {german.query_id}")
    assert both.question == "number of rows in Germany by country"


def test_ask_can_put_its_sql_into_a_cell(orders: Any) -> None:
    asked: list[str] = []
    orders.set_next_input = lambda text, replace=False: asked.append(text)
    answer = run(orders, "%ask number of rows by country --dataset orders --cell")
    assert asked == [f"%%sql\n{answer.sql}"]


def test_lake_lists(orders: Any) -> None:
    assert "orders" in [dataset.name for dataset in run(orders, "%lake datasets").rows()]
    assert run(orders, "%lake").items == run(orders, "%lake datasets").items
    assert run(orders, "%lake jobs")[0].status == "completed"
    assert len(run(orders, "%lake runs")) == 0
    assert "datasets" in refused(orders, "%lake boats")


def test_datasets_download_writes_a_file(orders: Any, tmp_path: Path) -> None:
    made = run(orders, f"%datasets download orders --to {tmp_path / 'o.xlsx'}")
    assert (made.name, made.rows, made.format) == ("orders", 600, "xlsx")
    sheet = load_workbook(made.to).get_sheet_by_name("orders")
    assert sheet.to_python()[0] == ["id", "country", "quantity", "unit_price"]
    made = run(orders, f"%datasets download orders --format csv --to {tmp_path / 'o.csv'}")
    assert Path(made.to).read_text().count("\n") == 601
    assert "already" in refused(orders, f"%datasets download orders --to {tmp_path / 'o.csv'}")
    assert "%datasets does not know" in refused(orders, "%datasets upload x")
    assert run(orders, "%datasets").items == run(orders, "%lake datasets").items
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_background_gives_the_job(shell: Any) -> None:
    job = run(shell, "%ingest orders.csv --as later --mode replace --background")
    assert job.wait().rows == 600
    assert job.job.status == "completed"


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("%profile ordres", "orders"),
        ("%ingest nothing.csv", "nothing.csv"),
        ("%ingest orders.csv --as orders", "--mode replace"),
        ("%train orders --target contry --time 5", "country"),
        ("%train orders", "--target"),
        ("%ask", "question"),
        ("%ingest 'orders.csv", "quot"),
        ("%profile orders --colour red", "colour"),
        ("%predict nobody --features a=1", "nobody"),
    ],
)
def test_refusals_are_one_line_that_says_what_to_do(orders: Any, cell: str, said: str) -> None:
    assert said in refused(orders, cell)


@pytest.mark.parametrize("name", [name for name in NAMES if name in BY_NAME])
def test_help_comes_from_the_verb(shell: Any, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    info = shell.object_inspect(f"%{name}")
    shown = " ".join(info["docstring"].split())
    assert BY_NAME[name].help in shown
    said = [each for each in BY_NAME[name].request.model_fields.values() if marker(each, Inline) is None]
    for field in said:
        assert " ".join(str(field.description).split())[:40] in shown


def test_sql_cell_follows_the_catalogue(orders: Any) -> None:
    cell = "%%sql\nSELECT count(*) AS n FROM {}"
    assert counted(run(orders, cell.format("orders"))) == 600
    run(orders, "import pandas as pd; few = pd.DataFrame({'x': [1, 2, 3]})")
    run(orders, "%ingest few --mode replace")
    assert counted(run(orders, cell.format("bronze.few"))) == 3
    run(orders, "few = pd.DataFrame({'x': [1, 2, 3, 4]})")
    run(orders, "%ingest few --mode replace")
    assert counted(run(orders, cell.format("few"))) == 4


def test_sql_cell_is_guarded_and_takes_variables_as_values(orders: Any) -> None:
    for statement in ("DROP TABLE orders", "SELECT * FROM read_csv('/etc/passwd')"):
        error = orders.run_cell(f"%%sql\n{statement}").error_in_exec
        assert "lakebook.dbapi.failures.ProgrammingError" in str(error)
    run(orders, 'land = "France\' OR 1 = 1 --"')
    assert counted(run(orders, "%%sql\nSELECT count(*) AS n FROM orders WHERE country = :land")) == 0
    run(orders, "land = 'France'")
    assert counted(run(orders, "%%sql\nSELECT count(*) AS n FROM orders WHERE country = :land")) == 200


def counted(result: Any) -> int:
    """The number in a result of jupysql, or in an answer of the server."""
    frame = result.DataFrame() if hasattr(result, "DataFrame") else result.df
    return int(frame.iloc[0, 0])


def test_answers_survive_in_a_saved_notebook(orders: Any) -> None:
    """The bundle is plain data that a notebook file can hold."""
    answer = run(orders, "%ask number of rows by country --dataset orders")
    output = nbformat.v4.new_output("display_data", data=_text(answer._repr_mimebundle_()))
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x", outputs=[output])])
    again = nbformat.reads(nbformat.writes(notebook), as_version=4)
    nbformat.validate(again)
    assert again.cells[0].outputs[0].data.keys() == answer._repr_mimebundle_().keys()


def _text(bundle: dict[str, Any]) -> dict[str, Any]:
    import base64

    return {kind: base64.b64encode(data).decode() if isinstance(data, bytes) else data for kind, data in bundle.items()}


def test_without_a_language_model_there_is_none_to_list_or_allow(shell: Any) -> None:
    assert run(shell, "%llm").items == []
    assert run(shell, "%lake egress").items == []
    assert "LAKEBOOK_LLM" in refused(shell, "%llm allow")
    assert "remote" in refused(shell, "%llm forbid remote")
    assert "nothing" in refused(shell, "%llm values nothing --deny")
    assert "request in the egress ledger" in refused(shell, "%egress show nothing")


def test_unload_takes_everything_away(shell: Any) -> None:
    shell.run_line_magic("unload_ext", "lakebook")
    left = shell.magics_manager.magics["line"].keys() | shell.magics_manager.magics["cell"].keys()
    assert not left & set(NAMES)
    shell.run_line_magic("load_ext", "lakebook")
