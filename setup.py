"""What pyproject.toml has no word for: a package in another folder, TensorFlow's distributions."""

import os

from setuptools import find_packages, setup

# `tensorflow-cpu`, say, which holds the same without code for GPUs.
TENSORFLOW = os.environ.get("KERAS_MNIST_TENSORFLOW") or "tensorflow"

setup(
    packages=[
        *find_packages(include=["keras_mnist", "keras_mnist.*", "tuner"]),
        "keras_mnist.pretrained",
    ],
    # The exported networks, which `predict` finds in an installed package too.
    package_dir={"keras_mnist.pretrained": "saved_models"},
    # The lowest that pass: docs/versions.md. What is there already is not to be replaced.
    install_requires=[
        f"{TENSORFLOW}>=2.18",
        "keras>=3.8",
        "keras-tuner>=1.4.7",
        "numpy>=1.26",
        "scipy>=1.11",
        "matplotlib>=3.8",
        "pillow>=10.3",
        "pandas>=2.1",
        "rich>=13.7",
        "jinja2>=3.1",
        "scikit-learn>=1.4",
        "cloudpickle>=3.0",
        "packaging>=24",
    ],
)
