import dataclasses
import json
import math
import os
import shutil
import subprocess
import sys
import textwrap

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from keras_mnist.base.checksum import checksum
from keras_mnist.base.errors import StoreError
from keras_mnist.experiment import Experiment
from keras_mnist.runs import SCHEMA, RunRecord, Store

FUZZ = settings(
    max_examples=150,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
EXPERIMENT = Experiment().change(width=64, epochs=2)
DIGEST = "d" * 64


def record(seed=3, experiment=EXPERIMENT, digest=DIGEST, **changes):
    plain = {
        "experiment": experiment,
        "seed": seed,
        "data": {"name": "digits", "digest": digest, "canonical": False},
        "status": "completed",
        "metrics": {"train_loss": 0.25, "test_accuracy": 0.9375},
        "history": {"train_loss": [0.5, 0.25]},
        "weights_sha256": "ab" * 32,
        "parameters": 55050,
        "seconds": 1.5,
        "environment": {"tensorflow": "2.21.0", "threads": 1},
        "created": "2024-05-01T12:00:00+00:00",
    }
    return RunRecord(**plain | changes)


def load(store, seed=3):
    return store.load(EXPERIMENT, DIGEST, seed)


def changed(change):
    """The JSON text of the record after `change` has edited its content in place."""
    content = json.loads(record().to_json())
    change(content)
    return json.dumps(content)


def set_aside(store, content):
    """Put `content` where the record belongs; loading must set it aside and keep it."""
    path = store.path(EXPERIMENT, DIGEST, 3)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    told = len(store.set_aside)
    assert load(store) is None
    assert not path.exists()
    assert len(store.set_aside) == told + 1
    (aside,) = path.parent.iterdir()
    assert aside.name.startswith("seed-3.set-aside-")
    assert aside.read_bytes() == content
    assert str(path) in store.set_aside[-1]
    assert aside.name in store.set_aside[-1]
    return aside


# Records


def test_round_trip():
    assert RunRecord.from_json(record().to_json()) == record()


def test_round_trip_of_a_failed_run():
    failed = record(status="failed", reason="out of “memory”", metrics={}, history={}, attempts=2)
    assert RunRecord.from_json(failed.to_json()) == failed
    assert not failed.completed


def test_numbers_that_are_not_finite_become_null():
    metrics = {"train_loss": math.nan, "test_loss": math.inf, "test_accuracy": 0.1}
    history = {"train_loss": [2.0, math.nan], "val_loss": [-math.inf, 1.0]}
    diverged = record(status="diverged", metrics=metrics, history=history)
    text = diverged.to_json()
    assert "NaN" not in text
    assert "Infinity" not in text
    back = RunRecord.from_json(text)
    assert back.metrics == {"train_loss": None, "test_loss": None, "test_accuracy": 0.1}
    assert back.history == {"train_loss": [2.0, None], "val_loss": [None, 1.0]}
    assert diverged.to_dict()["metrics"] == back.metrics


def test_key_holds_the_digest_and_not_the_name():
    renamed = record(
        experiment=EXPERIMENT.change(shape=(8, 8)),
        data={"name": "mine", "digest": DIGEST, "canonical": False},
    )
    assert renamed.key == record().key
    assert record(digest="e" * 64).key != record().key
    assert record(experiment=EXPERIMENT.change(width=65)).key != record().key


MEASURED = {
    "metrics": {
        "train_loss": 0.25,
        "train_accuracy": 0.875,
        "val_loss": 0.375,
        "val_accuracy": 0.5,
        "gap": 0.125,
        "test_loss": 0.5,
        "test_accuracy": 0.9375,
        "best_epoch": 1,
        "best_train_loss": 0.5,
        "best_train_accuracy": 0.75,
        "best_val_loss": 0.25,
        "best_val_accuracy": 0.75,
        "best_gap": -0.25,
        "best_test_loss": 0.75,
        "best_test_accuracy": 0.5,
    },
    "history": {
        "train_loss": [0.5, 0.25],
        "train_accuracy": [0.75, 0.875],
        "val_loss": [0.25, 0.375],
        "val_accuracy": [0.75, 0.5],
    },
    "data": {
        "name": "digits",
        "digest": DIGEST,
        "canonical": False,
        "images": {"train": 20, "test": 16},  # 16 train, 4 are held out
    },
}


@pytest.mark.parametrize("told", [True, False], ids=["with a checksum", "without"])
@pytest.mark.parametrize(
    ("place", "value"),
    [
        (f"metrics.{name}", value)
        for name, value in {
            "train_loss": 0.26,
            "train_accuracy": 0.8125,
            "val_loss": 0.374,
            "gap": 0.1250001,
            "test_accuracy": 0.9376,
            "best_epoch": 2,
            "best_val_loss": 0.24,
            "best_train_accuracy": 0.8125,
            "best_gap": 0.25,
            "best_test_accuracy": 0.51,
        }.items()
    ]
    + [("metrics.best_epoch", n) for n in (0, -1, 3, 1.5, 10**400)]
    + [("history.train_accuracy", [0.7, 0.875]), ("history.val_accuracy", [0.8, 0.5])]
    + [("history.val_loss", [0.25]), ("history.train_loss", [0.5, 0.3, 0.25]), ("history", {})]
    + [("data.images", value) for value in ({"train": 20}, {"train": 20, "test": 0}, [], 1)]
    + [("data.images.test", value) for value in (16.0, 10**400, "16", None, 15)],
    ids=lambda value: f"{value!r:.40}",
)
def test_figures_that_contradict_the_record_are_set_aside(tmp_path, place, value, told):
    sound = record(**MEASURED)
    assert RunRecord.from_json(sound.to_json()) == sound
    content = json.loads(sound.to_json())
    put(content, place, value)
    del content["checksum"]
    if told:  # as a program would that makes records
        content["checksum"] = checksum(content)
    set_aside(Store(tmp_path), json.dumps(content).encode())


def test_an_accuracy_of_the_canonical_mnist_counts_its_images(tmp_path):
    """Records of before the number of images was in them."""
    data = {"name": "mnist", "digest": DIGEST, "canonical": True}
    for accuracy, sound in ((0.9731, True), (0.97313, False)):
        content = json.loads(record(data=data, metrics={"test_accuracy": accuracy}).to_json())
        content.pop("checksum")
        text = json.dumps(content)
        if sound:
            assert RunRecord.from_json(text).metrics["test_accuracy"] == accuracy
        else:
            with pytest.raises(StoreError, match=r"0\.97313 is no whole number of 10,000 images"):
                RunRecord.from_json(text)


def test_a_plausible_figure_that_was_altered_is_noticed(tmp_path):
    content = json.loads(record().to_json())
    content["seconds"] = 1.25
    aside = set_aside(Store(tmp_path), json.dumps(content).encode())
    content["checksum"] = checksum({k: v for k, v in content.items() if k != "checksum"})
    aside.with_name("seed-3.json").write_text(json.dumps(content))
    assert load(Store(tmp_path)).seconds == 1.25


PATIENT = EXPERIMENT.change(epochs=9, patience=2)


def stopped(losses, best, experiment=PATIENT, **changes):
    """The record of a run with these validation losses."""
    end = best - 1 if experiment.fit.restores else -1
    metrics = {"test_accuracy": 0.9375, "val_loss": losses[end], "best_epoch": best}
    metrics["best_val_loss"] = losses[best - 1]
    return record(experiment=experiment, history={"val_loss": losses}, metrics=metrics, **changes)


def test_a_history_ends_where_patience_ran_out():
    for losses, best in (([3, 2, 2, 4], 2), ([9, 8, 7, 6, 5, 4, 3, 2, 1], 9)):
        made = stopped(losses, best)
        assert RunRecord.from_json(made.to_json()) == made
    best = stopped([3, 2, 2, 4], 2, PATIENT.change(restore_best=True))
    assert RunRecord.from_json(best.to_json()).metrics["val_loss"] == 2
    assert (best.epochs, best.share) == (4, 4 / 9)
    assert stopped([3, 2], 2, EXPERIMENT).share == 1


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (stopped([3, 2, 2], 2), "of 9 epochs"),
        (stopped([3, 2, 2, 4], 2, PATIENT.change(patience=0)), "of 9 epochs"),
        (stopped([3, 2, 2, 4, 5], 2), "of 4 epochs"),
        (stopped([3, 2, 2, 4, 5], 2, status="diverged"), "of 4 epochs"),
        (stopped([3, 2, 2, 4, 5, 1, 2, 3, 4], 6, PATIENT.change(patience=3)), "of 5 epochs"),
        (
            dataclasses.replace(
                stopped([3, 2, 2, 4], 2), experiment=PATIENT.change(restore_best=True)
            ),
            "last epoch's val_loss",
        ),
    ],
)
def test_a_history_that_patience_would_not_have_left_is_refused(made, told):
    with pytest.raises(StoreError, match=told):
        RunRecord.from_json(made.to_json())


