"""A model in the Lab: trained from a cell, its page read, a row tried, its versions held against each other."""

from __future__ import annotations

import random
import re

import nbformat
import pytest
from playwright.sync_api import Locator, expect

from tests.ui.lab_process import TOKEN, Lab
from tests.ui.panel import SLOW, Panel
from tests.ui.test_looks import THEMES, violations

TABS = ("Card", "Try it", "Quality", "What was tried", "Versions", "Drift")
NAME = "guests_returns"


def guests_csv() -> str:
    """Guests of an hotel, the same every time; who came often and paid much returns, mostly."""
    dice = random.Random(3)
    lines = ["visits,spent,member,country,returns"]
    for _ in range(240):
        visits, spent = dice.randrange(9), round(dice.uniform(20, 400), 2)
        returns = "soon" if visits * 40 + spent + dice.gauss(0, 60) > 350 else "never"
        country = dice.choice(["Kenya", "Peru", "Japan"])
        lines.append(f"{visits},{spent},{dice.choice(['true', 'false'])},{country},{returns}")
    return "\n".join(lines)


def train(panel: Panel, lab: Lab) -> None:
    """Queue a training of three seconds, as a notebook would."""
    asked = {"dataset": "guests", "target": "returns", "time": 3}
    answer = panel.page.request.post(
        f"{lab.url}lakebook/api/v1/models", data=asked, headers={"Authorization": f"token {TOKEN}"}
    )
    assert answer.status == 202, answer.text()


def model_rows(panel: Panel) -> Locator:
    """The lines of the models in the sidebar."""
    section = panel.side.get_by_role("region", name="Models")
    title = section.get_by_role("button", name="Models")
    if title.get_attribute("aria-expanded") == "false":
        title.click()
    return section.get_by_role("list", name="Models").get_by_role("button")


@pytest.fixture
def table(panel: Panel) -> Panel:
    """The panel with a table of guests."""
    panel.load("guests", guests_csv())
    return panel


@pytest.fixture
def guests(table: Panel, lab: Lab) -> Panel:
    """The panel with a model of who returns; where no test has trained one before, it is trained now."""
    none = table.side.get_by_text("No model yet")
    expect(model_rows(table).first.or_(none)).to_be_visible(timeout=SLOW)
    if none.is_visible():
        train(table, lab)
        train(table, lab)
    expect(model_rows(table).first).to_be_visible(timeout=2 * SLOW)
    return table


def opened(guests: Panel) -> Locator:
    """The model's page."""
    model_rows(guests).first.click()
    page = guests.page.get_by_role("article", name=NAME)
    expect(page).to_be_visible(timeout=SLOW)
    return page


def test_a_cell_trains_with_a_live_curve_and_ends_with_the_card(table: Panel, lab: Lab) -> None:
    cell = nbformat.v4.new_code_cell("%train guests --target returns --time 3")
    kernel = {"kernelspec": {"name": "lakebook", "display_name": "lakebook", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=[cell], metadata=kernel), lab.folder / "learn.ipynb")
    table.page.goto(f"{lab.url}lab/tree/learn.ipynb?reset")
    expect(table.page.get_by_role("button", name="lakebook | Idle")).to_be_visible(timeout=SLOW)
    table.page.locator(".jp-CodeCell .cm-content").click()
    table.page.keyboard.press("Shift+Enter")
    output = table.page.locator(".jp-CodeCell .jp-OutputArea").first
    curve = output.get_by_role("img", name=re.compile(r"^\d+ models?, best 0\.\d+, baseline 0\.\d+$"))
    expect(curve).to_be_visible(timeout=2 * SLOW)
    table.picture("train-live")
    card = output.locator("pre", has_text="%predict guests_returns@1 --features")
    expect(card).to_be_visible(timeout=2 * SLOW)
    expect(output.get_by_role("img", name=re.compile("^best accuracy so far"))).to_be_visible()
    expect(output.get_by_role("cell", name="linear", exact=True)).to_be_visible()
    expect(output).to_contain_text(re.compile(r"trained in [\d.]+ s, \d+ models?, best 0"))
    table.picture("train-cell")
    # The next version is made while other tests look at this one.
    train(table, lab)


