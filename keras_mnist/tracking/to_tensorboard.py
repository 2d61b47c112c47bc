"""TensorBoard: a folder a run, with its curves, and the HParams dashboard over them."""

import contextlib
import os
import re
import shutil
from pathlib import Path

from tensorboard.plugins.hparams import api

from keras_mnist.base.backend import tf
from keras_mnist.tracking.told import Entry, Group
from keras_mnist.tracking.tracker import Tracker

_OBJECTIVES = ("test_accuracy", "val_accuracy", "val_loss")  # that the dashboard shows


class TensorBoard(Tracker):
    """`where` is the folder that `tensorboard --logdir` is given; empty: `logs`."""

    def __init__(self, where: str, group: Group):
        super().__init__(where, group)
        self._folder = Path(where or "logs")

    def known(self) -> set[str]:
        """Return the ids of those whose folders are whole."""
        return {path.name.removeprefix("run-") for path in self._folder.glob("*/*/run-*")}

    def run(self, entry: Entry) -> None:
        """Write it, in place of what was there of it."""
        folder = self._folder / _word(entry.of) / f"seed-{entry.seed}"
        shutil.rmtree(folder, ignore_errors=True)
        with self._writing_to(folder):
            about = {name: entry.about[name] for name in self.group.varied if name in entry.about}
            api.hparams(about, trial_id=entry.name)
            for metric, values in entry.curves.items():
                for epoch, value in enumerate(values, 1):
                    if value is not None:
                        tf.summary.scalar(metric, value, step=epoch)
            for metric in _OBJECTIVES:
                if metric in entry.metrics and metric not in entry.curves:
                    tf.summary.scalar(metric, entry.metrics[metric], step=entry.about["epochs"])
        (folder / f"run-{entry.id}").touch()

    def summary(self, values: dict[str, float]) -> None:
        """Write it beside what differs among the runs, in the one file of the folder itself."""
        for old in self._folder.glob("events.*"):
            old.unlink()
        params = [api.HParam(name, _domain(of)) for name, of in self.group.varied.items()]
        with self._writing_to(self._folder):
            api.hparams_config(hparams=params, metrics=[api.Metric(name) for name in _OBJECTIVES])
            for name, value in values.items():
                tf.summary.scalar(f"summary/{name}", value, step=0)

    @staticmethod
    @contextlib.contextmanager
    def _writing_to(folder: Path):
        writer = tf.summary.create_file_writer(os.fspath(folder))
        with contextlib.closing(writer), writer.as_default():
            yield


def _domain(of: dict):
    if "values" in of:
        kinds = {type(value) for value in of["values"]}
        return api.Discrete(of["values"] if len(kinds) == 1 else list(map(str, of["values"])))
    whole = isinstance(of["low"], int)
    return (api.IntInterval if whole else api.RealInterval)(of["low"], of["high"])


def _word(text: str) -> str:
    return re.sub(r"[^\w.+-]", "-", text)
