"""A study: a baseline, variants that differ from it in named fields, and seeds."""

import itertools
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from keras_mnist.base.checks import as_python, distinct_seeds
from keras_mnist.base.choice import phrase
from keras_mnist.base.errors import ExperimentError
from keras_mnist.base.metrics import compared_among
from keras_mnist.experiment.compiled import as_compiled, chosen
from keras_mnist.experiment.experiment import Experiment
from keras_mnist.networks.own import own_network

BASELINE = "baseline"
DEFAULT_SEEDS = (0, 1, 2, 3, 4)


@dataclass(frozen=True)
class Variant:
    """An experiment and the fields in which it differs from the baseline.

    Attributes:
        name: readable: `no relu`, `width 64 + no dropout`, or `baseline`.
        changes: (field, value) pairs; empty for the baseline.
        experiment: with those changes made.
    """

    name: str
    changes: tuple[tuple[str, object], ...]
    experiment: Experiment


@dataclass(frozen=True)
class Study:
    """A baseline and its variants, each to be run with every seed.

    Attributes:
        baseline: the experiment that variants are compared with.
        combinations: the changes of each variant.
        seeds: paired: each gives baseline and variant the same shuffles and, where shapes
            agree, the same first weights.

    Raises:
        ExperimentError: no variant, one that changes nothing, one given twice, or bad seeds.
    """

    baseline: Experiment
    combinations: tuple[tuple[tuple[str, object], ...], ...]
    seeds: tuple[int, ...] = DEFAULT_SEEDS

    def __post_init__(self):
        object.__setattr__(self, "seeds", distinct_seeds(self.seeds))
        object.__setattr__(self, "combinations", as_python(tuple(self.combinations)))
        if not self.combinations:
            raise ExperimentError(
                "a study must change at least one choice",
                "no change",
                "Name one, such as --no-relu, or --all for the whole study of the document",
            )
        if not self._known:
            return  # what differs is not known before it is built
        seen = {}
        for variant in self.variants:
            decisive = repr(variant.experiment.decisive())
            if decisive in seen:
                raise ExperimentError(
                    "every variant must differ from the baseline and from the others",
                    f"{variant.name}, which is the same experiment as {seen[decisive]}",
                    ". ".join([*self._reasons(variant), "Leave it out"]),
                )
            seen[decisive] = variant.name

    @property
    def _known(self) -> bool:
        """Whether all its networks are built-in ones, or have been built."""
        experiments = (variant.experiment for variant in self.variants)
        return all(e.network.is_known(e.shape, e.data.classes) for e in experiments)

    def _reasons(self, variant: Variant):
        """Yield why changes of a variant decide nothing, as far as that can be said."""
        for name, value in variant.changes:
            if said := variant.experiment.why_idle(name):
                yield said
            elif self.baseline.value(name) == value:
                yield f"The baseline has {_phrase(name, value, self.baseline)}"

    @classmethod
    def of(
        cls,
        baseline: Experiment | Callable,
        changes: dict[str, list],
        factorial: bool = False,
        seeds: Iterable[int] = DEFAULT_SEEDS,
    ) -> "Study":
        """Return the study of `changes`: field name to the values it takes.

        Each value is a variant of its own. Values of several fields are also combined: all the
        fields together, or, if `factorial`, every combination of them.

        Args:
            baseline: the experiment that variants are compared with, or a function that returns a
                Keras model: then one on that network, all else at its default.
            changes: by field, or by whole part, the values that it takes.
            factorial: combine any two fields, any three and so on, not only all.
            seeds: whole numbers from 0, none twice.

        Raises:
            ExperimentError: as in `Study`; or an unknown field, or a value out of range.
        """
        if not isinstance(baseline, Experiment):
            baseline = Experiment(network=own_network(baseline))
        changes = {name: _listed(values) for name, values in changes.items()}
        sizes = range(2, len(changes) + 1) if factorial else [len(changes)]
        joint = [
            tuple(zip(names, values, strict=True))
            for size in sizes
            if size > 1
            for names in itertools.combinations(changes, size)
            for values in itertools.product(*(changes[name] for name in names))
        ]
        return cls(baseline, (*one_at_a_time(changes), *joint), distinct_seeds(seeds))

    @cached_property
    def variants(self) -> tuple[Variant, ...]:
        """The baseline, then each combination of changes; no two have one name."""
        made, called = chosen(self.baseline), Counter()
        found = [Variant(BASELINE, (), as_compiled(self.baseline, made))]
        for changes in self.combinations:
            changed = self.baseline.change(**dict(changes))
            experiment = as_compiled(changed, made | dict(changes).keys())
            name = name_of(changes, experiment)
            called[name] += 1
            again = f" ({called[name]})" if called[name] > 1 else ""
            found.append(Variant(name + again, changes, experiment))
        return tuple(found)

    @property
    def name(self) -> str:
        """A readable name fit for a folder."""
        single = dict.fromkeys(
            _phrase(*change, variant.experiment)
            for variant in self.variants
            for change in variant.changes
        )
        words = "+".join(single).replace(" ", "-")
        return words if len(words) <= 60 else f"{len(self.combinations)}-variants"

    @property
    def compared(self) -> list[str]:
        """The metrics on which its variants are compared."""
        return compared_among([variant.experiment.data.watched for variant in self.variants])

    @property
    def labels(self) -> dict[Experiment, str]:
        """What a person calls each of the study's experiments."""
        return {variant.experiment: variant.name for variant in self.variants}

    def on(self, dataset) -> "Study":
        """Return the same study on examples of a `Dataset`'s shape and classes."""
        return Study(self.baseline.on(dataset), self.combinations, self.seeds)

    @property
    def cubes(self) -> list[dict[frozenset, Variant]]:
        """Of a factorial study, for each variant with every choice changed, all its cells.

        By the (field, value) pairs that are changed in it, from none to all; empty unless every
        combination is here.
        """
        cells = {frozenset(variant.changes): variant for variant in self.variants}
        fields = {name for cell in cells for name, _ in cell}
        whole = [cell for cell in cells if len(cell) == len(fields) > 1]
        found = [
            {
                part: cells[part]
                for size in range(len(cell) + 1)
                for part in map(frozenset, itertools.combinations(cell, size))
                if part in cells
            }
            for cell in whole
        ]
        complete = all(len(cube) == 2 ** len(fields) for cube in found)
        return found if complete and set().union(*found) == cells.keys() else []

    @property
    def interactions(self) -> list[tuple[Variant, list[Variant]]]:
        """Each joint variant with the single ones whose changes it combines, if all are here."""
        single = {v.changes[0]: v for v in self.variants if len(v.changes) == 1}
        return [
            (variant, [single[change] for change in variant.changes])
            for variant in self.variants
            if len(variant.changes) > 1 and all(change in single for change in variant.changes)
        ]


def one_at_a_time(changes: dict[str, list]) -> tuple[tuple[tuple[str, object]], ...]:
    """Return the combinations in which each value of each field is a variant of its own."""
    return tuple(((name, value),) for name, values in changes.items() for value in values)


def name_of(changes: tuple[tuple[str, object], ...], experiment: Experiment) -> str:
    """Return what a person calls these changes, which `experiment` has: `no relu + width 64`."""
    return " + ".join(_phrase(*change, experiment) for change in changes)


def _phrase(name: str, value, experiment: Experiment) -> str:
    choice = experiment.choices.get(name)
    return choice.phrase(name, value) if choice else phrase(name, value)


def _listed(values) -> list:
    values = as_python(values)
    return list(values) if isinstance(values, (list, tuple, range)) else [values]
