"""Networks that leave: equal to what was trained, checked in a clean process, never half there."""

import json
import shutil
import threading
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from conftest import Command
from exports import assert_says_what_was_measured, quietly
from stores import unsealed
from traps import NAMES, trapped

from keras_mnist import Experiment
from keras_mnist.base import extras
from keras_mnist.base.checksum import sha256_of
from keras_mnist.base.errors import ExperimentError, StoreError
from keras_mnist.command import guarded
from keras_mnist.documents import published_named
from keras_mnist.exports import main as exports_main
from keras_mnist.runs import RunRecord, Store
from keras_mnist.runs.executors import task as executed
from keras_mnist.serving import release, shelf, simplify, write
from keras_mnist.serving.card import Card
from keras_mnist.serving.classifier import load_classifier
from keras_mnist.serving.formats import FILES, checked_formats
from keras_mnist.serving.parity import ParityError, require_parity
from keras_mnist.serving.task import LEFT_OUT, REFERENCE, train_and_write
from keras_mnist.serving.together import load_with_card
from keras_mnist.training import answers, run
from keras_mnist.training.environment import environment

TINY = Experiment().change(width=16, epochs=1, batch_size=64)


# The network that leaves: of what tests/networks do not have

VARIANTS = {
    "raw pixels": TINY.change(rescale=False),
    "lenet5_reg": published_named("lenet5_reg")[1].change(epochs=1),
    "lenet5_tanh": published_named("lenet5_tanh")[1].change(epochs=1),
}


@pytest.fixture(scope="module")
def written(small, tmp_path_factory):
    """By variant, a folder with its files after one epoch on noise, and the run's record."""
    folder, formats = tmp_path_factory.mktemp("written"), ["saved_model", "numpy"]
    return {
        name: (folder / name, train_and_write(e, 0, small, quietly, folder / name, formats))
        for name, e in VARIANTS.items()
    }


@pytest.mark.parametrize("name", VARIANTS)
def test_an_exported_network_says_what_the_trained_one_said(name, written, small):
    folder, record = written[name]
    assert_says_what_was_measured(folder, record, small)


def test_the_signature_refuses_what_serve_would_cast(written, small):
    import tensorflow as tf

    restored = tf.saved_model.load(str(written["raw pixels"][0]))
    signature = restored.signatures["serving_default"]
    assert set(restored.signatures) == {"serve", "serving_default"}
    floats = tf.constant(small.x_test[:2] / np.float32(255))
    with pytest.raises(tf.errors.InvalidArgumentError, match="uint8"):
        signature(image=floats)
    cast = restored.serve(floats.numpy())["probabilities"]
    np.testing.assert_array_equal(cast, restored.serve(tf.cast(floats, tf.uint8))["probabilities"])
    answer = signature(image=tf.constant(small.x_test[:2]))
    assert answer["digit"].dtype == tf.int64
    np.testing.assert_array_equal(answer["digit"], tf.argmax(answer["probabilities"], -1))


def test_the_gate_stops_what_the_trained_network_did_not_say(small, tmp_path, gate_here):
    train_and_write(TINY, 0, small, quietly, tmp_path, ["saved_model"])
    reference = np.load(tmp_path / REFERENCE)
    found = require_parity(tmp_path, "saved_model", small.x_test, reference)
    assert (found.images, found.difference < 1e-6) == (50, True)
    other = reference.copy()
    other[7, 3] += 1e-4
    with pytest.raises(ParityError, match="within 1e-05"):
        require_parity(tmp_path, "saved_model", small.x_test, other)
    _, outcome = run.run_and_outcome(TINY, 0, small, quietly)
    write.write(TINY.change(rescale=False), outcome.weights, tmp_path, ["saved_model"])
    with pytest.raises(ParityError, match=r"must say the classes|probabilities must be within"):
        require_parity(tmp_path, "saved_model", small.x_test, reference)


def test_the_gate_stops_what_does_not_load(small, tmp_path):
    (tmp_path / "model.npz").write_bytes(b"x")
    with pytest.raises(ParityError, match="must load in a process of its own"):
        require_parity(tmp_path, "numpy", small.x_test, np.zeros((50, 10)))


