"""What the runs of a study said of each test image: which ones a change breaks, how classes do."""

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from keras_mnist.runs import RunRecord
from keras_mnist.runs.said import unpacked

if TYPE_CHECKING:
    import numpy as np

    from keras_mnist.analysis.classes import ByClass
    from keras_mnist.analysis.pictures import Changed, Spread


def said_in(records: "Iterable[RunRecord]") -> "dict[int, np.ndarray]":
    """Return by seed what completed runs said, as `unpacked` has it, of the records that know."""
    done = (record for record in records if record.completed and record.said)
    return {record.seed: unpacked(record.said) for record in done}


class Images:
    """What the runs of a study said of each test image.

    Args:
        said: by variant name, the baseline first, and by seed: how far what was said lies beyond
            the right class, around all classes, uint16 (n,).
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

    def mistake(self, image: int, wrong: "dict[int, np.ndarray]") -> str:
        """Return what was said most often of an image where it was wrong: `4, said 9`.

        Args:
            image: its number among the test images.
            wrong: as `said` of a variant; wrong of this image with some seed.
        """
        import numpy as np

        beyond = np.array([of[image] for of in wrong.values()])
        far = int(np.bincount(beyond[beyond > 0]).argmax())
        if self.test is None:
            return ""
        label = int(self.test[1][image])
        names = (self.class_name(number)[:9] for number in (label, (label + far) % self.count))
        return ", said ".join(names)

    @cached_property
    def changes(self) -> "dict[str, tuple[Changed | None, Spread]]":
        """By variant name: what it changes of the test images, and where its spread is from.

        Of the baseline there is no change. Empty where no record says which images were right.
        """
        from keras_mnist.analysis.pictures import changed, spread

        by_name = {n: {s: beyond == 0 for s, beyond in of.items()} for n, of in self.said.items()}
        right = {name: of for name, of in by_name.items() if of}
        baseline = next(iter(self.said), "")
        base = right.get(baseline, {})
        return {
            name: (None if name == baseline else changed(of, base), spread(of))
            for name, of in right.items()
        }

    def change(self, name: str) -> "Changed | None":
        """Return what a variant changes of the test images; `None` where that is not known."""
        return self.changes.get(name, (None, None))[0]

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
