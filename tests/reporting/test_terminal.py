import io
import re

import pytest
from rich.console import Console

from keras_mnist.reporting.announce import say
from keras_mnist.reporting.terminal import TerminalTable

HEADINGS = ["variant", "n", "test accuracy %", "effect on test accuracy", "p (Holm)", "folder"]
WHOLE = ["97.97 ± 0.05", "lower", "6.29 pp", "[-0.0052, 0.0283]", "<0.0001", "3 of 5", "98.01"]
LOWER = "lower by 6.29 pp [-0.0052, 0.0283]"
ROWS = [
    [
        "no relu [bold]",
        "3 of 5",
        "97.97 ± 0.05\nblog 98.01, inside",
        LOWER,
        "<0.0001",
        "runs/no-relu",
    ],
    ["baseline", "5", "–", "", "", "runs"],
]


def shown(width: int, spare=(4, 5), terminal=True) -> str:
    console = Console(width=width, force_terminal=terminal, color_system=None)
    with console.capture() as capture:
        console.print(TerminalTable("Results", HEADINGS, ROWS, spare))
    return capture.get()


@pytest.mark.parametrize("width", [200, 110, 100, 80, 72, 60, 40])
def test_nothing_is_broken_in_two_at_any_width(width):
    text = shown(width)
    assert max(map(len, text.splitlines())) <= width
    assert all(part in text for part in WHOLE[:4])
    words = {*re.findall(r"[a-z]+", " ".join(sum(ROWS, [*HEADINGS])))}
    assert {*re.findall(r"[a-z]+", text.split("Too narrow")[0])} <= words | {"esults"}


def test_columns_go_then_the_table_is_a_list_of_all():
    wide, narrow, least = shown(100), shown(58), shown(40)
    assert "runs/no-relu" in wide and "Too narrow" not in wide
    assert (
        "runs/no-relu" not in narrow
        and "Too narrow for: p (Holm), folder. A wider window shows it." in narrow
    )
    assert "┃" in narrow and "┃" not in least
    assert all(part in least for part in [*WHOLE, "runs/no-relu", "no relu [bold]"])
    assert "–" not in least  # what there is none of is left out


def test_a_table_that_has_room_has_each_cell_on_one_line():
    lines = shown(200).splitlines()
    assert any("no relu [bold]" in line and "[-0.0052, 0.0283]" in line for line in lines)


def test_lines_end_between_words_on_a_terminal_and_nowhere_else():
    path = "/a/very/long/path/that/somebody/will/copy/from/here.npz"
    line = f"note: [bold] effects of 6.29 pp [-0.0052, 0.0283] in {path}, and so on"
    said = {}
    for terminal in (True, False):
        console = Console(width=40, force_terminal=terminal, color_system=None)
        with console.capture() as capture:
            say([line, "short"], console)
        said[terminal] = capture.get()
    assert said[False] == f"{line}\nshort\n"
    first, *rest = said[True].splitlines()
    assert len(rest) > 2 and first == "note: [bold] effects of 6.29 pp"
    assert all(text.startswith("  ") and (len(text) <= 40 or path in text) for text in rest[:-1])
    assert " ".join(said[True].split()) == f"{line} short"
    assert "[-0.0052, 0.0283]" in said[True]


def test_what_is_not_spare_stays():
    assert "Too narrow" not in shown(80, spare=())
    assert "p (Holm)" in shown(80, spare=())


def test_a_stream_of_ascii_has_a_whole_frame():
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    console = Console(file=stream, width=90)
    console.print(TerminalTable("Results", HEADINGS[:4], [row[:4] for row in ROWS]))
    stream.flush()
    lines = stream.buffer.getvalue().decode("ascii").splitlines()
    assert len({len(line.rstrip()) for line in lines if line[:1] in "+|"}) == 1
    assert any("| 97.97 +- 0.05 " in line for line in lines)


def test_a_name_that_went_twice_is_told_once():
    table = TerminalTable("", ["a", "p", "p"], [["x" * 20] * 3], (1, 2))
    console = Console(width=30, force_terminal=True, color_system=None)
    with console.capture() as capture:
        console.print(table)
    assert "Too narrow for: p. " in capture.get()


def test_elsewhere_than_on_a_terminal_no_column_goes():
    text = shown(58, terminal=False)
    assert "Too narrow" not in text
    assert all(part in text for part in [*WHOLE, "runs/no-relu", "no relu [bold]"])
