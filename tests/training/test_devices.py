"""One run at a time for each GPU, decided without one: TensorFlow and the devices are fakes."""

import time
from types import SimpleNamespace

import pytest

import keras_mnist.training.devices as training
from keras_mnist.runs.executors import devices, local
from keras_mnist.runs.executors.local import LocalExecutor, checked_jobs


@pytest.fixture
def two_gpus(tmp_path, monkeypatch):
    for name in ("nvidia0", "nvidia1", "nvidiactl", "nvidia-uvm", "null"):
        (tmp_path / name).touch()
    monkeypatch.setattr(devices, "_DEVICES", tmp_path)
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    monkeypatch.setattr(local, "usable_cores", lambda: 16)


@pytest.mark.parametrize(
    "hidden, count",
    [(None, 2), ("", 0), ("-1", 0), ("1", 1), ("0,1", 2), ("0,-1,1", 1), ("GPU-8932f937", 1)],
)
def test_gpus_are_those_that_are_not_hidden(two_gpus, monkeypatch, hidden, count):
    if hidden is not None:
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", hidden)
    assert devices.gpus() == count
    assert checked_jobs(None) == (count or 16)
    assert checked_jobs(8) == (count or 8)
    assert checked_jobs(1) == 1


def test_without_gpus_every_core_trains(tmp_path, monkeypatch):
    monkeypatch.setattr(devices, "_DEVICES", tmp_path)
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "0,1")
    assert devices.gpus() == 0
    assert checked_jobs(5) == 5


class FakeTensorFlow:
    """Says what it was told of its devices."""

    def __init__(self, names):
        self.found = [SimpleNamespace(name=name) for name in names]
        self.visible, self.growing = list(self.found), []
        self.config = self
        self.experimental = self

    def list_physical_devices(self, kind):
        assert kind == "GPU"
        return self.found

    def set_visible_devices(self, chosen, kind):
        self.visible = chosen

    def get_visible_devices(self, kind):
        return self.visible

    def set_memory_growth(self, device, on):
        assert on
        self.growing.append(device)

    def get_device_details(self, device):
        return {"device_name": device.name}


@pytest.mark.parametrize("place, name", [(0, "A"), (1, "B"), (2, "A")])
def test_a_process_has_one_gpu_with_memory_growth_and_says_which(monkeypatch, place, name):
    fake = FakeTensorFlow(["A", "B"])
    monkeypatch.setattr(training, "tf", fake)
    training.use_device(place)
    assert [device.name for device in fake.visible] == [name]
    assert fake.growing == fake.visible
    assert training.device_name() == f"GPU {name}"


def test_without_gpus_the_record_says_cpu(monkeypatch):
    fake = FakeTensorFlow([])
    monkeypatch.setattr(training, "tf", fake)
    training.use_device(1)
    assert fake.growing == []
    assert training.device_name() == "CPU"


def test_no_two_processes_have_one_place(monkeypatch):
    """A lost process's place goes to the one that follows it."""
    busy, started = set(), []

    class Fake:
        def __init__(self, initializer, initargs, require_wanted):
            self.place, self.usable = initargs[-1], True
            started.append(self.place)

        def call(self, function, args, on_event):
            assert self.place not in busy
            busy.add(self.place)
            time.sleep(0.001)
            busy.remove(self.place)
            (self.usable,) = args
            return self.place

        def kill(self):
            pass

    monkeypatch.setattr(local, "Worker", Fake)
    with LocalExecutor(3, None, ("data",), lambda args, event: None) as three:
        futures = [three.submit(None, number % 4 > 0) for number in range(80)]
        places = [future.result() for future in futures]
    assert set(places) == set(started) == {0, 1, 2}
    assert 20 <= len(started) <= 23, "a fourth of the processes were lost"
