"""Writing files whole, checking beforehand that they can be written, and what JSON can hold."""

import contextlib
import math
import os
import secrets
import shutil
import tempfile
from pathlib import Path
from typing import Any

from keras_mnist.base.errors import StoreError, printable


def write_whole(path: Path | str, content: str | bytes, remedy: str = "") -> Path:
    """Write `content` so that `path` holds all of it or what it held before.

    It goes to a file in a folder beside it, which is synced and then renamed. What writers killed
    on the way have left in that folder is removed with it.

    Raises:
        StoreError: it could not be written; `remedy` says what to do.
    """
    path = Path(path)
    if path.exists() and not path.is_file():  # a pipe, say, which a file would replace
        raise StoreError(f"{path} must be written", "what is there is no file", remedy)
    if isinstance(content, str):
        text = printable(content) if path.suffix == ".md" else content  # read on a terminal, too
        content = text.encode(errors="backslashreplace")  # halves of signs, from JSON
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        while not _replaced(path, content):
            pass
        _sync_folder(path.parent)
    except OSError as error:
        raise StoreError(f"{path} must be written", error, remedy) from None
    return path


def unfinished(path: Path) -> Path:
    """Return the folder in which a file is written before it appears as `path`, for it alone.

    So, to find what killed writers have left, nobody looks at all its neighbours.
    """
    return path.with_name(f".{path.name}.partial")


def _replaced(path: Path, content: bytes) -> bool:
    """Put `content` in the place of `path`; return `False` if the way there was cut off.

    Another writer of the same file, when it was done, has then taken ours for a killed one's.
    Whoever is cut off writes again, and each time another has finished, so this ends.
    """
    apart = unfinished(path)
    partial = apart / secrets.token_hex(4)
    try:
        with contextlib.suppress(FileExistsError):
            apart.mkdir()
        with contextlib.suppress(FileNotFoundError):
            with open(partial, "xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(partial, path)
            return True
        return False
    finally:
        _clear(apart)


def _clear(folder: Path) -> None:
    """Remove a folder, also where a signal that ends the command comes just then.

    Errors are passed over: one before is the one to tell.
    """
    try:
        shutil.rmtree(folder, ignore_errors=True)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def require_writable(folder: Path | str, flag: str) -> None:
    """Make `folder` and check that files can be written there.

    Raises:
        StoreError: they cannot; the remedy names the command-line `flag` that chose it.
    """
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise StoreError(
            f"the folder {folder} must be writable", error, f"Name another with {flag}"
        ) from None


def _sync_folder(folder: Path) -> None:
    """Make the rename itself last; systems that cannot open a folder do without."""
    with contextlib.suppress(OSError):
        sync(folder)


def sync(path: Path) -> None:
    """Wait until a file, or a folder's list of names, is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def finite(value: Any) -> Any:
    """Return `value` with every float that JSON cannot hold replaced by `None`."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {name: finite(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [finite(item) for item in value]
    return value
