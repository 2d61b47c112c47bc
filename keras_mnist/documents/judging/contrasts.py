"""What explains a document's results: effects between its experiments, claimed by nobody."""

from functools import partial

from keras_mnist.analysis.effects import effect, together
from keras_mnist.analysis.intervals import Interval
from keras_mnist.documents import Contrast, Document
from keras_mnist.documents.judging.runs import Runs
from keras_mnist.documents.quantities import At, values


def contrasts(document: Document, records) -> list[tuple[Contrast, Interval, float]]:
    """Return the effect of each contrast, paired by seed, and its p, all of them asked together."""
    runs = Runs(document, records)

    def last(name, metric):
        return values(At(name, metric), runs.of(name))

    asked = [
        partial(effect, last(c.variant, c.metric), last(c.base, c.metric))
        for c in document.contrasts
    ]
    return [(c, *told) for c, told in zip(document.contrasts, together(asked), strict=True)]
