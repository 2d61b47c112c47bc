"""What is said of a run that came out otherwise: by what it can be, and by how much."""

import dataclasses

import pytest

from keras_mnist import verify
from keras_mnist.base.backend import with_one_for_all
from keras_mnist.experiment import Experiment
from keras_mnist.runs import RunRecord
from keras_mnist.runs.verification import Verification
from keras_mnist.training.environment import environment

HERE = {"tensorflow": "2.21.0", "python": "3.11.7", "processor": "X", "instructions": "avx2 fma"}


@pytest.fixture
def stored():
    return RunRecord(
        experiment=Experiment(),
        seed=0,
        data={"name": "made up", "digest": "00"},
        status="completed",
        metrics={"test_accuracy": 0.98, "test_loss": 0.1, "gap": None},
        weights_sha256="0" * 64,
        parameters=10,
        environment=HERE,
    )


def again(stored, **environment):
    metrics = {**stored.metrics, "test_accuracy": 0.9775, "gap": 0.5}
    changes = {"weights_sha256": "1" * 64, "metrics": metrics}
    return dataclasses.replace(stored, environment=HERE | environment, **changes)


@pytest.mark.parametrize("harmless", [{}, {"python": "3.13.0"}, {"processor": "Y", "family": "Z"}])
def test_other_weights_without_a_cause_are_not_to_be_expected(stored, harmless):
    found = Verification(stored, again(stored, **harmless))
    assert len(found.differences) == len(harmless)
    assert found.causes == []
    assert "not to be expected: nothing differs that can change weights" in verify._told(found)


@pytest.mark.parametrize("name", ["tensorflow", "instructions", "variables", "a future entry"])
def test_what_can_be_why_is_named(stored, name):
    found = Verification(stored, again(stored, **{name: "other"}))
    then = HERE.get(name, "unknown")
    told = f"{name} {then} then, other now"
    assert found.causes == [told]
    assert f"to be expected, by any of: {told}. Moved: " in verify._told(found)


def test_by_how_much_the_figures_moved(stored):
    found = Verification(stored, again(stored))
    assert found.moved == ["test_accuracy -0.0025", "test_loss +0"]
    assert verify._told(found).endswith("Moved: test_accuracy -0.0025, test_loss +0")


def test_variables_that_choose_code_are_recorded(monkeypatch):
    changing = ("TF_ONEDNN_ASSUME_FROZEN_WEIGHTS", "TF_SET_ONEDNN_FPMATH_MODE", "GLIBC_TUNABLES")
    others = ("ONEDNN_VERBOSE", "TF_CLI_FILE", "TF_TOKEN_example_com")  # the last: another tool's
    for name in ("ONEDNN_MAX_CPU_ISA", "TF_DETERMINISTIC_OPS", *changing, *others):
        monkeypatch.setenv(name, "1")
    found = environment()
    assert "ONEDNN_MAX_CPU_ISA=1 TF_DETERMINISTIC_OPS=1" in found["variables"]
    assert all(f"{name}=1" in found["variables"] for name in changing)
    assert not any(name in found["variables"] for name in others)
    assert found["family"] and found["instructions"]


def test_entries_of_a_record_from_anywhere_are_shown_in_one_line(stored):
    odd = {"a b": "x\nsame weights\x1b]0;t\x07", "\ud800": "y", "python x": "z" * 10_000}
    found = Verification(stored, again(stored, **odd))
    told = verify._told(found)
    assert told.isprintable() and len(told) < 2000
    assert len(found.causes) == 3


@pytest.mark.parametrize("status, reason", [("failed", "no memory"), ("completed", "")])
def test_a_record_without_weights_is_no_evidence(stored, status, reason):
    bare = dataclasses.replace(stored, weights_sha256="", status=status, reason=reason)
    told = verify._told(Verification(bare, again(stored)))
    assert told.startswith("nothing to compare with: mlp, seed 0: the record is " + status)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("", "--xla_cpu_max_isa=AVX2"),
        ("--a=1 --b", "--a=1 --b --xla_cpu_max_isa=AVX2"),
        ("--a --xla_cpu_max_isa=AVX2", "--a --xla_cpu_max_isa=AVX2"),
        ("no such file", "no such file"),
    ],
)
def test_a_person_s_own_flags_for_xla_stay(asked, expected):
    assert with_one_for_all(asked).split() == expected.split()


def test_flags_for_xla_may_stand_in_a_file(tmp_path):
    (tmp_path / "flags.txt").write_text("--a=1\n--b\n")
    found = with_one_for_all(str(tmp_path / "flags.txt"))
    assert found.split() == ["--a=1", "--b", "--xla_cpu_max_isa=AVX2"]
