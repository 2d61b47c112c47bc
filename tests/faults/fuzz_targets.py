"""The readers, each as a function of bytes that any fuzzer may call.

A target returns whether the input was accepted; an input that is refused has raised one of the
package's own errors. Whatever else leaves a target is a crash. An input's first byte says in what
form the rest is put before the reader: as a whole file, or inside an otherwise sound one, which
random bytes alone would never become.
"""

import functools
import gzip
import io
import itertools
import json
import random
import re
import struct
import zipfile
from pathlib import Path

import h5py  # noqa: F401 (which asks another program for the processor as it is imported)
import numpy as np
from fuzz_changes import changed_bytes, changed_json

from keras_mnist.base.errors import KerasMnistError
from keras_mnist.data import find_data
from keras_mnist.data.dataset import ARRAYS, CANONICAL_MNIST
from keras_mnist.documents import FOLDERS, chosen, document_named, read_document
from keras_mnist.documents.judging.judged import judged
from keras_mnist.documents.judging.stored import MNIST
from keras_mnist.reporting.claim_outputs import as_data
from keras_mnist.reporting.claim_tables import claims_as_csv, claims_as_latex, claims_as_markdown
from keras_mnist.runs import RunRecord, Store
from keras_mnist.site.experiments import Experiments
from keras_mnist.site.highlights import highlights

RESULTS = Path(__file__).parents[2] / "results" / "runs"
IDX_NAMES = ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1")


class Target:
    """A reader under attack.

    Attributes:
        folder: the one that it may write to.
        forms: how many an input's first byte, by its remainder, chooses from.
        bases: sound inputs, to be mutated.
        words: what the format is made of.
        holds_json: whether an input may be a form, a place in a record, and JSON for it.
        most_memory: by how much it may grow over all inputs, in MiB.
        counts: what it counts itself, by name.
    """

    forms = 1
    holds_json = False
    most_memory = 128
    bases: tuple[bytes, ...] = ()
    words: tuple[bytes, ...] = ()

    def __init__(self, folder: Path):
        self.folder, self.counts = folder, {}
        folder.mkdir(parents=True, exist_ok=True)

    def changed(self, numbers: random.Random) -> bytes:
        """Return a sound input, changed by chance: as JSON where it is some, or as bytes."""
        base = numbers.choice(self.bases)
        if numbers.random() < 0.7 and (tree := _as_json(base[1:])) is not None:
            return base[:1] + changed_json(numbers, tree, tuple(map(bytes.decode, self.words)))
        if numbers.random() < 0.02:  # as it is: what is sound is to be read
            return base
        return base[:1] + changed_bytes(numbers, base[1:], self.words)

    def __call__(self, data: bytes) -> bool:
        form, rest = (data[0] % self.forms if data else 0), data[1:]
        try:
            return self._read(form, rest)
        except KerasMnistError as error:
            assert str(error).strip()
            return False

    def _read(self, form: int, data: bytes) -> bool:
        raise NotImplementedError


@functools.cache
def _as_json(text: bytes):
    """Return the table or list that a text is as JSON; `None`: it is neither."""
    try:
        return json.loads(text) if text[:1] in (b"{", b"[") else None
    except ValueError:
        return None


def small_arrays() -> dict[str, np.ndarray]:
    """Return three training and two test images of MNIST's form."""
    pixels = np.random.default_rng(0).integers(0, 256, (5, 28, 28), np.uint8)
    pixels[:, 6:] = 0
    labels = np.arange(5, dtype=np.uint8)
    return dict(zip(ARRAYS, (pixels[:3], labels[:3], pixels[3:], labels[3:]), strict=True))


def idx(array: np.ndarray) -> bytes:
    """Return the content of an IDX file."""
    header = struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape)
    return header + array.tobytes()


