"""Ablations: which experiments of a store are compared with which."""

from collections import defaultdict
from dataclasses import fields

from keras_mnist.documents import Document, Reading, published
from keras_mnist.experiment import Experiment
from keras_mnist.experiment.study import name_of
from keras_mnist.networks.own import Own
from keras_mnist.runs import RunRecord
from keras_mnist.runs.record import SCHEMA
from keras_mnist.site.comparison import comparison
from keras_mnist.site.experiments import Experiments


def studies(
    documents: list[Document], records: list[RunRecord], data: dict, experiments: Experiments
) -> list[dict]:
    """Return every study that the completed runs on one data set make up.

    The experiments of a document are a study, those under a reading of it are another; what no
    document names is compared with the published network that it differs from least.

    Args:
        documents: in the order of the page.
        records: on that data set.
        data: its identity.
        experiments: of the page, to which those shown are added.
    """
    digest = data["digest"]
    left = {r.key: r.experiment for r in records if r.completed}
    found = []
    for document in documents:
        for reading in (None, *document.readings):
            there = _of_document(document, reading, digest, experiments)
            for experiment in there.values():
                left.pop(experiment.key(digest, SCHEMA), None)
            title = f"{document.short}, with {reading.name}" if reading else title_of(document)
            judged = data["canonical"] and reading is None
            found.append(
                comparison(title, there, digest, experiments, document if judged else None)
            )
    for (name, told, base), alike in _by_network(left.values()).items():
        there = {told: base} if experiments.runs(base, digest) else {}
        others = (e for e in alike if e.key(digest, SCHEMA) != base.key(digest, SCHEMA))
        there |= {name_of(_differences(base, e), e) or e.name: e for e in others}
        found.append(comparison(f"others like {name}", there, digest, experiments))
    return [study for study in found if study]


def title_of(document: Document) -> str:
    """Return what the study of a document is called."""
    return f"{document.short}: {document.title}"


def _of_document(
    document: Document, reading: Reading | None, digest: str, experiments: Experiments
) -> dict[str, Experiment]:
    """Return the document's experiments, under a reading if one is given, that have runs."""
    named = {
        name: document.under(reading, name) if reading else document.experiment(name)
        for name in document.changes
    }
    return {name: e for name, e in named.items() if e and experiments.runs(e, digest)}


def _by_network(left) -> dict[tuple[str, str, Experiment], list[Experiment]]:
    """Return experiments by the published network that each differs from least.

    Returns:
        By its name, what it is called in a table, and its experiment. Where none of its kind is
        published, these are of the kind at its defaults; of a person's own network, the plainest.
    """
    there_are = [(name, f"{name} as published", e) for name, (_, e) in published().items()]
    found, left = defaultdict(list), list(left)
    for experiment in left:
        kind = experiment.kind
        alike = [one for one in there_are if one[2].kind == kind]
        if not alike and isinstance(experiment.network, Own):  # what is not there is not known
            plainest = min((e for e in left if e.kind == kind), key=lambda e: len(e.departures))
            alike = [(kind, f"baseline ({plainest.name})", plainest)]
        base = Experiment(network=type(experiment.network)())
        alike = alike or [(kind, f"{kind} by default", base)]
        nearest = min(alike, key=lambda one: len(_differences(one[2], experiment)))
        found[nearest].append(experiment)
    return found


def _differences(base: Experiment, other: Experiment) -> tuple[tuple[str, object], ...]:
    """Return (field, value) of `other` where it differs; both have a network of one kind."""
    parts = [(getattr(base, part.name), getattr(other, part.name)) for part in fields(base)]
    return tuple(
        (f.name, getattr(theirs, f.name))
        for ours, theirs in parts
        if ours != theirs
        for f in fields(ours)
        if f.name not in theirs.idle and hasattr(theirs, f.name)
        if getattr(ours, f.name) != getattr(theirs, f.name)
    )
