"""Small networks of Keras's, of every kind that a person may bring, with what they are given."""

import keras
import numpy as np
from keras import layers

SERIES, PICTURE, WORDS = (12, 5), (12, 10, 3), (9,)


def _series(*between):
    return keras.Sequential([keras.Input(SERIES), *between, layers.Dense(3, "softmax")])


def _picture(*between):
    ends = [layers.GlobalAveragePooling2D(), layers.Dense(3, "softmax")]
    return keras.Sequential([keras.Input(PICTURE), *between, *ends])


def _words(*between):
    inputs = keras.Input(WORDS, dtype="int32")
    return keras.Sequential([inputs, *between, layers.Dense(3, "softmax")])


def attention():
    inputs = keras.Input(SERIES)
    x = layers.Dense(8)(inputs)
    x = layers.LayerNormalization()(x + layers.MultiHeadAttention(2, 4)(x, x))
    x = layers.Add()([x, layers.Dense(8, "gelu")(x)])
    x = layers.Attention(use_scale=True)([x, x])
    return keras.Model(inputs, layers.Dense(3, "softmax")(layers.GlobalMaxPooling1D()(x)))


def residual():
    inputs = keras.Input(PICTURE)
    x = layers.Conv2D(8, 3, padding="same")(inputs)
    y = layers.BatchNormalization()(layers.Conv2D(8, 3, padding="same", activation="relu")(x))
    x = layers.Concatenate()(
        [layers.Add()([x, y]), layers.Multiply()([x, y]), layers.Maximum()([x, y])]
    )
    left, right = keras.ops.split(x, 2, axis=-1)
    x = layers.Flatten()(layers.AveragePooling2D(3, 2, "same")(left - right))
    return keras.Model(inputs, layers.Dense(3, "softmax")(x))


def own_operations():
    inputs = keras.Input(SERIES)
    ops = keras.ops
    x = ops.einsum("btf,bsf->bts", inputs, inputs)
    x = ops.where(x > 0, ops.log1p(ops.abs(x)), ops.sin(x))
    x = ops.concatenate([ops.cumsum(x, 1), ops.sort(x, axis=-1), ops.flip(x, 1)], -1)
    x = ops.max(x[:, ::2], 1) + ops.logsumexp(x, 1) + ops.std(x, 1) + ops.top_k(x, 36)[0][:, 0]
    return keras.Model(inputs, layers.Dense(3, "softmax")(x))


NETWORKS = {
    "GRU": lambda: _series(layers.GRU(4, return_sequences=True), layers.GRU(4)),
    "LSTM": lambda: _series(
        layers.LSTM(4, return_sequences=True, go_backwards=True), layers.LSTM(4)
    ),
    "simple RNN, unrolled": lambda: _series(layers.SimpleRNN(4, unroll=True)),
    "in both directions, masked": lambda: _series(
        layers.Masking(0.0), layers.Bidirectional(layers.LSTM(4)), layers.Dropout(0.5)
    ),
    "cells stacked": lambda: _series(layers.RNN([layers.GRUCell(4), layers.LSTMCell(4)])),
    "distributed over time": lambda: _series(
        layers.TimeDistributed(layers.Dense(4, "tanh")), layers.Flatten()
    ),
    "attention": attention,
    "convolutions of series": lambda: _series(
        layers.Conv1D(4, 3, padding="causal", dilation_rate=2, activation="relu"),
        layers.SeparableConv1D(4, 3, strides=2),
        layers.MaxPooling1D(2),
        layers.Conv1DTranspose(4, 3),
        layers.GlobalAveragePooling1D(),
    ),
    "convolutions": lambda: _picture(
        layers.Conv2D(4, 3, strides=2, padding="same"),
        layers.Conv2D(4, 3, dilation_rate=2, padding="same"),
        layers.DepthwiseConv2D(3),
        layers.SeparableConv2D(4, 3, padding="same"),
        layers.Conv2DTranspose(4, 3, strides=2),
        layers.MaxPooling2D((3, 2), strides=1),
    ),
    "residual": residual,
    "normalization": lambda: _picture(
        layers.Normalization(mean=[1.0, 2.0, 3.0], variance=[1.0, 2.0, 3.0]),
        layers.Conv2D(4, 3),
        layers.BatchNormalization(),
        layers.LayerNormalization(axis=(1, 2)),
        layers.GroupNormalization(2),
        layers.UnitNormalization(),
        layers.SpectralNormalization(layers.Conv2D(4, 3)),
    ),
    "activations": lambda: _picture(
        *(layers.Activation(a) for a in ("elu", "selu", "silu", "gelu", "mish", "softplus")),
        *(layers.Activation(a) for a in ("hard_sigmoid", "relu6", "leaky_relu", "softsign")),
        *(layers.LeakyReLU(0.1), layers.PReLU(), layers.ELU(), layers.Softmax(), layers.ReLU(6.0)),
    ),
    "shapes": lambda: _picture(
        layers.ZeroPadding2D(1),
        layers.Cropping2D(2),
        layers.UpSampling2D(2, interpolation="bilinear"),
        layers.Resizing(6, 6),
        layers.CenterCrop(4, 4),
        layers.Permute((2, 1, 3)),
        layers.Reshape((4, 4, 3)),
    ),
    "augmentation, idle": lambda: _picture(
        layers.Rescaling(1 / 255),
        layers.RandomFlip(),
        layers.RandomRotation(0.1),
        layers.RandomZoom(0.1),
        layers.RandomContrast(0.1),
        layers.GaussianNoise(0.1),
        layers.SpatialDropout2D(0.5),
    ),
    "convolutions of films": lambda: keras.Sequential(
        [
            keras.Input((12, 10)),
            layers.Reshape((3, 4, 10, 1)),
            layers.ConvLSTM2D(2, 3, padding="same", return_sequences=True),
            layers.Conv3D(2, 2),
            layers.MaxPooling3D(2),
            layers.Flatten(),
            layers.Dense(3, "softmax"),
        ]
    ),
    "words": lambda: _words(layers.Embedding(20, 6), layers.GlobalAveragePooling1D()),
    "words, masked": lambda: _words(layers.Embedding(20, 6, mask_zero=True), layers.GRU(4)),
    "words as rows": lambda: _words(
        layers.CategoryEncoding(20, output_mode="one_hot"), layers.Flatten()
    ),
    "own operations": own_operations,
}


def examples(network, count: int = 2) -> np.ndarray:
    """Return what a network may be given."""
    (given,) = network.inputs
    random = np.random.default_rng(0)
    if given.dtype == "int32":
        return random.integers(0, 20, (count, *given.shape[1:])).astype(np.int32)
    return random.normal(size=(count, *given.shape[1:])).astype(np.float32)
