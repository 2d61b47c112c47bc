"""What makes a Dask worker a bad one: `dask worker --preload bad_worker.py`, with `FAULT` set."""

import os
import pickle
from dataclasses import replace

from distributed import get_worker
from distributed.protocol.serialize import ToPickle

from keras_mnist.runs.executors import station
from keras_mnist.runs.executors.worker import Worker

TAKE_UP, CALL = station.take_up, Worker.call
NOTES = "NOTES"  # names the file in which each process that unpickles an `Evil` notes itself
CODE = f"import os; open({os.environ.get(NOTES)!r}, 'a').write(f'{{os.getpid()}}\\n')"


class Evil:
    def __reduce__(self):
        return exec, (CODE,)


class EvilError(Exception):
    def __reduce__(self):  # Dask tries it, and wants an exception
        return eval, (f"[exec({CODE!r}), Exception()][1]",)


def raise_evil(*arguments, **named):
    raise EvilError


def answering(kind):
    """Return a `take_up` whose event holds an object, said to be one or in its bytes."""

    def take_up(name, number, *task):
        for what in (ToPickle(Evil()), pickle.dumps(Evil())):
            told = {"kind": kind, "number": number, "text": what, "values": {"loss": what}}
            event = {"op": "log-event", "topic": name, "msg": told}
            worker = get_worker()
            worker.loop.add_callback(worker.batched_send, event)

    return take_up


def warning(*args):
    packed = pickle.dumps(Evil())
    get_worker().log_event("warn", {"message": packed, "category": packed})
    return TAKE_UP(*args)


def found(dask_worker):
    return Evil()


def found_error(dask_worker):
    raise EvilError


# What seed 0 gets, seed 1, and so on.
EVIL = (
    lambda *args: Evil(),
    raise_evil,
    answering("returned"),
    answering("epoch"),
    warning,
)


def with_accuracy(value):
    return lambda record: replace(record, metrics=record.metrics | {"test_accuracy": value})


# The same, and what the driver says of it.
WRONG = (
    (with_accuracy(1.5), "1.5 is not from 0 to 1"),
    (with_accuracy(float("nan")), "None is not a number"),
    (lambda record: replace(record, seed=record.seed + 100), "the seed must be that of"),
    (lambda record: replace(record, data=record.data | {"digest": "0"}), "the data must be"),
    (lambda record: replace(record, experiment=record.experiment.change(width=17)), "experiment"),
    (lambda record: None, "whole JSON"),
    (lambda record: record, ""),
)


def evil_take_up(name, number, function, args, others):
    return EVIL[args[1]](name, number, function, args, others)


def wrong_call(self, function, args, on_event):
    return WRONG[args[1]][0](CALL(self, function, args, on_event))


FAULTS = {
    "evil": (station, "take_up", evil_take_up),
    "found": (station, "found", found),
    "found_error": (station, "found", found_error),
    "setup": (station.Station, "setup", raise_evil),
    "wrong": (Worker, "call", wrong_call),
}


def dask_setup(worker):
    setattr(*FAULTS[os.environ["FAULT"]])
