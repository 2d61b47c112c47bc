"""Weights & Biases: a group, a run each, and one that holds the summary."""

from typing import Any

import wandb  # pyright: ignore[reportMissingImports]

from keras_mnist.tracking.told import Entry
from keras_mnist.tracking.tracker import PROJECT, Tracker


class WandB(Tracker):
    """`where` is a project. By its ids it joins, once it has them, what it is told twice."""

    def run(self, entry: Entry) -> None:
        """Log it as a run of the group."""
        run = self._begun(entry.id, entry.name, "run", entry.about)
        for epoch in range(max(map(len, entry.curves.values()), default=0)):
            at = {name: curve[epoch] for name, curve in entry.curves.items() if epoch < len(curve)}
            run.log({name: value for name, value in at.items() if value is not None}, epoch + 1)
        run.summary.update(entry.metrics)
        run.finish(exit_code=0 if entry.completed else 1)

    def summary(self, values: dict[str, float]) -> None:
        """Keep it in a run of its own, whose job type is `summary`."""
        about = {name: str(of) for name, of in self.group.varied.items()}
        run = self._begun(self.group.id, f"{self.group.name}: summary", "summary", about)
        run.summary.update(values)
        run.finish()

    def _begun(self, key: str, name: str, kind: str, about: dict) -> Any:
        """Return a run that says nothing of this machine, its code or its terminal."""
        settings = wandb.Settings(
            console="off",
            silent=True,
            disable_code=True,
            disable_git=True,
            x_disable_meta=True,
            x_disable_stats=True,
            x_disable_machine_info=True,
            x_save_requirements=False,
            init_timeout=20,
        )
        return wandb.init(
            project=self.where or PROJECT,
            group=f"{self.group.name} {self.group.id[:6]}",
            id=key,
            name=name,
            job_type=kind,
            config=about,
            resume="allow",
            settings=settings,
        )
