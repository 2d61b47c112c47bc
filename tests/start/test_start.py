"""What workers and commands import: this package, whatever lies in the person's folder."""

import json
import shutil
import sys
from pathlib import Path

import pytest
from conftest import Command
from stores import contents

import keras_mnist
from keras_mnist.base.errors import ExperimentError
from keras_mnist.serving.classifier import load_classifier
from keras_mnist.serving.parity import require_parity

PACKAGE = Path(keras_mnist.__file__).parent
QUICK = ("--no-relu", "--seeds", 1, "--epochs", 1, "--train-size", 64)
NAMES = (
    "random",
    "json",
    "argparse",
    "gettext",
    "tempfile",
    "pickle",
    "numpy",
    "tensorflow",
    "jax",
)
TRAP = 'import os\nopen({!r}, "a").write(f"{{os.getpid()}}\\n")\n'


def trapped(folder: Path):
    """Put files of the person's there, each named as a module of others; return who ran one."""
    notes = folder / "who-ran-them"
    for name in NAMES:
        (folder / f"{name}.py").write_text(
            TRAP.format(str(notes)) + "raise ImportError(__name__)\n"
        )
    return lambda: notes.read_text().split() if notes.exists() else []


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
    assert said[-2:] == ["2", "2"] and "dropout" in said
    assert len(records(ablate.folder / "runs")) == 2


def test_an_exported_file_is_asked_by_a_process_that_runs_nothing_beside_it(
    small, tmp_path, traps, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    folder = PACKAGE.parent / "saved_models" / "lenet5_reg" / "1"
    images = small.x_test[:5]
    reference = load_classifier(folder, "saved_model")(images)
    assert require_parity(folder, "saved_model", images, reference).images == 5
    assert not traps()


@pytest.fixture
def settings(tmp_path):
    """Keras's settings as a person has them for other work, in a home of their own."""
    home = tmp_path / "keras"
    home.mkdir()
    asked = {
        "backend": "jax",
        "floatx": "float16",
        "epsilon": 0.1,
        "image_data_format": "channels_first",
    }
    (home / "keras.json").write_text(json.dumps(asked))
    return {"KERAS_HOME": str(home), "KERAS_BACKEND": "jax"}


@pytest.fixture(scope="module")
def usual(tmp_path_factory, data_file):
    """Where a command has trained among traps, without settings; and who ran one of them.

    LeNet-5's are convolutions, and its penalty and loss use all that the settings name.
    """
    command = Command(tmp_path_factory.mktemp("usual"), data_file)
    notes = trapped(command.folder)
    line = ("--model", "lenet5", "--loss", "clipped", *QUICK[1:])
    done = command(*line)
    assert done.returncode == 0, done.stderr
    return command.folder, line, notes


def test_a_command_and_its_workers_run_nothing_that_lies_beside_them(usual):
    folder, _, ran = usual
    assert not ran()
    assert [record["status"] for record in records(folder / "runs")] == ["completed"] * 2


def test_keras_s_own_settings_change_no_record(usual, ablate, settings):
    folder, line, _ = usual
    ablate.environment |= settings
    done = ablate(*line)
    assert done.returncode == 0, done.stderr
    assert contents(ablate.folder / "runs") == contents(folder / "runs")


def test_a_search_s_chief_and_workers_run_nothing_of_the_person_s(ablate, traps, settings):
    """Neither what lies beside them nor Keras with another backend."""
    ablate.environment |= settings
    line = ["--trials", "1", "--seeds", "1", "--epochs", "1", "--train-size", "64"]
    done = ablate.execute([sys.executable, "-m", "tuner.search", *line, "--workers", "1"])
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert not traps()


def test_in_a_notebook_with_another_backend_the_error_says_so(monkeypatch):
    """As Keras cannot be imported twice."""
    monkeypatch.setattr("keras.config.backend", lambda: "jax")
    with pytest.raises(ExperimentError) as caught:
        from keras_mnist.base.backend import keras  # noqa: F401
    said = "must compute with TensorFlow. Received: Keras with jax, imported before"
    assert said in str(caught.value)


def test_settings_that_keras_does_not_take_end_in_a_message(ablate, settings):
    Path(settings["KERAS_HOME"], "keras.json").write_text('{"floatx": "float8"}')
    ablate.environment |= settings
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
