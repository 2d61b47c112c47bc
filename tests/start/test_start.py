"""What workers and commands import: this package, whatever lies in the person's folder."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from stores import contents
from traps import TRAP, settings, trapped

import keras_mnist
from keras_mnist.base.errors import ExperimentError

PACKAGE = Path(keras_mnist.__file__).parent
QUICK = ("--no-relu", "--seeds", 1, "--epochs", 1, "--train-size", 64)


@pytest.fixture
def traps(tmp_path):
    return trapped(tmp_path)


def records(folder: Path) -> list[dict]:
    return [json.loads(path.read_text()) for path in folder.glob("*/seed-*.json")]


def test_in_a_checkout_all_import_the_package_from_there_and_nothing_else(ablate, traps):
    """It is found in the current folder, as are files that no one may run."""
    shutil.copytree(PACKAGE, ablate.folder / "keras_mnist")
    front = ablate.folder / "keras_mnist" / "__init__.py"
    front.write_text(front.read_text() + '\n__version__ = "of the checkout"\n')
    del ablate.environment["PYTHONPATH"]
    done = ablate(*QUICK)
    assert done.returncode == 0, done.stderr
    assert not traps()
    found = {record["environment"]["keras_mnist"] for record in records(ablate.folder / "runs")}
    assert found == {"of the checkout"}


def test_a_package_of_the_search_s_name_in_the_folder_is_not_ours(tmp_path):
    (tmp_path / "tuner").mkdir()
    (tmp_path / "tuner" / "__init__.py").write_text("raise SystemExit('not ours')")
    script = "import sys; from keras_mnist.cli import main; sys.exit(main())"
    for line in (["-m", "keras_mnist"], ["-P", "-c", script]):
        done = subprocess.run(
            [sys.executable, *line, "search", "--help"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(PACKAGE.parent)},
            capture_output=True,
            text=True,
        )
        assert (done.returncode, done.stderr) == (0, "") and "--trials" in done.stdout


SCRIPT = """
import os
from keras_mnist import Experiment, Study, run_study

study = Study(Experiment().change(epochs=1, train_size=64), ((("dropout", 0.0),),), seeds=(0,))
result = run_study(study, quiet=True)
print(result, len(result.frame()), len(result.draw()))
print(os.getpid())
"""


@pytest.mark.parametrize("how", ["script", "-c"])
def test_a_script_s_folder_is_the_script_s_alone(ablate, how):
    """Python looks there first for what the script imports; its workers do not.

    Nor do they start the script itself, which has no main guard.
    """
    notes = ablate.folder / "notes"
    real = "exec(open(os.path.join(os.path.dirname(os.__file__), 'random.py')).read())"
    (ablate.folder / "random.py").write_text(TRAP.format(str(notes)) + real)
    (ablate.folder / "study.py").write_text(SCRIPT)
    done = ablate.execute([sys.executable, *(["study.py"] if how == "script" else ["-c", SCRIPT])])
    assert done.returncode == 0, done.stderr
    *said, pid = done.stdout.split()
    assert notes.read_text().split() == [pid]
    assert said[-2:] == ["2", "3"] and "dropout" in said
    assert len(records(ablate.folder / "runs")) == 2


def test_what_a_person_has_for_other_work_changes_no_record(ablate, inside, traps, tmp_path):
    """Neither what lies beside a command and its workers, nor Keras's own settings.

    LeNet-5's are convolutions, and its penalty and loss use all that the settings name.
    """
    line = ("--model", "lenet5", "--loss", "clipped", *QUICK[1:])
    usual = inside("ablate", *line, "--runs", "usual")
    assert usual.returncode == 0, usual.stderr
    ablate.environment |= settings(tmp_path / "keras")
    done = ablate(*line)
    assert done.returncode == 0, done.stderr
    assert not traps()
    assert contents(Path("runs")) == contents(Path("usual"))
    assert [record["status"] for record in records(Path("runs"))] == ["completed"] * 2


def test_in_a_notebook_with_another_backend_the_error_says_so(monkeypatch):
    """As Keras cannot be imported twice."""
    monkeypatch.setattr("keras.config.backend", lambda: "jax")
    with pytest.raises(ExperimentError) as caught:
        from keras_mnist.base.backend import keras  # noqa: F401
    said = "must compute with TensorFlow. Received: Keras with jax, imported before"
    assert said in str(caught.value)


def test_settings_that_keras_does_not_take_end_in_a_message(ablate, tmp_path):
    ablate.environment |= settings(tmp_path / "keras", floatx="float8")
    done = ablate(*QUICK)
    assert done.returncode == 1
    assert "must take what is set for Keras" in done.stderr
    assert "keras.json" in done.stderr
    assert "Traceback" not in done.stderr
    assert not records(ablate.folder / "runs")


def test_what_a_worker_cannot_import_is_no_run_s_failure(ablate):
    """The command ends with a message, and leaves nothing: mended, it is as if it had not been."""
    broken = ablate.folder / "broken" / "tensorflow"
    broken.mkdir(parents=True)
    (broken / "__init__.py").write_text("raise ImportError('libsomething.so: no such file')")
    ablate.environment["PYTHONPATH"] = f"{broken.parent}:{ablate.environment['PYTHONPATH']}"
    done = ablate(*QUICK)
    assert done.returncode == 1
    assert "error: a worker must be able to import what it needs" in done.stderr
    assert "libsomething.so: no such file" in done.stderr
    assert "Traceback" not in done.stderr
    left = {path for path in ablate.folder.rglob("*") if path.is_file()}
    assert left == {broken / "__init__.py"}
