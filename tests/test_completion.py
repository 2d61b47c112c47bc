"""Completion in the shells themselves, where they are: what TAB finds."""

import shlex
import shutil
import subprocess

import pytest
from conftest import ROOT

from keras_mnist import completion
from keras_mnist.base import extras
from keras_mnist.commands import COMMANDS
from keras_mnist.data.sets import SETS
from keras_mnist.documents import documents, published

if not extras.installed("shtab"):
    pytest.skip("needs the extra .[completion]", allow_module_level=True)

# Each prints what may follow a line. Our command is not to be found there: none is started.
ASK = {
    "bash": """
source ./script
COMP_WORDS=(%s); COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_shtab_keras_mnist && printf '%%s\\n' "${COMPREPLY[@]}"
""",
    "fish": "source ./script; complete -C %s | string replace -r '\\t.*' ''",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    here = tmp_path_factory.mktemp("completion")
    for shell in completion.SHELLS:
        (here / shell).mkdir()
        (here / shell / "script").write_text(completion.script(shell))
        (here / shell / "mine.npz").touch()
        (here / shell / "store").mkdir()
    return here


def after(folder, shell: str, line: str) -> set[str]:
    if not shutil.which(shell):
        pytest.skip(f"no {shell} here")
    words = line.split(" ")
    asked = " ".join(map(shlex.quote, words)) if shell == "bash" else shlex.quote(line)
    code = ASK[shell] % asked
    clean = ["env", "-i", "PATH=/usr/bin:/bin", f"HOME={folder}", shutil.which(shell)]
    done = subprocess.run(
        [*clean, "-c", code], cwd=folder / shell, capture_output=True, text=True, timeout=60
    )
    assert not done.stderr
    return {found.rstrip("/") for found in done.stdout.splitlines()} - {""}


FOUND = [
    ("keras-mnist ", {*COMMANDS}),
    ("keras-mnist abl", {"ablate"}),
    ("keras-mnist ablate --no-rel", {"--no-relu", "--no-relative-step"}),
    ("keras-mnist ablate --no-relu --lear", {"--learning-rate", "--learning-rate-power"}),
    ("keras-mnist ablate --width 64 --wid", {"--width"}),
    ("keras-mnist ablate --data ", {*SETS, "mine.npz", "store", "script"}),
    ("keras-mnist ablate --data fas", {"fashion_mnist"}),
    ("keras-mnist ablate --data mi", {"mine.npz"}),
    ("keras-mnist ablate --runs ", {"store"}),
    ("keras-mnist ablate --of te", {"test_accuracy", "test_loss"}),
    ("keras-mnist ablate --model lenet5_r", {"lenet5_reg"}),
    ("keras-mnist ablate --executor ", {"local"}),
    ("keras-mnist ablate --seeds ", set()),
    ("keras-mnist reproduce mlp", {"mlp_ablation"}),
    ("keras-mnist report ", {*(d.name for d in documents()), "mine.npz", "store", "script"}),
    ("keras-mnist search --oracle b", {"bayesian"}),
    ("keras-mnist search --model ", {*published(), "mine.npz", "store", "script"}),
    ("keras-mnist predict --network lenet5_r", {"lenet5_reg"}),
    ("keras-mnist completion ", {*completion.SHELLS}),
]


@pytest.mark.parametrize("shell", ASK)
@pytest.mark.parametrize("line, found", FOUND, ids=[line for line, _ in FOUND])
def test_a_line_is_completed(folder, shell, line, found):
    assert after(folder, shell, line) == found


@pytest.mark.skipif(not shutil.which("zsh"), reason="no zsh here")
def test_zsh_reads_it(folder):
    done = subprocess.run(
        ["zsh", "-f", "-n", "script"], cwd=folder / "zsh", capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    text = (folder / "zsh" / "script").read_text()
    for command in COMMANDS:
        assert f"{command}:" in text
    actions = completion.import_module("keras_mnist.ablate").parser()._actions
    assert all(flag in text for action in actions for flag in action.option_strings)


def test_without_the_package_that_writes_it_the_remedy_is_named(monkeypatch):
    monkeypatch.setitem(completion.sys.modules, "shtab", None)
    with pytest.raises(extras.ExperimentError, match=r"needs the package shtab\..* pip install"):
        completion.script("bash")


def test_nothing_in_a_name_is_run_by_a_shell(monkeypatch):
    monkeypatch.setattr(completion, "names_for", lambda action: ["good", "$(touch bad)", "a:b"])
    for shell in completion.SHELLS:
        assert "touch" not in completion.script(shell)


def test_the_page_says_where_it_goes():
    text = (ROOT / "docs" / "shell.md").read_text()
    assert all(f"keras-mnist completion {shell}" in text for shell in completion.SHELLS)
