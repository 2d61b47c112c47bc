"""Texts from elsewhere, in reasons, names of data and of files, are shown and do nothing."""

import io
import re
from pathlib import Path

import pytest
from conftest import ROOT

from keras_mnist.base.errors import DataError, printable
from keras_mnist.base.files import write_whole
from keras_mnist.reporting.console import Screen, told_aside
from keras_mnist.reporting.grids import markdown_table
from keras_mnist.reporting.terminal import TerminalTable

# It sets the window's title, clears the screen, goes back in the line, turns the direction.
EVIL = "a\x1b]0;title\x07\x1b[2J\rb\x9bc\x08\u202ed\u2028e\ud800"
WRITTEN = r"a\x1b]0;title\x07\x1b[2J\rb\x9bc\x08\u202ed\u2028e\ud800"
ROW = [[EVIL, "1"]]


def on_screen(*what, **how) -> str:
    console = Screen(file=io.StringIO(), width=120, **how)
    console.print(*what, markup=False, highlight=False)
    return console.file.getvalue()


def test_what_is_written_out_and_what_stays():
    assert printable(EVIL) == WRITTEN
    kept = "ä ± − 3\N{NO-BREAK SPACE}% 数\nnext line"
    assert printable(kept) == kept
    assert printable("a\tb") == "a b"


@pytest.mark.parametrize("terminal", [True, False])
@pytest.mark.parametrize("shown", [EVIL, TerminalTable("t", [EVIL, "n"], ROW)])
def test_nothing_of_it_moves_the_cursor(shown, terminal):
    said = on_screen(shown, force_terminal=terminal)
    ours = re.sub(r"\x1b\[[\d;]*m", "", said) if terminal else said  # colours
    assert all(sign.isprintable() or sign == "\n" for sign in ours)
    assert r"\x1b[2J" in ours


def test_a_table_is_laid_out_for_what_is_shown():
    lines = on_screen(TerminalTable("t", ["name", "n"], ROW)).splitlines()[1:]
    assert len({len(line) for line in lines if line.strip()}) == 1, lines


def test_colours_of_our_own_are_sent():
    assert "\x1b[1m" in on_screen(EVIL, style="bold", force_terminal=True, color_system="standard")


def test_errors_and_files_for_people(tmp_path):
    error = DataError(f"{EVIL} must be a file", EVIL, EVIL)
    assert str(error) == f"{WRITTEN} must be a file. Received: {WRITTEN}. {WRITTEN}."
    assert error.received == EVIL, "as data, it is what it was"
    path = write_whole(tmp_path / "table.md", markdown_table("t", ["name", "n"], ROW))
    assert f"| {WRITTEN} | 1 |" in path.read_text()
    assert write_whole(tmp_path / "page.html", "half \ud800").read_bytes() == rb"half \ud800"


def test_every_line_goes_through_it():
    """Another console would be another way to the terminal."""
    made = re.compile(r"\bConsole\(|rich\.print|from rich import print")
    files = [*Path(ROOT, "keras_mnist").rglob("*.py"), *Path(ROOT, "tuner").rglob("*.py")]
    assert not [path.name for path in files if made.search(path.read_text())]
    assert told_aside().stderr