def test_a_diverged_run_s_history_ends_early():
    metrics, history = {"train_loss": math.nan}, {"train_loss": [math.nan]}
    assert RunRecord.from_json(
        record(status="diverged", metrics=metrics, history=history).to_json()
    )


GONE = object()


def put(content, place, value):
    *folders, name = place.split(".")
    for folder in folders:
        content = content[folder]
    if value is GONE:
        del content[name]
    else:
        content[name] = value


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("extra", 1),
        ("status", GONE),
        ("status", "done"),
        ("seed", -1),
        ("seed", 2**31),
        ("seed", True),
        ("seed", "3"),
        ("seed", 3.0),
        ("seconds", True),
        ("seconds", "1"),
        ("seconds", -1.0),
        ("seconds", math.inf),
        ("parameters", -1),
        pytest.param("parameters", 10**400, id="parameters beyond floats"),
        ("attempts", -1),
        ("metrics.test_accuracy", 1.5),
        ("metrics.test_accuracy", math.nan),
        pytest.param("metrics.train_loss", 10**400, id="loss beyond floats"),
        ("history.val_accuracy", [0.5, -0.1]),
        ("metrics", []),
        ("metrics", {}),
        ("metrics.gap", "0.1"),
        ("metrics.gap", True),
        ("history.val_loss", 1.0),
        ("history.val_loss", ["1"]),
        ("history.val_loss", {}),
        ("data.name", GONE),
        ("key", "0" * 64),
        ("key", GONE),
        ("schema", SCHEMA + 1),
        ("schema", GONE),
        ("experiment.model", GONE),
        ("experiment.model.kind", "lenet9"),
        ("experiment.model.colour", "red"),
        ("experiment.model.dropout", 1.5),
        pytest.param("experiment.model.dropout", 10**400, id="dropout beyond floats"),
        ("experiment.training.optimizer", []),
        ("experiment.training.epochs", 3),
    ],
)
def test_a_record_with_a_wrong_field_is_refused(place, value):
    text = changed(lambda content: put(content, place, value))
    with pytest.raises(StoreError, match="a run record"):
        RunRecord.from_json(text)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


