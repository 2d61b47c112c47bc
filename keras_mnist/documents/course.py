"""What the four course reports share: one assignment, trained in PyTorch.

SGD with learning rate 0.01 (Keras's default too) and momentum 0.9, cross-entropy, pixels to [0, 1],
minus 0.1307, over 0.3081, PyTorch's initial values; all 60,000 images train, and what the reports
call validation is the 10,000 test images: an accuracy of 0.1135 there is the share of ones among
those.
"""

from keras_mnist.documents.document import Reading
from keras_mnist.experiment import Experiment

COURSE = Experiment().change(validation_split=0.0, normalize=True, optimizer="sgd", momentum=0.9)

KERAS_INIT = Reading(
    "Keras's initial values",
    instead_of={"init": "pytorch"},
    changes={"init": "keras"},
    why="Glorot uniform and zero biases instead of PyTorch's narrower uniform",
)
RAW_PIXELS = Reading(
    "pixels in [0, 1]",
    instead_of={"normalize": True},
    changes={"normalize": False},
    why="the document does not state the normalization by mean and standard deviation",
)
