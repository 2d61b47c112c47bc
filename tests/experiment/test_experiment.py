import dataclasses
import json
import math

import numpy as np
import pytest

from keras_mnist.base.errors import ExperimentError
from keras_mnist.experiment import Experiment
from keras_mnist.experiment.augmentation import Augmentation
from keras_mnist.experiment.fit import Fit
from keras_mnist.experiment.split import Data
from keras_mnist.experiment.study import Study
from keras_mnist.networks import MLP, Conv1x1, CustomMLP, LeNet
from keras_mnist.reporting.foresight import about_idle

BASE = Experiment()
CUSTOM, LENET, CONV1X1 = (Experiment(network=kind()) for kind in (CustomMLP, LeNet, Conv1x1))


def key(base=BASE, **changes):
    return base.change(**changes).key("x", 1)


def assert_refused(base, field, values):
    for value in values:
        with pytest.raises(ExperimentError) as caught:
            base.change(**{field: value})
        assert f"{field} must be" in str(caught.value)
        assert f"Received: {value!r}." in str(caught.value)


@pytest.mark.parametrize(
    ("field", "values"),
    {
        "train_size": [0, -1, 10_000_001, 1.0, "5", True],
        "validation_split": [-0.1, 1, 1.5, math.nan, math.inf, "0.2", None, False],
        "rescale": [0, 1, "yes", None],
        "normalize": [0, 1, "yes", None],
        "side": [0, 27, 30, 64, 28.0, 32.0, "28", True, [28]],
        "classes": [1, 2.0, True, None],
        "shift": [-0.1, 0.51, math.nan, "0.1", True, None],
        "rotation": [-1, 181, math.inf, "20", True, None],
        "blur": [-0.1, 0.05, 101, math.nan, "2", True, None],
        "width": [0, -3, 16385, 64.0, "64", True, None],
        "hidden_layers": [-1, 65, 2.0, False, None],
        "activation": ["sigmoid", "", None, "ReLU"],
        "dropout": [-0.1, 1, 1.0, math.nan, "0", True, None],
        "init": ["glorot", "", None, 0],
        "optimizer": ["adamz", "", None, 3],
        "learning_rate": [0, -0.1, 1001, math.nan, math.inf, "0.1", True],
        "momentum": [-0.1, 1, 1.5, math.nan, "0.9", True, None],
        "weight_decay": [-0.1, 1001, math.inf, math.nan, "0", True, None],
        "nesterov": [0, 1, "yes"],
        "clip_norm": [-1, math.inf, math.nan, "1", None],
        "clip_value": [-1, math.inf, math.nan, "1", None],
        "label_smoothing": [-0.1, 1, math.nan, "0.1", None],
        "patience": [-1, 1.5, "3", True, None],
        "restore_best": [0, "yes", None],
        "class_weights": ["even", "", None, True],
        "schedule": ["linear", "", None, 3],
        "warmup_epochs": [-1, 1.0, True, None],
        "decay_rate": [0, 1.1, math.nan, "0.5", None],
        "decay_epochs": [0, 1.5, None],
        "rho": [-0.1, 1, math.nan, "0.9", True],
        "epsilon": [0, -1e-7, 1.5, math.inf, "0", True],
        "beta_1": [-0.1, 1, math.nan, "0.9", True],
        "learning_rate_power": [0.1, -11, math.nan],
        "batch_size": [0, 1_000_001, 32.0, True, None],
        "loss": ["mse", None],
        "epochs": [0, 100_001, 2.5, True, None],
        "precision": ["float16", "", None, 16],
    }.items(),
    ids=lambda item: item if isinstance(item, str) else "",
)
def test_a_value_out_of_range_is_named(field, values):
    assert_refused(BASE, field, values)


@pytest.mark.parametrize(
    ("base", "field", "values"),
    [
        (CUSTOM, "widths", [5, None, "abc", b"abc", {60, 20}, {60: 20}]),
        (CUSTOM, "activation", ["sigmoid", None]),
        (CUSTOM, "dropout", [-0.1, 1, math.nan, None]),
        (CUSTOM, "init", ["glorot", None]),
        (LENET, "activation", ["sigmoid", None]),
        (LENET, "pool", ["min", "avg", "", None, 2]),
        (LENET, "padding", ["full", "", None, 2]),
        (LENET, "c5_activation", [0, 1, "tanh", None]),
        (LENET, "batchnorm", [0, 1, "yes", None]),
        (LENET, "dropout", [-0.1, 1, math.nan, None]),
        (LENET, "dropout_after", ["c5", "", None, True]),
        (LENET, "init", ["glorot", None]),
        (CONV1X1, "activation", ["sigmoid", None]),
        (CONV1X1, "pool_last", [0, 1, "yes", None]),
        (CONV1X1, "init", ["glorot", None]),
    ],
    ids=lambda item: getattr(item, "kind", item) if not isinstance(item, list) else "",
)
def test_a_model_s_value_out_of_range_is_named(base, field, values):
    assert_refused(base, field, values)


