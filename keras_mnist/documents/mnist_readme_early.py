"""The earlier revision of the course project's README: the same LeNet-5, other augmentation.

Source: 002_21cf5367869b91da.txt, "MNIST-Classification". What it calls CustomMLP is the regularized
LeNet-5 under an older name: 62,158 parameters.
"""

from keras_mnist.documents.claims import Count, Number
from keras_mnist.documents.document import Contrast, Document
from keras_mnist.documents.mnist_readme import LENET5, REGULARIZED, about_99, overfits, regularized

_CHANGES = {
    "LeNet5": {},
    "CustomMLP": {**REGULARIZED, "rotation": 0.2, "blur": 1.0},
    # Not in the document: what its parts do.
    "CustomMLP, blur only": {**REGULARIZED, "blur": 1.0},
    "CustomMLP, rotation only": {**REGULARIZED, "rotation": 0.2},
    "CustomMLP, no augmentation": REGULARIZED,
}
_ANALYSIS = "analysis of performance and plots"

DOCUMENT = Document(
    name="mnist_readme_early",
    short="early README",
    file="002_21cf5367869b91da.txt",
    title="MNIST-Classification (earlier revision)",
    baseline=LENET5,
    changes=_CHANGES,
    claims=(
        Count("LeNet5", 61_706, "Model parameter"),
        Count("CustomMLP", 62_158, "Model parameter"),
        Number("LeNet5", "test_accuracy", 99.03, "%", "Performance", decimals=2),
        Number("CustomMLP", "test_accuracy", 99.23, "%", "Performance", decimals=2),
        about_99("LeNet5", "Performance"),
        *overfits("LeNet5", _ANALYSIS),
        *regularized("CustomMLP", "LeNet5", _ANALYSIS),
    ),
    contrasts=(
        Contrast("what the blur does", "CustomMLP, blur only", "CustomMLP, no augmentation"),
        Contrast(
            "what a rotation by up to 0.2 degrees does",
            "CustomMLP, rotation only",
            "CustomMLP, no augmentation",
        ),
    ),
    assumptions=(
        "as in the later revision, mnist_readme",
        "the blur's standard deviation is drawn for each image",
    ),
    figures=(("LeNet5",), ("CustomMLP",), ("LeNet5", "CustomMLP")),
    networks={"lenet5_blur": "CustomMLP"},
)
