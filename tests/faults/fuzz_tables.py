"""Targets of text and tables: CSV and Parquet, rows to be asked about, defaults, statements."""

import contextlib
import importlib
import io
import os
import random
from pathlib import Path

import numpy as np
from fuzz_changes import changed_bytes
from fuzz_targets import Target

from keras_mnist.base import extras
from keras_mnist.base.errors import KerasMnistError
from keras_mnist.commands import COMMANDS, home
from keras_mnist.data import find_data
from keras_mnist.data.results import values_of
from keras_mnist.defaults import defaults_for
from keras_mnist.documents import FOLDERS
from keras_mnist.documents.file.experiments import Experiments
from keras_mnist.documents.file.expressions import parts_of
from keras_mnist.documents.file.source import Node, read_source
from keras_mnist.serving.arrays import read_array
from keras_mnist.serving.rows import read_rows

SIGNS = (
    *(
        b",",
        b"\t",
        b";",
        b"\n",
        b"\r\n",
        b'"',
        b'""',
        b"'",
        b"\\",
        b"\0",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
    ),
    *(b"nan", b"inf", b"-1e999", b"1e-400", b"0x10", b"1_000", b"9" * 400, b"True", b"None", b"-0"),
    *(b"2026-01-01", b"=cmd()", b"\x1b[2J", b"label", b"target", b"pixel0", b"\xed\xa0\x80", b"1j"),
)
ROWS = [b"%d,%d.5,%d,%s" % (i, i % 7, -i, (b"a", b"b", b"c")[i % 3]) for i in range(24)]


class Tables(Target):
    """A table of text as a data set: with names, without, packed, of pixels."""

    forms, words = 3, SIGNS

    def __init__(self, folder):
        super().__init__(folder)
        self._paths = [folder / name for name in ("a.csv", "b.tsv", "c.csv.gz")]
        named = b"\n".join([b"x,y_2,z,label", *ROWS]) + b"\n"
        pixels = [b",".join(b"%d" % (i * j % 256) for j in range(9)) for i in range(20)]
        names = b",".join(b"pixel%d" % i for i in range(9))
        lines = [b"label," + names, *(b"%d,%s" % (i % 4, one) for i, one in enumerate(pixels))]
        quoted = named.replace(b",a", b',"a, b"').replace(b"x,", b"\xef\xbb\xbfx,", 1)
        self.bases = (
            *(b"\0" + text for text in (named, quoted, b"\n".join(lines))),
            b"\1" + named.replace(b",", b"\t"),
            b"\2" + _packed(named),
        )

    def _read(self, form, data):
        self._paths[form].write_bytes(data)
        found = find_data(self._paths[form], test_split=0.2)
        assert len(found.x_train) == len(found.y_train) > 0 and np.isfinite(found.x_train).all()
        return True


def _packed(content: bytes) -> bytes:
    import gzip

    return gzip.compress(content, mtime=0)


class Parquet(Target):
    """A Parquet file as a data set: numbers and texts, or pictures."""

    words = (b"PAR1", b"pandas", b"bytes", b"label", b"\x15", b"\xff\xff\xff\xff\x0f", b"\x89PNG")
    most_memory = 256  # what its library keeps for itself

    def __init__(self, folder):
        super().__init__(folder)
        from PIL import Image

        arrow = extras.load("pyarrow", "parquet", "a Parquet file")
        parquet = extras.load("pyarrow.parquet", "parquet", "a Parquet file")
        self._path = folder / "a.parquet"
        rows = {"label": ["x", "y"] * 10, "a": [i / 7 for i in range(20)], "b": list(range(20))}
        drawn = io.BytesIO()
        Image.fromarray(np.arange(64, dtype=np.uint8).reshape(8, 8)).save(drawn, "PNG")
        pictures = [{"bytes": drawn.getvalue(), "path": f"{i}.png"} for i in range(10)]
        tables = [
            (rows, {}), (rows, {"compression": "gzip"}), (rows, {"compression": "none"}),
            (rows, {"use_dictionary": False, "compression": "zstd"}),
            ({"image": pictures, "label": [0, 1] * 5}, {}),
        ]  # fmt: skip
        made = []
        for content, how in tables:
            parquet.write_table(arrow.table(content), self._path, **how)
            made.append(b"\0" + self._path.read_bytes())
        self.bases = tuple(made)

    def changed(self, numbers: random.Random) -> bytes:
        """Return as others, with more changes where the metadata are."""
        base = numbers.choice(self.bases)
        if numbers.random() < 0.5:
            return super().changed(numbers)
        size = int.from_bytes(base[-8:-4], "little") + 8
        end = changed_bytes(numbers, base[-size:-8], self.words)
        return base[:-size] + end + len(end).to_bytes(4, "little") + b"PAR1"

    def _read(self, form, data):
        self._path.write_bytes(data)
        found = find_data(self._path, test_split=0.2)
        assert len(found.x_train) == len(found.y_train) > 0
        return True


class Results(Target):
    """A table of results of any framework, compared."""

    words = (*SIGNS, b"variant", b"accuracy", b"seed", b"N/A")

    def __init__(self, folder):
        super().__init__(folder)
        self._path = folder / "results.csv"
        rows = [b"%s,%d,0.9%d" % (name, i, i) for name in (b"base", b"wide") for i in range(5)]
        self.bases = (b"\0" + b"\n".join([b"variant,seed,accuracy", *rows]) + b"\n",)

    def _read(self, form, data):
        self._path.write_bytes(data)
        found = values_of(str(self._path), "variant", "accuracy", "seed")
        assert all(isinstance(name, str) for name in found)
        return True


