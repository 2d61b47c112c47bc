"""Which packages there are: the one thing that pyproject.toml has no word for."""

from setuptools import find_packages, setup

setup(
    packages=[
        *find_packages(include=["keras_mnist", "keras_mnist.*", "tuner"]),
        "keras_mnist.pretrained",
    ],
    # The exported networks, which `predict` finds in an installed package too.
    package_dir={"keras_mnist.pretrained": "saved_models"},
)
