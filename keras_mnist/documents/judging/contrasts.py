"""What explains a document's results: effects between its experiments, claimed by nobody."""

from keras_mnist.analysis.effects import effect, holm
from keras_mnist.analysis.intervals import Interval
from keras_mnist.documents import Contrast, Document
from keras_mnist.documents.judging.runs import Runs
from keras_mnist.documents.quantities import At, values


def contrasts(document: Document, records) -> list[tuple[Contrast, Interval, float]]:
    """Return the effect of each contrast, paired by seed, and its p adjusted over all of them."""
    runs = Runs(document, records)

    def last(name, metric):
        return values(At(name, metric), runs.of(name))

    found = [effect(last(c.variant, c.metric), last(c.base, c.metric)) for c in document.contrasts]
    adjusted = holm([interval.p for interval in found])
    return list(zip(document.contrasts, found, adjusted, strict=True))
