"""The README of a course project: LeNet-5, a linear MLP, LeNet-5 regularized.

Source: 000_9ab0130caae9d676.txt, "MNIST-Classification". Its `transforms.RandomAffine(degrees=0.15,
translate=(0.1, 0.1))` turns by at most 0.15 degrees, which moves no pixel of 32 x 32.
"""

from keras_mnist.documents.claims import Count, Number, Statement
from keras_mnist.documents.course import COURSE, KERAS_INIT
from keras_mnist.documents.document import Contrast, Document, Highlight
from keras_mnist.documents.quantities import At, Excess, Part, Spread
from keras_mnist.networks import CustomMLP, LeNet

# Images are resized to 32 x 32; C5 has no activation.
LENET5 = COURSE.change(network=LeNet(padding="valid", c5_activation=False), side=32, epochs=50)
REGULARIZED = {"batchnorm": True, "dropout": 0.3}
EARLY = 5  # what "the first epochs" are taken to be

_CHANGES = {
    "LeNet5": {},
    "CustomMLP": {"network": CustomMLP((60, 20))},
    "LeNet5_Reg": {**REGULARIZED, "shift": 0.1, "rotation": 0.15},
    # Not in the document: what its parts do.
    "CustomMLP with ReLU": {"network": CustomMLP((60, 20), activation="relu")},
    "LeNet5_Reg, shift only": {**REGULARIZED, "shift": 0.1},
    "LeNet5_Reg, rotation only": {**REGULARIZED, "rotation": 0.15},
    "LeNet5_Reg, no augmentation": REGULARIZED,
}
_ANALYSIS = "analysis of the plots, below them"


def overfits(name: str, where: str) -> list[Statement]:
    """Return what both revisions say of the plain LeNet-5's losses."""
    end, train = At(name, "test_loss"), At(name, "train_loss")
    early = At(name, "test_loss", EARLY)
    return [
        Statement(
            "train loss goes to 0",
            f"{name}: training loss converges to 0 (here: below 0.001)",
            where,
            (Part(0.001, train),),
        ),
        Statement(
            "test loss rises",
            f"{name}: test loss rises after the first epochs (here: epoch {EARLY} to the last)",
            where,
            (Part(end, early),),
        ),
        Statement(
            "overfits",
            f"{name} overfits (here: test loss rises above training loss from epoch {EARLY} on)",
            where,
            (Part(Excess(name), Excess(name, EARLY)), Part(end, train)),
        ),
    ]


def regularized(name: str, plain: str, where: str) -> list[Statement]:
    """Return what both revisions say of the regularized network, against the plain one."""

    def at(metric: str, epoch: str | int = "last", who: str = name) -> At:
        return At(who, metric, epoch)

    return [
        Statement(
            "train loss falls slowly",
            f"{name}: training loss falls slowly (here: it falls from epoch {EARLY} on and ends "
            f"above {plain}'s)",
            where,
            (
                Part(at("train_loss", EARLY), at("train_loss")),
                Part(at("train_loss"), at("train_loss", who=plain)),
            ),
        ),
        Statement(
            "test loss keeps falling",
            f"{name}: test loss keeps falling (here: from epoch {EARLY} to 25, and to the last)",
            where,
            (
                Part(at("test_loss", EARLY), at("test_loss", 25)),
                Part(at("test_loss", 25), at("test_loss")),
            ),
        ),
        Statement(
            "better early",
            f"{name} soon generalizes better (here: above {plain} in test accuracy, epoch {EARLY})",
            where,
            (Part(at("test_accuracy", EARLY), at("test_accuracy", EARLY, plain)),),
        ),
        Statement(
            "more stable",
            f"{name} is more stable (here: its test accuracy varies less over the last ten epochs "
            f"than {plain}'s)",
            where,
            (Part(Spread(plain, "test_accuracy"), Spread(name, "test_accuracy")),),
        ),
        Statement(
            "regularization pays",
            f"with augmentation, dropout and batch normalization {name} ends above {plain}",
            where,
            (Part(at("test_accuracy"), at("test_accuracy", who=plain)),),
        ),
    ]


def about_99(name: str, where: str) -> Statement:
    """Return what both revisions say of the plain LeNet-5's accuracy."""
    accuracy = At(name, "test_accuracy")
    return Statement(
        "about 99 %",
        f"{name} is near the known 99 % (here: between 98.5 and 99.5)",
        where,
        (Part(accuracy, 0.985), Part(0.995, accuracy)),
    )


