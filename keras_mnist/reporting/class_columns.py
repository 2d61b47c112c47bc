"""How each variant does by class, as a table: for data whose classes are of uneven sizes."""

import numpy as np

from keras_mnist.analysis.classes import uneven
from keras_mnist.analysis.intervals import Summary, summarize
from keras_mnist.documents.judging.findings import Findings
from keras_mnist.experiment.study import Variant
from keras_mnist.reporting import wording
from keras_mnist.reporting.columns import Column

_METRIC = "test_accuracy"  # whose unit and decimals these measures share
_MEASURES = {"balanced_accuracy": "balanced accuracy %", "macro_f1": "macro-F1 %"}
CLASS_NOTE = (
    "The classes are of uneven sizes, so accuracy is mostly that of the large ones. Balanced "
    "accuracy: the mean over classes of the share that is right; macro-F1: the mean over classes "
    "of F1, which also falls where a class is said too often. Mean ± standard deviation over runs."
)


def shows_classes(result: Findings) -> bool:
    """Return whether a table by class tells more than the accuracy does."""
    return bool(result.images.by_class and result.images.test and uneven(result.images.test[1]))


def class_columns(result: Findings) -> list[Column]:
    """Return the columns of that table; a row is a variant."""

    def summary(variant: Variant, measure: str) -> Summary:
        runs = result.images.by_class.get(variant.name, {}).values()
        return summarize([getattr(run, measure) for run in runs])

    def measured(measure: str, heading: str) -> Column:
        return Column(
            measure,
            heading,
            lambda variant: wording.spread(_METRIC, summary(variant, measure)),
            lambda variant: summary(variant, measure).mean,
        )

    def confused(variant: Variant) -> str:
        counts = _confusion(result, variant)
        if counts is None or not (wrong := counts - np.diag(counts.diagonal())).any():
            return "–"
        label, said = divmod(int(wrong.argmax()), len(wrong))
        share = wrong[label, said] / counts[label].sum()
        return (
            f"{result.images.class_name(label)}, said {result.images.class_name(said)}: {share:.1%}"
        )

    return [
        Column("variant", "variant", lambda variant: variant.name),
        *(measured(*measure) for measure in _MEASURES.items()),
        Column("confused", "most confused", confused),
    ]


def classes_data(result: Findings, variant: Variant) -> dict | None:
    """Return how a variant does by class, as plain data; `None` where that is not known.

    The confusion is the mean over runs: images of a class (row), said to be another (column).
    """
    counts = _confusion(result, variant)
    if counts is None:
        return None
    runs = result.images.by_class[variant.name]
    return {
        "confusion": counts.tolist(),
        "by_seed": [
            {"seed": seed, **{measure: getattr(run, measure) for measure in _MEASURES}}
            for seed, run in runs.items()
        ],
    }


def _confusion(result: Findings, variant: Variant) -> "np.ndarray | None":
    runs = result.images.by_class.get(variant.name, {})
    return np.mean([run.confusion for run in runs.values()], axis=0) if runs else None
