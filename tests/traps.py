"""What lies in a person's folder and home and may change nothing."""

import json
from pathlib import Path

NAMES = (
    "random",
    "json",
    "argparse",
    "gettext",
    "tempfile",
    "pickle",
    "numpy",
    "tensorflow",
    "jax",
)
TRAP = 'import os\nopen({!r}, "a").write(f"{{os.getpid()}}\\n")\n'


def trapped(folder: Path):
    """Put files of the person's there, each named as a module of others; return who ran one."""
    notes = folder / "who-ran-them"
    for name in NAMES:
        (folder / f"{name}.py").write_text(
            TRAP.format(str(notes)) + "raise ImportError(__name__)\n"
        )
    return lambda: notes.read_text().split() if notes.exists() else []


def settings(home: Path, **others) -> dict[str, str]:
    """Return Keras's settings as a person has them for other work, in a home of their own."""
    asked = {
        "backend": "jax",
        "floatx": "float16",
        "epsilon": 0.1,
        "image_data_format": "channels_first",
    }
    home.mkdir()
    (home / "keras.json").write_text(json.dumps(asked | others))
    return {"KERAS_HOME": str(home), "KERAS_BACKEND": "jax"}