@pytest.mark.parametrize("width", [0, -3, 16385, 64.0, "64", True, None, (60, 20)])
def test_each_of_the_widths_is_checked(width):
    with pytest.raises(ExperimentError, match="each of widths must be") as caught:
        CUSTOM.change(widths=(60, width))
    assert f"Received: {width!r}." in str(caught.value)


@pytest.mark.parametrize(
    "field", ["dropout", "learning_rate", "validation_split", "momentum", "weight_decay", "blur"]
)
@pytest.mark.parametrize("value", [10**400, -(10**400)], ids=["large", "small"])
def test_a_whole_number_beyond_floats_is_refused(field, value):
    with pytest.raises(ExperimentError, match=f"{field} must be"):
        BASE.change(**{field: value})


@pytest.mark.parametrize("field", ["optimizer", "activation", "loss", "init"])
@pytest.mark.parametrize("value", [["sgd"], {}], ids=["list", "dict"])
def test_a_choice_that_is_no_word_is_refused(field, value):
    with pytest.raises(ExperimentError, match=f"{field} must be"):
        BASE.change(**{field: value})


@pytest.mark.parametrize("value", [["1"], [math.nan], [True], [10**400], "abc", 1e39], ids=str)
def test_a_mean_is_finite_numbers(value):
    with pytest.raises(ExperimentError, match="each of mean must be a number"):
        BASE.change(mean=value)


@pytest.mark.parametrize("value", [5, None, "28x28", (), (0, 28), (28.0, 28)], ids=repr)
def test_a_shape_is_whole_numbers(value):
    with pytest.raises(ExperimentError, match="shape must be"):
        BASE.change(shape=value)


@pytest.mark.parametrize(
    ("field", "values"),
    {
        "train_size": [1, 10_000_000, None],
        "validation_split": [0, 0.0, 0.999],
        "normalize": [True, False],
        "side": [None, 32],
        "shape": [(28, 28), (1, 16384, 3)],
        "classes": [2, 16384],
        "shift": [0, 0.5],
        "rotation": [0, 180],
        "blur": [0, 100],
        "width": [1, 16384],
        "hidden_layers": [0, 64],
        "dropout": [0, 0.999],
        "init": ["keras", "pytorch", "he_uniform", "orthogonal"],
        "learning_rate": [1e-12, 1000, None],
        "momentum": [0, 0.999],
        "weight_decay": [0, 1000],
        "batch_size": [1, 1_000_000],
        "epochs": [1, 100_000],
    }.items(),
    ids=lambda item: item if isinstance(item, str) else "",
)
def test_the_ends_of_each_range_belong_to_it(field, values):
    for value in values:
        assert BASE.change(**{field: value}).value(field) == value


@pytest.mark.parametrize(
    ("base", "field", "values"),
    [
        (CUSTOM, "widths", [(), (1,), (16384, 1)]),
        (LENET, "pool", ["max", "average"]),
        (LENET, "padding", ["same", "valid"]),
        (LENET, "dropout", [0, 0.999]),
        (LENET, "dropout_after", ["f6", "dense", "everywhere"]),
        (CONV1X1, "pool_last", [False, True]),
    ],
    ids=lambda item: getattr(item, "kind", item) if not isinstance(item, list) else "",
)
def test_the_ends_of_a_model_s_ranges_belong_to_them(base, field, values):
    for value in values:
        assert base.change(**{field: value}).value(field) == value


def test_whole_parts_are_replaced_before_fields_whatever_the_order():
    for changes in ({"network": LeNet(), "dropout": 0.5}, {"dropout": 0.5, "network": LeNet()}):
        assert BASE.change(**changes).network == LeNet(dropout=0.5)
    assert BASE.change(network=LeNet(), pool="average").network.pool == "average"
    with pytest.raises(ExperimentError, match="width must be a field"):
        BASE.change(network=LeNet(), width=3)


