"""What a document claims, a module a kind: what it says, how it is judged, in which words."""

from keras_mnist.documents.claims.claim import Claim
from keras_mnist.documents.claims.count import Count
from keras_mnist.documents.claims.finding import Finding
from keras_mnist.documents.claims.number import Number
from keras_mnist.documents.claims.sometimes import Sometimes
from keras_mnist.documents.claims.statement import Statement
from keras_mnist.documents.claims.time import Time

__all__ = ["Claim", "Count", "Finding", "Number", "Sometimes", "Statement", "Time"]