@FUZZ
@given(JSON)
@example({"schema": SCHEMA})
@example({"schema": [SCHEMA]})
def test_any_json_is_refused(value):
    with pytest.raises(StoreError):
        RunRecord.from_json(json.dumps(value))


@FUZZ
@given(st.text(max_size=20))
@example("[" * 100_000)
@example("9" * 5000)
def test_any_text_is_refused(text):
    with pytest.raises(StoreError):
        RunRecord.from_json(text)


def places(content, folder=""):
    for name, value in content.items():
        yield folder + name
        if isinstance(value, dict):
            yield from places(value, f"{folder}{name}.")


@FUZZ
@given(place=st.sampled_from(sorted(places(json.loads(record().to_json())))), value=JSON)
@example(place="experiment.training.learning_rate", value=10**400)
@example(place="experiment.data.dataset", value=[])
def test_a_mutated_record_is_refused_or_sound(place, value):
    text = changed(lambda content: put(content, place, value))
    try:
        found = RunRecord.from_json(text)
    except StoreError:
        return
    assert found.key == record().key
    hash(found.experiment)
    assert RunRecord.from_json(found.to_json()).to_json() == found.to_json()


# The store


def test_save_and_load(tmp_path):
    store = Store(tmp_path / "runs")
    assert load(store) is None
    path = store.save(record())
    assert path == store.path(EXPERIMENT, DIGEST, 3)
    assert path.name == "seed-3.json"
    assert path.parent.name.startswith("mlp_width-64_epochs-2-")
    for _ in range(3):
        assert load(store) == record()
    assert load(store, seed=4) is None
    assert store.load(EXPERIMENT, "e" * 64, 3) is None
    other = EXPERIMENT.change(shape=(8, 8))
    assert store.load(other, DIGEST, 3) == record(experiment=other)
    assert store.set_aside == []
    assert list(path.parent.iterdir()) == [path]