def test_a_network_that_is_not_the_trained_function_is_not_exported(here, monkeypatch, capsys):
    """The pass that trains and measures is another function than Keras's layers."""
    whole = answers.forward_pass

    def another(network, training):
        forward = whole(network, training)
        return lambda inputs: forward(0.5 * inputs)

    monkeypatch.setattr(run, "_latest", {})
    experiment = published_named("lenet5")[1].change(epochs=1)
    Path("lenet5.json").write_text(json.dumps(experiment.to_dict()))
    monkeypatch.setattr(answers, "forward_pass", another)
    assert here("lenet5.json", "--name", "halved") == 1
    said = capsys.readouterr().err
    assert "is not the one that was trained and measured" in said
    assert "training/fast/forward.py" in said
    assert not Path("saved_models/halved").exists()
    monkeypatch.setattr(answers, "forward_pass", whole)
    run._latest.clear()
    assert here("lenet5.json", "--name", "whole") == 0


# The command

FORMATS = ",".join(FILES)


@pytest.fixture(scope="session")
def exported(once, data_file):
    """A folder in which a network has been exported in all formats, and what was printed.

    Where it was done lay files of the person's that no process may run: of those who did, too.
    """

    def make(folder):
        (folder / "best.json").write_text(json.dumps({"experiment": TINY.to_dict()}))
        ran = trapped(folder)
        line = ["best.json", "--name", "tiny", "--format", FORMATS]
        done = Command(folder, data_file).run("export", *line)
        for name in NAMES:
            (folder / f"{name}.py").unlink()
        (folder / "said.json").write_text(
            json.dumps([done.returncode, done.stdout, done.stderr, ran()])
        )

    folder = once("exported", make)
    return folder, *json.loads((folder / "said.json").read_text())


def test_an_export_from_the_command_line(exported, small):
    home, code, said, complaints, ran = exported
    assert code == 0, complaints
    assert not ran
    for chatter in ("oneDNN", "absl", "WARNING", "Traceback"):
        assert chatter not in said + complaints
    assert said.splitlines()[-1] == "saved_models/tiny/1"
    folder = home / "saved_models" / "tiny" / "1"
    assert [path.name for path in folder.parent.iterdir()] == ["1"], "nothing half written"
    card = Card.read(folder)
    (stored,) = Store(home / "runs").records()
    assert card.record == stored
    assert stored.experiment.network == TINY.network
    assert {p.format for p in card.parities} == set(FILES)
    assert sum(map(sum, card.confusion)) == 50
    right = sum(card.confusion[digit][digit] for digit in range(10))
    assert right / 50 == card.accuracy
    assert [sum(row) for row in card.confusion] == np.bincount(small.y_test, minlength=10).tolist()
    for name, size in card.files.items():
        assert (folder / name).stat().st_size == size
        assert sha256_of(folder / name) == card.sha256[name]
    assert load_with_card(folder)[1] == card
    page = (folder / "card.md").read_text()
    assert stored.weights_sha256 in page and "export best.json --name tiny" in page
    assert (folder / "confusion.png").stat().st_size > 1000
    said = [load_classifier(folder, name)(small.x_test) for name in FILES]
    for other in said[1:]:
        np.testing.assert_allclose(other, said[0], atol=1e-5)
    single = load_classifier(folder / "model.keras")(small.x_test)
    np.testing.assert_array_equal(single, said[1])


def test_the_signature_says_what_goes_in_and_comes_out(exported):
    import tensorflow as tf

    folder = exported[0] / "saved_models" / "tiny" / "1"
    signature = tf.saved_model.load(str(folder)).signatures["serving_default"]
    _, taken = signature.structured_input_signature
    assert (taken["image"].dtype, taken["image"].shape) == (tf.uint8, (None, 28, 28))
    given = signature.structured_outputs
    assert (given["digit"].dtype, given["digit"].shape) == (tf.int64, (None,))
    probabilities = given["probabilities"]
    assert (probabilities.dtype, probabilities.shape) == (tf.float32, (None, 10))


