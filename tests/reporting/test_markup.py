"""Tables as HTML in a notebook: whole numbers, the notebook's own colours, nothing from outside."""

import re

import pytest
from browsers import NARROW, browser, held, needs_browser

from keras_mnist.reporting.markup import html_table, html_text, html_whole
from keras_mnist.reporting.unbroken import unbroken

SPACE = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    "text, whole",
    [
        ("lower by 1.77 pp [1.49, 2.05]", f"lower by 1.77{SPACE}pp [1.49,{SPACE}2.05]"),
        ("[-0.78, -0.30]", f"[-0.78,{SPACE}-0.30]"),
        ("[-1.2e+12, 3.4e+12]", f"[-1.2e+12,{SPACE}3.4e+12]"),
        ("1.23e+12 ± 4.56e+11", f"1.23e+12{SPACE}±{SPACE}4.56e+11"),
        ("97.98 ± 0.09 %", f"97.98{SPACE}±{SPACE}0.09{SPACE}%"),
        ("seeds 0, 1, 2; p is 0.05: all", "seeds 0, 1, 2; p is 0.05: all"),
        ("5 ppm of 3 percent", "5 ppm of 3 percent"),
    ],
)
def test_a_number_and_what_belongs_to_it_stay_in_one_line(text, whole):
    assert unbroken(text, SPACE) == whole


def test_everything_is_escaped_and_nothing_asked_for():
    page = html_whole([html_table("<a>", ["<b>"], [["<i>\n&"]]), html_text("<script>")])
    assert "&lt;a&gt;" in page and "&lt;b&gt;" in page and "&lt;i&gt;<br>&amp;" in page
    assert "<script" not in page
    assert not re.search("https?:|url\\(|@import", page)


@needs_browser
@pytest.mark.parametrize(
    "ground, ink",
    [("rgb(255, 255, 255)", "rgb(0, 0, 0)"), ("rgb(17, 17, 17)", "rgb(238, 238, 238)")],
)
def test_it_has_the_colours_and_the_width_of_what_is_around_it(tmp_path, ground, ink):
    pytest.importorskip("selenium.webdriver")
    rows = [["no dropout", "lower by 1.35 pp [0.82, 1.87]"] * 4]
    inside = html_whole([html_table("Effects", ["change", "effect"] * 4, rows)])
    page = tmp_path / "page.html"
    head = "<!doctype html><meta name=viewport content='width=device-width'>"
    page.write_text(f"{head}<body style='background:{ground};color:{ink}'>{inside}")
    with browser() as driver:
        held(driver, NARROW)
        driver.get(page.as_uri())
        ask = driver.execute_script
        of_cell = "getComputedStyle(document.querySelector('td'))"
        assert ask(f"return {of_cell}.color") == ink
        assert ask(f"return {of_cell}.backgroundColor") == "rgba(0, 0, 0, 0)"
        assert ask("return document.documentElement.scrollWidth") <= NARROW[0]
        assert ask("return document.querySelector('tr:last-child').offsetHeight") < 60, "one line"
