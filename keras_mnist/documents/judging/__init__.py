"""Claims beside our runs: from a document and run records to verdicts."""

from keras_mnist.documents.judging.contrasts import contrasts
from keras_mnist.documents.judging.judge import counted, judge
from keras_mnist.documents.judging.result import ClaimResult
from keras_mnist.documents.judging.runs import Runs

__all__ = ["ClaimResult", "Runs", "contrasts", "counted", "judge"]