def test_change_finds_the_part():
    changed = BASE.change(width=64, epochs=3, rescale=False, train_size=100, dropout=0)
    assert changed.network == dataclasses.replace(BASE.network, width=64, dropout=0.0)
    assert changed.fit == dataclasses.replace(BASE.fit, epochs=3)
    assert (changed.pixels.rescale, changed.data.train_size) == (False, 100)
    assert Experiment() == BASE
    assert BASE.change() == BASE
    assert [changed.part_of(f) for f in ("width", "rescale", "loss", "shape")] == [
        "network",
        "pixels",
        "fit",
        "data",
    ]


def test_change_replaces_whole_parts():
    changed = BASE.change(network=LeNet(pool="average"), augmentation=Augmentation(0.1, 20.0))
    assert changed == Experiment(
        network=LeNet(pool="average"), augmentation=Augmentation(shift=0.1, rotation=20.0)
    )
    assert changed.kind == "lenet"
    assert changed.value("network") == LeNet(pool="average")
    assert changed.change(augmentation=Augmentation(), padding="valid") == Experiment(
        network=LeNet(pool="average", padding="valid")
    )
    assert BASE.change(augmentation=Augmentation(blur=1.0), shift=0.2).augmentation == (
        Augmentation(shift=0.2, blur=1.0)
    )
    assert [changed.part_of(name) for name in ("network", "pool", "shift", "side")] == [
        "network",
        "network",
        "augmentation",
        "pixels",
    ]


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("network", 3),
        ("network", "lenet"),
        ("network", LeNet),
        ("network", Fit()),
        ("augmentation", None),
        ("augmentation", {"shift": 0.1}),
        ("fit", MLP()),
    ],
)
def test_a_part_is_replaced_by_its_like_only(part, value):
    with pytest.raises(ExperimentError, match=f"{part} must be a part"):
        BASE.change(**{part: value})


@pytest.mark.parametrize(
    ("given", "near"),
    [
        ("witdh", "width"),
        ("batchsize", "batch_size"),
        ("xyz", ""),
        ("weightdecay", "weight_decay"),
        ("learningrate", "learning_rate"),
    ],
)
def test_an_unknown_field_names_near_ones(given, near):
    with pytest.raises(ExperimentError) as caught:
        BASE.change(**{given: 1})
    text = str(caught.value)
    assert f"{given} must be a field" in text
    if near:
        assert f"Did you mean {near}" in text
    else:
        assert text.endswith("Experiment().choices has them.")
        assert {"width", "batch_size"} <= Experiment().choices.keys()
    with pytest.raises(ExperimentError):
        BASE.value(given)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"width": 64, "learning_rate": 0.5, "rescale": False},
        {"train_size": 9, "epochs": 1},
        {"normalize": True, "side": 32, "shift": 0.1, "rotation": 0.15, "blur": 2.0},
        {"optimizer": "sgd", "momentum": 0.9, "weight_decay": 5e-4, "loss": "softmax_twice"},
        {"optimizer": "adamw", "weight_decay": 0.0, "beta_1": 0.5, "rho": 0.1, "nesterov": True},
        {"network": LeNet(pool="average", batchnorm=True, dropout=0.5, dropout_after="dense")},
        {"network": Conv1x1(pool_last=True, init="keras")},
        {"network": CustomMLP(widths=(64, 32, 16))},
        {"shape": (8, 12, 3), "classes": 5},
    ],
    ids=str,
)
def test_round_trip(changes):
    experiment = BASE.change(**changes)
    plain = json.loads(json.dumps(experiment.to_dict()))
    again = Experiment.from_dict(plain)
    assert again == experiment
    assert hash(again) == hash(experiment)
    assert (again.key("x", 1), again.name) == (experiment.key("x", 1), experiment.name)
    assert list(plain) == ["data", "preprocessing", "augmentation", "model", "training"]
    assert plain["model"]["kind"] == experiment.kind


def test_numbers_of_numpy_are_numbers():
    base = Experiment(network=CustomMLP())
    given = {"widths": np.array([9, 5]), "epochs": np.int64(3), "learning_rate": np.float32(0.5)}
    made = base.change(**given, normalize=np.True_)
    same = base.change(widths=(9, 5), epochs=3, learning_rate=0.5, normalize=True)
    assert made == same and json.dumps(made.to_dict()) == json.dumps(same.to_dict())
    with pytest.raises(ExperimentError, match=r"epochs must be a whole number"):
        base.change(epochs=np.float64(3))


