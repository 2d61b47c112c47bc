"""The page of a person's own runs: her networks, her data, no document that was not run."""

import json
import re
import shutil
from dataclasses import replace

import numpy as np
import pytest
from conftest import ROOT
from test_page import HTML, MNIST, Text, page_of, record, stored

from keras_mnist import Experiment
from keras_mnist.experiment.split import Data
from keras_mnist.networks.built import Built
from keras_mnist.networks.layers import Size
from keras_mnist.networks.own import Origin, network_of
from keras_mnist.networks.signatures import signature_of
from keras_mnist.serving.card import Card
from keras_mnist.serving.plain import read_plain
from keras_mnist.site.apart import apart
from keras_mnist.site.content import content
from keras_mnist.site.document import document
from keras_mnist.site.experiments import Experiments
from keras_mnist.site.networks import LINE, ROW, drawing
from keras_mnist.site.tried import _is_known, tried_of

WINE = {"name": "wine", "digest": "ab" * 32, "canonical": False}
WINE |= {"images": {"train": 20_000, "test": 10_000}, "class_names": ["one", "two", "three"]}
DIGITS = {"name": "digits", "digest": "cd" * 32, "canonical": False}
WOBBLE = (-0.001, 0.0, 0.0012)  # seed by seed: told apart by nobody
TABLE = Data(shape=(13,), classes=3, values="numbers")


def network(shape, classes, width=32, dropout=0.2, batchnorm=True):
    raise AssertionError("the page builds nothing")


