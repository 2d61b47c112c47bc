"""Data sets: found, verified, read."""

from keras_mnist.data.dataset import Dataset
from keras_mnist.data.find import NAMES, find_data

__all__ = ["NAMES", "Dataset", "find_data"]
