"""Finding pictures: the files a person named, and those in the folders she named."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from keras_mnist.base.errors import DataError
from keras_mnist.data.foreign import CONVERTED_BY

# A named file may have any name, since its content decides; in a folder, names do.
EXTENSIONS = (".png", ".jpg", ".jpeg", ".jfif", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".pgm")
EXTENSIONS += (".ppm",)


def find_images(paths: Iterable[Path | str]) -> Iterator[tuple[str, Path]]:
    """Yield the name and the path of every picture, in the order of `paths`.

    All paths are looked at before the first picture is yielded, so that a mistyped one is told
    before any work is done. No more is kept than the file names of one folder.

    Args:
        paths: files, and folders whose pictures are taken in the order of their names, those in
            forms that are not read too, so that reading them says so; folders within a folder are
            left alone.

    Raises:
        DataError: there is no such file or folder, a folder cannot be listed or holds no
            picture.
    """
    paths = [Path(path) for path in paths]
    for path in paths:
        if _is_folder(path):
            _pictures(path)
    for path in paths:
        if _is_folder(path):
            for name in _pictures(path):
                yield str(path / name), path / name
        else:
            yield str(path), path


def folders_within(path: str) -> int:
    """Return how many folders, hidden ones left out, a folder holds that are not searched."""
    try:
        with os.scandir(path) as entries:
            return sum(_is_inner_folder(one) and not one.name.startswith(".") for one in entries)
    except (OSError, ValueError):  # no folder; what is wrong with it is said where it is read
        return 0


def _is_folder(path: Path) -> bool:
    try:
        path.stat()
    except (OSError, ValueError) as error:  # a null character is a ValueError
        reason = getattr(error, "strerror", None) or error
        raise DataError(
            f"{path} must be a picture or a folder of pictures", reason, "Check the path"
        ) from None
    return path.is_dir()


def _is_inner_folder(entry: os.DirEntry) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself: reading it says so
        return False


def _pictures(folder: Path) -> list[str]:
    """Return the sorted names of the pictures in `folder`, hidden files left out."""
    try:
        with os.scandir(folder) as entries:
            names = [
                entry.name
                for entry in entries
                if entry.name.lower().endswith((*EXTENSIONS, *CONVERTED_BY))
                and not entry.name.startswith(".")
                and not _is_inner_folder(entry)
            ]
    except OSError as error:
        raise DataError(
            f"the folder {folder} must be readable", error.strerror, "Check its permissions"
        ) from None
    if not names:
        raise DataError(
            f"the folder {folder} must hold pictures",
            "no file whose name ends in " + ", ".join(EXTENSIONS),
            "Folders within it are not searched: name them too",
        )
    return sorted(names)
