"""Defaults from a file in the current folder: what counts, what is refused, what is told."""

import os
from importlib import import_module
from pathlib import Path

import pytest

from keras_mnist.base.errors import ExperimentError
from keras_mnist.commands import COMMANDS, home
from keras_mnist.takes import place_for


@pytest.fixture(autouse=True)
def folder(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def written(text: str, name: str = "keras_mnist.toml") -> None:
    Path(name).write_text(text)


def parsed(command: str, *words: str):
    return import_module(home(command)).parser().parse_args(list(words))


COMMON = 'seeds = 2\nruns = "big"\ndata = "digits"\njobs = 1\n'


def test_what_a_line_leaves_open_is_taken_and_told(capsys):
    written(
        COMMON + "[ablate]\nseeds = [3, 4]\nuntil-told = false\nepochs = 1\n[search]\nseeds = 9\n"
    )
    options = parsed("ablate", "--no-relu", "--epochs=2")
    found = options.seeds, options.runs, options.data, options.jobs, options.epochs
    assert found == ("3,4", "big", "digits", 1, 2)
    said = capsys.readouterr()
    assert said.err == "defaults from keras_mnist.toml: seeds 3,4, runs big, data digits, jobs 1\n"
    assert said.out == ""
    assert (parsed("search").seeds, parsed("reproduce").seeds) == ("9", "2")
    assert parsed("report").runs == "big"


def test_the_line_that_was_meant_can_be_run_without_the_file(capsys):
    written(COMMON)
    line = parsed("search", "--trials", "3").line
    Path("keras_mnist.toml").unlink()
    again = parsed("search", *line)
    assert (again.seeds, again.runs, again.trials, again.jobs) == ("2", "big", 3, 1)


def test_a_pipe_in_its_place_is_not_waited_for_nor_is_a_file_without_end_read():
    os.mkfifo("keras_mnist.toml")
    assert parsed("ablate", "--no-relu").seeds is None
    os.unlink("keras_mnist.toml")
    written("# " + "x" * 2**20)
    with pytest.raises(ExperimentError, match=r"keras_mnist.toml must be TOML.*more than the"):
        parsed("ablate", "--no-relu")


def test_lists_are_repeated_where_a_flag_is():
    written('[ablate]\nbaseline = ["optimizer=adam", "width=64"]\n')
    assert parsed("ablate").baseline == ["optimizer=adam", "width=64"]
    assert parsed("ablate", "--baseline", "width=32").baseline == ["width=32"]


def test_what_is_given_excludes_the_defaults_that_it_excludes(capsys):
    written('seeds = 2\n[ablate]\nmodel = "lenet5"\n')
    told, told_of_seeds = parsed("ablate", "--until-told"), parsed("ablate", "--experiment", "x")
    assert (told.seeds, told_of_seeds.model, told_of_seeds.seeds) == (None, None, "2")
    assert "seeds" not in capsys.readouterr().err.splitlines()[0]
    written("seeds = 2\n[ablate]\nuntil_told = true\n")
    assert (parsed("ablate").seeds, parsed("ablate").until_told) == (None, True)
    assert not parsed("ablate", "--seeds", "3").until_told


def test_pyproject_has_a_table_unless_there_is_a_file(capsys):
    other = '[project]\nname = "other"\n'
    for name in ("keras_mnist", "keras-mnist"):
        written(
            f"{other}[tool.{name}]\nseeds = 4\n[tool.{name}.ablate]\nepochs = 3\n", "pyproject.toml"
        )
        options = parsed("ablate")
        assert (options.seeds, options.epochs) == ("4", 3)
        assert "defaults from pyproject.toml: epochs 3, seeds 4" in capsys.readouterr().err
    written("[tool.keras_mnist.ablate]\n\nseads = 4\n", "pyproject.toml")
    with pytest.raises(ExperimentError, match=r"pyproject.toml, line 3: .*Did you mean seeds"):
        parsed("ablate")
    written("[tool.keras_mnist]\nseeds = [", "pyproject.toml")
    with pytest.raises(ExperimentError, match=r"pyproject.toml must be TOML"):
        parsed("ablate")
    written("seeds = 5")
    assert parsed("ablate").seeds == "5"


@pytest.mark.parametrize(
    "text", ["", "[project]\nname = 'keras_mnist'", "keras_mnist [", "tool = 'keras_mnist'"]
)
def test_a_pyproject_of_other_things_changes_nothing(text, capsys):
    written(text, "pyproject.toml")
    assert parsed("ablate").seeds is None
    assert capsys.readouterr().err == ""


def test_help_does_not_depend_on_the_file(capsys):
    written("nonsense")
    with pytest.raises(SystemExit) as end:
        parsed("ablate", "--help")
    assert end.value.code == 0


REFUSED = [
    ("seads = 2", "line 1: seads must be a flag of all that train. Did you mean seeds"),
    ("\n[ablate]\nsead = 2", "line 3: ablate.sead must be a flag of ablate. Did you mean seeds"),
    (
        "[ablat]\nseeds = 2",
        "line 1: ablat must be a command. Did you mean ablate",
    ),
    ("[ablate]\nepochs = 'x'", "line 2: ablate.epochs must be N. Received: 'x'"),
    ("[ablate]\nof = 'test_acc'", "ablate.of must be one of its words", "mean test_accuracy"),
    ("quiet = 3", "line 1: quiet must be true or false. Received: 3"),
    ("jobs = true", "line 1: jobs must be a number, a text or a list of such. Received: True"),
    ("seeds = {a = 1}", "line 1: seeds must be a number"),
    ("[ablate", "keras_mnist.toml must be TOML", "Expected ']'"),
    ("a." * 20_000 + "a = 1", "keras_mnist.toml must be TOML", "of more than 16 parts"),
    (
        "[ablate]\nmodel = 'mine.py'",
        "line 2: ablate.model must be given on the command line",
        "code",
    ),
    ("[ablate]\nmodel = 'mine.keras'", "ablate.model must be given on the command line"),
    ("executor = 'dask://x:1'", "line 1: executor must be given on the command line", "address"),
    ("[ablate]\nout = '../x'", "ablate.out must be given", "a folder in this one only"),
    ("[ablate]\nout = '/x'", "ablate.out must be given", "a folder in this one only"),
    ("[ablate]\nout = 'link/x'", "ablate.out must be given", "a folder in this one only"),
    ("[ablate]\nwidth = 64", "ablate.width must be given on the command line"),
    ("[ablate]\nno_relu = true", "ablate.no_relu must be given on the command line"),
    ("[ablate]\nall = true", "ablate.all must be given on the command line"),
    ("plan = true", "plan must be given on the command line"),
    ('runs = "a\\u0000b"', "runs must be a number, a text or a list of such"),
    (f"jobs = 0x{'f' * 5000}", "keras_mnist.toml must be TOML", "of more than 64 bits"),
    ('"a\\u001b[31m" = 2', "line 1: a[31m must be a flag"),
    ("[ablate]\nhelp = true", "ablate.help must be a flag of ablate"),
]


@pytest.mark.parametrize("text, said", [(text, said) for text, *said in REFUSED])
def test_what_a_file_may_not_say_is_refused_with_its_line(text, said, folder):
    written(text)
    Path("mine.py").write_text('open("it-was-run", "w")\ndef network(shape, classes): ...\n')
    Path("link").symlink_to("..")
    with pytest.raises(ExperimentError) as refused:
        parsed("ablate")
    for part in said:
        assert part in str(refused.value)
    assert not Path("it-was-run").exists()


@pytest.mark.parametrize("command", COMMANDS)
def test_no_flag_lets_a_file_name_another_or_an_address(command):
    """Whatever flags there will be: code, other folders, machines are named on the line alone."""
    refused = []
    for action in import_module(home(command)).parser()._actions:
        flag = (action.option_strings or [""])[-1].removeprefix("--")
        if place_for(action) and flag and flag not in ("runs", "data"):
            written(f'[{command}]\n{flag} = "../mine.py"\n')
            with pytest.raises(ExperimentError, match="must be given on the command line"):
                parsed(command)
            refused.append(flag)
    assert {"ablate": {"model", "json", "out"}, "page": {"model"}}.get(command, set()) <= {*refused}


@pytest.mark.parametrize("text", ["[search]\nfresh = true", "[verify]\nrefresh = true"])
def test_nothing_is_forgotten_for_a_file(text):
    written(text)
    with pytest.raises(ExperimentError, match="must be given on the command line"):
        parsed(text[1:7].strip("]"), *(["x"] * ("verify" in text)))