def lenet5_counts(name: str, where: str) -> list[Count]:
    """Return the parameters of LeNet-5's layers, biases included."""
    counts = {"c1": 156, "c3": 2416, "c5": 48_120, "f6": 10_164, "digit": 850}
    return [Count(name, value, where, layers=(layer,)) for layer, value in counts.items()]


_CLAIMS = (
    Count("LeNet5", 61_706, "Model parameter"),
    *lenet5_counts("LeNet5", "Model parameter"),
    Count("CustomMLP", 62_930, "Model parameter"),
    Count("CustomMLP", 61_500, "Model parameter", layers=("hidden_1",)),
    Count("CustomMLP", 1220, "Model parameter", layers=("hidden_2",)),
    Count("CustomMLP", 210, "Model parameter", layers=("digit",)),
    Count("LeNet5_Reg", 62_158, "Model parameter"),
    Count("LeNet5_Reg", 452, "Model parameter", beyond="LeNet5"),
    Number("LeNet5", "test_accuracy", 99.03, "%", "Performance", decimals=2),
    Number("CustomMLP", "test_accuracy", 92.19, "%", "Performance", decimals=2),
    Number("LeNet5_Reg", "test_accuracy", 99.40, "%", "Performance", decimals=2),
    about_99("LeNet5", "Performance"),
    Statement(
        "LeNet5 above CustomMLP",
        "LeNet5 ends above CustomMLP in test accuracy",
        "Performance",
        (Part(At("LeNet5", "test_accuracy"), At("CustomMLP", "test_accuracy")),),
    ),
    *overfits("LeNet5", _ANALYSIS),
    Statement(
        "CustomMLP learns more slowly",
        "CustomMLP learns the training set more slowly than LeNet5 (here: less training accuracy "
        f"in epoch {EARLY} and at the end)",
        _ANALYSIS,
        tuple(
            Part(At("LeNet5", "train_accuracy", epoch), At("CustomMLP", "train_accuracy", epoch))
            for epoch in (EARLY, "last")
        ),
    ),
    *regularized("LeNet5_Reg", "LeNet5", _ANALYSIS),
)

DOCUMENT = Document(
    name="mnist_readme",
    short="README",
    file="000_9ab0130caae9d676.txt",
    title="MNIST-Classification",
    baseline=LENET5,
    changes=_CHANGES,
    claims=_CLAIMS,
    readings=(KERAS_INIT.on("LeNet5"),),
    contrasts=(
        Contrast("what a ReLU does for CustomMLP", "CustomMLP with ReLU", "CustomMLP"),
        Contrast(
            "what the shift does",
            "LeNet5_Reg, shift only",
            "LeNet5_Reg, no augmentation",
        ),
        Contrast(
            "what a rotation by up to 0.15 degrees does",
            "LeNet5_Reg, rotation only",
            "LeNet5_Reg, no augmentation",
        ),
        Contrast(
            "what batch normalization and dropout do without augmentation",
            "LeNet5_Reg, no augmentation",
            "LeNet5",
        ),
    ),
    assumptions=(
        "CustomMLP has no activation between its layers: the document names ReLU for LeNet5 and "
        "LeNet5_Reg only, and 92.19 % is what a linear classifier reaches",
        "images are resized, bilinear, to 32 x 32; no activation after the 120 of C5",
        "the order: resize, augment, normalize",
    ),
    figures=(
        ("LeNet5",),
        ("CustomMLP",),
        ("LeNet5", "CustomMLP"),
        ("LeNet5_Reg",),
        ("LeNet5", "LeNet5_Reg"),
        ("CustomMLP", "CustomMLP with ReLU"),
        ("LeNet5_Reg", "LeNet5_Reg, shift only", "LeNet5_Reg, rotation only"),
    ),
    highlights=(
        Highlight(
            "The README's rotation does nothing at all",
            "It rotates by up to 0.15 degrees, to the nearest pixel, which moves none: with it and "
            "without it, {weights[what a rotation by up to 0.15 degrees does]}. What helps is the "
            "shift: with it test accuracy is {effect[what the shift does]}.",
            ("contrasts", "what the shift does", "what a rotation by up to 0.15 degrees does"),
            requires={
                "what the shift does": "higher by",
                "what a rotation by up to 0.15 degrees does": "no difference at all",
            },
        ),
    ),
    networks={"lenet5_32": "LeNet5", "custom_mlp": "CustomMLP", "lenet5_reg": "LeNet5_Reg"},
)
