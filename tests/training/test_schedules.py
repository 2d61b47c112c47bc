import keras
import numpy as np
import pytest
from keras.optimizers.schedules import CosineDecay, ExponentialDecay, PiecewiseConstantDecay

from keras_mnist import Experiment
from keras_mnist.experiment import Fit
from keras_mnist.experiment.steps import SCHEDULES as NAMES
from keras_mnist.training.build import build
from keras_mnist.training.schedules import SCHEDULES, rates
from keras_mnist.training.trainer import Trainer, epoch_order

COUNT, BATCH, STEPS = 256, 48, 6  # five full batches and one of 16
FIT = Fit(epochs=4, batch_size=BATCH, learning_rate=0.1)
# What Keras has for it, over steps.
SAME = [
    ({"schedule": "cosine"}, CosineDecay(0.1, 4 * STEPS)),
    (
        {"schedule": "cosine", "warmup_epochs": 1},
        CosineDecay(0.0, 3 * STEPS, warmup_target=0.1, warmup_steps=STEPS),
    ),
    (
        {"schedule": "exponential", "decay_rate": 0.5, "decay_epochs": 2},
        ExponentialDecay(0.1, 2 * STEPS, 0.5),
    ),
    (
        {"schedule": "step", "decay_rate": 0.5, "decay_epochs": 2},
        ExponentialDecay(0.1, 2 * STEPS, 0.5, staircase=True),
    ),
    (
        # Its boundaries belong to what comes before.
        {"schedule": "step", "decay_rate": 0.1},
        PiecewiseConstantDecay([i * STEPS - 1 for i in (1, 2, 3)], [1e-1, 1e-2, 1e-3, 1e-4]),
    ),
]


def every_rate(fit: Fit) -> np.ndarray:
    return np.concatenate([rates(fit, epoch, COUNT) for epoch in range(1, fit.epochs + 1)])


def test_each_name_has_a_schedule():
    assert tuple(SCHEDULES) == NAMES


@pytest.mark.parametrize(("choices", "theirs"), SAME, ids=lambda given: str(given)[:60])
def test_rates_are_those_of_keras_s_schedule(choices, theirs):
    ours = every_rate(FIT.change(**choices))
    assert ours.dtype == np.float32
    expected = [float(theirs(step)) for step in range(4 * STEPS)]
    np.testing.assert_allclose(ours, expected, rtol=1e-5, atol=1e-8)


def test_one_rate_throughout_needs_none():
    assert rates(FIT, 1, COUNT) is None
    assert rates(Fit(optimizer="adam"), 3, COUNT) is None


def test_a_warm_up_rises_evenly_from_0_and_may_take_all_epochs():
    warm = FIT.change(warmup_epochs=2)
    np.testing.assert_allclose(every_rate(warm)[: 2 * STEPS], 0.1 * np.arange(12) / 12, rtol=1e-6)
    np.testing.assert_allclose(every_rate(warm)[2 * STEPS :], 0.1)
    for name in NAMES:
        long = every_rate(FIT.change(schedule=name, warmup_epochs=8))
        np.testing.assert_allclose(long, 0.1 * np.arange(24) / 48, rtol=1e-6, atol=1e-9)


def test_fewer_images_than_a_batch_are_one_step_an_epoch():
    np.testing.assert_allclose(rates(FIT.change(schedule="cosine"), 3, 10), [0.05], rtol=1e-6)


@pytest.mark.parametrize(("choices", "theirs"), SAME[1:4], ids=lambda given: str(given)[:60])
@pytest.mark.parametrize("width", [16, 512])  # one program a step, or many calls
def test_training_by_a_schedule_is_that_of_keras(small, choices, theirs, width):
    experiment = Experiment().change(width=width, dropout=0.0, activation="tanh", epochs=4)
    experiment = experiment.change(batch_size=BATCH, optimizer="sgd", learning_rate=0.1)
    experiment = experiment.change(momentum=0.9, **choices)
    trainer = Trainer(experiment, small)
    outcome = trainer.run(seed=2)
    network = build(experiment, 2)
    network.compile(keras.optimizers.SGD(theirs, momentum=0.9), "sparse_categorical_crossentropy")
    for epoch in range(1, 5):
        order = epoch_order(2, epoch, COUNT)
        for start in range(0, COUNT, BATCH):
            batch = order[start : start + BATCH]
            network.train_on_batch(small.x_train[batch] / np.float32(255), small.y_train[batch])
    for ours, their in zip(outcome.weights, network.get_weights(), strict=True):
        np.testing.assert_allclose(ours, their, rtol=1e-3, atol=2e-5)


def test_neither_epochs_nor_seeds_trace_anew(small):
    experiment = Experiment().change(width=8, epochs=3, batch_size=BATCH, schedule="cosine")
    trainer = Trainer(experiment, small)
    digests = [trainer.run(seed).weights_sha256 for seed in (0, 1, 0)]
    assert trainer._train_epoch.experimental_get_tracing_count() == 1
    assert digests[0] == digests[2] != digests[1]
    constant = Trainer(experiment.change(schedule="constant"), small).run(0)
    assert constant.weights_sha256 != digests[0]