def test_a_run_is_found_by_whoever_asks_with_another_choice_that_decides_nothing(tmp_path):
    store, asked = Store(tmp_path), EXPERIMENT.change(restore_best=True)
    store.save(record(experiment=asked))
    assert store.load(asked, DIGEST, 3).experiment == asked
    found = store.load(EXPERIMENT, DIGEST, 3)
    assert found.experiment == EXPERIMENT != asked and not store.set_aside
    assert found == record()


def test_records_in_order_of_path(tmp_path):
    store = Store(tmp_path)
    assert list(store.records()) == []
    for seed in (2, 0, 1):
        store.save(record(seed))
    torn = store.path(EXPERIMENT, DIGEST, 1)
    torn.write_text(record(1).to_json()[:50])
    assert [found.seed for found in store.records()] == [0, 2]
    assert str(torn) in store.set_aside[0]


def test_saving_again_replaces(tmp_path):
    store = Store(tmp_path)
    store.save(record(status="failed", reason="no memory"))
    path = store.save(record())
    assert load(store) == record()
    assert list(path.parent.iterdir()) == [path]


def test_what_a_killed_writer_left_is_removed_when_its_record_is_stored(tmp_path):
    store = Store(tmp_path)
    folder = store.path(EXPERIMENT, DIGEST, 3).parent
    folder.mkdir(parents=True)
    left, other = (folder / f".seed-{seed}.json.partial" for seed in (3, 4))
    for partial in (left, other):
        partial.mkdir()
        (partial / "0123abcd").write_text(record().to_json()[:100])
    assert load(store) is None
    assert list(store.records()) == []
    assert left.exists(), "a reader touches nothing"
    path = store.save(record())
    assert sorted(folder.iterdir()) == sorted([path, other])


def test_a_writer_whose_partial_file_is_taken_writes_again(tmp_path, monkeypatch):
    taken, replace = [], os.replace

    def take_the_first(partial, path):
        if not taken:
            taken.append(partial)
            shutil.rmtree(partial.parent)
        replace(partial, path)

    monkeypatch.setattr(os, "replace", take_the_first)
    store = Store(tmp_path)
    path = store.save(record())
    assert load(store) == record()
    assert list(path.parent.iterdir()) == [path]
    assert len(taken) == 1


def test_a_write_looks_at_no_other_record(tmp_path, monkeypatch):
    """Else a study's time would grow with the square of its runs."""
    store, looked = Store(tmp_path), []
    path = store.save(record())

    def watched(function):
        return lambda folder=".": looked.append(folder) or function(folder)

    for name in ("listdir", "scandir"):
        monkeypatch.setattr(os, name, watched(getattr(os, name)))
    store.save(record(seed=4))
    monkeypatch.undo()
    listed = [str(folder) for folder in looked if isinstance(folder, (str, os.PathLike))]
    assert looked, "what killed writers left is looked for"
    assert str(path.parent) not in listed


def test_a_write_that_is_interrupted_leaves_nothing(tmp_path, monkeypatch):
    def interrupted(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    store = Store(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        store.save(record())
    assert not list(store.path(EXPERIMENT, DIGEST, 3).parent.iterdir())


def test_torn_at_every_byte(tmp_path):
    store = Store(tmp_path)
    whole = record().to_json().encode()
    for length in range(len(whole) - 1):  # all but the last line feed is whole JSON
        set_aside(store, whole[:length]).unlink()
    store.save(record())
    assert load(store) == record()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b'{"loss": 1}', id="foreign JSON"),
        pytest.param(b"[]", id="list"),
        pytest.param(b"null", id="null"),
        pytest.param(b"\x00\xff\xfe binary \x80", id="binary"),
        pytest.param(bytes(500), id="zeros"),
        pytest.param(changed(lambda c: c.update(schema=SCHEMA + 1)).encode(), id="future schema"),
        pytest.param(changed(lambda c: c.update(extra=1)).encode(), id="unknown field"),
        pytest.param(
            changed(lambda c: c["experiment"]["model"].update(dropout=10**400)).encode(),
            id="number beyond floats",
        ),
        pytest.param(
            changed(lambda c: c["data"].update(canonical=math.nan)).encode(), id="not a number"
        ),
        pytest.param(record(seed=4).to_json().encode(), id="another seed"),
        pytest.param(record(digest="e" * 64).to_json().encode(), id="other data"),
        pytest.param(
            record(experiment=EXPERIMENT.change(width=65)).to_json().encode(),
            id="another experiment",
        ),
    ],
)
def test_what_is_not_the_record_is_set_aside(tmp_path, content):
    store = Store(tmp_path)
    store.save(record(seed=5, experiment=EXPERIMENT.change(width=32)))
    set_aside(store, content)
    assert len(list(store.records())) == 1


