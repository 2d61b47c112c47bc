"""Networks as people write them in Keras, which the package has not been made for.

The same in PyTorch: ordinary_torch.py. Their first weights are Keras's.
"""


def _model(inputs, outputs):
    import keras

    return keras.Model(inputs, keras.layers.Dense(10, activation="softmax")(outputs))


def convnet():
    """Return Keras's own example for MNIST: two convolutions, dropout, softmax."""
    import keras
    from keras import layers

    inputs = keras.Input((28, 28))
    x = layers.Reshape((28, 28, 1))(inputs)
    for filters in (32, 64):
        x = layers.Conv2D(filters, 3, activation="relu")(x)
        x = layers.MaxPooling2D(2)(x)
    return _model(inputs, layers.Dropout(0.5)(layers.Flatten()(x)))


def residual():
    """Return a small residual network on coloured images of 32 x 32: 16, 32, 64 channels."""
    import keras
    from keras import layers

    def convolved(x, filters, relu=True):
        x = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
        x = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(x)
        return layers.ReLU()(x) if relu else x

    inputs = keras.Input((32, 32, 3))
    x = convolved(inputs, 16)
    for number, filters in enumerate((16, 32, 64)):
        inner = convolved(convolved(x, filters), filters, relu=False)
        around = layers.Conv2D(filters, 1, use_bias=False)(x) if number else x
        x = layers.ReLU()(layers.Add()([inner, around]))
        if number < 2:
            x = layers.MaxPooling2D(2)(x)
    return _model(inputs, layers.GlobalAveragePooling2D()(x))


def tabular():
    """Return an MLP of twice 64 units on thirty columns."""
    import keras
    from keras import layers

    inputs = keras.Input((1, 30))
    x = layers.Flatten()(inputs)
    for _ in range(2):
        x = layers.Dense(64, activation="relu")(x)
    return _model(inputs, x)


def attention():
    """Return two layers of attention, four heads of 16, between the rows of an image."""
    import keras
    from keras import layers

    inputs = keras.Input((28, 28))
    x = layers.Dense(64)(inputs)
    for _ in range(2):
        x = layers.Add()([x, layers.MultiHeadAttention(4, 16)(x, x)])
        x = layers.LayerNormalization()(x)
        inner = layers.Dense(64)(layers.Dense(128, activation="relu")(x))
        x = layers.LayerNormalization()(layers.Add()([x, inner]))
    return _model(inputs, layers.GlobalAveragePooling1D()(x))


def gru():
    """Return a GRU of 64 units that reads an image row by row."""
    import keras
    from keras import layers

    inputs = keras.Input((28, 28))
    return _model(inputs, layers.GRU(64)(inputs))


NETWORKS = {
    "convnet": convnet,
    "residual": residual,
    "tabular": tabular,
    "attention": attention,
    "gru": gru,
}