def test_the_page_says_how_good_a_model_is(guests: Panel) -> None:
    page = opened(guests)
    expect(page.locator(".lb-sentence").first).to_contain_text("accuracy")
    scores = page.get_by_role("region", name="Scores on rows never seen", exact=True)
    expect(scores.get_by_role("row")).to_have_count(5)
    expect(page.locator(".lb-chart :is(canvas, svg)").first).to_be_visible(timeout=SLOW)
    page.get_by_role("tab", name="Card").focus()
    for tab in TABS:
        expect(page.get_by_role("tab", name=tab)).to_be_focused()
        expect(page.get_by_role("tab", name=tab)).to_have_attribute("aria-selected", "true")
        guests.page.keyboard.press("ArrowRight")


def test_a_row_is_tried_by_keys_alone(guests: Panel) -> None:
    page = opened(guests)
    page.get_by_role("tab", name="Try it").click()
    form = page.get_by_role("form", name="A row to predict")
    form.get_by_role("spinbutton", name="visits").fill("8")
    form.get_by_role("spinbutton", name="spent").fill("399.5")
    form.get_by_role("combobox", name="member").select_option("")
    form.get_by_role("textbox", name="country").fill("Atlantis")
    guests.page.keyboard.press("Enter")
    answer = page.locator(".lb-predicted")
    expect(answer.locator(".lb-sentence")).to_have_text(re.compile(r"returns: soon · [\d.]+ % sure"), timeout=2 * SLOW)
    expect(answer.get_by_role("list", name="Probabilities").get_by_role("listitem")).to_have_count(2)
    expect(answer).to_contain_text("Said by guests_returns version")
    guests.picture("model-try")


@pytest.mark.parametrize("theme", THEMES)
def test_everyone_can_read_a_models_page(guests: Panel, theme: str) -> None:
    guests.choose_theme(theme)
    page, shade = opened(guests), theme.rpartition(" ")[2].lower()
    for tab in TABS:
        page.get_by_role("tab", name=tab).click()
        expect(page.get_by_role("tabpanel")).not_to_be_empty()
        # What is inside of a picture is Vega's; what it says stands beside it as text.
        assert violations(guests, {"include": [".lb-model"], "exclude": [".lb-chart > *"]}) == [], tab
        guests.picture(f"model-{tab.split()[-1].lower()}-{shade}")
    guests.choose_theme(THEMES[0])


def test_two_versions_are_held_against_each_other_and_one_is_promoted(guests: Panel) -> None:
    expect(model_rows(guests)).to_have_count(2, timeout=2 * SLOW)
    page = opened(guests)
    page.get_by_role("tab", name="Versions").click()
    versions = page.get_by_role("region", name="Versions", exact=True)
    first, second = versions.get_by_role("row", name="v1 "), versions.get_by_role("row", name="v2 ")
    expect(first).to_contain_text("champion")
    (first if "shown now" in second.inner_text() else second).get_by_role("button", name="Compare").click()
    compared = page.get_by_role("region", name=re.compile("^Version [12] against version [12]$")).first
    expect(compared).to_contain_text("accuracy", timeout=2 * SLOW)
    second.get_by_role("button", name="Promote…").click()
    form = page.get_by_role("form", name="Move version 2")
    form.get_by_role("checkbox").check()
    form.get_by_role("button", name="Move it").click()
    expect(form.get_by_role("alert")).to_contain_text("reason", timeout=SLOW)
    guests.picture("model-promote")
    form.get_by_role("textbox", name="Reason").fill("learnt on newer rows")
    form.get_by_role("button", name="Move it").click()
    expect(second).to_contain_text("champion", timeout=SLOW)
    expect(first).not_to_contain_text("champion")
