"""Everything that a page says, as plain data, from stored records alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from keras_mnist import __version__
from keras_mnist.documents import Document, documents, published_named
from keras_mnist.documents.judging.judged import Judged, judged
from keras_mnist.documents.judging.stored import MNIST, canonical, digest_of, stored_records
from keras_mnist.reporting import wording
from keras_mnist.runs import RunRecord
from keras_mnist.site.answer import answer
from keras_mnist.site.apart import Apart, apart
from keras_mnist.site.claims import claim_rows, row_columns
from keras_mnist.site.comparison import comparison
from keras_mnist.site.experiments import Experiments
from keras_mnist.site.highlights import highlights
from keras_mnist.site.images import images
from keras_mnist.site.method import method
from keras_mnist.site.networks import networks, networks_apart
from keras_mnist.site.own import own
from keras_mnist.site.search import board, landscape, search
from keras_mnist.site.sections import present
from keras_mnist.site.standing import STANDINGS
from keras_mnist.site.studies import described, ran, studies, title_of, under
from keras_mnist.site.tried import MOST, tried, tried_of

# Of a claim, what its row opens to; the row itself is written.
_OPENED = ("reason", "where", "interval", "noise", "experiments", "command", "strip", "curves")


@dataclass(frozen=True)
class Content:
    """What a page shows.

    Attributes:
        text: what its templates write.
        plots: what its scripts draw from; plain data.
        starts: the functions of its scripts that set its sections going.
    """

    text: dict
    plots: dict
    starts: list[str]


def content(
    runs, search_folder=None, own_documents: Iterable[Document] = (), dataset=None
) -> Content:
    """Return the content of the page.

    Args:
        runs: the folder of the store.
        search_folder: as in `search`.
        own_documents: of the person's, beside those of the package, of which they hide any of the
            same name; they know their data.
        dataset: whose test images are shown where a change breaks them; `None`: none are.

    Raises:
        StoreError: there is no store, or no search where one is named.
    """
    records, set_aside = stored_records(runs)
    mnist = canonical(records)
    blog, _ = published_named("mlp")  # first: it is where most readers come from
    every = {document.name: document for document in (*documents(), *own_documents)}
    ordered = sorted(ran(list(every.values()), records), key=lambda document: document is not blog)
    found = _judged(ordered, records)
    experiments = Experiments(records)
    told = highlights(found, experiments)
    claims = claim_rows(found, experiments)
    groups = [(MNIST, mnist), *_other_data(records)]
    own_by_data = [apart(ordered, group, data, experiments) for data, group in groups]
    about = {MNIST["digest"], *map(digest_of, ordered)} if ordered else None
    compared, elsewhere, others = [], [], []
    for (data, group), mine in zip(groups, own_by_data, strict=True):
        found_there = studies(ordered, data, experiments) + _compared(mine, experiments)
        if about is None or data["digest"] in about:  # else no document is about them
            compared += found_there
        else:
            elsewhere += found_there
            others.append(_elsewhere(data, group))
    mine = list(chain(*own_by_data))
    searched = search(search_folder)
    changed = [
        *((title_of(d), under(d, None), digest_of(d)) for d in ordered),
        *((study.title, study.named, study.data["digest"]) for study in mine),
    ]
    keys = {experiments.key(e, s.data["digest"]) for s in mine for e in s.named.values()}
    networks_tried = [*tried_of(keys), *(tried() if found else ())][:MOST]
    text = {
        "version": __version__,
        "answer": answer(found) if found else None,
        "highlights": told,
        "claims": claims,
        "columns": row_columns(),
        "standings": {name: words for name, (words, _) in STANDINGS.items()},
        "verdicts": list(dict.fromkeys(row["verdict"] for row in claims)),
        "documents": [(one.document.name, one.document.short, one.document.title) for one in found],
        "own": own(mine, records, experiments) if mine or not found else None,
        "studies": compared,
        "others": others,
        "elsewhere": elsewhere,
        "images": images(changed, experiments, dataset),
        "networks": [*networks(ordered), *networks_apart(mine)],
        "search": searched and board(searched),
        "tried": networks_tried,
        "method": method(records, set_aside, found),
    }
    text |= {"ablations": text["studies"] or others, "try": networks_tried}
    text["title"] = "Which claims hold?" if found else f"{text['own']['title'] or 'No runs yet'}:"
    text["sections"] = present(text)
    plots = {
        "highlights": [h["plot"] for h in told],
        "claims": {row["id"]: {name: row[name] for name in _OPENED} for row in claims},
        "studies": compared,
        "elsewhere": text["elsewhere"],
        "experiments": experiments.shown,
        "search": searched and landscape(searched),
        "tried": networks_tried,
    }
    return Content(text, plots, [section.starts for section in text["sections"] if section.starts])


def _judged(ordered: list[Document], records: list[RunRecord]) -> list[Judged]:
    """Return documents judged, those about one data set by the runs that any of them needs."""
    alike: dict[str, list[Document]] = {}
    for document in ordered:
        alike.setdefault(digest_of(document), []).append(document)
    theirs = {digest: described(its, digest) for digest, its in alike.items()}
    judgeable = {
        digest: [r for r in records if r.key in keys and r.data["digest"] == digest]
        for digest, keys in theirs.items()
    }
    return [judged(document, judgeable[digest_of(document)]) for document in ordered]


def _other_data(records) -> list[tuple[dict, list]]:
    """Return the records of each data set but MNIST, with its identity."""
    found = {}
    for record in records:
        if record.data["digest"] != MNIST["digest"]:
            digest = record.data["digest"]
            identity = {"name": record.data["name"], "digest": digest, "canonical": False}
            found.setdefault(digest, (identity, []))[1].append(record)
    return list(found.values())


def _compared(studies: list[Apart], experiments: Experiments) -> list[dict]:
    found = [comparison(s.title, s.named, s.data["digest"], experiments) for s in studies]
    return [study for study in found if study and study["metrics"]]


def _elsewhere(data: dict, records) -> dict:
    completed = sum(record.completed for record in records)
    return {"data": data, "runs": wording.count(completed, "run")}
