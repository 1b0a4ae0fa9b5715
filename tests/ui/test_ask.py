"""Asking: rows, chart, sentence, the SQL as a cell; and declining in words."""

from __future__ import annotations

import csv
import io
from collections import Counter

from playwright.sync_api import expect

from tests.ui.panel import SLOW, Panel, orders_csv


def rows_by_country() -> list[tuple[str, int]]:
    """The right answer, counted by hand."""
    rows = csv.DictReader(io.StringIO(orders_csv()))
    return sorted(Counter(row["country"] for row in rows).items(), key=lambda pair: (-pair[1], pair[0]))


def test_an_answer_shows_rows_chart_and_sentence(orders: Panel) -> None:
    answer = orders.ask("top 3 country by number of rows in orders")
    rows = answer.get_by_role("region", name="Rows of the answer").locator("tbody tr")
    expect(rows).to_have_count(3)
    for at, (country, count) in enumerate(rows_by_country()[:3]):
        expect(rows.nth(at)).to_have_text(f"{country}{count:,}")
    expect(answer.locator(".lb-chart canvas, .lb-chart svg").first).to_be_visible(timeout=SLOW)
    expect(answer.locator(".lb-sentence")).to_contain_text(rows_by_country()[0][0])
    expect(answer.locator(".lb-reading")).not_to_be_empty()


def test_a_question_goes_on_from_the_one_before(orders: Panel) -> None:
    orders.ask("number of rows in orders")
    box = orders.page.get_by_role("textbox", name="Question")
    box.fill("and by country?")
    box.press("Enter")
    newest = orders.page.get_by_role("article").first
    rows = newest.get_by_role("region", name="Rows of the answer").locator("tbody tr")
    expect(rows).to_have_count(len(rows_by_country()), timeout=SLOW)
    expect(box).to_have_attribute("placeholder", "Go on: and by month? and by country?")
    orders.picture("ask-on")


def test_a_question_of_two_readings_with_one_answer_is_answered(orders: Panel) -> None:
    answer = orders.ask("countries not in April 2026 in orders")
    rows = answer.get_by_role("region", name="Rows of the answer").locator("tbody tr")
    expect(rows).to_have_count(len(rows_by_country()), timeout=SLOW)
    expect(answer).to_contain_text("It can also be meant as: ")
    expect(answer).to_contain_text("The answer is the same.")
    orders.picture("ask-agreed")


def test_two_readings_with_two_answers_are_a_choice(orders: Panel) -> None:
    answer = orders.ask("countries not in March 2026 in orders")
    expect(answer.get_by_role("region", name="Rows of the answer")).to_have_count(0)
    expect(answer).to_contain_text("more than one way")
    expect(answer).to_contain_text("without any orders where ordered_on in March 2026")
    orders.picture("ask-choice")
    answer.get_by_role("button", name="different country, ordered_on not in March 2026").click()
    newest = orders.page.get_by_role("article").first
    rows = newest.get_by_role("region", name="Rows of the answer").locator("tbody tr")
    expect(rows).to_have_count(len(rows_by_country()), timeout=SLOW)
    expect(newest.locator(".lb-reading")).to_have_text("different country, ordered_on not in March 2026")


def test_the_answer_is_inserted_as_a_cell_that_runs(orders: Panel) -> None:
    answer = orders.ask("number of rows by country in orders")
    answer.get_by_role("button", name="SQL cell").click()
    notebook = orders.page.locator(".jp-NotebookPanel:visible")
    cell = notebook.locator(".jp-CodeCell").last
    expect(cell).to_contain_text("%%sql", timeout=SLOW)
    expect(cell).to_contain_text("GROUP BY")
    expect(orders.page.locator("#jp-main-statusbar")).to_contain_text("| Idle", timeout=60_000)
    cell.locator(".cm-content").click()
    orders.page.keyboard.press("Shift+Enter")
    output = notebook.locator(".jp-OutputArea-output", has_text=rows_by_country()[0][0])
    expect(output.first).to_be_visible(timeout=60_000)


def test_a_question_that_is_not_understood_names_the_word(orders: Panel) -> None:
    answer = orders.ask("what is the churn of our customers in orders")
    expect(answer).to_contain_text("churn")
    expect(answer.get_by_role("region", name="Rows of the answer")).to_have_count(0)
    suggestions = answer.get_by_role("list", name="Questions that can be answered")
    question = suggestions.get_by_role("button").first.inner_text()
    suggestions.get_by_role("button").first.click()
    answered = orders.page.get_by_role("article", name=question).get_by_role("region", name="Rows of the answer")
    expect(answered.first).to_be_visible(timeout=SLOW)
