"""What a study measured, and so what its tables and figures show.

What held images out has a validation loss and a gap; what did not has a test loss after every
epoch. A study of both kinds shows both.
"""

from typing import TYPE_CHECKING

from keras_mnist.base.metrics import COMPARED, SPLITS

if TYPE_CHECKING:
    from keras_mnist.documents.judging.findings import Findings

# By what was measured after every epoch; more than test accuracy, which every run has.
_RESULTS = {"val": ("val_loss", "gap"), "test": ("test_loss",)}


def result_metrics(experiments) -> list[str]:
    """Return the metrics that a table of these experiments shows."""
    watched = {experiment.data.watched for experiment in experiments}
    others = (metric for split in SPLITS if split in watched for metric in _RESULTS[split])
    return ["train_loss", *others, "test_accuracy"]


def effect_metrics(result: "Findings") -> list[str]:
    """Return the metrics on which a study's effects are shown: none that no pair of runs has.

    Where a question was asked, its own alone: what stopped the seeds tells nothing of the others.
    """
    if result.question:
        return [result.question.metric]
    return result.study.compared


def compared_metrics() -> list[str]:
    """Return all metrics on which effects may be shown."""
    return ["test_accuracy", *COMPARED.values()]


def held_out_words(experiments) -> str:
    """Return what a legend calls the curve of images that trained nothing."""
    watched = {experiment.data.watched for experiment in experiments}
    if len(watched) > 1:
        return f"{SPLITS['test']} ({SPLITS['val']} where there is some)"
    return SPLITS[watched.pop()]
