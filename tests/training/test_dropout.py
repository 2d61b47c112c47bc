import numpy as np
import pytest
import tensorflow as tf

from keras_mnist.training.build.dropout import FastDropout
from keras_mnist.training.build.random_bits import random_halfwords, threefry


# The known answers that come with the generator's reference implementation, 20 rounds.
@pytest.mark.parametrize(
    "key, counter, words",
    [
        ((0, 0), (0, 0), (0x6B200159, 0x99BA4EFE)),
        ((2**32 - 1, 2**32 - 1), (2**32 - 1, 2**32 - 1), (0x1CB996FC, 0xBB002BE7)),
        (
            (0x13198A2E, 0x03707344),
            (0x243F6A88, 0x85A308D3),
            (0xC4923A9C, 0x483DF7A0),
        ),
    ],
)
def test_threefry_gives_its_known_answers(key, counter, words):
    def scalars(pair):
        return tuple(tf.constant(word, tf.uint32) for word in pair)

    assert tuple(int(word) for word in threefry(scalars(key), scalars(counter))) == words


def test_halfwords_are_uniform():
    words = random_halfwords(tf.constant([1, 2]), 1_000_003).numpy().astype(int) + 32768
    assert words.shape == (1_000_003,)
    assert 0 <= words.min() < 1000
    assert 64_535 < words.max() <= 65_535
    counts = np.bincount(words >> 8, minlength=256)
    chi_square = ((counts - counts.mean()) ** 2 / counts.mean()).sum()
    assert chi_square < 255 + 5 * np.sqrt(2 * 255)
    assert abs(np.corrcoef(words[:-1], words[1:])[0, 1]) < 5e-3


def dropped(rate, seed, calls=1):
    layer = FastDropout(rate, seed=seed)
    ones = tf.ones((256, 512))
    return [layer(ones, training=True).numpy() for _ in range(calls)]


def test_dropout_keeps_the_share_and_the_mean():
    (mask,) = dropped(0.2, seed=0)
    share = (mask == 0).mean()
    assert abs(share - 0.2) < 4 * np.sqrt(0.2 * 0.8 / mask.size)
    np.testing.assert_allclose(np.unique(mask), [0, 1.25], rtol=1e-6)
    # No row or column is favoured.
    assert np.abs((mask == 0).mean(axis=0) - 0.2).max() < 6 * np.sqrt(0.16 / 256)
    assert np.abs((mask == 0).mean(axis=1) - 0.2).max() < 6 * np.sqrt(0.16 / 512)


def test_dropout_draws_anew_each_time_and_by_seed():
    first, second = dropped(0.5, seed=1, calls=2)
    (again,) = dropped(0.5, seed=1)
    (other,) = dropped(0.5, seed=2)
    np.testing.assert_array_equal(first, again)
    for mask in (second, other):
        assert abs((first == mask).mean() - 0.5) < 0.01


def test_dropout_gradient_is_its_mask():
    layer = FastDropout(0.3, seed=0)
    x = tf.random.stateless_normal((8, 16), [0, 1])
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = layer(x, training=True)
    gradient = tape.gradient(y, x).numpy()
    np.testing.assert_allclose(gradient * x.numpy(), y.numpy(), rtol=1e-6)
    assert (gradient == 0).any()


def test_dropout_is_the_identity_outside_training():
    x = tf.random.stateless_normal((3, 4), [0, 1])
    np.testing.assert_array_equal(FastDropout(0.9, seed=0)(x, training=False), x)