def test_widths_are_a_tuple_whatever_lists_them():
    for widths in ((60, 30), [60, 30]):
        assert CUSTOM.change(widths=widths) == Experiment(network=CustomMLP((60, 30)))
        assert CustomMLP(widths).widths == (60, 30)
    assert CUSTOM.change(widths=[60, 20]).key("x", 1) == CUSTOM.key("x", 1)


def test_a_record_written_before_a_field_is_read_as_its_default():
    parts = BASE.change(epochs=3).to_dict()
    del parts["augmentation"], parts["data"]["shape"], parts["data"]["classes"]
    parts["data"]["dataset"] = "mnist"
    parts["preprocessing"]["side"] = 28
    assert Experiment.from_dict(parts) == BASE.change(epochs=3)
    for part, field in (
        ("preprocessing", "normalize"),
        ("preprocessing", "side"),
        ("model", "init"),
        ("training", "momentum"),
        ("training", "weight_decay"),
    ):
        del parts[part][field]
    assert Experiment.from_dict(parts) == BASE.change(epochs=3)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda parts: parts.pop("data"),
        lambda parts: parts["model"].pop("kind"),
        lambda parts: parts["model"].update(kind="resnet"),
        lambda parts: parts["model"].update(kind=[]),
        lambda parts: parts["model"].update(colour=1),
        lambda parts: parts["training"].update(epochs=0),
        lambda parts: parts.update(training=None),
        lambda parts: parts.update(model=3),
        lambda parts: parts.update(optimiser={}),
        lambda parts: parts["model"].update(kind="lenet"),
        lambda parts: parts["preprocessing"].update(side=30),
        lambda parts: parts["augmentation"].update(zoom=0.1),
        lambda parts: parts.update(augmentation=None),
    ],
)
def test_a_spoilt_dict_is_refused(spoil):
    parts = BASE.to_dict()
    spoil(parts)
    with pytest.raises(ExperimentError):
        Experiment.from_dict(parts)
    with pytest.raises(ExperimentError):
        Experiment.from_dict([])


def test_golden_keys():
    # Stored records lie under these: if one changes, every record ever stored is orphaned.
    assert key() == "32805576a1f2f2d554eb253f0cb6c58708d096e13988bf1d3ff806bd9a004305"
    assert key(dropout=0.0) == "44a08e3827e80aecaf2329be24cf1502fffd7452b1f50fbbb10677add4754f72"
    assert (
        key(width=64, optimizer="sgd", learning_rate=0.1)
        == "730651855fdc440d3f24931f1bb8850d8eed17a9067ebda7abd1b4b2e5e8332c"
    )


@pytest.mark.parametrize(
    ("optimizer", "rate", "another"),
    [("rmsprop", 0.001, 0.01), ("sgd", 0.01, 0.001), ("adam", 0.001, 0.01)],
)
def test_the_default_rate_written_out_is_the_same_experiment(optimizer, rate, another):
    left_out = BASE.change(optimizer=optimizer)
    written = left_out.change(learning_rate=rate)
    assert left_out.fit.rate == rate
    assert (written.key("x", 1), written.name) == (left_out.key("x", 1), left_out.name)
    assert left_out.change(learning_rate=another).key("x", 1) != left_out.key("x", 1)


