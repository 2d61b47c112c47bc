"""MLflow: a group is a run, its runs are nested in it."""

import os
import re
from datetime import datetime

from mlflow import MlflowClient  # pyright: ignore[reportMissingImports]
from mlflow.entities import (  # pyright: ignore[reportMissingImports]
    Metric,
    Param,
    RunTag,
)

from keras_mnist.tracking.told import Entry, Group
from keras_mnist.tracking.tracker import PROJECT, Tracker

_GROUP, _RUN = "keras_mnist.group", "keras_mnist.run"  # tags: by these it is found again
_PARENT = "mlflow.parentRunId"
_METRICS, _PARAMS = 1000, 100  # that it takes at a time


class MLflow(Tracker):
    """`where` is a tracking URI; empty: MLflow's own usual."""

    def __init__(self, where: str, group: Group):
        super().__init__(where, group)
        self._client = MlflowClient(tracking_uri=where or None)
        self._experiment = self._experiment_id(os.environ.get("MLFLOW_EXPERIMENT_NAME", PROJECT))
        found = self._found(f"tags.`{_GROUP}` = '{group.id}'")
        parent = found[0].info.run_id if found else self._create(group.name, {_GROUP: group.id})
        self._parent: str = parent

    def _experiment_id(self, name: str) -> str:
        found = self._client.get_experiment_by_name(name)
        return found.experiment_id if found else self._client.create_experiment(name)

    def _found(self, which: str) -> list:
        return list(self._client.search_runs([self._experiment], which, max_results=10_000))

    def _create(self, name: str, tags: dict, start: int | None = None) -> str:
        made = self._client.create_run(self._experiment, start, tags, run_name=name)
        return made.info.run_id

    def known(self) -> set[str]:
        """Return the ids of those that are whole."""
        runs = self._found(f"tags.`{_PARENT}` = '{self._parent}'")
        return {run.data.tags[_RUN] for run in runs if run.info.status != "RUNNING"}

    def run(self, entry: Entry) -> None:
        """Log it as a run below the group's."""
        ended = _milliseconds(entry.ended)
        start = None if ended is None else ended - round(1000 * entry.seconds)
        tags = {_PARENT: self._parent, _RUN: entry.id}
        run = self._create(entry.name, tags, start)
        at = ended or 0
        metrics = [
            Metric(name, value, at, epoch)
            for name, values in entry.curves.items()
            for epoch, value in enumerate(values, 1)
            if value is not None
        ]
        last = max(map(len, entry.curves.values()), default=0)
        metrics += [Metric(name, value, at, last) for name, value in entry.metrics.items()]
        self._log(run, metrics, entry.about)
        self._client.set_terminated(run, "FINISHED" if entry.completed else "FAILED", ended)

    def summary(self, values: dict[str, float]) -> None:
        """Log it as the metrics of the group's run."""
        now = _milliseconds(datetime.now().astimezone().isoformat()) or 0
        self._log(self._parent, [Metric(_key(k), v, now, 0) for k, v in values.items()], {})
        tags = {name: str(of) for name, of in self.group.varied.items()}
        self._client.log_batch(self._parent, tags=[RunTag(_key(k), v) for k, v in tags.items()])
        self._client.set_terminated(self._parent)

    def _log(self, run: str, metrics: list[Metric], about: dict) -> None:
        params = [Param(_key(name), str(value)[:500]) for name, value in about.items()]
        for start in range(0, len(metrics), _METRICS):
            self._client.log_batch(run, metrics=metrics[start : start + _METRICS])
        for start in range(0, len(params), _PARAMS):
            self._client.log_batch(run, params=params[start : start + _PARAMS])


def _key(name: str) -> str:
    """Return a name that MLflow takes."""
    return re.sub(r"[^\w\-. :/]", "_", name)


def _milliseconds(when: str) -> int | None:
    return round(1000 * datetime.fromisoformat(when).timestamp()) if when else None
