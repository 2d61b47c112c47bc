"""A person's file, read without being run: its function, its arguments, its flags."""

import dataclasses
import json
import pickle

import pytest

from keras_mnist.ablate import main, parser
from keras_mnist.base.errors import ExperimentError
from keras_mnist.experiment import Experiment, Study
from keras_mnist.flags import flags
from keras_mnist.networks.argument import RESERVED
from keras_mnist.networks.built import Built
from keras_mnist.networks.code import code_of_file
from keras_mnist.networks.layers import Size
from keras_mnist.networks.own import Origin, Own, network_of
from keras_mnist.runs.baseline import own_named

MINE = '''
from typing import Literal
raise SystemExit("reading the signature must not run the file")
WIDTH = 128
def network(shape, classes, width=WIDTH, dropout=0.2, batchnorm=True, kind: Literal["a", "b"] = "a",
            widths=(64, 32), residual=False, rate: float | None = None, title="x"):
    """A network.

    Args:
        width: units of the hidden layer,
            all of them.
        dropout (float): share dropped.
    Returns:
        A model.
    """
def other(classes, depth=2):
    """Return another."""
'''


@pytest.fixture
def mine(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(MINE)
    return path


def test_flags_are_those_of_the_signature(mine, capsys):
    kind = type(own_named(str(mine), "runs"))
    options = parser(kind).parse_args(
        [
            "--no-batchnorm",
            "--residual",
            "--width",
            "64",
            "--width",
            "32",
            "--kind",
            "b",
            "--widths",
            "8,4",
            "--rate",
            "0.1",
        ]
    )
    assert options.changes == {
        "batchnorm": [False],
        "residual": [True],
        "width": [64, 32],
        "kind_": ["b"],
        "widths": [(8, 4)],
        "rate": [0.1],
    }
    with pytest.raises(SystemExit):
        main(["--model", str(mine), "--help"])
    told = " ".join(capsys.readouterr().out.split())
    assert "--width N units of the hidden layer, all of them" in told
    assert "--dropout X share dropped." in told and "--no-dropout" in told
    assert "--hidden-layers" not in told  # a choice of built-in networks


def test_help_is_shown_as_it_stands(tmp_path, capsys):
    text = (
        'def network(rate=0.1):\n    """A.\n\n    Args:\n        rate: 100% of %(prog)s.\n    """'
    )
    (tmp_path / "mine.py").write_text(text)
    with pytest.raises(SystemExit) as end:
        main(["--model", str(tmp_path / "mine.py"), "--help"])
    assert end.value.code == 0 and "100% of %(prog)s." in capsys.readouterr().out


def test_arguments_may_be_called_like_what_a_network_says_of_itself(tmp_path):
    assert {name for name in dir(Own) if not name.startswith("_")} <= RESERVED
    path = tmp_path / "mine.py"
    path.write_text("def network(layers=2, kind=3): ...")
    network = own_named(str(path), "runs")
    assert network.kind == "mine" and network.arguments == {"layers_": 2, "kind_": 3}
    base = Experiment(network=network)
    study = Study.of(base, {"layers_": [3], "kind_": [4]})
    assert [v.name for v in study.variants[1:3]] == ["layers 3", "kind 4"]
    assert base.change(layers_=3).name == "mine_layers-3"
    names = [flag.name for flag in flags(type(network))]
    assert names.count("--layers") == names.count("--kind") == 1


def test_another_function_by_its_name(mine):
    network = own_named(f"{mine}:other", "runs")
    assert (network.kind, network.arguments) == ("mine-other", {"depth": 2})
    assert network.origin.signature.given == ("classes",)


@pytest.mark.parametrize(
    ("text", "flags", "told"),
    [
        ("def network(shape, width): ...", [], "width without any"),
        ("def network(width=print): ...", [], "builtin_function_or_method"),
        ("def network(width={}): ...", [], "the default of width"),
        ("def network(width=[8, [8]]): ...", [], "must hold numbers or texts"),
        ("def network(layers=1, layers_=2): ...", [], "more than an underscore"),
        ("def network(epochs=3): ...", ["--no-rescale"], "epochs"),
        ("def network(seeds=3): ...", [], "--seeds"),
        ("def network(width=3): ...", ["--widht", "3"], "Did you mean --width"),
        ("def network(width=3): ...", ["--width", "3.5"], "must be a whole number"),
        ("def network(width=3): ...", ["--no-relu"], "--no-relu must be an option"),
        ("def network(width=3): ...", ["--each"], "an off"),
        ("def a(): ...\ndef b(): ...", [], "a file with a, b"),
        ("x = 1", [], "no function"),
        ("def network(:", [], "line 1"),
    ],
)
def test_what_cannot_be_is_told(tmp_path, text, flags, told, capsys):
    path = tmp_path / "mine.py"
    path.write_text(text)
    try:
        code = main(["--model", str(path), "--data", "digits", "--runs", str(tmp_path), *flags])
    except (ExperimentError, SystemExit) as error:
        assert told in f"{error} {capsys.readouterr().err}"
        return
    pytest.fail(f"exit code {code}")


@pytest.mark.parametrize(
    ("what", "told"),
    [("none.py", "No such file"), ("mine.py:netwrok", "Did you mean network")],
)
def test_files_and_functions_that_are_not_there(mine, monkeypatch, what, told):
    monkeypatch.chdir(mine.parent)
    with pytest.raises(ExperimentError, match=told):
        own_named(what, "runs")


def test_what_a_file_imports_from_beside_it_goes_with_it(tmp_path):
    (tmp_path / "mine.py").write_text(
        "import helper, os\nfrom parts.one import x\ndef network(): ..."
    )
    (tmp_path / "helper.py").write_text("import deeper")
    (tmp_path / "deeper.py").write_text("y = 1")
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "__init__.py").write_text("")
    (tmp_path / "parts" / "one.py").write_text("x = 1")
    before, _ = code_of_file(str(tmp_path / "mine.py"))
    assert {m for m, _, _ in before.files} == {"mine", "helper", "deeper", "parts", "parts.one"}
    (tmp_path / "deeper.py").write_text("y = 2")
    after, _ = code_of_file(str(tmp_path / "mine.py"))
    assert after.digest != before.digest


