"""The interface that every tracker has, the trackers there are, and what names them."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

from keras_mnist.base.errors import ExperimentError, nearest
from keras_mnist.tracking.told import Entry, Group


class Tracker(ABC):
    """What people keep their runs in. Made, called and ended in a process of its own.

    It may raise whatever it likes: that ends it, not the study.

    Args:
        where: what stands after its name: an address, a project, a folder; empty: its own usual.
        group: of the runs that it is told of.
    """

    def __init__(self, where: str, group: Group):
        self.where, self.group = where, group

    def known(self) -> set[str]:
        """Return the ids of the group's runs that it was told of before."""
        return set()

    @abstractmethod
    def run(self, entry: Entry) -> None:
        """Take in a finished run."""

    @abstractmethod
    def summary(self, values: dict[str, float]) -> None:
        """Take in what the group's runs come to, in place of what was said of that before."""


@dataclass(frozen=True)
class Known:
    """A tracker there is.

    Attributes:
        home: its class, as module and name.
        module: that it needs, of the extra that is called like the tracker.
        quiet: variables by which it is to be brief with servers that do not answer, sends nothing
            about its own use, and prints nothing; what the person has set counts for more.
    """

    home: str
    module: str
    quiet: dict[str, str]


TRACKERS = {
    "mlflow": Known(
        "keras_mnist.tracking.to_mlflow.MLflow",
        "mlflow",
        {
            "MLFLOW_DISABLE_TELEMETRY": "true",
            "MLFLOW_HTTP_REQUEST_TIMEOUT": "10",  # seconds; its own is 120, seven times over
            "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1",
        },
    ),
    "wandb": Known(
        "keras_mnist.tracking.to_wandb.WandB",
        "wandb",
        {"WANDB_ERROR_REPORTING": "false", "WANDB_SILENT": "true"},
    ),
    "trackio": Known(
        "keras_mnist.tracking.to_trackio.Trackio", "trackio", {"HF_HUB_DISABLE_TELEMETRY": "1"}
    ),
    "tensorboard": Known(
        "keras_mnist.tracking.to_tensorboard.TensorBoard", "tensorboard.plugins.hparams.api", {}
    ),
}
PROJECT = "keras_mnist"  # where a tracker has projects and none is named


def tracker_named(text: str) -> tuple[str, str]:
    """Return the name of a tracker and what stands after it: `mlflow:URI`.

    Raises:
        ExperimentError: there is no such tracker.
    """
    name, _, where = text.partition(":")
    if name not in TRACKERS:
        raise ExperimentError(f"--track {name} must be a tracker", None, nearest(name, TRACKERS))
    return name, where
