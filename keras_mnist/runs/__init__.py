"""Run records and the folder that keeps them."""

from keras_mnist.runs.record import SCHEMA, RunRecord
from keras_mnist.runs.store import Store

__all__ = ["SCHEMA", "RunRecord", "Store"]
