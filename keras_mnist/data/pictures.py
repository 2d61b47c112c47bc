"""Folders of pictures: one for each class, and around them, if so, one for each part."""

from collections import Counter
from pathlib import Path

import numpy as np

from keras_mnist.base.errors import DataError
from keras_mnist.data.found import Found, not_read
from keras_mnist.data.memory import require_room
from keras_mnist.data.names import PARTS, part_of
from keras_mnist.experiment.order import stratified_order

SUFFIXES = (".png", ".jpg", ".jpeg", ".jfif", ".bmp", ".gif", ".webp", ".tif", ".tiff")
_OF_SYSTEMS = ("thumbs.db", "desktop.ini")  # which nobody put there
_ORDER = 0  # seed of the order, as a folder has none that means anything
# By the mode of a picture, that in which it is taken; the first that holds them all.
_TAKEN = {"1": "L", "L": "L", "P": "RGB", "RGB": "RGB", "YCbCr": "RGB"}
_TAKEN |= {"LA": "RGBA", "PA": "RGBA", "RGBA": "RGBA"}
_MODES = ("L", "RGB", "RGBA")


def classes_in(folder: Path) -> dict[str, list[Path]]:
    """Return by class the pictures in a folder's folders."""
    found = {}
    for inner in sorted(path for path in folder.iterdir() if path.is_dir()):
        pictures = sorted(p for p in inner.iterdir() if p.suffix.lower() in SUFFIXES)
        if pictures:
            found[inner.name] = pictures
    return found


def parts_in(folder: Path) -> dict[str, dict[str, list[Path]]]:
    """Return by part, `train` or `test`, by class the pictures below a folder; empty: none."""
    if (here := classes_in(folder)) and not all(name.lower() in PARTS for name in here):
        return {"train": here}
    inner = [path for path in folder.iterdir() if path.is_dir() and path.name.lower() in PARTS]
    found = {part_of(path.name): classes_in(path) for path in inner}
    return {part: classes for part, classes in found.items() if part and classes}


def read_pictures(folder: Path) -> Found:
    """Read pictures that lie in a folder for each class, maybe below `train` and `test`.

    Their order is drawn, each class spread over the whole: a folder has none that means anything.

    Raises:
        DataError: one cannot be read, or they differ in size.
    """
    parts = parts_in(folder)
    told = not_read(part for part in parts if part not in ("train", "test"))
    listed, labels = [], {}
    for part in ("train", "test"):
        classes = parts.get(part, {})
        found = [(name, path) for name, paths in classes.items() for path in paths]
        if not found:
            continue
        order = stratified_order(np.array([name for name, _ in found]), _ORDER)
        labels[part] = np.array([found[i][0] for i in order])
        listed += [(str(found[i][1]), found[i][1]) for i in order]
    if "train" not in labels:
        raise DataError(
            f"{folder} must hold pictures to train on, in a folder for each class",
            f"none below {', '.join(map(str, parts)) or folder}",
        )
    told += not_read(_beside(folder, {path.parent for _, path in listed}))
    images, more = stacked(listed)
    n = len(labels["train"])
    arrays = {"x_train": images[:n], "y_train": labels["train"]}
    if "test" in labels:
        arrays |= {"x_test": images[n:], "y_test": labels["test"]}
    return Found(arrays, told + more)


def _beside(folder: Path, homes: set[Path]) -> list[str]:
    """Return what lies beside pictures that are read: files of other forms, folders without any.

    Args:
        folder: below which all of it lies.
        homes: the folders of the pictures.
    """
    files = [p for h in homes for p in h.iterdir() if p.suffix.lower() not in SUFFIXES]
    empty = [p for r in {h.parent for h in homes} for p in r.iterdir() if p.is_dir()]
    found = {*files, *empty} - homes
    named = (p for p in found if not p.name.startswith(".") and p.name.lower() not in _OF_SYSTEMS)
    return sorted(str(path.relative_to(folder)) for path in named)


def stacked(sources: list[tuple]) -> tuple[np.ndarray, list[str]]:
    """Return pictures as uint8 (n, height, width) or (n, height, width, 3 or 4), and what to say.

    Args:
        sources: name of each, and its path or content.

    Raises:
        DataError: one cannot be read, is no still picture of bytes, or is of another size.
    """
    from keras_mnist.data.still import still_picture

    sizes, modes = Counter(), Counter()
    many = f"{len(sources):,} pictures"
    for name, source in sources:
        with still_picture(source, name) as image:
            sizes[image.size] += 1
            modes[image.mode] += 1
            if image.mode not in _TAKEN:
                raise DataError(
                    f"{name} must be a picture of 8 bits a channel, grey or in colours",
                    f"mode {image.mode}",
                    "Convert it before: image.convert('RGB')",
                )
            if len(sizes) == 1 and sizes.total() == 1:  # the others are as large, or refused
                width, height = image.size
                size = len(sources) * width * height * len(_TAKEN[image.mode])
                require_room(many, size, f"at {width} x {height}, {_TAKEN[image.mode]}")
    if len(sizes) != 1:
        common = ", ".join(f"{w} x {h} ({n:,})" for (w, h), n in sizes.most_common(4))
        raise DataError(
            "pictures must all be of one size, width x height",
            common + (", ..." if len(sizes) > 4 else ""),
            "Bring them to one: ImageOps.pad(image, (width, height)) of Pillow does",
        )
    taken = max((_TAKEN[mode] for mode in modes), key=_MODES.index)
    ((width, height),) = sizes
    channels = {"L": (), "RGB": (3,), "RGBA": (4,)}[taken]
    shape = (len(sources), height, width, *channels)
    require_room(many, int(np.prod(shape)), f"at {width} x {height}, {taken}")
    images = np.empty(shape, np.uint8)
    for place, (name, source) in enumerate(sources):
        with still_picture(source, name) as image:
            images[place] = np.asarray(image.convert(taken))
    mixed = [f"pictures of modes {', '.join(modes)} taken as {taken}"] if len(modes) > 1 else []
    return images, mixed
