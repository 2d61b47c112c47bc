"""Which experiments of no document belong together, and which of them the others vary."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property

from keras_mnist.documents import Document, published
from keras_mnist.experiment import Experiment
from keras_mnist.experiment.departures import departures_from
from keras_mnist.experiment.study import BASELINE, name_of
from keras_mnist.networks.own import Own
from keras_mnist.runs import RunRecord
from keras_mnist.runs.record import SCHEMA
from keras_mnist.site.experiments import Experiments
from keras_mnist.site.studies import described

Changes = tuple[tuple[str, object], ...]


@dataclass(frozen=True)
class Apart:
    """Experiments on one data set that are compared, and that no document describes.

    Attributes:
        title: what is compared.
        network: what the trained network is called.
        data: the data set, as a record has it.
        named: the experiments, the baseline first.
        asked: by name, how many runs there are, those that did not complete too.
    """

    title: str
    network: str
    data: dict
    named: dict[str, Experiment]
    asked: dict[str, int]

    @cached_property
    def baseline(self) -> Experiment:
        """The experiment that the others are compared with."""
        return next(iter(self.named.values()))


def apart(
    documents: list[Document], records: list[RunRecord], data: dict, experiments: Experiments
) -> list[Apart]:
    """Return the studies that the runs on one data set make up, but for those of documents.

    A record does not say of which study it was. So experiments belong together if they are of one
    network and alike in what a study sets for all of its variants; and what differs from a
    published network that was trained like it is compared with that one.

    Args:
        documents: on the page.
        records: on that data set.
        data: its identity.
        experiments: the completed runs.
    """
    digest = data["digest"]
    theirs = described(documents, digest)
    left = {r.key: r.experiment for r in records if r.key not in theirs and _is_known(r)}
    asked = Counter(record.key for record in records)
    about = {record.experiment: record.data for record in records}
    bases = {
        name: e
        for name, (_, e) in published().items()
        if e.key(digest, SCHEMA) in theirs and experiments.runs(e, digest)
    }
    found = []
    for like, alike in _together(left.values(), bases).items():
        told = about[alike[0]]
        if isinstance(like, str):
            named = _named(bases[like], f"{like} as published", alike)
            network, title = like, f"others like {like} on {told['name']}"
        else:
            base = _varied(alike)
            named = _named(base, _own_words(base, alike), alike)
            network = called(base)
            title = _title(network, told, base)
        counts = {name: asked[e.key(digest, SCHEMA)] for name, e in named.items()}
        found.append(Apart(title, network, told, named, counts))
    return found


def called(experiment: Experiment) -> str:
    """Return what the network of an experiment is called: a person's, a published or a plain one.

    A published name stands for an experiment that is as published, whatever a study set for all.
    """
    if isinstance(experiment.network, Own):
        return experiment.network.origin.name
    for name, (_, other) in published().items():
        if other.kind == experiment.kind:
            changes = _differences(other, experiment)
            if all(experiment.choices[change].common for change, _ in changes):
                return name
    return experiment.kind


def _is_known(record: RunRecord) -> bool:
    """Return whether the layers of what was trained can be told."""
    experiment = record.experiment
    return experiment.network.is_known(experiment.shape, experiment.data.classes)


def _common(experiment: Experiment) -> tuple:
    """Return what the experiments of a study have in common."""
    network = experiment.network
    own = (network.origin.name, *network.arguments) if isinstance(network, Own) else ()
    shared = (name for name, choice in experiment.choices.items() if choice.common)
    return experiment.kind, own, tuple((name, experiment.value(name)) for name in shared)


def _together(left, bases: dict[str, Experiment]) -> dict[str | tuple, list[Experiment]]:
    """Return experiments that belong together, by the name of a published one, or by anything."""
    found, alone = defaultdict(list), defaultdict(list)

    def nearest(experiment: Experiment) -> str | None:
        alike = [name for name, base in bases.items() if base.kind == experiment.kind]
        return min(alike, key=lambda n: len(_differences(bases[n], experiment)), default=None)

    for experiment in left:
        name = nearest(experiment)
        same = name is not None and _common(bases[name]) == _common(experiment)
        (found[name] if same else alone[_common(experiment)]).append(experiment)
    for common, alike in alone.items():
        name = nearest(alike[0]) if len(alike) == 1 else None
        found[common if name is None else name] += alike
    return found


def _named(base: Experiment, words: str, alike: list[Experiment]) -> dict[str, Experiment]:
    """Return the baseline, which is called `words`, then the others by what they change of it."""
    named, used = {words: base}, Counter([words])
    for other in alike:
        if other is not base:
            name = name_of(_differences(base, other), other) or words
            used[name] += 1  # an edited file's arguments are called as they were
            named[f"{name} ({used[name]})" if used[name] > 1 else name] = other
    return named


def _varied(alike: list[Experiment]) -> Experiment:
    """Return the experiment that agrees with the others in the most; the plainest of several."""
    departing = [{name: value for _, name, value in e.departures} for e in alike]
    names = {name for one in departing for name in one}
    counts = {name: Counter(one.get(name, ()) for one in departing) for name in names}

    def agrees(place: int) -> tuple[int, int]:
        one = departing[place]
        return sum(counts[name][one.get(name, ())] for name in names), -len(one)

    return alike[max(range(len(alike)), key=agrees)]


def _own_words(first: Experiment, alike: list[Experiment]) -> str:
    """Return what the baseline is called: what of it is not the default and varies, if anything."""
    varying = {name for other in alike for name, _ in _differences(first, other)}
    return name_of(_departing(first, varying), first) or BASELINE


def _departing(experiment: Experiment, names) -> Changes:
    found = [name for _, name, _ in experiment.departures if name in names]
    return tuple((name, experiment.value(name)) for name in found)


def _title(network: str, data: dict, experiment: Experiment) -> str:
    common = {name for name, choice in experiment.choices.items() if choice.common}
    words = name_of(_departing(experiment, common), experiment).replace(" + ", ", ")
    return f"{network} on {data['name']}" + (f", {words}" if words else "")


def _differences(base: Experiment, other: Experiment) -> Changes:
    """Return (field, value) of `other` where it differs; both have a network of one kind."""
    return tuple((name, other.value(name)) for _, name, _ in departures_from(other, base))