def test_what_the_key_holds():
    assert key(shape=(8, 8), classes=3) == key(), "the data set's digest says it"
    assert key(side=28) == key(side=None) == key()
    assert key(dropout=0) == key(dropout=0.0)
    others = [
        key(),
        key(train_size=10),
        key(validation_split=0.1),
        key(rescale=False),
        key(width=1),
        key(hidden_layers=1),
        key(activation="tanh"),
        key(dropout=0.1),
        key(optimizer="sgd"),
        key(learning_rate=0.1),
        key(batch_size=1),
        key(loss="clipped"),
        key(loss="softmax_twice"),
        key(epochs=1),
        key(normalize=True),
        key(side=32),
        key(shift=0.1),
        key(rotation=0.1),
        key(blur=0.1),
        key(init="pytorch"),
        key(init="he_uniform"),
        key(init="orthogonal"),
        key(weight_decay=0.1),
        key(optimizer="sgd", momentum=0.1),
        key(optimizer="sgd", momentum=0.1, nesterov=True),
        key(momentum=0.1),
        key(rho=0.8),
        key(schedule="cosine"),
        key(schedule="exponential"),
        key(schedule="step"),
        key(schedule="step", decay_rate=0.5),
        key(schedule="step", decay_epochs=3),
        key(warmup_epochs=1),
        key(clip_norm=1),
        key(clip_value=1),
        key(label_smoothing=0.1),
        key(class_weights="balanced"),
        key(patience=2),
        key(patience=2, restore_best=True),
        key(epsilon=0.1),
        key(optimizer="adam", beta_1=0),
        key(optimizer="adam", amsgrad=True),
        *(key(base) for base in (CUSTOM, LENET, CONV1X1)),
        key(CUSTOM, widths=(60,)),
        key(CUSTOM, widths=(20, 60)),
        key(CUSTOM, dropout=0.1),
        key(LENET, activation="tanh"),
        key(LENET, pool="average"),
        key(LENET, padding="valid"),
        key(LENET, c5_activation=False),
        key(LENET, batchnorm=True),
        key(LENET, dropout=0.1),
        key(LENET, dropout=0.1, dropout_after="dense"),
        key(LENET, dropout=0.1, dropout_after="everywhere"),
        key(LENET, dropout=0.1, dropout_after="everywhere", dropout_of="maps"),
        key(LENET, init="keras"),
        key(CONV1X1, activation="tanh"),
        key(CONV1X1, pool_last=True),
        BASE.key("y", 1),
        BASE.key("x", 2),
    ]
    assert len(set(others)) == len(others)
    assert all(len(k) == 64 for k in others)


@pytest.mark.parametrize(
    ("base", "idle", "awake"),
    [
        (BASE.change(optimizer="rmsprop_keras2"), {"momentum": 0.9}, {"optimizer": "rmsprop"}),
        (BASE.change(optimizer="sgd"), {"nesterov": True}, {"momentum": 0.5}),
        (BASE, {"beta_1": 0.5}, {"optimizer": "lion"}),
        (BASE.change(schedule="cosine"), {"decay_rate": 0.5}, {"schedule": "step"}),
        (BASE, {"decay_epochs": 3}, {"schedule": "exponential"}),
        (BASE, {"restore_best": True}, {"patience": 2}),
        (BASE.change(optimizer="adam"), {"momentum": 0.9}, {"optimizer": "sgd"}),
        (LENET, {"dropout_after": "dense"}, {"dropout": 0.5}),
        (LENET.change(activation="linear"), {"c5_activation": False}, {"activation": "tanh"}),
        (LENET, {"dropout_after": "everywhere"}, {"dropout": 0.5}),
        (LENET.change(dropout=0.5), {"dropout_of": "maps"}, {"dropout_after": "everywhere"}),
        (BASE.change(normalize=True), {"symmetric": True}, {"normalize": False}),
        (BASE.change(rescale=False), {"symmetric": True}, {"rescale": True}),
    ],
)
def test_what_decides_nothing_beside_the_others_is_left_out(base, idle, awake):
    assert base.change(**idle) != base
    assert (key(base, **idle), base.change(**idle).name) == (key(base), base.name)
    assert key(base, **awake, **idle) != key(base, **awake)
    with pytest.raises(ExperimentError, match="must differ"):
        Study.of(base, idle)


def test_what_decides_nothing_in_any_run_is_told():
    asked = BASE.change(normalize=True, symmetric=True, optimizer="adam", momentum=0.9)
    told = about_idle(Study.of(asked, {"dropout": [0.0]}))
    said = [line.partition(" decides nothing here. ")[0] for line in told]
    assert said == ["symmetric", "momentum 0.9"]
    assert about_idle(Study.of(asked, {"normalize": [False]})) == told[1:]
    for preset in (BASE, LENET, CONV1X1):
        assert about_idle(Study.of(preset, {"epochs": [1]})) == []


