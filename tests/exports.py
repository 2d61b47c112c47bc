"""What every exported network must do."""

from pathlib import Path

import numpy as np

from keras_mnist.data import Dataset
from keras_mnist.runs import RunRecord
from keras_mnist.serving.classifier import load_classifier
from keras_mnist.serving.task import REFERENCE


def quietly(*_):
    """Be told of an epoch."""


def assert_says_what_was_measured(folder: Path, record: RunRecord, dataset: Dataset):
    """Check a SavedModel and an array form against what training measured of the test images."""
    reference = np.load(folder / REFERENCE)
    assert reference.shape == (len(dataset.x_test), dataset.classes)
    assert np.ptp(reference[:, 0]) > 1e-4, "the images are told apart"
    right = np.mean(reference.argmax(axis=1) == dataset.y_test)
    assert right == record.metrics["test_accuracy"]
    for name, atol in (("saved_model", 1e-6), ("numpy", 1e-5)):
        classifier = load_classifier(folder, name)
        assert classifier.shape == dataset.shape
        said = classifier(dataset.x_test)
        assert said.dtype == np.float32
        np.testing.assert_allclose(said, reference, atol=atol, err_msg=name)
