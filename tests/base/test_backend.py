"""Keras as runs take it to be, whatever the process has set."""

import keras

from keras_mnist.base import backend


def test_what_was_set_for_keras_is_set_back():
    config = keras.config
    config.set_epsilon(0.1)
    config.set_floatx("float64")
    config.set_image_data_format("channels_first")
    try:
        assert backend.keras is keras
        found = config.epsilon(), config.floatx(), config.image_data_format()
        assert found == (1e-7, "float32", "channels_last")
    finally:
        config.set_epsilon(1e-7)
        config.set_floatx("float32")
        config.set_image_data_format("channels_last")
