"""A search as TensorBoard shows it: every run's curves, and the HParams dashboard over them."""

import contextlib
import os
import shutil
from pathlib import Path

from keras_mnist.base import extras
from keras_mnist.base.ranges import Range
from keras_mnist.runs.trial import Trial
from tuner.trials import Setting


class Logs:
    """Writes a search's runs below a folder, one folder a run.

    Args:
        folder: what `tensorboard --logdir` is given.
        setting: of the search.

    Raises:
        ExperimentError: the package `tensorboard` is not installed.
    """

    def __init__(self, folder: Path | str, setting: Setting):
        self._api = extras.load("tensorboard.plugins.hparams.api", "tensorboard", "--tensorboard")
        self._folder, self._setting = Path(folder), setting

    def _describe(self) -> None:
        api = self._api
        fields = [
            api.HParam(name, self._domain(span))
            for name, span in self._setting.space.fields.items()
        ]
        metrics = [api.Metric(self._setting.objective)]
        with self._writing_to(self._folder):
            api.hparams_config(hparams=fields, metrics=metrics)

    def _domain(self, span):
        if isinstance(span, Range):
            whole = isinstance(span.low, int)
            kind = self._api.IntInterval if whole else self._api.RealInterval
            return kind(span.low, span.high)
        return self._api.Discrete(list(span.values))

    def write(self, trial: Trial) -> None:
        """Write a finished trial's runs, in place of what was there of it."""
        import tensorflow as tf

        shutil.rmtree(self._of(trial), ignore_errors=True)
        for record in self._setting.records(trial.experiment):
            with self._writing_to(self._of(trial) / f"seed-{record.seed}"):
                self._api.hparams(trial.values, trial_id=f"trial {trial.number}")
                for metric, values in record.history.items():
                    for epoch, value in enumerate(values, 1):
                        if value is not None:
                            tf.summary.scalar(metric, value, step=epoch)

    def complete(self, trials: list[Trial]) -> None:
        """Write what is searched, and those trials that are not there: ended by an earlier call."""
        if not any(self._folder.glob("events.*")):
            self._describe()
        for trial in trials:
            if not self._of(trial).exists():
                self.write(trial)

    def _of(self, trial: Trial) -> Path:
        return self._folder / f"trial-{trial.number}"

    @staticmethod
    @contextlib.contextmanager
    def _writing_to(folder: Path):
        import tensorflow as tf

        writer = tf.summary.create_file_writer(os.fspath(folder))
        with contextlib.closing(writer), writer.as_default():
            yield
