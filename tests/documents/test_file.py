"""A document's file: what is read of it, and what is said of one that is wrong, with the line."""

import itertools
import json
import tomllib

import pytest
from conftest import ROOT
from jsonschema import Draft202012Validator

from keras_mnist.base.errors import KerasMnistError
from keras_mnist.documents import FOLDERS, About, Number, Sometimes, documents, read_document
from keras_mnist.documents.file.form import schema
from keras_mnist.documents.file.source import LARGEST, read_source
from keras_mnist.documents.quantities import (
    At,
    Excess,
    Jump,
    Mean,
    Part,
    Rise,
    Slope,
    Spread,
)

MINE = """\
title = "T"
[baseline]
network = "mlp"
epochs = 20
validation_split = 0.0
[experiments]
plain = {}
wide = {width = 1024}
[[numbers]]
where = "table 1"
unit = "%"
columns = ["experiment", "test_accuracy"]
rows = [
    ["plain", 98.10],
    ["wide", 98],
]
[[statements]]
name = "wider is better"
says = "a wider network is better"
where = "page 2"
holds = 'test_accuracy("wide") > test_accuracy("plain")'
"""


@pytest.fixture
def read(tmp_path):
    """A function that reads the file above, with some of its text replaced."""

    def read(old="", new="", name="mine.toml"):
        assert old in MINE
        path = tmp_path / name
        path.write_text(MINE.replace(old, new, 1) if old else MINE)
        return read_document(path)

    return read


def test_a_file_is_a_document(read):
    document = read()
    assert (document.name, document.short, document.file) == ("mine", "mine", "mine.toml")
    assert document.data == About("mnist")
    assert document.changes == {"plain": {}, "wide": {"width": 1024}}
    plain, wide, statement = document.claims
    assert plain == Number("plain", "test_accuracy", 98.1, "%", "table 1", decimals=2)
    assert (wide.value, wide.decimals) == (98.0, 0)
    both = At("wide", "test_accuracy"), At("plain", "test_accuracy")
    assert statement.parts == (Part(*both),)
    assert read(name="My paper (2).toml").name == "My_paper_2"


NUMBERS = MINE[MINE.index("[[numbers]]") : MINE.index("[[statements]]")]
BY_EPOCH = """
[[numbers]]
where = "figure 3"
experiment = "plain"
unit = "share"
divided_by = {train_loss = "60000 / 1875"}
train_accuracy = [0.9870, "-", 0.99]
train_loss = [0.05]
[[numbers]]
experiment = "wide"
unit = "%"
columns = ["epoch", "test_accuracy", "where"]
rows = [[10, 97.0, "a"], [20, 98.0, "b"]]
[[numbers]]
where = "text"
experiment = "wide"
train_loss = 0.02
[[numbers]]
where = "text"
experiment = "wide"
epochs = [5, 15]
train_loss = [0.3, 0.1]
"""


def test_numbers_stand_in_any_form_of_table(read):
    found = [c for c in read(NUMBERS, BY_EPOCH).claims if isinstance(c, Number)]
    assert found == [
        Number("plain", "train_accuracy", 0.987, "share", "figure 3", 1, decimals=4),
        Number("plain", "train_accuracy", 0.99, "share", "figure 3", 3, decimals=2),
        Number("plain", "train_loss", 0.05, "nats", "figure 3", 1, decimals=2, scale=32.0),
        Number("wide", "test_accuracy", 97.0, "%", "a", 10, decimals=1),
        Number("wide", "test_accuracy", 98.0, "%", "b", "last", decimals=1),
        Number("wide", "train_loss", 0.02, "nats", "text", "last", decimals=2),
        Number("wide", "train_loss", 0.3, "nats", "text", 5, decimals=1),
        Number("wide", "train_loss", 0.1, "nats", "text", 15, decimals=1),
    ]


