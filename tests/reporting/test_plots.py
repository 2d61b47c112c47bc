"""Figures are Matplotlib's own: no file of settings, in this folder or another, changes one."""

import os
import subprocess
import sys

import pytest
from matplotlib import rc_context, rcParams

from keras_mnist.reporting.figures import new_figure
from keras_mnist.reporting.files import save
from keras_mnist.reporting.plots import as_it_comes

COMMAND = """
from keras_mnist.base.plain_matplotlib import import_plain
import_plain()
import keras
import matplotlib
print(matplotlib.rcParams["text.usetex"], matplotlib.rcParams["savefig.dpi"])
"""


def settings(path, kind):
    path.parent.mkdir(parents=True, exist_ok=True)
    if kind == "pipe":
        os.mkfifo(path)
    else:
        path.write_bytes(
            b"backend: \xff\n" if kind == "bytes" else b"text.usetex: True\nsavefig.dpi: 20\n"
        )


@pytest.mark.parametrize(
    "place, kind",
    [
        ("matplotlibrc", "LaTeX"),
        ("matplotlibrc", "bytes"),
        ("matplotlibrc", "pipe"),
        ("home/.config/matplotlib/matplotlibrc", "LaTeX"),
        ("named", "LaTeX"),
    ],
)
def test_a_command_takes_no_settings_from_anywhere(place, kind, tmp_path):
    """Nor does Keras, which imports Matplotlib where it lies."""
    settings(tmp_path / place, kind)
    environment = {
        **os.environ,
        "HOME": str(tmp_path / "home"),
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    environment.pop("XDG_CONFIG_HOME", None)
    if place == "named":
        environment["MATPLOTLIBRC"] = str(tmp_path / place)
    line = [sys.executable, "-P", "-c", COMMAND]
    done = subprocess.run(
        line, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.stdout.split() == ["False", "figure"], done.stderr


@as_it_comes
def drawn():
    figure = new_figure((2, 2))
    figure.add_subplot().plot([1, 2, 3], label="x")
    figure.axes[0].legend()
    return figure


def test_settings_at_work_change_no_figure_and_stay(tmp_path):
    plain = [path.read_bytes() for path in save({"x": drawn()}, tmp_path / "plain")]
    with rc_context({"font.size": 3, "savefig.dpi": 20, "svg.fonttype": "path"}):
        others = [path.read_bytes() for path in save({"x": drawn()}, tmp_path / "others")]
        assert rcParams["font.size"] == 3
    assert plain == others
