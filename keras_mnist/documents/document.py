"""What a published document is made of: experiments and claims."""

from dataclasses import dataclass, replace
from functools import cached_property

from keras_mnist.analysis.verdicts import ENOUGH_LONG_RUNS, ENOUGH_RUNS
from keras_mnist.base.errors import ExperimentError
from keras_mnist.documents.claims import Claim, Number
from keras_mnist.documents.explanations import Contrast, Highlight, Reading
from keras_mnist.documents.quantities import At
from keras_mnist.experiment import Experiment

SEEDS, COSTLY_SEEDS = ENOUGH_RUNS, ENOUGH_LONG_RUNS


@dataclass(frozen=True)
class About:
    """The data set that a document is about.

    Attributes:
        name: or its path.
        target: of a table, the column of the classes.
        test_split: the share to be drawn as test part, from a file that has none.
        digest: SHA-256 of it, where the document says it, or once it is at hand.
    """

    name: str = "mnist"
    target: str = ""
    test_split: float | None = None
    digest: str = ""


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
        costly: experiments so long that eight seeds must do unless more are asked for.
        data: the data set it is about.
        arguments: what a command must be given to read it; nothing where it comes along.
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
    data: About = About()
    arguments: tuple[str, ...] = ()

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

    def on(self, dataset) -> "Document":
        """Return the same document with the shape and classes of the data set it is about.

        Raises:
            ExperimentError: the baseline does not suit them.
        """
        data = replace(self.data, digest=dataset.digest)
        return replace(self, baseline=self.baseline.on(dataset), data=data)

    @cached_property
    def _experiments(self) -> dict[str, Experiment]:
        return {name: self.baseline.change(**changes) for name, changes in self.changes.items()}

    def experiment(self, name: str) -> Experiment:
        """Return the experiment of that name."""
        return self._experiments[name]

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

    @cached_property
    def _under(self) -> dict[tuple[Reading, str], Experiment | None]:
        return {}

    def under(self, reading: Reading, name: str) -> Experiment | None:
        """Return the experiment of that name under a reading; `None` where it does not apply."""
        if (reading, name) not in self._under:
            self._under[reading, name] = self._read(reading, name)
        return self._under[reading, name]

    def _read(self, reading: Reading, name: str) -> Experiment | None:
        experiment = self.experiment(name)
        if reading.only and name not in reading.only:
            return None
        return reading.of(experiment)

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
