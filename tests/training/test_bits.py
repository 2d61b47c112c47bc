"""What decides bits is arithmetic that NumPy can do as well: nothing is the processor's own."""

import numpy as np
import pytest

from keras_mnist.base.backend import keras, tf
from keras_mnist.experiment import Experiment, Fit
from keras_mnist.experiment.optimizers import OPTIMIZERS
from keras_mnist.training.fast.pooling import scaled
from keras_mnist.training.optimizers import make_optimizer
from keras_mnist.training.roots import exact_roots
from keras_mnist.training.update import compile_update

F = np.float32
COUNT, STEPS = 100_000, 4


def fused(a, b, c):
    """Return a * b + c, float32 rounded once, which is what IEEE 754 calls a fused one."""
    return (np.float64(a) * np.float64(b) + np.float64(c)).astype(F)


def sgd(x, gradients):
    for g in gradients:
        x = fused(-F(0.01), g, x)
    return x


def momentum(x, gradients):
    v = np.zeros_like(x)
    for g in gradients:
        v = fused(F(0.9), v, -F(0.01) * g)
        x = x + v
    return x


def rmsprop(x, gradients):
    v = np.zeros_like(x)
    for g in gradients:
        v = fused(F(0.9), v, F(1 - 0.9) * (g * g))
        x = x - F(0.001) * g / np.sqrt(v + F(1e-7))
    return x


def rmsprop_keras2(x, gradients):
    v = np.zeros_like(x)
    for g in gradients:
        v = fused(F(0.9), v, F(1 - 0.9) * (g * g))
        root = np.maximum(np.sqrt(v), np.finfo(F).tiny)
        x = x - F(0.001) * g / (root + F(1e-7))
    return x


def adam(x, gradients):
    m, v = np.zeros_like(x), np.zeros_like(x)
    for step, g in enumerate(gradients, 1):
        one, two = F(1) - F(0.9) ** F(step), F(1) - F(0.999) ** F(step)
        rate = F(0.001) * np.sqrt(two) / one
        m = fused(g - m, F(1 - 0.9), m)
        v = fused(fused(g, g, -v), F(1 - 0.999), v)
        x = x - m * rate / (np.sqrt(v) + F(1e-7))
    return x


def adagrad(x, gradients):
    v = np.full_like(x, 0.1)
    for g in gradients:
        v = fused(g, g, v)
        x = x - F(0.001) * g / np.sqrt(v + F(1e-7))
    return x


def lion(x, gradients):
    m = np.zeros_like(x)
    for g in gradients:
        x = x - F(0.001) * np.sign(fused(m, F(0.9), g * (F(1) - F(0.9))))
        m = fused(m, F(0.99), g * (F(1) - F(0.99)))
    return x


@pytest.mark.parametrize(
    ("by_hand", "fit"),
    [
        (sgd, Fit(optimizer="sgd")),
        (momentum, Fit(optimizer="sgd", momentum=0.9)),
        (rmsprop, Fit()),
        (rmsprop_keras2, Fit(optimizer="rmsprop_keras2")),
        (adam, Fit(optimizer="adam")),
        (adagrad, Fit(optimizer="adagrad")),
        (lion, Fit(optimizer="lion")),
    ],
)
def test_the_compiled_update_is_ieee_arithmetic(by_hand, fit):
    random = np.random.default_rng(0)
    sizes = 10 ** random.uniform(-6, 0, COUNT)
    gradients = [(random.standard_normal(COUNT) * sizes).astype(F) for _ in range(STEPS)]
    start = random.standard_normal(COUNT).astype(F)
    optimizer, variable = make_optimizer(fit), keras.Variable(start)
    optimizer.build([variable])
    update = compile_update(fit, optimizer, [variable])
    for gradient in gradients:
        update([tf.constant(gradient)], None)
    assert np.mean(variable.numpy() == by_hand(start, gradients)) == 1


FITS = [
    *(Fit(optimizer=name) for name in OPTIMIZERS),
    Fit(optimizer="rmsprop", centered=True, momentum=0.9),
    Fit(optimizer="adam", amsgrad=True),
    Fit(clip_norm=1.0, clip_value=0.5, weight_decay=0.1),
    Fit(optimizer="sgd", momentum=0.9, nesterov=True),
    Fit(optimizer="ftrl", learning_rate_power=-0.7, beta=0.1, l1_regularization_strength=0.01),
]


@pytest.mark.parametrize("fit", FITS, ids=lambda fit: Experiment(fit=fit).name)
@pytest.mark.parametrize("shape", [(4,), (4, 3)], ids=["bias", "kernel"])
def test_no_optimizer_takes_the_processor_s_own_reciprocal_root(fit, shape):
    """The next one, too, and one that Keras has not yet: its roots become those of `training`."""
    optimizer, variable = make_optimizer(fit), keras.Variable(np.ones(shape, F))
    optimizer.build([variable])
    update = compile_update(fit, optimizer, [variable])
    assert "rsqrt" not in compiled_to(update, [tf.ones(shape)], tf.constant(0.1))


def test_without_that_they_would():
    optimizer, variable = make_optimizer(Fit(optimizer="adagrad")), keras.Variable(np.ones(4, F))
    optimizer.build([variable])
    plain = tf.function(lambda g: optimizer.apply([g], [variable]), jit_compile=True)
    assert "rsqrt" in compiled_to(plain, tf.ones(4))
    before = keras.ops.sqrt(0.0)
    with exact_roots():
        assert keras.ops.sqrt(0.0) > before == 0
    assert keras.ops.sqrt(0.0) == 0, "what others compute is left alone"


def test_nor_does_batch_normalization_over_blocks():
    ones, groups = tf.ones(3), tf.ones((4, 1, 3, 2, 5))

    @tf.function(jit_compile=True, autograph=False)
    def passed(groups):
        return scaled(groups, ones, ones, groups[0, 0, :, 0, 0], ones, ones, 1e-3)

    assert "rsqrt" not in compiled_to(passed, groups)


def compiled_to(function, *arguments) -> str:
    """Return what XLA makes of a function."""
    text = function.experimental_get_compiler_ir(*arguments)(stage="optimized_hlo")
    assert "sqrt" in text or "multiply" in text
    return text
