"""Whether an experiment and a data set go together, found before anything is trained."""

from keras_mnist.base.errors import ExperimentError
from keras_mnist.experiment.augmentation import Augmentation
from keras_mnist.experiment.split import LEVELS, WHOLE, Data
from keras_mnist.networks.layers import Channels, Conv, Pool

# How improbable it must be that examples in a random order leave the classes so: once in a
# thousand data sets the remedy is asked for in vain, and does no harm.
CHANCE = 1e-3


def fitting(experiment, dataset):
    """Return an experiment, which has a data set's shape and values, as it can be run on it.

    Args:
        experiment: with what the data set says of its examples.
        dataset: a `Dataset`.

    Raises:
        ExperimentError: the examples are none that the network, the pixels or the augmentation
            take; or the held-out part leaves a class untrained or unvalidated.
    """
    _require_pixels(experiment)
    _require_layers(experiment)
    require_every_class(experiment.data, dataset.y_train, dataset.class_names)
    return experiment


def _require_pixels(experiment) -> None:
    data = experiment.data
    images = data.values == LEVELS and len(data.shape) in (2, 3)
    if experiment.augmentation != Augmentation() and not images:
        raise ExperimentError(
            "augmentation must have images to change, (height, width) or (height, width, "
            "channels), uint8 from 0 to 255",
            f"{data.values} of shape {data.shape}",
            "Leave it out: --no-augmentation, or shift, rotation and blur 0",
        )
    if experiment.pixels.side is not None and not (images and len(data.shape) == 2):
        raise ExperimentError(
            "side must have grey images to resize, (height, width), uint8 from 0 to 255",
            f"{data.values} of shape {data.shape}",
            "Leave it out, or resize them before",
        )
    if experiment.pixels.made_symmetric and data.values != LEVELS:
        raise ExperimentError(
            "symmetric must have levels, uint8 from 0 to 255",
            f"{data.values} of shape {data.shape}",
            "Leave it out; normalize centres any quantities",
        )
    if experiment.pixels.normalize and data.values == WHOLE:
        raise ExperimentError(
            "normalize must have quantities, whose mean means something",
            "whole numbers, taken for names of things as an Embedding does",
            "Leave it out, or convert them if they are quantities: x.astype('float32')",
        )


def _require_layers(experiment) -> None:
    """Go through the network with the shape of an example, as training will."""
    shape = experiment.shape
    for layer in experiment.layers:
        if isinstance(layer, (Channels, Conv, Pool)) and len(shape) not in (2, 3):
            raise ExperimentError(
                f"{experiment.kind} must be given images, (height, width) or (height, width, "
                "channels)",
                f"examples of shape {shape}",
                "Take a network without convolutions, such as --model mlp",
            )
        outputs = layer.outputs(shape)
        if min(outputs) < 1:
            raise ExperimentError(
                f"{experiment.kind} must be given images large enough for its layers",
                f"{experiment.shape}, of which {layer.name} makes {outputs}",
                "Take larger images, or a network without convolutions, such as --model mlp",
            )
        shape = outputs


def require_every_class(data: Data, labels, names: tuple[str, ...] = ()) -> None:
    """Check that the held-out part, the last one, shows the classes that the rest shows.

    A class of few examples may be missing by chance, and nothing is said; where the order of the
    examples is the reason, the accuracies would be of something else than they seem.

    Args:
        data: how they are split.
        labels: of the training examples, whole numbers (n,) from 0.
        names: of the classes, where they have any.

    Raises:
        ExperimentError: it does not.
    """
    import numpy as np

    train, held_out = data.split(len(labels))
    if not held_out or data.shuffle_split:
        return
    labels = np.asarray(labels, np.int64)
    total = np.bincount(labels)
    counts, others = (
        np.bincount(part, minlength=len(total))
        for part in (labels[:train], labels[train : train + held_out])
    )
    untrained, unvalidated = ((total > 0) & (part == 0) for part in (counts, others))
    # That none of so many, in a random order, is among the first ones, or among those after them.
    chances = np.where(untrained, (1 - train / len(labels)) ** total, 1.0)
    chances = np.minimum(chances, np.where(unvalidated, (1 - held_out / len(labels)) ** total, 1.0))
    classes = np.count_nonzero(total)
    grouped = np.count_nonzero(np.diff(labels)) == classes - 1 and len(labels) >= 3 * classes
    by_order = grouped and (untrained | unvalidated).any()
    if classes > 1 and (by_order or chances.min() * classes < CHANCE):
        missing = untrained if untrained.any() else unvalidated
        what = "to train on" if untrained.any() else "to validate with"
        raise ExperimentError(
            f"the last {held_out:,} of {train + held_out:,} training examples, which are held out, "
            "and those before them must both show every class",
            f"no example {what} of class {_listed(np.flatnonzero(missing), names)}, as in a file "
            "sorted by class",
            "Ask for --shuffle-split (from Python: shuffle_split=True), or shuffle the examples",
        )


def _listed(classes, names: tuple[str, ...], most: int = 5) -> str:
    called = [names[c] if names else str(c) for c in classes[:most]]
    return ", ".join(called) + (", ..." if len(classes) > most else "")