class Asked(Target):
    """What a network is asked about: rows of a table, arrays of NumPy's files."""

    forms = 3
    words = (*SIGNS, b"\x93NUMPY", b"'descr'", b"'<f4'", b"'|O'", b"'shape'", b"-1", b"(2**40, 4)")

    def __init__(self, folder):
        super().__init__(folder)
        array = np.arange(12, dtype=np.float32).reshape(3, 4)
        one, several = io.BytesIO(), io.BytesIO()
        np.save(one, array)
        np.savez(several, x=array)
        table = b"w,x,y,z\n1,2,3,4\n5,6,7,8\n"
        header = one.getvalue().replace(b"(3, 4)", b"(3000000000, 4)")
        self.bases = (
            *(b"\0" + text for text in (table, table[8:], table.replace(b",", b";"))),
            *(b"\1" + content for content in (one.getvalue(), header)),
            b"\2" + several.getvalue(),
        )

    def _read(self, form, data):
        if form == 0:
            lines = io.TextIOWrapper(io.BytesIO(data), "utf-8", newline="")
            found = read_rows(lines, "rows.csv", 4, "float32", ("w", "x", "y", "z"))
        else:
            path = self.folder / ("a.npy" if form == 1 else "a.npz")
            path.write_bytes(data)
            found = read_array(path, (4,), "float32")
        good = [one for one in found if not isinstance(one, KerasMnistError)]
        assert all(one.shape == (4,) and np.isfinite(one).all() for one in good)
        return bool(good)


class Defaults(Target):
    """The defaults in the current folder, for every command: none may do more than it may."""

    forms = 2
    words = (
        *(
            f"{name} = ".encode()
            for name in ("seeds", "runs", "data", "jobs", "model", "out", "track")
        ),
        *(f"[{name}]\n".encode() for name in ("ablate", "search", "reproduce", "export")),
        *(b"[[", b"]]", b"'''", b'"""', b"= nan", b"1e999", b"9" * 5000, b"1979-05-27", b"{a = 1}"),
        *(
            b"\\u0000",
            b'"../x"',
            b'"/etc"',
            b'"mine.py"',
            b"true",
            b"[3, 4]",
            b"executor",
            b"fresh",
        ),
        *(b"[" * 2000, b"\xff", b"\xef\xbb\xbf", b"[tool.keras_mnist]\n", b"tracking"),
    )

    def __init__(self, folder):
        super().__init__(folder)
        os.chdir(folder)
        names = [name for name in COMMANDS if _trains(name)]
        self._parsers = {name: importlib.import_module(home(name)).parser() for name in names}
        common = b'seeds = 2\nruns = "big"\ndata = "digits"\njobs = 1\n'
        own = b'[ablate]\nseeds = [3, 4]\nuntil-told = false\nepochs = 1\nout = "studies/x"\n'
        other = b'[search]\ntrials = 9\nobjective = "val_loss"\nwidth = "8:32"\n'
        self.bases = (
            *(b"\0" + common + text for text in (own, other, own + other)),
            b"\1[project]\nname = 'x'\n[tool.keras_mnist]\n" + common,
            b"\1[tool.keras_mnist]\nseeds = 2\n[tool.keras_mnist.ablate]\nepochs = 3\n",
        )

    def _read(self, form, data):
        for other in ("keras_mnist.toml", "pyproject.toml"):
            Path(other).unlink(missing_ok=True)
        Path(("keras_mnist.toml", "pyproject.toml")[form]).write_bytes(data)
        name = list(self._parsers)[len(data) % len(self._parsers)]
        found = defaults_for(self._parsers[name], name, set(), [])
        for word in found.words:
            flag, _, text = word.partition("=")
            assert flag not in NEVER, f"{word} from a file"
            if flag in ("--out", "--directory"):
                assert Path(text).resolve().is_relative_to(Path.cwd()), word
        return bool(found.words)


NEVER = (
    "--model",
    "--executor",
    "--track",
    "--fresh",
    "--document",
    "--write",
    "--json",
    "--refresh",
)


def _trains(name: str) -> bool:
    return name in ("ablate", "reproduce", "search", "report", "export", "verify", "page")


class Statements(Target):
    """Comparisons of documents, of which nothing may be evaluated."""

    words = (
        *(b"mean(", b"slope(", b"rise(", b"spread(", b"greatest_rise(", b"last ", b":", b",", b")"),
        *(b" > ", b" < ", b" + ", b" - ", b" pp", b" %", b" nats", b"5:50", b"0.5", b"9" * 300),
        *(b"test_accuracy(", b"train_loss(", b'"LeNet5"', b"in some runs:", b"1e999"),
        *(b"__import__('os')", b"{0}", b"\\", b"\0", b"(" * 3000, b"-" * 3000, b"**", b"exec("),
    )  # fmt: skip

    def __init__(self, folder):
        super().__init__(folder)
        said, self._nodes = [], []
        for path in sorted(path for folder in FOLDERS for path in folder.glob("*.toml")):
            top = read_source(path)
            node = Node("", (), top.source)
            self._nodes.append((node, Experiments(top, _nobodys)))
            holds = (one.get("holds", "") for one in top.value.get("statements", ()))
            number = bytes((len(self._nodes) - 1,))
            said += [number + text.encode() for text in holds if isinstance(text, str) and text]
        self.forms, self.bases = len(self._nodes), tuple(said)

    def _read(self, form, data):
        node, experiments = self._nodes[form]
        with contextlib.suppress(UnicodeDecodeError):
            text = data.decode()
            parts = parts_of(Node(text, (), node.source), text, experiments)
            assert parts and all(str(part) for part in parts)
            return True
        return False


def _nobodys(node):
    raise node.error("no code")
