"""What a run's bits depend on besides the experiment and its seed."""

import os
import platform
from pathlib import Path

# What oneDNN and TensorFlow choose their code by. XLA's is set (base/backend.py).
_INSTRUCTIONS = (
    *("avx", "avx2", "fma", "avx_vnni", "avx512f", "avx512dq", "avx512bw", "avx512vl"),
    *("avx512_vnni", "avx512_bf16", "avx512_fp16", "amx_tile", "amx_bf16", "amx_int8"),
    *("asimd", "sve", "sve2", "bf16", "i8mm"),  # ARM's
)
# How the variables begin by which those choose otherwise, TensorFlow's, oneDNN's, XLA's, and NumPy
# and the C library; which of them do was tried (benchmarks/environment.py). Not all of `TF_`: other
# tools keep secrets there.
_READ = (
    *("ONEDNN_", "DNNL_", "XLA_FLAGS", "TF_XLA_", "TF_ENABLE_", "TF_DISABLE_", "TF_DETERMINISTIC"),
    *("TF_CUDNN", "TF_USE_", "TF_MKL_", "TF_ONEDNN_", "TF_SET_ONEDNN_", "TF_AUTO_MIXED_"),
    *("TF_FP16_", "TF_CONV2D_", "NVIDIA_TF32", "NPY_DISABLE_CPU_", "NPY_ENABLE_CPU_"),
    "GLIBC_TUNABLES",
)
# A hypervisor may call the processor what it likes; the last two are ARM's.
_FAMILY = ("vendor_id", "cpu family", "model", "CPU implementer", "CPU part")


def environment() -> dict:
    """Return versions, threads and processor, as they enter a run's record."""
    import numpy

    import keras_mnist
    from keras_mnist.base.backend import keras, tf
    from keras_mnist.training.devices import device_name

    processor = _processor()
    flags = processor.get("flags", processor.get("Features", "")).split()
    return {
        "keras_mnist": keras_mnist.__version__,
        "tensorflow": tf.__version__,
        "keras": keras.__version__,
        "numpy": numpy.__version__,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "processor": processor.get("model name") or platform.processor(),
        "family": " ".join(filter(None, map(processor.get, _FAMILY))),
        "instructions": " ".join(i for i in _INSTRUCTIONS if i in flags),
        "device": device_name(),
        "threads": tf.config.threading.get_intra_op_parallelism_threads(),
        "onednn": os.environ.get("TF_ENABLE_ONEDNN_OPTS", "1") != "0",
        "variables": _variables(),
    }


def _processor() -> dict[str, str]:
    """Return what the system tells of the first processor: `model name`, `flags`, ..."""
    try:
        lines = Path("/proc/cpuinfo").read_text(errors="replace").partition("\n\n")[0].splitlines()
    except OSError:
        return {}
    parts = (line.partition(":") for line in lines)
    return {name.strip(): value.strip() for name, _, value in parts}


def _variables() -> str:
    """Return the variables that are set and can change bits: `NAME=value NAME=value`."""
    found = sorted(
        f"{name}={value}"
        for name, value in os.environ.items()
        if name.startswith(_READ) and not name.endswith("_VERBOSE") and value
    )
    return " ".join(found)
