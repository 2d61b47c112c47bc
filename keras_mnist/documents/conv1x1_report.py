"""The 1 x 1 convolution report: LeNet-5, regularized and not, against a network of 1 x 1 kernels.

Source: 004_f77e747c887b2cb7.txt, "Deep learning Report: MNIST classification". It counts weights
without biases; its figures were images and are lost, so that it has statements and counts only.
"""

from keras_mnist.documents.claims import Count, Statement, Time
from keras_mnist.documents.course import COURSE, KERAS_INIT, RAW_PIXELS
from keras_mnist.documents.document import Contrast, Document, Highlight
from keras_mnist.documents.quantities import At, Jump, Part, Rise
from keras_mnist.networks import Conv1x1, LeNet

_REGULARIZED = {"dropout": 0.3, "dropout_after": "dense", "weight_decay": 0.001}
_CHANGES = {
    "LeNet-5": {},
    "Regularized": _REGULARIZED,
    "Custom": {"network": Conv1x1()},
    # Proposed in the document as future work.
    "Custom, pooling last": {"network": Conv1x1(pool_last=True)},
    # For "saturates near epoch 15".
    "LeNet-5, 20 epochs": {"epochs": 20},
    "Regularized, 20 epochs": {**_REGULARIZED, "epochs": 20},
    "Custom, 20 epochs": {"network": Conv1x1(), "epochs": 20},
}
_MODELS = ("LeNet-5", "Regularized", "Custom")
_EARLY, _RISE = 5, 0.005  # after which epoch test loss may rise by how much, in nats
_FLAT = 0.002  # what "saturated" leaves at most: 0.2 percentage points of test accuracy
_JUMP = 0.1  # what "jumps" must mean at least: ten percentage points from one epoch to the next

_WEIGHTS = {
    "LeNet-5": ({"c1": 150, "c3": 2400, "c5": 48_000, "f6": 10_080, "digit": 840}, 61_470),
    "Custom": (
        {
            "conv_1": 3000,
            "squeeze_1": 720,
            "conv_2": 8100,
            "squeeze_2": 1800,
            "c5": 48_000,  # 36,000 with valid padding, and only then is the sum 60,540
            "f6": 10_080,
            "digit": 840,
        },
        60_540,
    ),
}


def _counts():
    for section, (experiment, (layers, total)) in zip(
        ("1-1", "1-3"), _WEIGHTS.items(), strict=True
    ):
        where = f"section {section}"
        for layer, value in layers.items():
            yield Count(experiment, value, where, "weights", layers=(layer,))
        yield Count(experiment, total, where, "weights")
        yield Count(experiment, 2 * total, where, "weights", times=2)


def _saturates(model: str) -> Statement:
    def at(epoch):
        return At(f"{model}, 20 epochs", "test_accuracy", epoch)

    return Statement(
        f"{model}/saturates near 15",
        f"{model} saturates near epoch 15 (here: test accuracy rises from epoch 10 to 15, and "
        "moves by less than 0.2 points from 15 to 20)",
        "section 2-2",
        (
            Part(at(15), at(10)),
            Part(at(15), at("last"), by=-_FLAT),
            Part(at("last"), at(15), by=-_FLAT),
        ),
    )


def _statements():
    where = "section 2-2"
    for split in ("train", "test"):
        metric = f"{split}_accuracy"
        yield Statement(
            f"regularized higher/{split}",
            f"the regularized LeNet-5 ends above the plain one in {split} accuracy",
            where,
            (Part(At("Regularized", metric), At("LeNet-5", metric)),),
        )
        yield Statement(
            f"regularized sooner/{split}",
            f"the regularized LeNet-5 saturates sooner (here: less {split} accuracy is left to "
            "gain after epoch 3)",
            where,
            (Part(Rise("LeNet-5", metric, 3, 10), Rise("Regularized", metric, 3, 10)),),
        )
        yield Statement(
            f"custom starts below/{split}",
            f"the custom model starts below LeNet-5 (here: {split} accuracy of epoch 1)",
            where,
            (Part(At("LeNet-5", metric, 1), At("Custom", metric, 1)),),
        )
        yield Statement(
            f"custom jumps/{split}",
            f"the custom model jumps at some epoch (here: {split} accuracy rises by over 10 points "
            "from one epoch to the next, and by more than LeNet-5's ever does)",
            where,
            (
                Part(Jump("Custom", metric), 0.0, by=_JUMP),
                Part(Jump("Custom", metric), Jump("LeNet-5", metric)),
            ),
        )
    for model in _MODELS:
        yield Statement(
            f"{model}/no overfitting",
            f"{model} does not overfit (here: test loss rises by less than {_RISE} from epoch "
            f"{_EARLY} to the last)",
            where,
            (Part(At(model, "test_loss", _EARLY), At(model, "test_loss"), by=-_RISE),),
        )
        yield _saturates(model)


DOCUMENT = Document(
    name="conv1x1_report",
    short="1 x 1 report",
    file="004_f77e747c887b2cb7.txt",
    title="Deep learning Report: MNIST classification",
    baseline=COURSE.change(network=LeNet()),
    changes=_CHANGES,
    claims=(
        *_counts(),
        Time(
            "Custom", None, "section 2-2", "the custom model trains faster than LeNet-5", "LeNet-5"
        ),
        Time(
            "Custom, pooling last",
            None,
            "section 2-2",
            "with the 1 x 1 convolution before the pooling it would train faster still",
            "Custom",
        ),
        *_statements(),
    ),
    readings=(KERAS_INIT.on(*_MODELS), RAW_PIXELS.on(*_MODELS)),
    contrasts=(
        Contrast("the custom model against LeNet-5", "Custom", "LeNet-5"),
        Contrast("what pooling after the 1 x 1 convolution does", "Custom, pooling last", "Custom"),
        Contrast("what ten more epochs do for LeNet-5", "LeNet-5, 20 epochs", "LeNet-5"),
    ),
    assumptions=(
        "batch size 128; inputs normalized as in the other reports",
        "ReLU after each convolution (stated for the first) and after dense 120 and 84",
        "valid padding in the custom model, which alone gives 60,540 weights",
        "0.001 x weights in the cost is PyTorch's weight decay of 0.001",
        "dropout 0.3 after dense 120 and 84",
    ),
    figures=(_MODELS, ("Custom", "Custom, pooling last")),
    highlights=(
        Highlight(
            "The 1 x 1 report's shortcut costs no accuracy that we can see",
            "Its custom network, {published[Custom/weights]} weights, against LeNet-5: test "
            "accuracy is {effect[the custom model against LeNet-5]}. That it starts low and then "
            "jumps does not happen on normalized pixels.",
            ("curves", "test_accuracy", "LeNet-5", "Custom"),
            requires={
                "the custom model against LeNet-5": "not told apart",
                "custom jumps/test": "fails",
            },
        ),
    ),
    networks={"lenet5": "LeNet-5", "lenet5_l2": "Regularized", "conv1x1": "Custom"},
    costly=("Custom, 20 epochs",),
)
