"""Imports keras-tuner, and TensorFlow behind it, without the lines that TensorFlow prints."""

from keras_mnist.base.quiet import silenced

with silenced():
    from keras_mnist.base.backend import keras, tf  # noqa: F401, I001 - first: Keras over TensorFlow
    import keras_tuner as kt

    tf.config.list_physical_devices()  # says the rest of it now

__all__ = ["kt"]