ACC, LOSS = At("wide", "test_accuracy"), At("wide", "test_loss")
SAID = {
    'test_accuracy("wide") > 98.5 %': [Part(ACC, 0.985)],
    "test_accuracy('wide') < 0.995": [Part(0.995, ACC)],
    'test_accuracy("wide") > test_accuracy("plain", 3) + 0.5 pp': [
        Part(ACC, At("plain", "test_accuracy", 3), 0.005)
    ],
    'test_loss("wide", 5) > test_loss("wide") - 0.005': [
        Part(At("wide", "test_loss", 5), LOSS, -0.005)
    ],
    'test_loss("wide") < test_loss("plain") < 0.3 nats': [
        Part(0.3, At("plain", "test_loss")),
        Part(At("plain", "test_loss"), LOSS),
    ],
    'mean(test_loss("wide"), 16:20) > mean(test_loss("wide"), 4:8)': [
        Part(Mean("wide", "test_loss", (16, 20)), Mean("wide", "test_loss", (4, 8)))
    ],
    'slope(test_loss("wide"), last 10) < 0': [Part(0.0, Slope("wide", "test_loss", 10))],
    'rise(test_accuracy("wide"), 3:10) > 1 pp': [
        Part(Rise("wide", "test_accuracy", 3, 10), 0.0, 0.01)
    ],
    'spread(test_accuracy("wide"), 1:10) > spread(test_accuracy("wide"), last 10)': [
        Part(Spread("wide", "test_accuracy", (1, 10)), Spread("wide", "test_accuracy"))
    ],
    'greatest_rise(test_accuracy("wide")) > 10 pp': [Part(Jump("wide", "test_accuracy"), 0.0, 0.1)],
    'test_loss("wide") - train_loss("wide") > test_loss("wide", 5) - train_loss("wide", 5)': [
        Part(Excess("wide"), Excess("wide", 5))
    ],
    'mean(test_loss("wide") - train_loss("wide"), 1:5) < 0.01': [
        Part(0.01, Mean("wide", "test_loss", (1, 5), "train_loss"))
    ],
}


@pytest.mark.parametrize("text", SAID)
def test_statements_are_comparisons(text, read):
    statement = read('\'test_accuracy("wide") > test_accuracy("plain")\'', json.dumps(text))
    assert list(statement.claims[-1].parts) == SAID[text]


def test_what_happens_in_some_runs_is_a_claim_of_its_own(read):
    event = "'in some runs: greatest_rise(test_accuracy(\"wide\")) > 10 pp'"
    claim = read('\'test_accuracy("wide") > test_accuracy("plain")\'', event).claims[-1]
    part = Part(Jump("wide", "test_accuracy"), 0.0, 0.1)
    assert claim == Sometimes("wider is better", "a wider network is better", "page 2", (part,))


READING = """[[readings]]
name = "another"
why = "it is not said"
instead_of = {IF}
changes = {THEN}
[[statements]]"""


READ = """\
[[readings]]
name = "another"
why = "it may be"
metrics = {test_loss = "OF"}
[[statements]]"""


def reading(before: str, after: str) -> str:
    return READING.replace("IF", before).replace("THEN", after)