def test_nothing_set_aside_is_overwritten(tmp_path):
    store = Store(tmp_path)
    path = store.save(record())
    for number in (1, 2, 3):
        path.write_text(f"torn {number}")
        assert load(store) is None
    asides = sorted(path.parent.iterdir())
    assert [aside.name for aside in asides] == [f"seed-3.set-aside-{n}" for n in (1, 2, 3)]
    assert [aside.read_text() for aside in asides] == ["torn 1", "torn 2", "torn 3"]


def test_a_folder_in_the_record_s_place(tmp_path):
    store = Store(tmp_path)
    path = store.path(EXPERIMENT, DIGEST, 3)
    path.mkdir(parents=True)
    with pytest.raises(StoreError, match=r"seed-3\.json must be readable"):
        load(store)
    with pytest.raises(StoreError, match=r"seed-3\.json must be written"):
        store.save(record())
    assert list(path.parent.iterdir()) == [path]


def test_a_root_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("mine")
    store = Store(tmp_path / "file" / "runs")
    assert load(store) is None
    with pytest.raises(StoreError) as caught:
        store.save(record())
    assert str(store.root) in str(caught.value)
    assert "--runs" in str(caught.value)
    assert (tmp_path / "file").read_text() == "mine"


def run(code, *arguments):
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_a_full_disk(tmp_path):
    store = Store(tmp_path)
    path = store.save(record())
    before = path.read_bytes()
    (tmp_path / "new.json").write_text(
        dataclasses.replace(record(), reason="x" * 5000, status="failed").to_json()
    )
    process = run(
        """
        import resource, sys
        from keras_mnist.base.errors import StoreError
        from keras_mnist.runs import RunRecord, Store

        new = RunRecord.from_json(open(sys.argv[1] + "/new.json").read())
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
        try:
            Store(sys.argv[1]).save(new)
        except StoreError as error:
            print(error)
        """,
        tmp_path,
    )
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert f"{path} must be written" in said
    assert "File too large" in said
    assert "--runs" in said
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]
    assert load(store) == record()


def test_two_writers_and_a_reader(tmp_path):
    store = Store(tmp_path)
    text = record().to_json()
    writers = [
        run(
            """
            import dataclasses, sys
            from keras_mnist.runs import RunRecord, Store

            record = RunRecord.from_json(sys.stdin.read())
            for number in range(150):
                reason = sys.argv[2] * (number * 100)
                Store(sys.argv[1]).save(dataclasses.replace(record, reason=reason))
            """,
            tmp_path,
            letter,
        )
        for letter in "ab"
    ]
    for writer in writers:
        writer.stdin.write(text)
        writer.stdin.close()
    seen = set()
    while any(writer.poll() is None for writer in writers):
        found = load(store)
        if found is not None:
            assert len(set(found.reason)) <= 1
            seen.add(found.reason)
    assert [writer.returncode for writer in writers] == [0, 0]
    for writer in writers:
        writer.stdout.close()
    assert len(seen) > 1
    assert store.set_aside == []
    path = store.path(EXPERIMENT, DIGEST, 3)
    assert list(path.parent.iterdir()) == [path]
    assert load(store).reason in ("a" * 14_900, "b" * 14_900)


@pytest.mark.parametrize("names", ["abc", [1, 2, 3], ["a", "b"], {"a": 1}])
def test_class_names_are_texts_as_many_as_the_classes(names):
    experiment = Experiment().change(classes=3)
    about = {"name": "mine", "digest": "x", "canonical": False}
    sound = RunRecord(experiment, 0, about | {"class_names": ["a", "b", "c"]}, "failed", "why")
    assert RunRecord.from_json(sound.to_json()).data["class_names"] == ["a", "b", "c"]
    with pytest.raises(StoreError, match="must have a record's fields"):
        RunRecord.from_json(
            RunRecord(experiment, 0, about | {"class_names": names}, "failed").to_json()
        )
