"""The whole way of an own network on own data: ablate, page, search, export, predict."""

import csv
import json

import numpy as np
import pytest
from PIL import Image

from keras_mnist.data import find_data
from keras_mnist.runs import Store
from keras_mnist.runs.search_record import SearchRecord
from keras_mnist.serving.card import Card
from keras_mnist.serving.classifier import load_classifier

NAMES = ("bag", "boot", "coat")
NETWORK = '''
import keras
from keras import layers


def network(shape, classes, width=8, norm=True):
    """Args:
    width: units of the hidden layer.
    """
    inputs = x = keras.Input(shape)
    if len(shape) > 1:
        x = layers.Flatten()(layers.Conv2D(4, 5, strides=4, activation="relu")(x))
    x = layers.Dense(width, activation="relu")(x)
    if norm:
        x = layers.LayerNormalization()(x)
    return keras.Model(inputs, layers.Dense(classes)(x))
'''
FEW = ("--epochs", 1, "--seeds", 2, "--jobs", 1, "--quiet")


def told_apart(shape):
    """240 examples from 0 to 1 of a seed, each class a pattern of its own under noise."""
    random = np.random.default_rng(0)
    labels = random.permutation(np.arange(240) % len(NAMES))
    patterns, noise = random.random((len(NAMES), *shape)), random.random((240, *shape))
    return 0.7 * patterns[labels] + 0.3 * noise, np.array(NAMES)[labels]


def images(folder, shape):
    x, y = told_apart(shape)
    x = (255 * x).astype(np.uint8)
    np.savez(folder / "own.npz", x_train=x[:200], y_train=y[:200], x_test=x[200:], y_test=y[200:])
    return ("--data", "own.npz")


def rows(folder, shape):
    x, y = told_apart(shape)
    with open(folder / "own.csv", "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["kind", "length", "width", "height", "weight"])
        writer.writerows(
            [name, *map(repr, map(float, row))] for name, row in zip(y, x, strict=True)
        )
    return ("--data", "own.csv", "--target", "kind", "--test-split", 0.2)


KINDS = {
    "as Fashion-MNIST": (images, (28, 28, 1)),
    "as CIFAR": (images, (32, 32, 3)),
    "a table": (rows, (4,)),
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_whole_way(kind, tmp_path, inside, gate_here):
    make, shape = KINDS[kind]
    data = make(tmp_path, shape)
    (tmp_path / "mine.py").write_text(NETWORK)
    given = find_data(tmp_path / data[1], *([] if len(data) == 2 else ["kind", 0.2]))
    assert (given.shape, given.class_names) == (shape, NAMES)

    def does(*line) -> str:
        done = inside(*line)
        assert done.returncode == 0, done.stderr
        return done.stdout

    # Ablate: two runs of each, stored with what the data are.
    said = does("ablate", "--model", "mine.py", "--no-norm", *data, *FEW, "--json", "all.json")
    assert "no norm" in said and "mine.py ends in logits" in said
    records = list(Store("runs").records())
    assert [r.status for r in records] == ["completed"] * 4
    assert sorted((r.experiment.network.norm, r.seed) for r in records) == [
        (False, 0),
        (False, 1),
        (True, 0),
        (True, 1),
    ]
    for record in records:
        assert (record.data["name"], record.data["digest"]) == ("own", given.digest)
        assert record.data["class_names"] == list(NAMES)

    # Page: the study stands on it.
    does("page")
    page = (tmp_path / "page.html").read_text()
    assert "no norm" in page and "mine" in page

    # Search: the best trial has the greatest mean, and a file of its own.
    how = ("--search", "width=6,8", "--oracle", "grid", "--trials", 2)
    said = does("search", "--model", "mine.py", *how, *data, *FEW)
    found = SearchRecord.read(tmp_path / "search")
    assert sorted(trial.values["width"] for trial in found.trials) == [6, 8]
    means = [trial.summary.mean for trial in found.trials]
    assert means == sorted(means, reverse=True)
    best = json.loads((tmp_path / "search" / "best.json").read_text())["experiment"]
    assert best["model"]["arguments"] == {"norm": True, **found.trials[0].values}
    assert found.answer in said

    # Export: the weights of the stored run, and the classes by name.
    code = ("--model", "mine.py", *data, "--quiet")
    does("export", "search/best.json", "--name", "mine", *code)
    card = Card.read(tmp_path / "saved_models" / "mine" / "1")
    same = [r for r in Store("runs").records() if r.key == card.record.key and not r.seed]
    assert [r.weights_sha256 for r in same] == [card.record.weights_sha256]
    assert card.class_names == NAMES and not card.note
    assert sum(map(sum, card.confusion)) == len(given.x_test)

    # Predict: what the exported network says, by the name of the class.
    expected = load_classifier(tmp_path / "saved_models" / "mine" / "1")
    asked = _table(tmp_path) if len(shape) == 1 else _pictures(tmp_path, given)
    for files, examples in asked:
        said = does("predict", *files, "--network", "mine", "--json", "--quiet")
        answers = list(map(json.loads, said.splitlines()))
        shares = expected(examples)
        assert [answer["name"] for answer in answers] == [NAMES[n] for n in shares.argmax(1)]
        probabilities = [answer["probabilities"] for answer in answers]
        np.testing.assert_allclose(probabilities, shares, atol=1e-5)
    if len(shape) == 1:
        (tmp_path / "less.csv").write_text("length,width,weight\n1,2,3\n")
        refused = inside("predict", "less.csv", "--network", "mine")
        assert refused.returncode == 1 and "none called height" in refused.stderr


def _pictures(folder, given):
    """Yield pictures in files, and what of them is shown to the network."""
    for number, picture in enumerate(given.x_test[:3]):
        Image.fromarray(picture.squeeze()).save(folder / f"{number}.png")
    yield [f"{number}.png" for number in range(3)], given.x_test[:3]


def _table(folder):
    """Yield tables in files, and what of them is given to the network: columns have names."""
    with open(folder / "own.csv", newline="") as file:
        table = list(csv.DictReader(file))
    names = ("length", "width", "height", "weight")
    examples = np.array([[float(row[name]) for name in names] for row in table], np.float32)
    yield ["own.csv"], examples  # as it is, with its classes
    others = ("weight", "colour", "height", "width", "length")
    with open(folder / "others.csv", "w", newline="") as file:
        writer = csv.DictWriter(file, others, restval="red", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(table[:9])
    yield ["others.csv"], examples[:9]