WRONG = [  # what is replaced, by what, the line, what is said
    ("epochs = 20", "epochs = 20.5", 4, "epochs must be a whole number from 1"),
    ("epochs = 20", "epoch = 20", 4, "epoch must be a choice .* Did you mean epochs"),
    ('network = "mlp"', 'network = "mlpp"', 3, "Did you mean mlp"),
    ('network = "mlp"', 'netwrk = "mlp"', 2, "must name its network"),
    ('title = "T"', 'title = ""', 1, "title must be a text in quotes"),
    ('title = "T"', 'name = "a/b"\ntitle = "T"', 1, "a name must be of letters"),
    ('title = "T"', 'title = "T\x07"', 1, "without control characters"),
    ('title = "T"', 'title = "T"\ntitel = "T"', 2, "must not have the key 'titel'.*title"),
    ('title = "T"', 'title = "T"\ntitle = "T"', 2, "must be TOML. Received: Cannot overwrite"),
    ('title = "T"', 'title = "T"\nfigures = [["plaim"]]', 2, "Did you mean plain"),
    ('title = "T"', 'title = "T"\ndata = 3', 2, "data must be a text"),
    ('title = "T"', 'title = "T"\ndata = "digitz"', 2, "neither. Did you mean digits"),
    (
        'title = "T"',
        f'title = "T"\ndata = "{"a" * 300}"',
        2,
        "must be a data set by its name.*Check the path",
    ),
    ("plain = {}", "plain = []", 7, "plain must be a table of choices"),
    ("{width = 1024}", "{width = 0}", 8, "width must be a whole number from 1"),
    ("{width = 1024}", "{width = ", 8, "must be TOML"),
    ("{width = 1024}", '{width = "many"}', 8, "width must be .* Received: 'many'"),
    ("{width = 1024}", '{activation = "gelu"}', 8, "one of relu, tanh, linear"),
    ("{width = 1024}", "{patience = 3}", 8, "patience must have images held out"),
    ("{width = 1024}", '{like = "wide"}', 8, "an experiment above it"),
    ("{width = 1024}", '{network = "lenet", width = 3}', 8, "width must be a choice"),
    ("98.10", "true", 14, "each of rows must be a number"),
    ("98.10", "nan", 14, "each of rows must be a number"),
    ("98.10", "1e999999999", 14, "each of rows must be a number"),
    ("98.10", "198.10", 14, "from 0 to 100, in %"),
    ("98.10", "98.10, 3", 14, "a value for each of the 2 columns. Received: 3"),
    ('"plain", 98.10', '"plaim", 98.10', 14, "Received: 'plaim'. Did you mean plain"),
    ('"plain", 98.10', '"wide", 98.10', 15, "must differ .* See mine.toml, line 14"),
    ('"test_accuracy"]', '"test_acuracy"]', 12, "Did you mean test_accuracy"),
    ('"test_accuracy"]', '"val_accuracy"]', 14, "val_accuracy of plain must have images held out"),
    ('unit = "%"\n', "", 9, "must say their unit"),
    ('unit = "%"', 'units = "%"', 11, "must not have the key 'units'. Did you mean unit"),
    ('where = "table 1"\n', "", 9, "must say its where"),
    ("[[numbers]]", "[numbers]", 9, "numbers must be a list, each a table"),
    ('says = "a wider network is better"', "says = 1", 19, "says must be a text"),
    ("holds", "hold", 21, "must not have the key 'hold'. Did you mean holds"),
    ('test_accuracy("plain")\'', 'test_loss("plain")\'', 21, "two accuracies or of two losses"),
    ('("plain")\'', '("plain", 21)\'', 21, "from 1 to 20. Received: 21"),
    ('test_accuracy("plain")\'', "99 pp'", 21, "in % there"),
    ('test_accuracy("plain")\'', "'", 21, "have a metric, a function or a number"),
    ('test_accuracy("plain")\'', "0.5 > 0.3'", 21, "a metric of an experiment"),
    ('test_accuracy("plain")\'', '__import__("os")\'', 21, "an experiment .* Received: 'os'"),
    ('test_accuracy("plain")\'', 'open("plain")\'', 21, "'open' must be a metric"),
    ("> test", "; test", 21, "made of metrics, numbers and the signs"),
    ("> test", "+ test", 21, "one quantity on a side"),
    ('_accuracy("wide")', '_accuracy("wide") + 1 %', 21, "in pp there"),
    ('title = "T"', f'title = "T"\ndigest = "{"0" * 64}"', 2, "other than MNIST"),
    ('title = "T"', 'title = "T"\ndata = "iris"\ndigest = "0"', 3, "64 hexadecimal digits"),
    ('title = "T"', 'title = "T"\ndata = "iris"\ntarget = "x"', 2, "must go with a file"),
    ("[[statements]]", reading('optimizer = "sgd"', 'optimizer = "adam"'), 20, "what an exper"),
    ("[[statements]]", reading('optimiser = "sgd"', "epochs = 1"), 20, "Did you mean optimizer"),
    ("[[statements]]", reading("width = 512", "width = 0"), 21, "whole number from 1"),
    ("[[statements]]", reading("width = 512", "patience = 3"), 21, "patience must have images"),
    ("[[statements]]", reading('optimizer = "rmsprop"', 'optimizer = "rmsprop"'), 21, "what it is"),
    (
        "[[statements]]",
        reading("restore_best = false", "restore_best = true"),
        21,
        "decides something",
    ),
    ('test_accuracy("plain")\'', "150 %'", 21, "an accuracy that there can be"),
    ('test_accuracy("plain")\'', 'test_accuracy("wide")\'', 21, "two different quantities"),
    ('98.10],\n    ["wide", 98]', '0.981],\n    ["wide", 0.98]', 14, 'unit = "share"'),
    ('title = "T"', 'title = "T\\u001b[2J"', 1, "without control characters"),
    ('title = "T"', 'title = "T"\n"a\\u202e" = 1', 2, "without control characters"),
    ("[[statements]]", READ.replace("OF", "best_test_loss"), 20, "must have images held out"),
    ("[[statements]]", READ.replace("OF", "best"), 20, "metrics: test_loss must be one of"),
    ("[[statements]]", READ.replace("metrics", "#"), 17, "must change a choice, or read a metric"),
]


@pytest.mark.parametrize("old, new, line, said", WRONG, ids=itertools.count())
def test_what_is_wrong_is_told_with_its_line(old, new, line, said, read):
    with pytest.raises(KerasMnistError, match=rf"(?s)^mine.toml, line {line}: .*{said}"):
        read(old, new)


