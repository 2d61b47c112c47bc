"""The examples: each command that the page gives of one, cut down, makes the rows that it shows."""

import pytest
from conftest import ROOT
from pages import of_example, tables_in

PAGE = ROOT / "docs" / "own.md"
EXAMPLES = sorted(path.name for path in (ROOT / "examples").glob("*.py"))
ABLATED = [name for name in EXAMPLES if name not in ("mnist_convnet.py", "tuned.py")]
FEW = ("--epochs", 1, "--seeds", 2, "--train-size", 100, "--jobs", 1, "--quiet", "--out", "out")


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_page_shows_the_table_of_each_example(name):
    words, table = of_example(name, PAGE)
    assert words[:2] in (["keras-mnist", "ablate"], ["keras-mnist", "search"])
    assert len(table) > 1, "a heading and rows"
    inside = f"examples/{name}"
    assert inside in (ROOT / inside).read_text() or name == "mnist_convnet.py", "it says how"


@pytest.mark.parametrize("name", ABLATED)
def test_an_example_makes_the_rows_that_the_page_shows(name, tmp_path, inside):
    (_, command, *words), shown = of_example(name, PAGE)
    done = inside(command, *words, *FEW)
    assert done.returncode == 0, done.stderr
    results, effects, *_ = tables_in((tmp_path / "out" / "table.md").read_text())
    assert [row[0] for row in effects] == [row[0] for row in shown]
    assert effects[0] == shown[0]
    assert [row[1] for row in results[1:]] == ["2"] * (len(results) - 1), "runs of each, completed"
    assert all(row[1] for row in effects)
