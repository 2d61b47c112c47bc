"""Run records and the folder that keeps them."""

from keras_mnist.results.record import SCHEMA, RunRecord
from keras_mnist.results.store import Store

__all__ = ["SCHEMA", "RunRecord", "Store"]
