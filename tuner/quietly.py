"""Imports keras-tuner, and TensorFlow behind it, without the lines that TensorFlow prints."""

from keras_mnist.quiet import silenced

with silenced():
    import keras_tuner as kt
    import tensorflow as tf

    tf.config.list_physical_devices()  # says the rest of it now

__all__ = ["kt"]