def test_an_optimizer_brings_its_own_defaults():
    sgd, adam, adamw, lion = (
        BASE.change(optimizer=name) for name in ("sgd", "adam", "adamw", "lion")
    )
    assert [e.fit.weight_decay for e in (BASE, sgd, adam, adamw, lion)] == [0, 0, 0, 0.004, 0]
    assert [e.fit.beta_2 for e in (sgd, adam, lion)] == [None, 0.999, 0.99]
    assert adamw.change(optimizer="sgd") == sgd and sgd.change(optimizer="adamw") == adamw
    assert adam.change(beta_2=0.999, optimizer="lion").fit.beta_2 == 0.999, "as it is named"
    assert adam.change(beta_2=0.9).change(optimizer="lion").fit.beta_2 == 0.9
    replaced = dataclasses.replace(BASE.fit, optimizer="adam")
    assert replaced.beta_1 == 0.9 and replaced.rho == 0.9 and "rho" in replaced.idle
    assert adam.change(beta_2=None) == adam
    for experiment, own in ((adamw, {"weight_decay": 0.004}), (lion, {"beta_2": 0.99})):
        assert experiment.change(**own) == experiment
        with pytest.raises(ExperimentError, match="must differ"):
            Study.of(experiment, own)
    without = adamw.change(weight_decay=0)
    assert len({key(adamw), key(without), key(adam), key(adamw, weight_decay=0.1)}) == 4
    assert without.name == "mlp_optimizer-adamw_weight_decay-0"
    assert BASE.change(weight_decay=0.0, optimizer="adamw") == without, "whichever is named first"
    assert [e.fit.penalty for e in (adamw, sgd.change(weight_decay=0.1))] == [0, 0.1]


def test_what_came_later_is_written_where_it_is_not_the_default():
    """So that an experiment's plain data stay what they were."""
    fit = BASE.to_dict()["training"]
    assert list(fit) == [
        *("optimizer", "learning_rate", "momentum", "weight_decay"),
        *("batch_size", "loss", "epochs", "precision"),
    ]
    adam = BASE.change(optimizer="adam", beta_1=0.5)
    assert adam.to_dict()["training"]["beta_1"] == 0.5
    assert "beta_2" not in adam.to_dict()["training"]
    assert Experiment.from_dict(adam.to_dict()) == adam


def test_what_an_optimizer_cannot_be_given_is_refused():
    with pytest.raises(ExperimentError, match=r"beta_1 must be above 0 for lion\. Received: 0\.0"):
        BASE.change(optimizer="lion", beta_1=0)
    assert BASE.change(optimizer="adam", beta_1=0).fit.beta_1 == 0


def test_names_are_readable_and_fit_for_folders():
    assert BASE.name == "mlp"
    assert BASE.change(shape=(8, 8), classes=3).name == "mlp"
    assert BASE.change(dropout=0.0).name == "mlp_dropout-0"
    assert BASE.change(width=64, activation="linear").name == "mlp_width-64_activation-linear"
    assert BASE.change(learning_rate=0.1).name == "mlp_learning_rate-0.1"
    assert LENET.change(side=32, pool="average").name == "lenet_pool-average_side-32"
    assert CUSTOM.change(widths=(64, 32), shift=0.1).name == "custom_mlp_widths-64-32_shift-0.1"
    assert CUSTOM.change(widths=(9999,) * 64).name == ("custom_mlp_widths" + 64 * "-9999")[:80]
    longest = BASE.change(
        train_size=9_999_999,
        validation_split=0.123456789,
        rescale=False,
        width=16383,
        activation="linear",
        dropout=0.123456789,
        optimizer="sgd",
        learning_rate=0.123456789,
        batch_size=999_999,
        loss="clipped",
    ).name
    assert len(longest) == 80
    assert not set(longest) & set("/\\ :*?\"<>|'\0")


def test_sizes_of_the_model():
    # 784 * 512 + 512 * 512 + 512 * 10 = 401408 + 262144 + 5120; biases 512 + 512 + 10
    assert [layer.outputs for layer in BASE.sizes] == [(512,), (512,), (10,)]
    assert BASE.multiply_adds == 668_672
    assert BASE.parameters == 669_706
    # 784 * 10 + 10
    assert BASE.change(hidden_layers=0).parameters == 7_850


@pytest.mark.parametrize(
    ("size", "split", "expected"),
    [
        (None, 0.2, (48_000, 12_000)),
        (None, 0, (60_000, 0)),
        (10, 0.1, (9, 1)),
        (1, 0, (1, 0)),
        (3, 0.5, (1, 2)),
    ],
)
def test_split(size, split, expected):
    assert Data(train_size=size, validation_split=split).split(60_000) == expected


@pytest.mark.parametrize(
    ("size", "split", "received"),
    [(1, 0.2, "1 with.*0 none is held out"), (2, 0.9, "0.9"), (60_001, 0, "60001")],
)
def test_split_that_leaves_nothing(size, split, received):
    with pytest.raises(ExperimentError, match=received):
        Data(train_size=size, validation_split=split).split(60_000)