@pytest.mark.parametrize(
    "content, said",
    [
        (b"\xff", "line 1: a document must be text in UTF-8"),
        (b"title = 1" + b"0" * 5000, "must be TOML"),
        (
            b"title = 0x" + b"f" * 6000,
            "must be TOML. Received: .* more than 64 bits",
        ),
        (
            b"\n" + b"a." * 20_000 + b"a = 1",
            "line 2: a document must be TOML. .* 16 parts",
        ),
        (b"x = " + b"[" * 500 + b"]" * 500, "at most 8 tables and lists in one another"),
        (b"x = " + b"[" * 100_000, "must be|at most 8"),
        (b"#" * (LARGEST + 1), "more than the 1,048,576 that it may have"),
        (b"", "must have the key title"),
        (
            b'title = "T"\nbaseline = {network = "mlp"}\n[experiments]\nplain = {}',
            "can be judged. Received: experiments alone",
        ),
    ],
)
def test_what_is_no_document_at_all(content, said, tmp_path):
    path = tmp_path / "x.toml"
    path.write_bytes(content)
    with pytest.raises(KerasMnistError, match=said):
        read_document(path)


def test_what_is_no_file(tmp_path):
    with pytest.raises(KerasMnistError, match=r"a TOML file. Received: No such file"):
        read_document(tmp_path / "gone.toml")
    (tmp_path / "folder.toml").mkdir()
    with pytest.raises(KerasMnistError, match="Is a directory"):
        read_document(tmp_path / "folder.toml")


HIGHLIGHT = """
[[contrasts]]
asks = "what width does"
variant = "wide"
base = "plain"
[[highlights]]
title = "Width helps"
text = "By {effect[what width does]}."
plot = ["contrasts", "what width does"]
"""


@pytest.mark.parametrize(
    "place, said",
    [
        ("{effect[what width did]}", "Did you mean what width does"),
        ("{effect}", "must say what it is of"),
        ("{effect.__class__}", "must be a known one"),
        ("{effect[what width does].x}", "must be a known one"),
        ("{numbers!r}", "must be a known one"),
        ("{numbers:>99999999}", "must be a known one"),
        ("{", "must stand in braces"),
    ],
)
def test_a_highlight_has_places_for_what_is_known_alone(place, said, read):
    assert read('title = "T"', 'title = "T"').highlights == ()
    wrong = HIGHLIGHT.replace("{effect[what width does]}", place)
    with pytest.raises(KerasMnistError, match=said):
        read("[[statements]]", wrong + "[[statements]]")
    told = read("[[statements]]", HIGHLIGHT + "[[statements]]")
    assert told.highlights[0].text == "By {effect[what width does]}."


BAD = ("epochs = 20.5", 'title = ""', "plain = []", "{width = 0}", "[numbers]", "units")


def test_the_published_schema_takes_the_documents_and_refuses_others(read, tmp_path):
    """It is made of what the reader checks by."""
    published = (ROOT / "docs" / "document.schema.json").read_text()
    assert json.loads(published) == schema()
    validator = Draft202012Validator(schema())
    validator.check_schema(schema())
    for path in [*FOLDERS[0].glob("*.toml"), *(ROOT / "examples").glob("*.toml")]:
        assert not list(validator.iter_errors(tomllib.loads(path.read_text())))
    refused = [(old, new) for old, new, *_ in WRONG if any(map(new.startswith, BAD))]
    assert len(refused) >= len(BAD)
    for old, new in refused:
        wrong = tomllib.loads(MINE.replace(old, new, 1))
        assert list(validator.iter_errors(wrong)), new


def test_every_value_of_a_file_has_its_line():
    """Of each key there is, the line says the key; of each row, what it begins with."""
    for path in (ROOT / "keras_mnist" / "documents" / "published").glob("*.toml"):
        top = read_source(path)
        lines = top.source.text.splitlines()
        for table in ("counts", "numbers", "statements", "contrasts"):
            for node in top.each(table):
                assert lines[top.source.line(node.path) - 1] == f"[[{table}]]"
                for key, value in node.items():
                    assert lines[top.source.line(value.path) - 1].startswith(key)
                for row in node.each("rows"):
                    assert f'["{row.value[0]}"' in lines[top.source.line(row.path) - 1]
        for name, value in top["experiments"].items():
            assert name in lines[top.source.line(value.path) - 1]
    assert len(documents()) > 1