def own(data=TABLE, name="mine.py", digest="", layer="hidden_1", **changes) -> Experiment:
    """An experiment on her network, as it would be after it was built."""
    about = f"{digest} {layer} {data.shape} {changes}"
    origin = Origin(name, signature_of(network, name), digest=about)
    found = Experiment(data=data, network=network_of(origin)()).change(**{"epochs": 3} | changes)
    width, inputs = found.value("width"), int(np.prod(found.shape))
    sizes = (
        Size(layer, (width,), inputs * width, width, inputs * width),
        Size("dense_2", (data.classes,), width * data.classes, data.classes, width * data.classes),
    )
    weights = tuple((f"{s.name}/kernel", (s.weights // s.outputs[-1], *s.outputs)) for s in sizes)
    if found.value("batchnorm"):
        weights += (("norm/gamma", (width,)),)
    found.network.learn(found.shape, data.classes, Built(about, sizes, "logits", weights, False))
    return found


def runs(experiment, data=WINE, seeds=3, plus=0.0):
    """Runs whose test accuracy is above those of another experiment's: by `plus`, or in each."""
    for seed in range(seeds):
        made = record(experiment, seed, data)
        more = plus[seed] if isinstance(plus, tuple) else plus * (1 + seed / 100)
        accuracy = round(0.9 + seed / 1000 + more, 4)
        yield replace(made, metrics=made.metrics | {"test_accuracy": accuracy})


def told(page: Text) -> str:
    """What a reader sees, but for the words in which the page is made."""
    return " ".join(page.text.split())


def studies_of(records, data=WINE, documents=()):
    records = list(records)
    return apart(list(documents), records, data, Experiments(records))


@pytest.fixture
def wine(tmp_path):
    made = [*runs(own()), *runs(own(batchnorm=False), plus=-0.05), *runs(own(width=8), plus=WOBBLE)]
    return stored(tmp_path / "runs", made)


def test_a_study_of_her_own_has_its_page_and_no_document_is_on_it(wine):
    page = page_of(wine)
    text = told(page)
    assert text.startswith("mine.py on wine, epochs 3: keras_mnist")
    assert (
        "no batchnorm: test accuracy lower by 5.05 pp [4.79, 5.31], over 3 pairs of runs "
        "(p 0.00013, adjusted for all comparisons of the study); the other is not told apart."
        in text
    )
    assert "wine: 13, 3 classes, 20,000 examples to train on and 10,000 to test on" in text
    assert "mine.py ends in logits" in text
    for word in ("claim", "document", "published", "MNIST", "verdict", "Try it", "search"):
        assert word.lower() not in text.replace("keras_mnist", "").lower(), word
    anchors = [value for tag, name, value in page.attributes if (tag, name) == ("a", "href")]
    assert anchors == ["#own", "#own", "#ablations", "#networks", "#method"]
    assert {value for tag, name, value in page.attributes if (tag, name) == ("section", "id")} == {
        anchor[1:] for anchor in anchors
    }


def test_what_its_runs_were_stands_in_a_table(wine):
    (card,) = content(wine).text["own"]["cards"]
    change = card["headings"].index("change")
    rows = {row[change]: dict(zip(card["headings"], row, strict=True)) for row in card["rows"]}
    assert list(rows) == ["baseline", "no batchnorm", "width 8"]
    assert {row["seeds"] for row in rows.values()} == {"3"}
    assert rows["width 8"]["first weights paired"] == "0 %"
    assert rows["no batchnorm"]["first weights paired"] == "100 %"
    assert rows["baseline"]["parameters"] == f"{13 * 32 + 32 + 32 * 3 + 3:,}"
    assert rows["baseline"]["effect on test accuracy"] == ""


def test_the_effects_of_the_table_are_those_that_are_drawn(wine):
    page = content(wine)
    (study,) = page.plots["studies"]
    (card,) = page.text["own"]["cards"]
    accuracy = next(m for m in study["metrics"] if m["name"] == "test_accuracy")
    place = card["headings"].index("effect on test accuracy")
    assert [e["words"] for e in accuracy["effects"]] == [row[place] for row in card["rows"][1:]]


def test_each_network_is_drawn_once_from_the_layers_of_its_record(wine):
    drawn = content(wine).text["networks"]
    assert [one["name"] for one in drawn] == ["mine.py: baseline", "mine.py: width 8"]
    assert [(box["name"], box["shape"]) for box in drawn[1]["boxes"]] == [
        ("inputs", "13"),
        ("hidden 1", "8"),
        ("dense 2", "3"),
    ]


def test_only_what_is_on_the_page_is_set_going(wine):
    page = document(content(wine))
    assert page.rstrip().count("startStudies();\n") == 1
    assert "startClaims();\n" not in page and "startDrawing();\n" not in page
    assert not re.search(r"\bNaN\b|undefined", Text(page).data)


def test_a_built_in_network_on_other_data_has_its_baseline(tmp_path):
    base = Experiment().change(epochs=2)
    made = [*runs(base.change(activation="linear"), DIGITS, plus=-0.05), *runs(base, DIGITS)]
    page = page_of(stored(tmp_path / "runs", made))
    text = told(page)
    assert text.startswith("mlp on digits, epochs 2: keras_mnist")
    assert "no relu: test accuracy lower by 5.05 pp" in text
    (study,) = json.loads(page.data)["studies"]
    assert [v["name"] for v in study["variants"]] == ["baseline", "no relu"]
    assert "blog" not in text and "claim" not in text


def test_documents_are_on_the_page_only_where_their_runs_are(tmp_path):
    digits = Data()
    mine = [*runs(own(digits), MNIST), *runs(own(digits, width=8), MNIST)]
    short = [*runs(Experiment().change(epochs=2), MNIST)]
    without = content(stored(tmp_path / "without", [*mine, *short]))
    assert without.text["documents"] == [] and without.text["answer"] is None
    both = content(stored(tmp_path / "both", [*mine, *runs(Experiment(), MNIST)]))
    assert [name for name, *_ in both.text["documents"]] == ["mlp_ablation"]
    assert {row["document"] for row in both.text["claims"]} == {"mlp_ablation"}
    assert [card["title"] for card in both.text["own"]["cards"]] == ["mine.py on mnist, epochs 3"]
    assert "Other studies" in told(Text(document(both)))
    elsewhere = content(stored(tmp_path / "elsewhere", runs(Experiment(), DIGITS)))
    assert elsewhere.text["documents"] == [], "the blog's experiment, but not on its data"


def test_the_baseline_is_what_the_others_vary_whatever_the_defaults(tmp_path):
    """Taking something out of it may bring an experiment nearer to the defaults."""
    base = own(dropout=0.5, batchnorm=False)
    others = [
        own(dropout=0.2, batchnorm=False),
        own(dropout=0.5, batchnorm=False, width=8),
        own(dropout=0.5),
    ]
    (study,) = studies_of(r for e in (*others, base) for r in runs(e))
    assert study.baseline == base
    assert list(study.named) == [
        "dropout 0.5 + no batchnorm",
        "dropout 0.2",
        "width 8",
        "batchnorm",
    ]


def test_studies_that_were_trained_differently_are_apart():
    long, short = ([own(epochs=n), own(epochs=n, width=8)] for n in (3, 1))
    found = studies_of(r for e in (*long, *short) for r in runs(e))
    assert [study.title for study in found] == [
        "mine.py on wine, epochs 3",
        "mine.py on wine, epochs 1",
    ]
    assert all(list(study.named) == ["baseline", "width 8"] for study in found)


def test_what_failed_stays_in_the_table(tmp_path):
    failed = [
        record(
            own(width=8),
            seed,
            WINE,
            status="failed",
            reason="out of memory",
            metrics={},
            history={},
        )
        for seed in range(3)
    ]
    page = content(stored(tmp_path / "runs", [*runs(own()), *failed]))
    (card,) = page.text["own"]["cards"]
    assert card["rows"][1][:3] == ["width 8", "0 of 3", "–"]
    assert card["sentence"] == "Nothing can be compared: no change shares a seed with the baseline."
    assert "out of memory" in told(Text(document(page)))


def test_of_a_study_that_failed_altogether_nothing_is_drawn(tmp_path):
    why = {"status": "failed", "reason": "out of memory", "metrics": {}, "history": {}}
    failed = [record(e, 0, WINE, **why) for e in (own(), own(width=8))]
    page = content(stored(tmp_path / "runs", failed))
    assert page.text["own"]["cards"][0]["sentence"] == "None of its runs completed."
    assert page.plots["studies"] == [] and "startStudies" not in page.starts
    document(page)


def test_runs_of_an_edited_file_are_not_taken_for_those_of_another(tmp_path):
    made = [*runs(own()), *runs(own(digest="edited since"), plus=-0.05)]
    (study,) = content(stored(tmp_path / "runs", made)).plots["studies"]
    assert [v["name"] for v in study["variants"]] == ["baseline", "baseline (2)"]
    assert len({v["key"] for v in study["variants"]}) == 2


@pytest.mark.parametrize(
    "effects, said",
    [
        ([], "One experiment, compared with no other: test accuracy % 90.10 ± 0.10."),
        ([WOBBLE], "width 8: test accuracy not told apart from the baseline’s, +0.01 pp [-0.3"),
        ([0.0], "width 8: no difference at all in test accuracy, over 3 pairs of runs."),
        ([0.01, 0.02], "width 9: test accuracy higher by 2.02 pp"),
        ([0.01, 0.02], "; the other change is told apart, too."),
        ([0.01, 0.0, 0.0], "; of the other 2 none is told apart."),
        ([0.01, 0.02, 0.0], "; of the other 2, 1 is told apart, too."),
        ([0.0, 0.0, 0.0], "; nor is any of the other 2."),
    ],
)
def test_the_answer_is_one_sentence(effects, said, tmp_path):
    changed = [(own(width=8 + place), plus) for place, plus in enumerate(effects)]
    made = [*runs(own()), *(r for e, plus in changed for r in runs(e, plus=plus))]
    (card,) = content(stored(tmp_path / "runs", made)).text["own"]["cards"]
    assert said in card["sentence"]
    assert card["sentence"].count(". ") == 0 and card["sentence"].endswith(".")


def test_one_pair_of_runs_has_no_interval(tmp_path):
    made = [*runs(own(), seeds=1), *runs(own(width=8), seeds=1, plus=0.01)]
    (card,) = content(stored(tmp_path / "runs", made)).text["own"]["cards"]
    assert card["sentence"] == (
        "width 8: test accuracy +1.00 pp, from one pair of runs and so without an interval."
    )


def test_html_in_names_of_her_network_and_data_is_shown_as_text(tmp_path):
    data = WINE | {"name": HTML, "class_names": 3 * [HTML]}
    made = [
        *runs(own(name=HTML, layer=HTML), data),
        *runs(own(name=HTML, layer=HTML, width=8), data),
    ]
    page = page_of(stored(tmp_path / "runs", made))
    assert "img" not in page.tags and page.tags.count("script") == 2
    assert page.text.count(HTML) >= 4, "of title, heading, facts, layers"
    assert "<" not in page.data and json.loads(page.data)["studies"]


def drawn(*outputs, name="layer"):
    """The drawing of an experiment whose layers put out such shapes."""
    sizes = tuple(Size(f"{name}_{i}", shape, 10**6, 10, 100) for i, shape in enumerate(outputs))
    experiment = own()
    experiment.network.learn((13,), 3, Built("", sizes, "logits", (), False))
    return drawing(experiment)


@pytest.mark.parametrize(
    "outputs, name",
    [
        ([(8,)], "a"),
        ([(224, 224, 64), (112, 112, 512), (7, 7, 2048), (1000,)], "conv2d"),
        ([(50, 64), (1,), (3, 4, 5, 6)], "multi_head_attention_with_a_long_name"),
        ([(28, 100, 3)] * 200, "block"),
    ],
)
def test_boxes_and_labels_stay_in_their_place(outputs, name):
    found = drawn(*outputs, name=name)
    boxes = found["boxes"]
    assert found["width"] <= LINE and len(found["layers"]) == len(outputs)
    assert found["left_out"] == max(0, len(outputs) + 1 - len(boxes))
    across = sum(box["top"] == 0 for box in boxes)
    column = found["width"] / across
    for place, box in enumerate(boxes):
        left = place % across * column
        assert left <= box["x"] and box["x"] + box["width"] + box["depth"] <= left + column + 0.1
        assert box["top"] == ROW * (place // across) < found["height"]
        assert box["top"] + 20 < box["y"] - box["depth"]
        assert box["y"] + box["height"] < box["top"] + 152
        longest = max(len(box["name"]), len(box["shape"]), len(box["note"]))
        assert 6.2 * longest <= column, "labels would overlap"
        assert box["name"] == box["whole"] or not box["whole"] or box["name"].endswith("…")


@pytest.fixture
def exported(tmp_path, monkeypatch):
    """A network of digits in the folder of a person, as `export` puts it there."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(ROOT / "saved_models" / "mlp_64", "saved_models/hers")
    return Card.read(tmp_path / "saved_models" / "hers" / "1")


def test_a_field_to_draw_in_is_there_where_a_network_of_hers_reads_digits(exported, tmp_path):
    key = exported.record.key
    (found,) = tried_of({key})
    assert (found["name"], found["title"]) == ("hers", "hers, version 1")
    assert tried_of({"another"}) == [] == tried_of(set())
    (tmp_path / "saved_models" / "hers" / "1" / "model.npz").write_bytes(b"torn")
    assert tried_of({key}) == []


def test_networks_of_hers_come_before_those_of_documents(exported, tmp_path):
    wide = exported.record.experiment.change(width=70)
    made = [*runs(Experiment(), MNIST, seeds=1), *runs(wide, MNIST, seeds=1)]
    folder = stored(tmp_path / "runs", made)
    shown = [one["title"] for one in content(folder).text["tried"]]
    assert shown == ["lenet5_reg, version 1", "mlp_64, version 1"]
    hers = replace(exported, record=replace(exported.record, experiment=wide))
    (tmp_path / "saved_models" / "hers" / "1" / "card.json").write_text(hers.to_json())
    shown = [one["title"] for one in content(folder).text["tried"]]
    assert shown == ["hers, version 1", "lenet5_reg, version 1"]


def test_the_page_runs_only_steps_that_its_scripts_know():
    for name in ("lenet5_reg", "mlp_64"):
        steps, arrays = read_plain(ROOT / "saved_models" / name / "1" / "model.npz")
        assert steps and all(_is_known(step, arrays) for step in steps)
    arrays = {"square": np.zeros((3, 3, 1, 4)), "long": np.zeros((3, 1, 1, 4)), "b": np.zeros(4)}
    conv = {"kind": "conv", "kernel": "square", "bias": "b", "padding": "same"}
    assert _is_known(conv, arrays)
    for step in (
        conv | {"strides": [2, 2]},
        conv | {"kernel": "long"},
        {"kind": "scale", "divide": [1, 2]},
        {"kind": "scale", "shape": [8, 8]},
        {"kind": "pool", "by": "max", "size": 3},
        {"kind": "activate", "by": "sigmoid"},
        {"kind": "everywhere", "by": "max"},
    ):
        assert not _is_known(step, arrays), step
