"""The tanh and softmax report: LeNet-5, a deep narrow MLP, a regularized LeNet-5, 10 epochs.

Source: 003_dc70e8b9d719b7ce.txt, "MNIST classification assignment".

Its losses are impossible as they stand (0.0461 at 98.97 %). The softmax output went into a
cross-entropy that applies softmax again, whose least value is ln(1 + 9/e) = 1.4612; and the mean
losses of the batches were summed and divided by the number of images, not of batches. Training has
1,875 batches for 60,000 images, a factor of 32; the test set has 313 for 10,000, the last of them
half full, a factor of 31.95: at chance the two losses are ln 10 / 32 = 0.0720 and ln 10 / 31.95 =
0.0721, which is what the custom model's first epoch shows.
"""

from keras_mnist.documents.claims import Count, Number, Statement, Time
from keras_mnist.documents.course import COURSE, KERAS_INIT, RAW_PIXELS
from keras_mnist.documents.document import Contrast, Document, Highlight, Reading
from keras_mnist.documents.quantities import At, Part
from keras_mnist.networks import CustomMLP, LeNet

_CUSTOM = CustomMLP((64, 64, 64, 32, 16, 16, 10), activation="relu", dropout=0.5)
_REGULARIZED = {
    "activation": "relu",
    "pool": "max",
    "dropout": 0.5,
    "dropout_after": "everywhere",
    "weight_decay": 0.001,
}
_ONCE = {"loss": "crossentropy"}

_CHANGES = {
    "LeNet-5": {},
    "Custom": {"network": _CUSTOM},
    "Regularized": _REGULARIZED,
    # Proposed in the document's section 3.
    "Regularized, 30 epochs": {**_REGULARIZED, "epochs": 30},
    # Not in the document: what the second softmax and the dropout cost.
    "LeNet-5, softmax once": _ONCE,
    "Custom, softmax once": {"network": _CUSTOM, **_ONCE},
    "Regularized, softmax once": {**_REGULARIZED, **_ONCE},
    "Custom without dropout": {"network": CustomMLP(_CUSTOM.widths, activation="relu")},
}

_BATCHES = {"train": 60_000 / 1875, "test": 10_000 / 313}
# experiment: train accuracy, train loss, test accuracy, test loss, epochs 1 to 10
_SERIES = {
    "LeNet-5": (
        (0.7111, 0.9439, 0.9715, 0.9783, 0.9819, 0.9842, 0.9858, 0.9870, 0.9882, 0.9897),
        (0.0558, 0.0477, 0.0467, 0.0465, 0.0463, 0.0462, 0.0462, 0.0461, 0.0461, 0.0461),
        (0.8653, 0.9664, 0.9747, 0.9796, 0.9803, 0.9796, 0.9823, 0.9823, 0.9810, 0.9856),
        (0.0501, 0.0470, 0.0467, 0.0465, 0.0464, 0.0465, 0.0464, 0.0464, 0.0464, 0.0464),
    ),
    "Custom": (
        (0.0996, 0.1110, 0.1190, 0.1978, 0.2384, 0.2771, 0.2829, 0.2885, 0.2879, 0.2859),
        (0.0720, 0.0719, 0.0719, 0.0699, 0.0689, 0.0681, 0.0677, 0.0670, 0.0671, 0.0674),
        (0.1135, 0.1135, 0.2094, 0.2109, 0.3001, 0.3042, 0.3001, 0.3061, 0.2148, 0.2983),
        (0.0721, 0.0720, 0.0712, 0.0693, 0.0680, 0.0672, 0.0678, 0.0664, 0.0676, 0.0666),
    ),
    "Regularized": (
        (0.4493, 0.6832, 0.7287, 0.7854, 0.8000, 0.8326, 0.8657, 0.8724, 0.8831, 0.8824),
        (0.0626, 0.0555, 0.0541, 0.0524, 0.0519, 0.0509, 0.0499, 0.0497, 0.0494, 0.0494),
        (0.7414, 0.7582, 0.8437, 0.8556, 0.8637, 0.9401, 0.9465, 0.9523, 0.9540, 0.9573),
        (0.0538, 0.0532, 0.0506, 0.0502, 0.0500, 0.0476, 0.0474, 0.0472, 0.0472, 0.0471),
    ),
}
_COLUMNS = (
    ("train_accuracy", "share", 1.0),
    ("train_loss", "nats", _BATCHES["train"]),
    ("test_accuracy", "share", 1.0),
    ("test_loss", "nats", _BATCHES["test"]),
)
_SECONDS = {
    "LeNet-5": (1279.52, "section 1 (1)"),
    "Custom": (1209.29, "section 1 (2)"),
    "Regularized": (1470.43, "section 4 (1)"),
}
# Layer by layer, in the order of the network's own.
_LAYERS = {
    "LeNet-5": {"c1": 156, "c3": 2416, "c5": 48_120, "f6": 10_164, "digit": 850},
    "Custom": {
        **{f"hidden_{i}": n for i, n in enumerate((50_240, 4160, 4160, 2080, 528, 272, 170), 1)},
        "digit": 110,
    },
}