@pytest.fixture
def here(exported, data_file, tmp_path, monkeypatch, gate_here):
    """A folder to work in with a copy of what was exported, and the export command.

    It trains and asks in this process: `exported` shows that it does in others.
    """
    from keras_mnist.export import main

    def run_here(plan, watcher, task):
        monkeypatch.setattr(executed, "_state", {"dataset": plan.dataset, "emit": quietly})
        return {run: task(*run) for run in plan.missing}

    def as_in_workers():  # conftest.py says it to TensorFlow in another way
        return environment() | {"threads": 1}

    shutil.copytree(exported[0], tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KERAS_MNIST_DATA", str(data_file))
    monkeypatch.setattr(release, "run_all", run_here)
    monkeypatch.setattr(run, "environment", as_in_workers)
    return lambda *line: guarded(main, [*map(str, line), "--quiet"])


def the_record(root="runs"):
    (path,) = Path(root).rglob("seed-*.json")
    return path, RunRecord.from_json(path.read_text())


def test_a_run_exported_again_is_the_next_version_with_the_same_weights(here, capsys):
    path, record = the_record()
    assert here(path, "--name", "tiny") == 0
    assert capsys.readouterr().out.splitlines()[-1] == "saved_models/tiny/2"
    again = Card.read(Path("saved_models/tiny/2"))
    assert again.record.weights_sha256 == record.weights_sha256
    assert again.note == ""
    assert the_record()[1] == record, "the stored record is left as it was"


def test_other_weights_than_the_stored_are_refused_or_explained(here, capsys):
    path, record = the_record()
    path.write_text(replace(record, weights_sha256="0" * 64).to_json())
    assert here(path, "--name", "tiny") == 1
    assert "the weights must be those of the stored run" in capsys.readouterr().err
    assert [p.name for p in Path("saved_models/tiny").iterdir()] == ["1"]
    elsewhere = {**record.environment, "instructions": "another"}
    path.write_text(replace(record, weights_sha256="0" * 64, environment=elsewhere).to_json())
    assert here(path, "--name", "tiny") == 0
    assert "instructions another then" in capsys.readouterr().err
    assert "instructions another then" in Path("saved_models/tiny/2/card.md").read_text()


def test_a_run_of_other_data_is_refused(here, capsys):
    path, record = the_record()
    path.write_text(replace(record, data={**record.data, "digest": "1" * 64}).to_json())
    assert here(path) == 2
    assert "on the data it was trained on" in capsys.readouterr().err


def test_a_run_in_less_than_single_precision_is_not_exported(here, capsys):
    rough = TINY.change(precision="bfloat16")
    Path("rough.json").write_text(json.dumps(rough.to_dict()))
    assert here("rough.json", "--name", "rough") == 2
    assert "trained in float32 to be exported. Received: bfloat16" in capsys.readouterr().err
    assert not Path("saved_models/rough").exists()


def test_a_card_whose_confusion_matrix_has_another_accuracy_is_refused(here, monkeypatch, capsys):
    folder = Path("saved_models/tiny/1")
    content = unsealed(folder / "card.json")
    content["confusion"][3][4] += 1
    (folder / "card.json").write_text(json.dumps(content))
    with pytest.raises(StoreError, match="must have the test accuracy of its run"):
        Card.read(folder)
    monkeypatch.setattr(release, "confusion_of", lambda *_: content["confusion"])
    assert here(the_record()[0], "--name", "other") == 1
    assert "must have the test accuracy of its run" in capsys.readouterr().err
    assert not Path("saved_models/other").exists()


def test_a_run_that_diverges_is_not_exported(here, capsys):
    wild = TINY.change(optimizer="sgd", learning_rate=1000, epochs=20, activation="linear")
    Path("wild.json").write_text(json.dumps(wild.to_dict()))
    assert here("wild.json", "--name", "wild") == 1
    assert "a run must complete to be exported. Received: diverged" in capsys.readouterr().err
    assert not Path("saved_models/wild").exists()


def test_a_full_disk_leaves_the_version_before(here, capsys, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shelf, "sync", full)
    assert here(the_record()[0], "--name", "tiny") == 1
    assert "No space left on device" in capsys.readouterr().err
    assert [p.name for p in Path("saved_models/tiny").iterdir()] == ["1"]
    assert load_classifier(Path("saved_models/tiny/1")) is not None


@pytest.fixture
def strided(monkeypatch):
    """As if the network had strides; returns what was trained."""
    trained = []

    def train(*arguments):
        trained.append(arguments)
        return whole(*arguments)

    whole = run.run_and_outcome
    monkeypatch.setattr(run, "run_and_outcome", train)
    monkeypatch.setattr(simplify, "cannot_hold", lambda *_: "layer first, a Conv2D with strides")
    return trained


def test_a_format_that_cannot_hold_the_network_is_refused_before_it_is_trained(
    here, strided, capsys
):
    assert here("best.json", "--name", "other", "--format", "numpy") == 2
    said = capsys.readouterr().err
    assert "--format numpy must be able to hold the network" in said
    assert "Received: layer first, a Conv2D with strides" in said
    assert strided == []
    assert not Path("saved_models/other").exists()


def test_a_format_that_was_not_asked_for_is_left_out_with_a_word(here, strided, capsys):
    assert here("best.json", "--name", "other") == 0
    assert "numpy is left out: layer first, a Conv2D with strides" in capsys.readouterr().err
    folder = Path("saved_models/other/1")
    assert not (folder / "model.npz").exists() and not (folder / LEFT_OUT).exists()
    assert [p.format for p in Card.read(folder).parities] == ["saved_model"]
    assert len(strided) == 1


def test_what_a_converter_says_is_told_before_anything_is_trained(
    here, strided, capsys, monkeypatch
):
    def fail(*_):
        raise ValueError("no such operation")

    monkeypatch.setitem(write._WRITERS, "keras", fail)
    assert here("best.json", "--name", "other", "--format", "keras") == 2
    assert "--format keras must be able to hold the network. Received: no such operation" in (
        capsys.readouterr().err
    )
    assert strided == []


def test_a_file_that_does_not_answer_is_told_before_anything_is_trained(
    here, strided, capsys, monkeypatch
):
    """Some converters leave out what they do not know, and write the rest."""

    def write_half(network, experiment, folder, answer):
        (folder / FILES["onnx"]).write_bytes(b"half")

    monkeypatch.setitem(write._WRITERS, "onnx", write_half)
    assert here("best.json", "--name", "other", "--format", "onnx") == 2
    assert "--format onnx must be able to hold the network" in capsys.readouterr().err
    assert strided == []


@pytest.mark.parametrize(
    "line, said",
    [
        (["lenet6"], "Did you mean lenet5"),
        (["best.json", "--name", "../x"], "--name must be letters"),
        (["best.json", "--name", ".."], "--name must be letters"),
        (["best.json", "--format", "pickle"], "--format pickle must be a format"),
        (["best.json", "--seed", "-1"], "--seed must be a whole number"),
        (["saved_models"], "must be a JSON file of a run or an experiment"),
        (["best.json", "--out", "best.json"], "must be writable"),
    ],
)
def test_bad_exports_are_told(line, said, here, capsys):
    assert here(*line) in (1, 2)
    assert said in capsys.readouterr().err


def test_a_format_without_its_package_is_told(monkeypatch):
    monkeypatch.setattr(extras, "installed", lambda module: module != "onnxruntime")
    with pytest.raises(ExperimentError, match=r"pip install 'tf2onnx>=\S+ 'onnxruntime>="):
        checked_formats("keras,onnx")
    assert checked_formats("litert") == ["saved_model", "litert"]


# The shelf


def test_exports_at_once_take_versions_of_their_own(tmp_path):
    places = []

    def export():
        for _ in range(10):
            with shelf.unfinished(tmp_path, "n") as scratch:
                (scratch / "version").mkdir()
                (scratch / "version" / "content").write_text("x")
                places.append(shelf.publish(scratch / "version", tmp_path, "n"))

    threads = [threading.Thread(target=export) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(int(place.name) for place in places) == list(range(1, 41))
    assert shelf.versions(tmp_path / "n") == list(range(1, 41))
    assert all((place / "content").exists() for place in places)
    assert len(list((tmp_path / "n").iterdir())) == 40


def test_only_a_folder_called_by_a_plain_number_is_a_version(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("01", "2", "007", "+3", "1_0", "٣", "9" * 40):
        Path("saved_models", "mine", name).mkdir(parents=True)
    assert shelf.versions(Path("saved_models/mine")) == [2]
    assert shelf.find_network("mine") == Path("saved_models/mine/2")
    Path("saved_models/padded/01").mkdir(parents=True)
    with pytest.raises(StoreError, match="--network padded must be an exported network"):
        shelf.find_network("padded")


def test_networks_are_found_by_name_version_and_path(here):
    assert shelf.find_network("tiny") == Path("saved_models/tiny/1")
    shutil.copytree("saved_models/tiny/1", "saved_models/tiny/12")
    assert shelf.find_network("tiny") == Path("saved_models/tiny/12")
    assert shelf.find_network("tiny/1") == Path("saved_models/tiny/1")
    assert shelf.find_network("saved_models/tiny") == Path("saved_models/tiny/12")
    assert shelf.find_network("saved_models/tiny/1/model.keras").is_file()
    with pytest.raises(StoreError, match=r"--network tinny must be .* Did you mean tiny"):
        shelf.find_network("tinny")


def test_the_list_of_networks(here, capsys):
    assert exports_main([]) == 0
    shown = capsys.readouterr().out  # whose cells may be broken into lines
    assert all(word in shown for word in ("tiny", "lenet5_reg", *FILES))
    Path("saved_models/tiny/1/card.json").write_text("{}")
    assert exports_main([]) == 1
    assert "must be a network exported by this package" in capsys.readouterr().err


# Folders that are not ours


def test_a_network_that_lacks_parts_is_told(here):
    folder = Path("saved_models/tiny/1")
    for name in ("model.tflite", "model.onnx", "model.keras", "model.npz"):
        whole = (folder / name).read_bytes()
        (folder / name).write_bytes(whole[: len(whole) // 2])
        with pytest.raises(StoreError, match="must be a whole network"):
            load_classifier(folder / name)
    shutil.rmtree(folder / "variables")
    with pytest.raises(StoreError, match="must be a whole network"):
        load_classifier(folder, "saved_model")
    (folder / "saved_model.pb").write_bytes(b"no protocol buffer")
    with pytest.raises(StoreError, match="must be a SavedModel"):
        load_classifier(folder, "saved_model")
    with pytest.raises(StoreError, match="must be an exported network"):
        load_classifier(Path("runs"))
    with pytest.raises(StoreError, match="must be an exported network"):
        load_classifier(Path("best.json"))


def test_python_code_in_a_keras_file_is_not_run(tmp_path):
    import keras

    layer = keras.layers.Lambda(lambda x: x / 255)
    network = keras.Sequential([keras.Input((28, 28)), layer, keras.layers.Flatten()])
    network.save(tmp_path / "model.keras")
    with pytest.raises(StoreError, match="must be a whole network"):
        load_classifier(tmp_path / "model.keras")


def test_a_keras_file_of_other_packages_is_refused_before_keras_looks_for_them(
    tmp_path, monkeypatch
):
    import keras

    layer = {"module": "keras_hub.layers", "class_name": "Odd", "config": {"name": "odd"}}
    config = {"class_name": "Sequential", "module": "keras", "config": {"layers": [layer]}}
    with zipfile.ZipFile(tmp_path / "model.keras", "w") as archive:
        archive.writestr("config.json", json.dumps(config))
    monkeypatch.setattr(keras.saving, "load_model", lambda *_, **__: pytest.fail("it was loaded"))
    with pytest.raises(StoreError, match=r"Keras's own layers alone.*keras_hub.layers.Odd"):
        load_classifier(tmp_path / "model.keras")
