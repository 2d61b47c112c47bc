"""What the runs of a study said of each test image: which ones a change breaks, how classes do."""

from functools import cached_property
from typing import TYPE_CHECKING

from keras_mnist.experiment.study import BASELINE

if TYPE_CHECKING:
    import numpy as np

    from keras_mnist.analysis.classes import ByClass
    from keras_mnist.analysis.pictures import Changed, Spread


class Images:
    """What the runs of a study said of each test image.

    Args:
        said: by variant name and seed, how far what was said lies beyond the right class, around
            all classes, uint16 (n,); the baseline's may be empty.
        classes: how many there are.
        data: of the data set, as a record has it.
        test: the test images and their labels, where they are at hand.
    """

    def __init__(self, said: dict, classes: int, data: dict, test: tuple | None):
        self.said: dict[str, dict[int, np.ndarray]] = said
        self.count, self.test = classes, test
        self._names = data.get("class_names") or ()

    def class_name(self, number: int) -> str:
        """Return what a class is called: its label's name, or its number."""
        return str(self._names[int(number)]) if self._names else str(int(number))

    @cached_property
    def changes(self) -> "dict[str, tuple[Changed | None, Spread]]":
        """By variant name: what it changes of the test images, and where its spread is from.

        Of the baseline there is no change. Empty where no record says which images were right.
        """
        from keras_mnist.analysis.pictures import changed, spread

        by_name = {n: {s: beyond == 0 for s, beyond in of.items()} for n, of in self.said.items()}
        right = {name: of for name, of in by_name.items() if of}
        base = right.get(BASELINE, {})
        return {
            name: (None if name == BASELINE else changed(of, base), spread(of))
            for name, of in right.items()
        }

    @cached_property
    def by_class(self) -> "dict[str, dict[int, ByClass]]":
        """By variant name and seed: how a run does by class; empty without the images' labels."""
        from keras_mnist.analysis.classes import by_class

        labels = () if self.test is None else self.test[1]
        return {
            name: {seed: by_class(beyond, labels, self.count) for seed, beyond in of.items()}
            for name, of in self.said.items()
            if of and len(labels)
        }