def _numbers():
    for section, (experiment, columns) in enumerate(_SERIES.items(), 1):
        where = f"section 2 ({section})"
        for (metric, unit, scale), values in zip(_COLUMNS, columns, strict=True):
            for epoch, value in enumerate(values, 1):
                when = "last" if epoch == len(values) else epoch
                yield Number(experiment, metric, value, unit, where, when, scale=scale)


def _counts():
    for section, (experiment, total) in enumerate({"LeNet-5": 61_706, "Custom": 61_720}.items(), 1):
        where = f"section 1 ({section})"
        for layer, value in _LAYERS[experiment].items():
            yield Count(experiment, value, where, layers=(layer,))
        yield Count(experiment, total, where)
        yield Count(experiment, 2 * total, where, times=2)
    yield Count("Regularized", 61_706, "section 4 (1)")
    yield Count("Regularized", 123_412, "section 4 (1)", times=2)


def _compared(metric: str, most: str):
    return tuple(Part(At(most, metric), At(other, metric)) for other in _SERIES if other != most)


def _statements():
    where = "section 3"
    for split in ("train", "test"):
        yield Statement(
            f"highest {split} loss",
            f"the custom model's {split} loss is the highest",
            where,
            _compared(f"{split}_loss", "Custom"),
        )
        yield Statement(
            f"highest {split} accuracy",
            f"LeNet-5's {split} accuracy is the highest",
            where,
            _compared(f"{split}_accuracy", "LeNet-5"),
        )
        long = "Regularized, 30 epochs"
        yield Statement(
            f"{split} loss would fall",
            f"with more epochs the regularized model's {split} loss falls (here: 30 for 10)",
            where,
            (Part(At("Regularized", f"{split}_loss"), At(long, f"{split}_loss")),),
        )
        yield Statement(
            f"{split} accuracy would rise",
            f"with more epochs the regularized model's {split} accuracy rises (here: 30 for 10)",
            where,
            (Part(At(long, f"{split}_accuracy"), At("Regularized", f"{split}_accuracy")),),
        )


DOCUMENT = Document(
    name="tanh_report",
    short="tanh report",
    file="003_dc70e8b9d719b7ce.txt",
    title="MNIST classification assignment",
    baseline=COURSE.change(
        network=LeNet(activation="tanh", pool="average"), loss="softmax_twice", batch_size=32
    ),
    changes=_CHANGES,
    claims=(
        *_counts(),
        *(Time(name, seconds, where) for name, (seconds, where) in _SECONDS.items()),
        *_numbers(),
        *_statements(),
    ),
    readings=(
        KERAS_INIT.on(*_SERIES),
        RAW_PIXELS.on(*_SERIES),
        Reading(
            "dropout on dense layers only",
            instead_of={"dropout_after": "everywhere"},
            changes={"dropout_after": "dense"},
            why="the document does not say where dropout sits",
            only=("Regularized",),
        ),
    ),
    contrasts=(
        *(
            Contrast(f"what the second softmax costs: {name}", name, f"{name}, softmax once")
            for name in _SERIES
        ),
        Contrast("what dropout 0.5 does to the custom model", "Custom", "Custom without dropout"),
    ),
    assumptions=(
        "learning rate 0.01 and momentum 0.9, the assignment's; inputs normalized",
        "dropout 0.5 in the custom model, where the document gives layers but no rate",
        "dropout in the regularized model after each pooling and each dense ReLU",
        "weight decay 0.001 as PyTorch's SGD takes it",
        "validation is the test set: its first accuracies, 0.1135, are the share of ones there",
    ),
    figures=tuple((name,) for name in _CHANGES if name != "Custom without dropout"),
    highlights=(
        Highlight(
            "The tanh report's impossible losses are softmax taken twice, summed over batches and "
            "divided by images",
            "Read so, the last training loss of LeNet-5 is {published[LeNet-5/train_loss]}, and "
            "from epoch {settled[LeNet-5 train]} on every figure of that network's training "
            "reproduces. The second softmax is no mere blemish: with it the regularized network's "
            "test accuracy is {effect[what the second softmax costs: Regularized]}.",
            ("curves", "train_loss", "LeNet-5"),
            requires={
                "LeNet-5/train_loss": "reproduced",
                "what the second softmax costs: Regularized": "lower by",
            },
        ),
    ),
    networks={"lenet5_tanh": "LeNet-5", "deep_mlp": "Custom", "lenet5_dropout": "Regularized"},
)