class Idx(Target):
    """A folder of IDX files, one of them in question: plain, gzipped, or called `.gz`."""

    forms = 6
    words = (b"\0\0\x08\x03", b"\0\0\x08\x01", b"\xff\xff\xff\xff", b"\0\0\0\x1c", b"\x1f\x8b")

    def __init__(self, folder: Path):
        super().__init__(folder)
        files = [idx(array) for array in small_arrays().values()]
        for name, content in zip(IDX_NAMES, files, strict=True):
            (folder / f"{name}-ubyte").write_bytes(content)
        images, labels = files[:2]
        bomb = gzip.compress(struct.pack(">HBB3I", 0, 8, 3, 2**31 // 784, 28, 28) + bytes(2**23))
        self.bases = (
            *(b"\0" + images, b"\1" + images, b"\2" + gzip.compress(images), b"\2" + bomb),
            *(b"\3" + labels, b"\4" + labels, b"\5" + gzip.compress(labels)),
        )

    def _read(self, form, data):
        plain = self.folder / f"{IDX_NAMES[form // 3]}-ubyte"
        path = plain if form % 3 == 0 else plain.with_suffix(".gz")
        sound = plain.read_bytes()
        plain.unlink()
        path.write_bytes(gzip.compress(data, 1) if form % 3 == 1 else data)
        try:
            return len(find_data(str(self.folder)).x_train) > 0
        finally:
            path.unlink()
            plain.write_bytes(sound)


def npy(array: np.ndarray, version=(1, 0)) -> bytes:
    """Return the content of an `.npy` file."""
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, array, version)
    return buffer.getvalue()


class Npz(Target):
    """An `.npz` file: as a whole, or sound but for an array, or for that array's header."""

    forms = 3
    words = (b"PK\1\2", b"PK\3\4", b"PK\5\6", b"\x93NUMPY", b"'descr'", b"'|u1'", b"'shape'", b"-1")

    def __init__(self, folder: Path):
        super().__init__(folder)
        self._path, self._arrays = folder / "a.npz", small_arrays()
        x_train = self._arrays["x_train"]
        kinds = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
        bomb = npy(x_train) + bytes(2**23)
        header = b"{'descr': '|u1', 'fortran_order': False, 'shape': (3, 28, 28), }\n"
        self.bases = (
            *(b"\0" + self._archive(npy(x_train), kind) for kind in kinds),
            b"\0" + self._archive(bomb, zipfile.ZIP_DEFLATED),
            *(b"\1" + npy(x_train, version) for version in ((1, 0), (2, 0), (3, 0))),
            b"\1" + npy(np.asfortranarray(x_train)),
            *(b"\2" + header, b"\2" + header.replace(b"3,", b"1000000000000,")),
        )

    def _archive(self, x_train: bytes, kind=zipfile.ZIP_STORED) -> bytes:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", kind) as archive:
            archive.writestr("x_train.npy", x_train)
            for name in ARRAYS[1:]:
                archive.writestr(f"{name}.npy", npy(self._arrays[name]))
        return buffer.getvalue()

    def _read(self, form, data):
        if form == 2:
            size = struct.pack("<H", len(data) % 2**16)
            data = b"\x93NUMPY\1\0" + size + data + bytes(3 * 784)
        self._path.write_bytes(self._archive(data) if form else data)
        return len(find_data(str(self._path)).x_train) > 0


def places(content: dict, *above):
    """Yield the path of every value in a record."""
    for name, value in content.items():
        yield (*above, name)
        if isinstance(value, dict):
            yield from places(value, *above, name)


class Slots:
    """A record's text, open in one place, for each place in it.

    Args:
        record: a sound one.
    """

    def __init__(self, record: RunRecord):
        self._texts = []
        for *above, name in places(record.to_dict()):
            content = part = record.to_dict()
            for step in above:
                part = part[step]
            part[name] = "HERE"
            self._texts.append(json.dumps(content).split('"HERE"', 1))

    def filled(self, data: bytes) -> str:
        """Return the text with other JSON in one place: the first byte's, then the text."""
        before, after = self._texts[(data[0] if data else 0) % len(self._texts)]
        return before + data[1:].decode(errors="replace") + after

    def inputs(self, form: int) -> list[bytes]:
        """Return an input for each place."""
        return [bytes((form, place)) + b"0.5" for place in range(len(self._texts))]


JSON_WORDS = (b"null", b"true", b"NaN", b"-Infinity", b"1e999", b"1" + b"0" * 400, b"{", b"[", b'"')


class Record(Target):
    """A run record in its store, as a file or but for a value; refused, it is set aside whole."""

    forms, words, holds_json = 2, JSON_WORDS, True

    def __init__(self, folder: Path):
        super().__init__(folder)
        records = list(itertools.islice(Store(RESULTS).records(), 3))
        self._sound, self._slots = records[0], Slots(records[0])
        self.bases = (
            *(b"\0" + record.to_json().encode() for record in records),
            *self._slots.inputs(1),
        )

    def _read(self, form, data):
        data = self._slots.filled(data).encode(errors="replace") if form else data
        run = self._sound.experiment, self._sound.data["digest"], self._sound.seed
        store = Store(self.folder / "runs")
        path = store.path(*run)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        record = store.load(*run)
        if record is not None:
            assert RunRecord.from_json(record.to_json()).to_json() == record.to_json()
            return True
        (aside,) = path.parent.iterdir()
        assert aside.name == "seed-0.set-aside-1"
        assert aside.read_bytes() == data
        assert len(store.set_aside) == 1
        aside.unlink()
        return False


class Claim(Target):
    """What claims are read by: names as typed, and the records by which they are judged."""

    forms, words, holds_json = 4, JSON_WORDS, True

    def __init__(self, folder: Path):
        super().__init__(folder)
        records = [r for r in Store(RESULTS).records() if r.data["digest"] == CANONICAL_MNIST]
        self._documents = [document_named(name) for name in ("mnist_readme_early", "mlp_ablation")]
        self._slots, self._others = [], []
        for document in self._documents:
            needed = document.needed(None)
            first, *others = (r for r in records if r.experiment in needed and r.seed < 2)
            self._slots.append(Slots(first))
            self._others.append(others)
        self.bases = (
            *(
                bytes((0,)) + document.claim_id(c).encode()
                for document in self._documents
                for c in document.claims
            ),
            *(bytes((1,)) + document.name.encode() for document in self._documents),
            *(text for form, slots in enumerate(self._slots, 2) for text in slots.inputs(form)),
        )

    def _read(self, form, data):
        if form < 2:
            name = data.decode(errors="replace")
            return bool(chosen([name], None) if form else chosen([], [name]))
        record = RunRecord.from_json(self._slots[form - 2].filled(data))
        found = [judged(self._documents[form - 2], [record, *self._others[form - 2]])]
        for table in (claims_as_markdown, claims_as_csv, claims_as_latex):
            table(found)
        json.dumps(as_data(found, record.data), allow_nan=False)
        return True


TOML_WORDS = (
    *(b"nan", b"-inf", b"1e9999999", b"0." + b"0" * 50, b"9" * 5000, b"1979-05-27", b"true"),
    *(b"[", b"]", b"{", b"}", b"[[", b"]]", b'"""', b"'''", b"\\u0000", b".", b"=", b"#", b"\n"),
    *(b'like = "', b"widths = ", b"epochs = ", b"columns = ", b"rows = ", b"layers = ", b"unit = "),
    *(
        b"mean(",
        b"slope(",
        b"rise(",
        b"spread(",
        b"in some runs:",
        b"last ",
        b":",
        b">",
        b"<",
        b"pp",
    ),
    *(b"{effect[", b"{settled[", b"{numbers!r}", b"{0}"),
)


class Paper(Target):
    """A document's file: as a whole, but for the value of a key, or for a comparison."""

    forms, words = 3, TOML_WORDS

    def __init__(self, folder: Path):
        super().__init__(folder)
        self._path = folder / "mine.toml"
        texts = [path.read_bytes() for folder in FOLDERS for path in sorted(folder.glob("*.toml"))]
        self._slots = [
            (text[: found.start(1)], found[1], text[found.end(1) :])
            for text in texts
            for found in re.finditer(rb"^[^#\n=]+ = (.*)$", text, re.MULTILINE)
        ]
        self._said = next(
            place for place, (_, value, _) in enumerate(self._slots) if value.startswith(b"'mean(")
        )
        many = [place for place in range(len(self._slots)) if place % 7 == 0]
        said = [value for _, value, _ in self._slots if value.startswith(b"'")]
        self.bases = (
            *(b"\0" + text for text in texts),
            *(bytes((1, *divmod(place, 256))) + self._slots[place][1] for place in many),
            *(b"\2" + value.strip(b"'") for value in said),
        )

    def _read(self, form, data):
        if form == 1:
            place = int.from_bytes(data[:2], "big") % len(self._slots)
            before, _, after = self._slots[place]
            data = before + data[2:] + after
        elif form == 2:
            before, _, after = self._slots[self._said]
            data = before + b"'''" + data + b"'''" + after
        self._path.write_bytes(data)
        document = read_document(self._path)
        assert document.needed()
        found = judged(document, [])
        assert [result.id for result in found.results]
        for table in (claims_as_markdown, claims_as_csv, claims_as_latex):
            table([found])
        json.dumps(as_data([found], MNIST), allow_nan=False)
        highlights([found], Experiments([]))
        return True