def built(digest: str) -> Built:
    sizes = (Size("dense", (10,), 7840, 10, 7840),)
    return Built(
        digest, sizes, "logits", (("dense/kernel", (784, 10)), ("dense/bias", (10,))), False
    )


def test_an_experiment_is_what_it_builds(mine):
    base = Experiment(network=own_named(str(mine), "runs"))
    with pytest.raises(ExperimentError, match="must have been built"):
        _ = base.parameters
    wide = base.change(width=64)
    for experiment, digest in ((base, "one"), (wide, "two"), (base.change(title="y"), "one")):
        experiment.network.learn((28, 28), 10, built(digest))
    assert (base.parameters, base.multiply_adds, base.name) == (7850, 7840, "mine")
    assert wide.key("data", 1) != base.key("data", 1) == base.change(title="y").key("data", 1)
    with pytest.raises(ExperimentError, match="the same experiment as baseline"):
        Study.of(base, {"title": ["y"]})
    # Another file that builds the same is the same experiment, whatever it is called.
    elsewhere = network_of(Origin("theirs.py", base.network.origin.signature))()
    elsewhere.learn((28, 28), 10, built("one"))
    assert Experiment(network=elsewhere).key("data", 1) == base.key("data", 1)


def test_a_record_tells_it_without_the_file(mine):
    base = Experiment(network=own_named(str(mine), "runs")).change(width=64, widths=(3, 2))
    base.network.learn((28, 28), 10, built("one"))
    mine.unlink()
    again = Experiment.from_dict(json.loads(json.dumps(base.to_dict())))
    assert again == base and hash(again) == hash(base)
    assert again.key("data", 1) == base.key("data", 1)
    assert (again.parameters, again.name) == (7850, base.name)
    assert again.network.origin.code is None
    assert again.change(width=128).name == "mine_widths-3-2"


def test_records_of_a_file_before_and_after_an_edit_stay_apart(mine):
    """They have one name and the same arguments, and were built to different networks."""
    told = []
    for digest, outputs in (("one", "probabilities"), ("two", "logits")):
        base = Experiment(network=own_named(str(mine), "runs"))
        base.network.learn((28, 28), 10, dataclasses.replace(built(digest), outputs=outputs))
        told.append(base.to_dict())
    first, second = (Experiment.from_dict(json.loads(json.dumps(one))) for one in told)
    assert [e.network.outputs((28, 28), 10) for e in (first, second)] == ["probabilities", "logits"]
    assert first.key("data", 1) != second.key("data", 1)
    sent = pickle.loads(pickle.dumps([first, second]))
    assert [e.key("data", 1) for e in sent] == [e.key("data", 1) for e in (first, second)]


def test_the_baseline_s_name_is_the_person_s(mine):
    base = Experiment(network=own_named(str(mine), "runs"))
    study = Study.of(base, {"batchnorm": [False], "dropout": [0.0], "width": [64]})
    names = [variant.name for variant in study.variants]
    assert names[:4] == ["baseline", "no batchnorm", "no dropout", "width 64"]
