"""`keras-mnist compare`: anybody's table of results."""

import json

import numpy as np
import pytest

LINES = [
    "variant,seed,acc",
    *(f"{v},{s},{m + s / 100}" for v, m in (("base", 0.9), ("wide", 0.8)) for s in range(4)),
]
ASKED = ("--by", "variant", "--metric", "acc")


@pytest.fixture
def table(tmp_path):
    def written(lines):
        (tmp_path / "results.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        return "results.csv"

    return written


def test_table_figure_and_data(table, inside, tmp_path):
    lines = [
        LINES[0],
        *(
            f"{v},{s},{m + s % 2 / 50 + i * s / 900}"
            for i, (v, m) in enumerate((("base", 0.9), ("no relu", 0.8), ("wide", 0.9001)))
            for s in range(6)
        ),
    ]
    done = inside(
        "compare",
        table(lines),
        *ASKED,
        "--seed",
        "seed",
        "--margin",
        "0.02",
        "--out",
        "made",
        "--json",
        "made/all.json",
    )
    assert done.returncode == 0, done.stderr
    assert "lower by 0.097" in done.stdout and "the same within 0.02" in done.stdout
    assert "6 pairs" in done.stdout
    assert (tmp_path / "made" / "forest.png").stat().st_size > 5000
    found = json.loads((tmp_path / "made" / "all.json").read_text())
    assert [e["variant"] for e in found["effects"]] == ["no relu", "wide"]
    assert found["variants"]["base"]["n"] == 6
    assert "| no relu | 6 |" in (tmp_path / "made" / "table.md").read_text()


def test_without_seeds_it_is_welch_s_and_says_so(table, inside):
    done = inside("compare", table(LINES), *ASKED)
    assert done.returncode == 0 and "unpaired (Welch)" in done.stdout, done.stderr
    assert "effect against base " in done.stdout  # the first variant is the baseline


@pytest.mark.parametrize("separator", [";", "\t"])
def test_fields_are_separated_as_the_first_line_says(table, inside, separator):
    lines = [line.replace(",", separator) for line in LINES]
    done = inside("compare", table(lines), *ASKED, "--seed", "seed")
    assert done.returncode == 0 and "effect against base " in done.stdout, done.stderr


def test_runs_without_result_are_told(table, inside):
    done = inside("compare", table([*LINES[:-1], "wide,3,"]), *ASKED, "--seed", "seed")
    assert done.returncode == 0 and "wide: 1 run without a number" in done.stdout
    assert "3 pairs" in done.stdout


@pytest.mark.parametrize(
    ("lines", "more", "words"),
    [
        (LINES, ("--by", "varient"), "Did you mean variant"),
        (LINES, ("--baseline", "bas"), "Did you mean base"),
        (LINES, ("--margin", "-1"), "--margin must be a positive number"),
        ([*LINES, "wide,3,0.5"], ("--seed", "seed"), "wide, seed 3, again in row 9"),
        ([*LINES, "wide,4,good"], (), "good in row 9"),
        ([*LINES, 'wide,4,"0,5"'], (), "Numbers have a point: 0.5"),
        ([*LINES, "wide,4,inf"], (), "finite"),
        ([*LINES, "wide,,0.5"], ("--seed", "seed"), "a seed in every row"),
        (LINES[:1], (), "a row for each run"),
        (["\x00\x01"], (), "a row for each run"),
        (['[{"v": "base"}]'], (), "Save it as CSV in UTF-8"),
        ([], (), "a table of text"),
        ([LINES[0], *(f"{line},more" for line in LINES[1:])], (), "a table of text"),
    ],
)
def test_bad_tables(table, inside, lines, more, words):
    done = inside("compare", table(lines), *ASKED, *more)
    assert done.returncode in (2, 3) and done.stderr.startswith("error:"), done.stderr
    assert words in " ".join(done.stderr.split()), done.stderr
    assert not done.stdout


def test_a_variant_may_be_called_none(table, inside):
    lines = [line.replace("base", "None").replace("wide", "NA") for line in LINES]
    done = inside("compare", table(lines), *ASKED, "--seed", "seed")
    assert done.returncode == 0 and "4 pairs" in done.stdout, done.stderr
    assert "│ None " in done.stdout and "│ NA " in done.stdout


def test_a_million_rows_are_compared_in_seconds(inside, tmp_path):
    chance = np.random.default_rng(0)
    rows = chance.normal(size=1_000_000)
    names = np.where(np.arange(1_000_000) % 2, "wide", "base")
    text = "".join(
        f"{n},{i // 2},{v:.6f}\n" for i, (n, v) in enumerate(zip(names, rows, strict=True))
    )
    (tmp_path / "results.csv").write_text("variant,seed,acc\n" + text)
    done = inside("compare", "results.csv", *ASKED, "--seed", "seed")
    assert done.returncode == 0 and "500000 pairs" in done.stdout, done.stderr
