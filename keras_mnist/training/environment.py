"""What a run's bits depend on besides the experiment and its seed."""

import os
import platform
from pathlib import Path


def environment() -> dict:
    """Return versions, threads and processor, as they enter a run's record."""
    import numpy

    import keras_mnist
    from keras_mnist.base.backend import keras, tf
    from keras_mnist.training.devices import device_name

    return {
        "keras_mnist": keras_mnist.__version__,
        "tensorflow": tf.__version__,
        "keras": keras.__version__,
        "numpy": numpy.__version__,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "processor": _processor(),
        "device": device_name(),
        "threads": tf.config.threading.get_intra_op_parallelism_threads(),
        "onednn": os.environ.get("TF_ENABLE_ONEDNN_OPTS", "1") != "0",
    }


def _processor() -> str:
    """Return the processor's model name where the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()
