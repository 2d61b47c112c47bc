"""Threefry-2x32, the counter-based random generator, as whole-array integer operations.

TensorFlow's own CPU generator makes one word at a time; with it the baseline's step takes a fifth
longer than with this one, written over whole arrays and compiled by XLA (benchmarks/NOTES.md).
Twenty rounds, the number its authors recommend and JAX uses.

Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3" (2011).
"""

from keras_mnist.base.backend import tf

_ROTATIONS = ((13, 15, 26, 6), (17, 29, 16, 24))
_PARITY = 0x1BD11BDA


def threefry(key: tuple, counter: tuple) -> tuple:
    """Return two uint32 tensors of random words.

    Args:
        key: two uint32 scalars.
        counter: two uint32 tensors of one shape; each pair of values gives one pair of words.
    """
    bits = tf.bitwise
    keys = (*key, bits.bitwise_xor(bits.bitwise_xor(*key), tf.constant(_PARITY, tf.uint32)))
    a, b = counter[0] + keys[0], counter[1] + keys[1]
    for group in range(5):
        for rotation in _ROTATIONS[group % 2]:
            left = bits.left_shift(b, tf.constant(rotation, tf.uint32))
            right = bits.right_shift(b, tf.constant(32 - rotation, tf.uint32))
            a = a + b
            b = bits.bitwise_xor(bits.bitwise_or(left, right), a)
        a = a + keys[(group + 1) % 3]
        b = b + keys[(group + 2) % 3] + tf.constant(group + 1, tf.uint32)
    return a, b


@tf.function(jit_compile=True, autograph=False)
def _words(key, blocks: int):
    """Return uint32 (2, blocks) of random words.

    Compiled apart from what uses it: fused with its users, XLA would draw every word again for
    each element that takes a part of it.
    """
    counter = tf.bitcast(tf.range(blocks), tf.uint32)
    return tf.stack(threefry(tf.unstack(key), (counter, tf.zeros_like(counter))))


def random_halfwords(seed, count: int):
    """Return `count` random integers as int16 (count,), each uniform on -32768 to 32767.

    Args:
        seed: integers (2,), the state of a Keras seed generator.
        count: how many; fixed when the graph is built.
    """
    words = _words(tf.cast(seed, tf.uint32), -(-count // 4))
    # Signed, because TensorFlow compares unsigned 16-bit integers slowly.
    return tf.reshape(tf.bitcast(tf.bitcast(words, tf.int32), tf.int16), [-1])[:count]
