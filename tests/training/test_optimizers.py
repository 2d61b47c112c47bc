import inspect

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_mnist.base.choice import choices_of
from keras_mnist.base.named import load
from keras_mnist.experiment import Experiment, Fit
from keras_mnist.experiment.optimizers import OPTIMIZERS
from keras_mnist.training.optimizers import RMSpropKeras2, make_optimizer
from keras_mnist.training.trainer import Trainer


def test_rmsprop_of_keras_2_adds_epsilon_to_the_root():
    """By hand: v = 0.1 g^2, and the step is 0.001 g / (sqrt(v) + 1e-7)."""
    optimizer = RMSpropKeras2(0.001)
    variable = keras.Variable([1.0, 1.0])
    optimizer.build([variable])
    gradient = np.array([1e-5, 2.0])
    for _ in range(2):
        optimizer.apply([tf.constant(gradient, tf.float32)], [variable])
    expected, velocity = np.ones(2), np.zeros(2)
    for _ in range(2):
        velocity = 0.9 * velocity + 0.1 * gradient**2
        expected -= 0.001 * gradient / (np.sqrt(velocity) + 1e-7)
    np.testing.assert_allclose(variable.numpy(), expected, rtol=1e-6)
    assert 1 - variable.numpy()[0] > 5e-3, "a small gradient takes a step of full length"


# What an experiment says otherwise, or leaves to Keras.
ELSEWHERE = {"learning_rate", "clipnorm", "clipvalue", "global_clipnorm", "name", "kwargs"}
ELSEWHERE |= {"use_ema", "ema_momentum", "ema_overwrite_frequency", "loss_scale_factor"}
ELSEWHERE |= {"gradient_accumulation_steps", "warmup_steps", "exclude_layers", "rms_rate"}
ELSEWHERE |= {"exclude_embeddings", "muon_a", "muon_b", "muon_c", "ns_steps", "adam_lr_ratio"}
ELSEWHERE |= {"adam_beta_1", "adam_beta_2", "adam_weight_decay"}
WRAPPERS = {"Optimizer", "LossScaleOptimizer", "MultiOptimizer", "OptimizerMap"}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_table_is_what_the_installed_keras_takes(name):
    known = OPTIMIZERS[name]
    parameters = inspect.signature(load(known.made_by).__init__).parameters
    has = {parameter: p.default for parameter, p in parameters.items() if parameter != "self"}
    assert has["learning_rate"] == known.rate
    for parameter, own in known.takes.items():
        assert (has[parameter] or 0) == own, parameter
        assert parameter in choices_of(Fit())
    left = set(has) - set(known.takes) - ELSEWHERE - {"weight_decay"}
    assert left == ({"momentum", "centered"} if name == "rmsprop_keras2" else set())
    made = make_optimizer(Fit(optimizer=name)).get_config()
    for parameter, own in known.takes.items():
        assert made[parameter] == own


def test_every_optimizer_of_keras_has_a_name():
    every = {
        f"keras.optimizers.{name}"
        for name, kind in vars(keras.optimizers).items()
        if inspect.isclass(kind) and name not in WRAPPERS
    }
    assert every <= {known.made_by for known in OPTIMIZERS.values()}


@pytest.mark.parametrize("name", ["adafactor", "nadam", "schedule_free_adamw"])
def test_one_optimizer_serves_all_seeds_with_the_state_of_a_fresh_one(name, small):
    """Some start from the weights, some hold state beside their variables."""
    tiny = Experiment().change(width=8, epochs=1, batch_size=64, optimizer=name)
    reused = Trainer(tiny, small)
    digests = [reused.run(seed).weights_sha256 for seed in (0, 1, 0)]
    assert digests[0] == digests[2] != digests[1]
    assert Trainer(tiny, small).run(1).weights_sha256 == digests[1]
