"""A residual network, and what its shortcuts are worth.

keras-mnist ablate --model examples/residual.py --data digits --no-shortcuts
"""

import keras
from keras import layers


def network(shape, classes, filters=8, blocks=2, shortcuts=True):
    """Blocks of two convolutions around which their input may pass.

    Args:
        filters: of every convolution.
        blocks: how many.
        shortcuts: add each block's input to its output.
    """
    inputs = keras.Input(shape)
    x = layers.Reshape((*shape[:2], -1))(inputs)
    x = layers.Conv2D(filters, 3, strides=2, padding="same", name="stem")(x)
    for block in range(blocks):
        before = x
        for part in "ab":
            x = layers.BatchNormalization(name=f"norm_{block}{part}")(x)
            x = layers.ReLU()(x)
            x = layers.Conv2D(filters, 3, padding="same", name=f"conv_{block}{part}")(x)
        if shortcuts:
            x = layers.Add()([before, x])
    x = layers.GlobalAveragePooling2D()(layers.ReLU()(x))
    return keras.Model(inputs, layers.Dense(classes, name="head")(x))
