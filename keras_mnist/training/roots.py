"""Square roots whose bits are the same on every maker's processor.

XLA makes a / sqrt(b) into a * rsqrt(b), and computes rsqrt from the processor's own approximation:
two makers' differ in the last bits. Square root and division by themselves are exact everywhere.
"""

from typing import Any

import numpy as np

from keras_mnist.base.backend import tf


def root(values: Any) -> Any:
    """Return the square roots of a tensor of real numbers, at least 0, fit to be divided by.

    The maximum with the smallest normal number changes no root but that of 0; it hides the root
    from XLA's rewriting.
    """
    roots = tf.sqrt(values)
    return tf.maximum(roots, tf.constant(np.finfo(roots.dtype.as_numpy_dtype).tiny, roots.dtype))
