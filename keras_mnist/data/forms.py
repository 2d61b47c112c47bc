"""The forms in which data lie in files: by which a file is known, and who reads it."""

from pathlib import Path
from typing import NamedTuple

from keras_mnist.base.errors import DataError
from keras_mnist.base.named import load
from keras_mnist.data.found import Found
from keras_mnist.data.stream import UNPACK, start_of


class Form(NamedTuple):
    """A form of a file that holds a data set, or a part of one.

    Attributes:
        name: for people.
        reader: the function that returns what is `Found`, as module and name.
        suffixes: of the file's name.
        start: of its bytes, unpacked; empty: they show nothing.
        table: whether it is a table, one part of a data set, whose reader takes a target.
    """

    name: str
    reader: str
    suffixes: tuple[str, ...]
    start: bytes
    table: bool = False


FORMS = (
    Form(".npz", "keras_mnist.data.npz.read_npz", (".npz",), b"PK\x03\x04"),
    Form("HDF5", "keras_mnist.data.hdf5.read_hdf5", (".h5", ".hdf5", ".hdf"), b"\x89HDF"),
    Form("MATLAB", "keras_mnist.data.matlab.read_mat", (".mat",), b"MATLAB 5.0"),
    Form("CSV", "keras_mnist.data.table.read_csv", (".csv", ".tsv"), b"", True),
    Form("Parquet", "keras_mnist.data.parquet.read_parquet", (".parquet", ".pq"), b"PAR1", True),
)
READ = (
    f"{', '.join(form.name for form in FORMS)}; or a folder of IDX files, of .npy or .npz files "
    "named for what they hold, or of pictures in a folder for each class"
)
_PICKLES = (".pkl", ".pickle", ".pt", ".pth", ".joblib")
_SAVED = "np.savez('mine.npz', x_train=..., y_train=..., x_test=..., y_test=...)"
_ANEW = "Fetch the file anew"
# By its first bytes, what is no data, and what to do.
_OTHERS = (
    (b"<", "a web page, or another text of tags", _ANEW),
    (b"version https://git-lfs", "a note of Git LFS where to find the file", "git lfs pull"),
    (b"\x93NUMPY", "one array, as np.save writes it", "Call it .npy"),
    (b"7z\xbc\xaf", "an archive of files", UNPACK),
    (b"Rar!", "an archive of files", UNPACK),
    (b"BZh", "a file packed by bzip2", "Unpack it: bunzip2"),
    (b"\xfd7zXZ", "a file packed by xz", "Unpack it: unxz"),
    (b"\x28\xb5\x2f\xfd", "a file packed by zstd", "Unpack it: unzstd"),
)


def named_form(path: Path) -> Form | None:
    """Return the form that a file's name says."""
    *_, suffix = ["", *(s.lower() for s in path.suffixes if s.lower() != ".gz")]
    return next((form for form in FORMS if suffix in form.suffixes), None)


def form_of(path: Path) -> Form | None:
    """Return the form of a file: that of its bytes or, where they show none, of its name."""
    start = start_of(path)
    shown = (form for form in FORMS if form.start and start.startswith(form.start))
    return next(shown, None) or named_form(path)


def read_file(path: Path, target: str | None = None) -> Found:
    """Read what a file holds.

    Args:
        path: of a file that is there.
        target: of a table, the column of the classes.

    Raises:
        DataError: it is of no form that is read, or damaged.
    """
    _refuse_pickles(path)
    form = form_of(path)
    what, todo = _kind(path)
    if form is None:
        raise DataError(
            f"{path} must be of a form that is read: {READ}",
            what,
            todo or f"Save what it holds in one of them: {_SAVED}",
        )
    if todo:
        raise DataError(f"{path} must be a whole {form.name} file, as its name says", what, todo)
    if target is not None and not form.table:
        raise DataError(
            "--target must go with a table, whose columns have names",
            f"{path}, {form.name}",
            "Leave it out",
        )
    reader = load(form.reader)
    return reader(path, target) if form.table else reader(path)


def _refuse_pickles(path: Path) -> None:
    start = start_of(path)
    stem = path.name.lower().removesuffix(".gz")
    pickled = start[:1] == b"\x80" and start[1:2] in (b"\x02", b"\x03", b"\x04", b"\x05")
    if pickled or stem.endswith(_PICKLES):
        raise DataError(
            f"{path} must be of a form that can be read without running it",
            "a pickle, which can run anything when it is read",
            f"Convert it where you trust it: {_SAVED} of what pickle.load returns",
        )


def _kind(path: Path) -> tuple[str, str]:
    """Return what a file is by its first bytes and, where they show that it is no data, a remedy.

    A file that is read all the same begins with none of these.
    """
    start = start_of(path)
    if not start:
        return "an empty or damaged file", _ANEW
    if start[257:262] == b"ustar":
        return "an archive of files", UNPACK
    for begun, what, todo in _OTHERS:
        if start.lstrip().startswith(begun):
            return what, todo
    what = f"a file that begins with {start[:16]!r}"
    text = all(32 <= byte < 127 or byte in b"\t\r\n" for byte in start)
    named = named_form(path)
    return what, "Name it for what it is: a table .csv" if text and named and named.start else ""
