"""Everything that a page says, as plain data, from stored records alone."""

from dataclasses import dataclass

from keras_mnist import __version__
from keras_mnist.documents import documents, published_named
from keras_mnist.documents.judging.judged import judged
from keras_mnist.documents.judging.stored import MNIST, canonical, stored_records
from keras_mnist.reporting import wording
from keras_mnist.site.answer import answer
from keras_mnist.site.claims import claim_rows, row_columns
from keras_mnist.site.experiments import Experiments
from keras_mnist.site.highlights import highlights
from keras_mnist.site.method import method
from keras_mnist.site.networks import networks
from keras_mnist.site.search import board, landscape, search
from keras_mnist.site.standing import STANDINGS
from keras_mnist.site.studies import studies
from keras_mnist.site.tried import tried

# Of a claim, what its row opens to; the row itself is written.
_OPENED = ("reason", "where", "interval", "noise", "experiments", "command", "strip", "curves")


@dataclass(frozen=True)
class Content:
    """What a page shows.

    Attributes:
        text: what its templates write.
        plots: what its scripts draw from; plain data.
    """

    text: dict
    plots: dict


def content(runs, search_folder=None) -> Content:
    """Return the content of the page.

    Args:
        runs: the folder of the store.
        search_folder: as in `search`.

    Raises:
        StoreError: there is no store, or no search where one is named.
    """
    records, set_aside = stored_records(runs)
    mnist = canonical(records)
    blog, _ = published_named("mlp")  # first: it is where most readers come from
    ordered = sorted(documents(), key=lambda document: document is not blog)
    found = [judged(document, mnist) for document in ordered]
    experiments = Experiments(records)
    told = highlights(found, experiments)
    claims = claim_rows(found, experiments)
    compared = studies(ordered, mnist, MNIST, experiments)
    others = [_elsewhere(group, ordered, experiments) for group in _other_data(records)]
    searched = search(search_folder)
    text = {
        "version": __version__,
        "answer": answer(found),
        "highlights": told,
        "claims": claims,
        "columns": row_columns(),
        "standings": {name: words for name, (words, _) in STANDINGS.items()},
        "verdicts": list(dict.fromkeys(row["verdict"] for row in claims)),
        "documents": [(one.document.name, one.document.short, one.document.title) for one in found],
        "studies": compared,
        "others": others,
        "networks": networks(),
        "search": searched and board(searched),
        "tried": (networks_tried := tried()),
        "method": method(records, set_aside, found),
    }
    plots = {
        "highlights": [h["plot"] for h in told],
        "claims": {row["id"]: {name: row[name] for name in _OPENED} for row in claims},
        "studies": compared,
        "elsewhere": [study for group in others for study in group["studies"]],
        "experiments": experiments.shown,
        "search": searched and landscape(searched),
        "tried": networks_tried,
    }
    return Content(text, plots)


def _other_data(records) -> list[tuple[dict, list]]:
    """Return the records of each data set but MNIST, with its identity."""
    found = {}
    for record in records:
        if record.data["digest"] != MNIST["digest"]:
            digest = record.data["digest"]
            identity = {"name": record.data["name"], "digest": digest, "canonical": False}
            found.setdefault(digest, (identity, []))[1].append(record)
    return list(found.values())


def _elsewhere(group: tuple[dict, list], documents, experiments: Experiments) -> dict:
    data, records = group
    completed = sum(record.completed for record in records)
    return {
        "data": data,
        "runs": wording.count(completed, "run"),
        "studies": studies(documents, records, data, experiments),
    }
