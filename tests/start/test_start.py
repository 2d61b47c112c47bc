"""What workers and commands import: this package, whatever lies in the person's folder."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from stores import contents

import keras_mnist
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


@pytest.fixture
def traps(tmp_path):
    """Files of the person's, each named as a module of others; the fixture says who ran one."""
    notes = tmp_path / "who-ran-them"
    for name in NAMES:
        (tmp_path / f"{name}.py").write_text(
            TRAP.format(str(notes)) + "raise ImportError(__name__)\n"
        )
    return lambda: notes.read_text().split() if notes.exists() else []


def records(folder: Path) -> list[dict]:
    return [json.loads(path.read_text()) for path in folder.glob("*/seed-*.json")]


def test_a_command_and_its_workers_run_nothing_that_lies_beside_them(ablate, traps):
    done = ablate(*QUICK)
    assert done.returncode == 0, done.stderr
    assert not traps()
    assert [record["status"] for record in records(ablate.folder / "runs")] == ["completed"] * 2


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
run_study(study, quiet=True)
print(os.getpid())
"""


@pytest.mark.parametrize("how", ["script", "-c"])
def test_a_script_s_folder_is_the_script_s_alone(ablate, how):
    """Python looks there first for what the script imports; its workers do not."""
    notes = ablate.folder / "notes"
    real = "exec(open(os.path.join(os.path.dirname(os.__file__), 'random.py')).read())"
    (ablate.folder / "random.py").write_text(TRAP.format(str(notes)) + real)
    (ablate.folder / "study.py").write_text(SCRIPT)
    done = ablate.execute([sys.executable, *(["study.py"] if how == "script" else ["-c", SCRIPT])])
    assert done.returncode == 0, done.stderr
    assert notes.read_text().split() == done.stdout.split()
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


def test_a_search_s_chief_and_workers_run_nothing_that_lies_beside_them(ablate, traps):
    line = ["--trials", "1", "--seeds", "1", "--epochs", "1", "--train-size", "64"]
    done = ablate.execute([sys.executable, "-m", "tuner.search", *line, "--workers", "1"])
    assert done.returncode == 0, done.stderr
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


def test_keras_s_own_settings_change_no_record(ablate, settings):
    """LeNet-5's are convolutions, and its penalty and loss use all that the settings name."""
    line = ("--model", "lenet5", "--loss", "clipped", *QUICK[1:])
    assert ablate(*line, "--runs", "usual").returncode == 0
    ablate.environment |= settings
    done = ablate(*line, "--runs", "set")
    assert done.returncode == 0, done.stderr
    assert contents(ablate.folder / "set") == contents(ablate.folder / "usual")
    assert len(contents(ablate.folder / "set")) == 2


def test_a_search_does_not_mind_keras_s_own_settings(ablate, settings):
    ablate.environment |= settings
    line = ["--trials", "1", "--seeds", "1", "--epochs", "1", "--train-size", "64", "--jobs", "2"]
    done = ablate.execute([sys.executable, "-m", "tuner.search", *line])
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr


def in_python(lines: str, environment: dict) -> str:
    """Return what a process of its own prints."""
    done = subprocess.run(
        [sys.executable, "-c", lines], env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_in_a_notebook_with_another_backend_the_error_says_so(ablate):
    """As Keras cannot be imported twice."""
    lines = """
import keras
from keras_mnist.base.errors import ExperimentError
keras.config.backend = lambda: "jax"
try:
    import keras_mnist.training.build
except ExperimentError as error:
    print(error)
"""
    said = in_python(lines, ablate.environment)
    assert "must compute with TensorFlow. Received: Keras with jax, imported before" in said


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
    """The command ends with a message; mended, the same command trains."""
    broken = ablate.folder / "broken" / "tensorflow"
    broken.mkdir(parents=True)
    (broken / "__init__.py").write_text("raise ImportError('libsomething.so: no such file')")
    whole = ablate.environment["PYTHONPATH"]
    ablate.environment["PYTHONPATH"] = f"{broken.parent}:{whole}"
    done = ablate(*QUICK)
    assert done.returncode == 1
    assert "error: a worker must be able to import what it needs" in done.stderr
    assert "libsomething.so: no such file" in done.stderr
    assert "Traceback" not in done.stderr
    assert not records(ablate.folder / "runs")
    ablate.environment["PYTHONPATH"] = whole
    done = ablate(*QUICK)
    assert done.returncode == 0
    assert "2 trained, 0 stored before, 0 failed" in done.stderr
