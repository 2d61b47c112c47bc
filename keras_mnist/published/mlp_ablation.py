"""The MLP ablation blog: its experiments and its numbers.

Source: 001_2bef09a2c007b1dd.txt, "Mini Project : Training an MLP on MNIST".
"""

from keras_mnist.experiment import Experiment
from keras_mnist.published.source import Claim, Reading, Source

# Field changes in the document's order; its own numbering in the claims' `where`.
_CHANGES = {
    "baseline": {},
    "width 64": {"width": 64},
    "width 2048": {"width": 2048},
    "4 hidden layers": {"hidden_layers": 4},
    "0 hidden layers": {"hidden_layers": 0},
    "no dropout": {"dropout": 0.0},
    "no relu": {"activation": "linear"},
    "no rescale": {"rescale": False},
    "sgd": {"optimizer": "sgd"},
    "batch 512": {"batch_size": 512},
    "batch 32": {"batch_size": 32},
    # Not in the document: the reading that its "drops sharply" has been traced to.
    "no rescale, clipped loss": {"rescale": False, "loss": "clipped"},
    "clipped loss": {"loss": "clipped"},
}

# experiment: (section, train loss, validation loss, test accuracy in %)
_NUMBERS = {
    "baseline": ("2", 0.0273, 0.0975, 97.97),
    "width 64": ("1", 0.1254, 0.1100, None),
    "width 2048": ("1", 0.0417, 0.1399, None),
    "4 hidden layers": ("2", 0.0735, 0.1569, 98.06),
    "0 hidden layers": ("2", 0.2688, 0.2663, 92.51),
    "no dropout": ("3", 0.0102, 0.1480, 97.91),
    "no relu": ("4", 0.3206, 0.2985, 91.56),
    "sgd": ("6", None, None, 93.34),
    "batch 512": ("7", None, None, 98.01),
    "batch 32": ("7", None, None, 97.59),
}


def _claims():
    for experiment, (section, train_loss, val_loss, test_accuracy) in _NUMBERS.items():
        where = f"section {section}"
        if train_loss is not None:
            yield Claim(experiment, "train_loss", train_loss, "nats", where)
            yield Claim(experiment, "val_loss", val_loss, "nats", where)
            gap = round(val_loss - train_loss, 4)  # printed there as an absolute difference
            yield Claim(experiment, "gap", gap, "nats", where)
        if test_accuracy is not None:
            yield Claim(experiment, "test_accuracy", test_accuracy, "%", where)


SOURCE = Source(
    name="mlp_ablation",
    document="001_2bef09a2c007b1dd.txt",
    title="Mini Project : Training an MLP on MNIST",
    baseline=Experiment(),
    changes=_CHANGES,
    claims=tuple(_claims()),
    readings=(
        Reading(
            "RMSprop of Keras 2",
            instead_of={"optimizer": "rmsprop"},
            changes={"optimizer": "rmsprop_keras2"},
            why="standalone Keras up to 2.3 added epsilon to the root of the mean square, today's "
            "adds it under the root",
        ),
    ),
    assumptions=(
        "10 epochs",
        "a width of 512, as in the notebook it edits, where its text says 518",
        "the figures are those of the last epoch",
    ),
)
