"""Trackio: a group, a run each, and one that holds the summary."""

import trackio  # pyright: ignore[reportMissingImports]

from keras_mnist.tracking.told import Entry
from keras_mnist.tracking.tracker import PROJECT, Tracker

_ID = "id"  # of the settings of a run: by this it is found again


class Trackio(Tracker):
    """`where` is a project."""

    @property
    def _project(self) -> str:
        return self.where or PROJECT

    def known(self) -> set[str]:
        """Return the ids of those in the project on this machine."""
        try:
            runs = list(trackio.Api().runs(self._project))
        except ValueError:  # there is no such project yet
            return set()
        return {(run.config or {}).get(_ID, "") for run in runs}

    def run(self, entry: Entry) -> None:
        """Log it as a run of the group."""
        about = {**entry.about, _ID: entry.id, "completed": entry.completed}
        run = self._begun(f"{entry.name} ({entry.id[:6]})", about)
        for epoch in range(max(map(len, entry.curves.values()), default=0)):
            at = {name: curve[epoch] for name, curve in entry.curves.items() if epoch < len(curve)}
            run.log({name: value for name, value in at.items() if value is not None}, epoch + 1)
        run.log({f"end/{name}": value for name, value in entry.metrics.items()})
        trackio.finish()

    def summary(self, values: dict[str, float]) -> None:
        """Keep it in a run of its own; the last step is the latest."""
        run = self._begun(f"summary ({self.group.id[:6]})", {_ID: self.group.id})
        run.log(values)
        trackio.finish()

    def _begun(self, name: str, about: dict):
        return trackio.init(
            project=self._project,
            group=f"{self.group.name} {self.group.id[:6]}",
            name=name,
            config=about,
            resume="allow",
            embed=False,
            auto_log_gpu=False,
            auto_log_cpu=False,
        )
