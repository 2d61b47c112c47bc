"""A network of a person's own, from its file to the stored record and back."""

import json
import sys

import pytest
from conftest import ROOT

from keras_mnist import Study, run_study
from keras_mnist.base.errors import ExperimentError
from keras_mnist.runs import RunRecord

FEW = ["--data", "digits", "--train-size", "200", "--epochs", "1", "--seeds", "2", "--quiet"]
STUDY = ("--model", "mine.py", "--no-second", "--dropout", 0, *FEW)


@pytest.fixture
def mine(tmp_path):
    """A file of a network whose width stands in another file."""
    text = (ROOT / "examples" / "digits_convnet.py").read_text()
    (tmp_path / "mine.py").write_text(
        "import helper\n" + text.replace("filters=8", "filters=helper.N")
    )
    (tmp_path / "helper.py").write_text("N = 4\n")
    return tmp_path


def records(folder):
    paths = sorted(folder.glob("runs/*/seed-*.json"))
    return {path: RunRecord.from_json(path.read_text()) for path in paths}


def test_the_way_of_a_file(mine, inside):
    done = inside("ablate", *STUDY, "--json", "all.json")
    assert done.returncode == 0, done.stderr
    assert "no second" in done.stdout and "no dropout" in done.stdout
    assert "mine.py ends in probabilities" in done.stdout and "First weights" in done.stdout
    assert json.loads((mine / "all.json").read_text())["trained"] == 8
    first = records(mine)
    assert len(first) == 8 and all(path.parent.name.startswith("mine") for path in first)

    # Stored runs need neither TensorFlow nor the file; a comment changes nothing.
    (mine / "mine.py").write_text("# a comment\n" + (mine / "mine.py").read_text())
    again = inside("ablate", *STUDY, "--json", "all.json")
    assert json.loads((mine / "all.json").read_text())["trained"] == 0, again.stderr
    (mine / "mine.py").rename(mine / "gone")
    again = inside("ablate", *STUDY, "--json", "all.json")
    assert again.returncode == 0 and "no second" in again.stdout, again.stderr
    assert json.loads((mine / "all.json").read_text())["trained"] == 0
    missing = inside("ablate", *STUDY, "--seeds", "3", "--plan")
    assert missing.returncode == 0 and "4 to train" in missing.stderr
    missing = inside("ablate", *STUDY, "--seeds", "3")
    assert "with --model" in missing.stdout + missing.stderr
    (mine / "gone").rename(mine / "mine.py")

    # What a value elsewhere changes is trained anew.
    (mine / "helper.py").write_text("N = 5\n")
    told = inside("ablate", *STUDY, "--plan").stderr
    assert "8 to train" in told


def test_stored_runs_are_verified_and_exported_by_the_file_that_is_named(mine, inside):
    assert inside("ablate", "--model", "mine.py", "--no-second", *FEW).returncode == 0
    (path, record), *_ = records(mine).items()
    refused = inside("verify", path, "--data", "digits", "--quiet")
    assert "No record runs code" in refused.stdout + refused.stderr
    same = inside("verify", path, "--data", "digits", "--quiet", "--model", "mine.py")
    assert "1 of 1 runs have the same weights" in same.stdout, same.stderr
    text = (mine / "mine.py").read_text()
    (mine / "mine.py").write_text(text.replace('"relu"', '"tanh"'))
    other = inside("verify", path, "--data", "digits", "--quiet", "--model", "mine.py")
    assert other.returncode == 2 and "one that builds otherwise" in other.stderr
    (mine / "mine.py").write_text(text)

    options = ("--data", "digits", "--quiet", "--name", "mine", "--model", "mine.py")
    done = inside("export", path, *options)
    assert done.returncode == 0, done.stderr
    card = json.loads((mine / "saved_models/mine/1/card.json").read_text())
    assert card["run"]["weights_sha256"] == record.weights_sha256
    assert not card["note"]


def test_a_function_s_study_is_that_of_its_file(mine, inside, monkeypatch):
    """The same seeds, the same bits, whether the file is named or its function passed."""
    monkeypatch.syspath_prepend(str(mine))
    monkeypatch.chdir(mine)
    for name in ("mine", "helper"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    from mine import network  # pyright: ignore[reportMissingImports]

    study = Study.of(network, {"second": [False]}, seeds=(0,))
    study = Study.of(
        study.baseline.change(epochs=1, train_size=200), {"second": [False]}, seeds=(0,)
    )
    result = run_study(study, data="digits", quiet=True)
    assert not result.failed and result.trained == 2
    assert "no second" in result.table()
    passed = [run.weights_sha256 for v in result.study.variants for run in result.runs(v)]
    few = ("--seeds", "0,", "--runs", "others", "--jobs", 1)
    done = inside("ablate", "--model", "mine.py", "--no-second", *FEW, *few)
    assert done.returncode == 0, done.stderr
    paths = mine.glob("others/*/seed-*.json")
    named = [RunRecord.from_json(path.read_text()).weights_sha256 for path in paths]
    assert sorted(named) == sorted(passed)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("raise RuntimeError('at import')", "at import"),
        ("def network(shape, classes, a=1):\n    return a.nothing", "has no attribute 'nothing'"),
        ("import os\ndef network(a=1):\n    os._exit(3)", "exit code 3"),
    ],
)
def test_what_cannot_be_built_is_told_before_anything_trains(tmp_path, inside, text, told):
    (tmp_path / "bad.py").write_text(text if "def" in text else f"def network(a=1): ...\n{text}\n")
    done = inside("ablate", "--model", "bad.py", "--a", 2, *FEW)
    assert done.returncode in (1, 2) and told in done.stderr, done.stderr
    assert "site-packages" not in done.stderr and not list(tmp_path.glob("runs/*/seed-*"))


def test_no_record_and_no_experiment_runs_code(mine, inside):
    """What they name is a name: a file of that name beside them is not run."""
    assert inside("ablate", "--model", "mine.py", "--no-second", *FEW).returncode == 0
    (mine / "mine.py").write_text("open('ran', 'w')\ndef network(): ...\n")
    path = next(iter(records(mine)))
    for command in (
        ("verify", path, "--data", "digits", "--quiet"),
        ("export", path, "--data", "digits", "--quiet"),
        ("ablate", "--experiment", path, "--no-rescale", *FEW),
        ("page",),
    ):
        inside(*command)
        assert not (mine / "ran").exists(), command


def test_a_table_on_own_data_needs_a_network_that_takes_it(mine, inside):
    with pytest.raises(ExperimentError, match="must be a whole number"):
        Study.of(lambda shape, classes, width=3: None, {"width": ["wide"]})
