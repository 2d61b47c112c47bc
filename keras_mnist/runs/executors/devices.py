"""The GPUs that runs may have, counted without TensorFlow, which the driver never loads."""

import os
from pathlib import Path

# NVIDIA's driver makes a file a device: nvidia0, nvidia1, beside nvidiactl and others.
_DEVICES = Path("/dev")


def gpus() -> int:
    """Return how many GPUs TensorFlow may find in a process started here.

    It is what the driver shows, less what `CUDA_VISIBLE_DEVICES` hides. A TensorFlow that was
    built without CUDA finds none of them and trains on the processor; an empty
    `CUDA_VISIBLE_DEVICES` says so beforehand.
    """
    there = sum(path.name[len("nvidia") :].isdigit() for path in _DEVICES.glob("nvidia[0-9]*"))
    asked = os.environ.get("CUDA_VISIBLE_DEVICES")
    if asked is None:
        return there
    named = [name.strip() for name in asked.split(",")]
    first_bad = next((i for i, name in enumerate(named) if name in ("", "-1")), len(named))
    return min(there, first_bad)  # CUDA reads up to the first name that is none
