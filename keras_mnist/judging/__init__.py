"""Claims beside our runs: from a source and run records to verdicts."""

from keras_mnist.judging.contrasts import contrasts
from keras_mnist.judging.evidence import evidence
from keras_mnist.judging.judge import counted, judge
from keras_mnist.judging.result import ClaimResult, Finding
from keras_mnist.judging.runs import Runs

__all__ = ["ClaimResult", "Finding", "Runs", "contrasts", "counted", "evidence", "judge"]
