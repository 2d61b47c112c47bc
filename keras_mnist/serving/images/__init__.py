"""Pictures: found, read, brought to MNIST's form or to that of a network's images."""

from keras_mnist.data.still import LARGEST_FILE
from keras_mnist.serving.images.find import find_images, folders_within
from keras_mnist.serving.images.form import as_is, to_mnist_form, to_mnist_forms
from keras_mnist.serving.images.read import read_as, read_image

__all__ = ["LARGEST_FILE", "as_is", "find_images", "folders_within", "read_as", "read_image"]
__all__ += ["to_mnist_form", "to_mnist_forms"]
