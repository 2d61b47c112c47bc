"""Folders that hold a data set: which of the forms lies there, or one level further down."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from keras_mnist.base.errors import DataError
from keras_mnist.data.forms import READ, named_form, read_file
from keras_mnist.data.found import Found, not_read, require_pairs
from keras_mnist.data.idx import APART, NAMES, is_idx, read_idx_files
from keras_mnist.data.names import array_of, part_of, sorted_out, told_apart_by
from keras_mnist.data.npz import is_part, read_singles
from keras_mnist.data.pictures import parts_in, read_pictures
from keras_mnist.data.table import ClassesUnknown

_CLASSLESS = (
    "Where it has none, as a competition's, it can test nothing: name the training table alone "
    "with --data, and draw a test part from it with --test-split 0.2"
)
_DEPTH = 3  # folders that hold nothing but the next one


def read_folder(folder: Path, target: str | None = None, depth: int = 0) -> Found:
    """Read what a folder holds, or the only one in it that holds data.

    Args:
        folder: that is there.
        target: of tables, the column of the classes.
        depth: how many folders above it held nothing else.

    Raises:
        DataError: nothing is found, or more than one thing, or it is damaged.
    """
    files = _files_in(folder)
    # Unpackers make a folder for each file, of its name.
    named = [path for inner in folder.iterdir() if is_idx(inner) for path in _files_in(inner)]
    if idx := [path for path in (*files, *named) if is_idx(path)]:
        return read_idx_files(folder, idx)
    parts = [path for path in files if is_part(path)]
    formed = {path: form for path in files if (form := named_form(path))}
    sets = {path: form for path, form in formed.items() if path not in parts}
    required = not sets and any(array_of(path.stem) for path in parts)
    if found := _singles(folder, parts, required):
        return found
    formed = sets or formed
    tables = [path for path, form in formed.items() if form.table]
    if tables and len(formed) > 1:
        return _tables(folder, tables, target)
    if len(formed) == 1:
        found = read_file(next(iter(formed)), target)
        unread = not_read(path.name for path in parts if path not in formed)
        return replace(found, told=[*found.told, *unread])
    if not formed and parts_in(folder):
        return read_pictures(folder)
    inner = [] if formed else [path for path in folder.iterdir() if _holds_data(path, depth)]
    if len(inner) == 1:
        return read_folder(inner[0], target, depth + 1)
    there = sorted(path.name for path in (formed or inner or folder.iterdir()))
    if formed or inner:
        required, remedy = f"{folder} must hold one data set", "Name one of them with --data"
    else:
        required, remedy = (
            f"{folder} must hold data: {NAMES['x_train']} and its like, or {READ}",
            "",
        )
    shown = ", ".join(there[:12]) + (", ..." if len(there) > 12 else "")
    raise DataError(required, shown or "an empty folder", remedy)


def read_beside(path: Path) -> Found:
    """Read a file that holds one array, IDX or `.npy`, with those of its kind beside it.

    Raises:
        DataError: they are not what their names should say, or damaged.
    """
    files = _files_in(path.parent)
    if is_idx(path):
        beside = [p for p in files if is_idx(p)]
        same = [p for p in beside if told_apart_by(p.name) == told_apart_by(path.name)]
        complete = {"x_train", "y_train"} <= {array_of(p.name) for p in same}
        return read_idx_files(path.parent, same if complete else beside)
    arrays = [p for p in files if p.suffix.lower() == ".npy"]
    return _singles(path.parent, arrays, required=True) or Found({})


def _files_in(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(p for p in folder.iterdir() if p.is_file() and not p.name.startswith("."))


def _singles(folder: Path, paths: list[Path], required: bool) -> Found | None:
    """Read files of one array each, named for it; none: these are not all that is needed."""
    arrays = {path.stem: path for path in paths}
    names, _ = sorted_out(arrays, folder, APART)
    if not required and not {"x_train", "y_train"} <= names.keys():
        return None
    remedy = "Put each into a file named for it: x_train.npy, y_train.npy, x_test.npy, y_test.npy"
    require_pairs(names, folder, sorted(path.name for path in paths), remedy)
    return Found(read_singles({array: arrays[name] for array, name in names.items()}, folder))


def _holds_data(path: Path, depth: int) -> bool:
    """Return whether a folder, or one of those in it, holds files of a form that is read."""
    if not path.is_dir() or path.name.startswith(".") or depth >= _DEPTH:
        return False
    if parts_in(path):
        return True
    inside = list(path.iterdir())
    if any(p.is_file() and (is_idx(p) or p.suffix == ".npy" or named_form(p)) for p in inside):
        return True
    return any(_holds_data(p, depth + 1) for p in inside)


def _tables(folder: Path, paths: list[Path], target: str | None) -> Found:
    """Read tables named for their parts, each part in one file or several."""
    parts: dict[str, list[Found]] = {}
    unread = []
    for path in paths:
        part = part_of(path.name)
        if part not in ("train", "test"):
            unread.append(path.name)
            continue
        try:
            parts.setdefault(part, []).append(read_file(path, target))
        except ClassesUnknown as error:
            remedy = _CLASSLESS if part == "test" else error.remedy
            raise DataError(error.requirement, error.received, remedy) from None
    if "train" not in parts:
        raise DataError(
            f"{folder} must hold tables named for their part, train or test",
            ", ".join(path.name for path in paths[:12]),
            "Name one of them with --data",
        )
    arrays, told = {}, not_read(unread)
    columns = parts["train"][0].columns
    for part, tables in parts.items():
        found = [one.in_order(columns, f"the tables of {folder}") for one in tables]
        for letter in ("x", "y"):
            pieces = [one.arrays[f"{letter}_train"] for one in found]
            if len({piece.shape[1:] for piece in pieces}) > 1:
                raise DataError(
                    f"the {part} tables of {folder} must have the same columns",
                    ", ".join(str(piece.shape) for piece in pieces[:6]),
                )
            arrays[f"{letter}_{part}"] = np.concatenate(pieces)
        told += [text for one in found for text in one.told]
    return Found(arrays, list(dict.fromkeys(told)), columns)
