"""What the shell meets: versions, words that are nearly known."""

import sys
from importlib import import_module

import pytest

import keras_mnist
from keras_mnist import cli
from keras_mnist.commands import COMMANDS, home


@pytest.fixture
def line(monkeypatch, tmp_path, capsys):
    """Run `keras-mnist WORDS` in a folder of its own; return code, output and errors."""
    monkeypatch.chdir(tmp_path)

    def run(*words):
        capsys.readouterr()
        monkeypatch.setattr(sys, "argv", ["keras-mnist", *map(str, words)])
        try:
            code = cli.main()
        except SystemExit as end:
            code = end.code
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


@pytest.mark.parametrize("flag", ["--version", "-V"])
def test_the_version_is_told(line, flag):
    assert line(flag) == (0, f"keras-mnist {keras_mnist.__version__}\n", "")


NEARLY = [
    ("ablat", "Did you mean ablate."),
    ("--versoin", "Did you mean --version."),
    ("ablate --lerning-rate 0.1", "--lerning-rate must be an option", "mean --learning-rate."),
    ("ablate --seed 7", "--seed must be an option", "Did you mean --seeds."),
    ("reproduce --seed 7", "--seed must be an option", "Did you mean --seeds."),
    ("report --run x", "Did you mean --runs."),
    ("verify --refesh x", "Did you mean --refresh."),
    ("compare --bi x t.csv", "--bi must be an option", "Did you mean --by."),
    ("search --trails 3", "Did you mean --trials."),
    ("page --serch x", "Did you mean --search."),
    ("export mlp --fromat keras", "Did you mean --format."),
    ("predict --tpo 3 x.png", "Did you mean --top."),
    ("new-document mine --shema", "Did you mean --schema."),
    ("exports all", "keras-mnist exports must do without all"),
    ("ablate --data fashon_mnist --no-relu", "Did you mean fashion_mnist."),
    ("ablate --optimizer sdg", "optimizer must be one of", "Did you mean sgd."),
    ("ablate --margin 1 --of test_acuracy", "--of must be one of", "Did you mean test_accuracy."),
    ("search --oracle bayes --data digits", "--oracle must be one of", "Did you mean bayesian."),
    ("ablate --model lenett5 --no-relu", "Did you mean lenet5."),
    ("ablate --lr 0.1", "Did you mean --learning-rate."),
    ("ablate --NO-RELU", "Did you mean --no-relu."),
    ("ablate --no_relu", "Did you mean --no-relu."),
    ("ablate \u2013no-relu", "must do without", "Did you mean --no-relu."),
    ("ablate no-relu", "must do without", "Did you mean --no-relu."),
    ("ablate --kernel 3", "--kernel must be an option", "See --help."),
    ("ablate --pool max", "--pool must be a choice", "has --no-relu, --no-dropout, --width, "),
    ("ablate --optimizer zzz", "Received: 'zzz'.\n"),
]


@pytest.mark.parametrize("words, said", [(words, said) for words, *said in NEARLY])
def test_what_is_nearly_known_is_told(line, words, said):
    code, out, err = line(*words.split())
    assert (code, out) == (2, "")
    assert err.startswith("error: ")
    for part in said:
        assert part in err


@pytest.mark.parametrize(
    "words, said",
    [
        ("ablate --width many", "--width must be a whole number. Received: 'many'"),
        ("ablate --dropout 0,5", "--dropout must be a number such as 0.1. Received: '0,5'"),
        ("compare t.csv", "the following arguments are required: --by, --metric"),
    ],
)
def test_what_does_not_parse_is_one_line(line, words, said):
    code, _, err = line(*words.split())
    assert code == 2
    assert err.startswith(f"error: {said}. See ")
    assert err.count("\n") == 1


@pytest.mark.parametrize("command", COMMANDS)
def test_a_parser_knows_its_command(command):
    """By which it finds its table of defaults."""
    assert import_module(home(command)).parser().command == command


@pytest.mark.parametrize(
    "command, words, said",
    [
        ("predict", [""], "what is asked of"),
        ("ablate", ["--runs", " ", "--plan"], "--runs of"),
        ("ablate", ["--plan", "--json="], "--json of"),
    ],
)
def test_a_blank_word_is_refused(command, words, said, inside):
    """A variable of the shell that holds nothing is no folder, and not the current one."""
    done = inside(command, *words)
    assert done.returncode == 2 and said in done.stderr and "must not be blank" in done.stderr
