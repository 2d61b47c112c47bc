"""What a published document is made of: experiments and claims."""

from dataclasses import dataclass, replace
from functools import cache, cached_property

from keras_mnist.base.errors import ExperimentError
from keras_mnist.documents.claims import Claim, Number
from keras_mnist.documents.quantities import At
from keras_mnist.experiment import Experiment

SEEDS = 5
COSTLY_SEEDS = 3


@dataclass(frozen=True, eq=False)
class Reading:
    """Something the document does not say that its claims may rest on.

    Attributes:
        name: short, as tables show it.
        instead_of: the fields it concerns, as the document's experiments have them.
        changes: the same fields under this reading.
        why: one sentence.
        only: the names of the experiments it is tried on; none: all.
    """

    name: str
    instead_of: dict
    changes: dict
    why: str
    only: tuple[str, ...] = ()

    def on(self, *names: str) -> "Reading":
        """Return the same reading for these experiments only."""
        return replace(self, only=names)


@dataclass(frozen=True)
class Contrast:
    """Two experiments whose difference explains something, though the document claims nothing.

    Attributes:
        question: what the difference answers.
        variant, base: their names.
        metric: the metric compared, after the last epoch.
    """

    question: str
    variant: str
    base: str
    metric: str = "test_accuracy"


@dataclass(frozen=True, eq=False)
class Highlight:
    """What a reader will remember of a document, told only where our runs bear it out.

    Attributes:
        title: the finding, as a sentence.
        text: what it rests on. `{effect[QUESTION]}` stands for a contrast's effect in words,
            `{weights[QUESTION]}` for how many of its pairs of runs end with equal weights,
            `{difference[CLAIM]}` for the difference that a statement hangs on, `{published[CLAIM]}`
            for a claim's value, `{settled[EXPERIMENT SPLIT]}` for the epoch from which on all
            its numbers reproduce; `{numbers}`, `{outside}` and `{explained}` count the document's
            numbers, those not reproduced as described, and those of them explained.
        plot: its kind and what it is of: `readings` and a reading's name; `contrasts` and their
            questions; `runs` or `curves`, a metric, and names of experiments.
        requires: by a contrast's question, how its effect in words begins; by a claim's name, its
            verdict.
        explained_by: the reading that must explain most of what is not reproduced, if any.
    """

    title: str
    text: str
    plot: tuple[str, ...]
    requires: dict[str, str]
    explained_by: str = ""


@dataclass(frozen=True, eq=False)
class Document:
    """One published document.

    Attributes:
        name: what this package calls it.
        short: a word or two for table cells.
        file: its file name, or where else it stands.
        title: its title.
        baseline: the experiment that its others change.
        changes: by experiment name, the changed fields; the baseline's are empty.
        claims: its numbers, counts, times and statements.
        readings: what its numbers may rest on besides what it says.
        contrasts: what explains its results.
        assumptions: what the document leaves open and was filled in.
        figures: names of experiments drawn together: one alone, training against test; several,
            model against model. As in the document, where it describes its figures.
        highlights: what a reader will remember of it.
        networks: by the name that `ablate --model` takes, that of an experiment.
        costly: experiments so long that three seeds must do unless more are asked for.
        data: the data set it is about: a name, or a path.
        digest: of that data set, where the document says it.
    """

    name: str
    short: str
    file: str
    title: str
    baseline: Experiment
    changes: dict[str, dict]
    claims: tuple[Claim, ...]
    readings: tuple[Reading, ...] = ()
    contrasts: tuple[Contrast, ...] = ()
    assumptions: tuple[str, ...] = ()
    figures: tuple[tuple[str, ...], ...] = ()
    highlights: tuple[Highlight, ...] = ()
    networks: dict[str, str] | None = None
    costly: tuple[str, ...] = ()
    data: str = "mnist"
    digest: str = ""

    def __post_init__(self):
        drawn = [name for figure in self.figures for name in figure]
        named = [name for claim in self.claims for name in (*claim.about, *claim.needs)]
        named += [name for reading in self.readings for name in reading.only]
        named += [name for contrast in self.contrasts for name in (contrast.variant, contrast.base)]
        plots = [h.plot for h in self.highlights if h.plot[0] in ("runs", "curves")]
        named += [name for _, _, *names in plots for name in names]
        for name in [*named, *drawn, *(self.networks or {}).values(), *self.costly]:
            if name not in self.changes:
                raise ExperimentError(f"{self.name} must have every experiment it names", name)
        names = [claim.name for claim in self.claims]
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise ExperimentError(f"the claims of {self.name} must differ", ", ".join(twice))

    @property
    def combinations(self) -> tuple[tuple[tuple[str, object], ...], ...]:
        """The changes of each experiment but the baseline, as a `Study` takes them."""
        return tuple(tuple(changes.items()) for changes in self.changes.values() if changes)

    @cache  # noqa: B019 - a document lives as long as the program
    def experiment(self, name: str) -> Experiment:
        """Return the experiment of that name."""
        return self.baseline.change(**self.changes[name])

    def claim_id(self, claim: Claim) -> str:
        """Return the claim's name among those of all documents: document, then its own."""
        return f"{self.name}/{claim.name}".replace(", ", "-").replace(" ", "-")

    @cached_property
    def numbers(self) -> list[Number]:
        """Those of its claims that publish a metric's value."""
        return [claim for claim in self.claims if isinstance(claim, Number)]

    def epoch_of(self, quantity: At) -> int:
        """Return the number of the epoch, the last one too, after which a quantity is taken."""
        last = self.experiment(quantity.experiment).fit.epochs
        return last if quantity.epoch == "last" else int(quantity.epoch)

    def numbers_about(self, experiment: Experiment) -> list[Number]:
        """Return the final figures about this very experiment, whatever it is called."""
        decisive = experiment.decisive()
        return [
            claim
            for claim in self.numbers
            if claim.epoch == "last" and self.experiment(claim.experiment).decisive() == decisive
        ]

    @cache  # noqa: B019
    def under(self, reading: Reading, name: str) -> Experiment | None:
        """Return the experiment of that name under a reading; `None` where it does not apply."""
        experiment = self.experiment(name)
        if reading.only and name not in reading.only:
            return None
        for field, value in reading.instead_of.items():
            if not experiment.has(field) or experiment.value(field) != value:
                return None
        return experiment.change(**reading.changes)

    def needed(self, claims=None) -> dict[Experiment, tuple[str, int]]:
        """Return every experiment that `claims` and their readings rest on, or all there are.

        Returns:
            By experiment: what a person calls it, and how many seeds it takes by default.
        """
        found = {}
        claimed = self.claims if claims is None else claims
        about = dict.fromkeys(name for claim in claimed for name in claim.needs)
        for reading in (None, *self.readings):
            for name in self.changes if reading is None and claims is None else about:
                label = f"{self.name}: {name}" + (f", {reading.name}" if reading else "")
                seeds = COSTLY_SEEDS if name in self.costly else SEEDS
                experiment = self.under(reading, name) if reading else self.experiment(name)
                if experiment is not None:
                    found.setdefault(experiment, (label, seeds))
        return found
