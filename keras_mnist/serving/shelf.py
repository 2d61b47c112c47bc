"""The folder of exported networks: `saved_models/NAME/VERSION/`, as TensorFlow Serving polls it."""

import contextlib
import errno
import re
import shutil
import tempfile
from pathlib import Path

from keras_mnist.base.errors import ExperimentError, StoreError, nearest
from keras_mnist.base.files import sync

PRETRAINED = "lenet5_reg"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_VERSION = re.compile(r"0|[1-9][0-9]{0,17}")  # TensorFlow Serving's have 64 bits
_PACKAGE = Path(__file__).parents[1]
# Those of the working directory come before those that came with the package: installed, they
# lie inside it; in a checkout, beside it.
HOMES = (Path("saved_models"), _PACKAGE / "pretrained", _PACKAGE.parent / "saved_models")


def checked_name(name: str) -> str:
    """Return `name` if it can be a folder's and no path.

    Raises:
        ExperimentError: it cannot.
    """
    if not _NAME.fullmatch(name):
        raise ExperimentError(
            "--name must be letters, digits, . _ and -, beginning with a letter or digit",
            repr(name),
        )
    return name


@contextlib.contextmanager
def unfinished(root: Path, name: str):
    """Make a folder for a version that is being written; what is left of it in the end goes.

    It lies beside the versions, so that moving it there is one rename. Its name is no number:
    TensorFlow Serving does not see it.

    Raises:
        StoreError: it cannot be made.
    """
    try:
        (root / name).mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=".partial-", dir=root / name))
    except OSError as error:
        raise StoreError(f"{root / name} must be writable", error, "Name another --out") from None
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        with contextlib.suppress(OSError):  # there are versions in it
            (root / name).rmdir()


def publish(folder: Path, root: Path, name: str) -> Path:
    """Move a finished folder to the next free version's place, whole, and return that.

    Raises:
        StoreError: it cannot be moved.
    """
    try:
        for path in folder.rglob("*"):
            sync(path)
        folder.chmod(0o755)
        while True:
            place = root / name / str(max(versions(root / name), default=0) + 1)
            with contextlib.suppress(FileExistsError):
                return _renamed(folder, place)
    except OSError as error:
        raise StoreError(f"{root / name} must be writable", error, "Name another --out") from None


def _renamed(folder: Path, place: Path) -> Path:
    try:
        folder.rename(place)
    except OSError as error:
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST):  # another export was faster
            raise FileExistsError(place) from None
        raise
    sync(place.parent)
    return place


def versions(home: Path) -> list[int]:
    """Return the versions below a network's folder, ascending: `1`, `2`; `01` is none."""
    names = [path.name for path in home.glob("*") if path.is_dir()]
    return sorted(int(name) for name in names if _VERSION.fullmatch(name))


def shelved(homes: tuple[Path, ...] = HOMES):
    """Yield (name, version, folder) of every network in the homes, a name's first home only."""
    known = set()
    for root in homes:
        for home in sorted(path for path in root.glob("*") if _NAME.fullmatch(path.name)):
            found = versions(home)
            if found and home.name not in known:
                known.add(home.name)
                yield from ((home.name, number, home / str(number)) for number in found)


def find_network(text: str) -> Path:
    """Return the folder of a version, or a file, that `--network` names.

    Args:
        text: a name (its highest version), `NAME/VERSION`, or a path.

    Raises:
        StoreError: there is no such network.
    """
    known = {}
    for name, version, folder in shelved():
        known[name] = known[f"{name}/{version}"] = folder
    if text in known:
        return known[text]
    path = Path(text)
    if path.is_dir() and (found := versions(path)):
        return path / str(found[-1])
    if path.exists():
        return path
    names = [name for name in known if "/" not in name]
    raise StoreError(f"--network {text} must be an exported network", "none", nearest(text, names))
