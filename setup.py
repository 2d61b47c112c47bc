"""Package metadata. Build system and tool settings are in pyproject.toml."""

import re
from pathlib import Path

from setuptools import find_packages, setup

HERE = Path(__file__).parent
VERSION = re.search(r'__version__ = "(.+)"', (HERE / "keras_mnist/__init__.py").read_text())[1]
DASK = ["distributed>=2026.8"]
LITERT = ["ai-edge-litert>=2.3"]
ONNX = ["tf2onnx>=1.17", "onnxruntime>=1.32"]
TENSORBOARD = ["tensorboard>=2.21"]

setup(
    name="keras-mnist",
    version=VERSION,
    description="Change one choice of a small MNIST network, train many seeds, learn what changed",
    long_description=(HERE / "README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    license="MIT",
    packages=[
        *find_packages(include=["keras_mnist", "keras_mnist.*", "tuner"]),
        "keras_mnist.pretrained",
    ],
    # The exported networks, which `predict` finds in an installed package too.
    package_dir={"keras_mnist.pretrained": "saved_models"},
    package_data={
        "keras_mnist.pretrained": ["*/*/*", "*/*/variables/*"],
        "keras_mnist.site": ["templates/*", "style/*", "script/*"],
    },
    python_requires=">=3.11",
    install_requires=[
        "tensorflow>=2.21",
        "keras>=3.15",
        "keras-tuner>=1.4.8",
        "numpy>=2.4",
        "scipy>=1.17",
        "matplotlib>=3.11",
        "pillow>=12.2",
        "pandas>=3.1",
        "rich>=15.0",
        "jinja2>=3.1",
        "scikit-learn>=1.9",
    ],
    extras_require={
        "bench": ["torch>=2.13", "jax>=0.10", *LITERT, *TENSORBOARD],
        "dask": DASK,
        "fuzz": ["atheris>=3.0"],
        "litert": LITERT,
        "onnx": ONNX,
        "tensorboard": TENSORBOARD,
        "test": [
            *DASK,
            *LITERT,
            *ONNX,
            *TENSORBOARD,
            "pytest>=9.2",
            "pytest-timeout>=2.4",
            "pytest-xdist>=3.8",
            "hypothesis>=6.170",
            "selenium>=4.51",
            "ruff>=0.17",
        ],
    },
    entry_points={"console_scripts": ["keras-mnist = keras_mnist.cli:main"]},
    classifiers=[
        "Programming Language :: Python :: 3.11",
        "Operating System :: POSIX",
        "Topic :: Scientific/Engineering :: Artificial Intelligence",
    ],
)
