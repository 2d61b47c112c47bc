"""Keras's cache of data sets, where files are kept that were downloaded once."""

import hashlib
import http.client
import os
import urllib.request
from pathlib import Path

from keras_mnist.base.errors import DataError, StoreError
from keras_mnist.base.files import write_whole

TIMEOUT = 10  # seconds without an answer before a download counts as impossible
_ORIGIN = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"


class Unreachable(DataError):
    """Nothing on this machine and nothing to be downloaded."""


def home() -> Path:
    """Return the folder in which Keras keeps data sets.

    Raises:
        Unreachable: this user has no home.
    """
    try:
        return Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras") / "datasets"
    except RuntimeError as error:
        raise Unreachable(
            "Keras's cache must lie in a home folder",
            str(error).rstrip("."),
            "Set HOME, KERAS_HOME or, for MNIST, KERAS_MNIST_DATA; or use --data digits",
        ) from None


def cached(files: dict[str, str], url: str = "", remedy: str = "") -> list[Path]:
    """Return the paths of files in Keras's cache, downloading those that are not there.

    Args:
        files: by name under the cache, the SHA-256 or MD5 of each.
        url: where the one of them comes from; empty: where Keras keeps them, under their names.
        remedy: what else to do where one cannot be had, beside putting it there.

    Raises:
        Unreachable: one cannot be had.
        DataError: the cache cannot be written.
    """
    for name, digest in files.items():
        if not (home() / name).exists():
            _download(url or _ORIGIN + Path(name).name, home() / name, digest, remedy)
    return [home() / name for name in files]


def _download(url: str, path: Path, digest: str, remedy: str) -> None:
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT) as answer:
            content = answer.read(2**28)
    except (OSError, http.client.HTTPException) as error:  # URLError is an OSError
        reason = getattr(error, "reason", error)
        raise Unreachable(
            f"{path.name} must be on this machine or within reach of a download",
            str(reason) or type(error).__name__,
            f"Fetch {url} elsewhere and put it at {path}{remedy}, or use --data digits",
        ) from None
    kind = "sha256" if len(digest) == 64 else "md5"
    if hashlib.new(kind, content).hexdigest() != digest:
        raise Unreachable(
            f"the download of {path.name} must have the {kind} {digest}", "a damaged download"
        )
    try:
        write_whole(path, content)
    except StoreError as error:
        reason = error.received
        raise DataError(f"{path.parent} must be writable to keep {path.name}", reason) from None
