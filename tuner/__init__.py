"""A keras-tuner search over an experiment's fields, resumed by replaying what happened."""

import keras_mnist  # noqa: F401 - first, as `python -m` leaves the current folder there
