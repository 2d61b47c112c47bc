"""How it was done: data, versions, machines, seeds, time, and what is still open."""

from collections import Counter

from keras_mnist.analysis.verdicts import INCONCLUSIVE, NOT_REPRODUCED
from keras_mnist.documents.judging import ClaimResult
from keras_mnist.documents.judging.judged import Judged
from keras_mnist.documents.judging.stored import digest_of
from keras_mnist.reporting import wording
from keras_mnist.reporting.claim_tables import effort, in_words, legend, notes, title
from keras_mnist.runs import RunRecord

STUDIES = (
    "Mean ± standard deviation over the completed runs, one a seed. Effects: variant minus "
    "baseline, paired by seed; p adjusted by Holm over a study’s variants and metrics, intervals "
    "of the level that this leaves: they exclude zero just where p is below 0.05."
)
MOST_LISTED = 50  # failed runs; of more, the rest are counted


def method(records: list[RunRecord], set_aside: list[str], found: list[Judged]) -> dict:
    """Return what a reader needs to judge how far to trust the page.

    Args:
        records: all of the store's.
        set_aside: messages on files that were no records.
        found: the documents judged, if there are any.
    """
    everything = [result for one in found for result in one.results]
    verdicts = [("verdicts", effort(found))] if found else []
    failed = [r for r in records if not r.completed]
    judged = {digest_of(one.document) for one in found}
    seeds = sorted({r.seed for r in records})
    return {
        "facts": [
            ("runs", f"{len(records):,}, of which {len(failed):,} did not complete"),
            ("training", wording.duration(sum(r.seconds for r in records))),
            ("seeds", _seeds(seeds)),
            ("trained", _days(records)),
            *verdicts,
        ],
        "data": [
            {"name": name, "digest": digest, "judged": digest in judged, "runs": n}
            for (name, digest), n in _data(records).most_common()
        ],
        "environments": [{"runs": n, "items": list(items)} for items, n in _environments(records)],
        "failed": [(r.experiment.name, r.seed, r.status, r.reason) for r in failed[:MOST_LISTED]],
        "more_failed": max(0, len(failed) - MOST_LISTED),
        "set_aside": set_aside[:MOST_LISTED],
        "reading": legend(everything) or [STUDIES],
        "documents": [
            {"title": title(one.document), "notes": notes(one.document, one.results, one.records)}
            for one in found
        ],
        "open": [
            {"document": one.document.short, "lines": lines}
            for one in found
            if (lines := _open_questions(one.results))
        ],
    }


def _open_questions(results: list[ClaimResult]) -> list[str]:
    """Return what no reading explains, an experiment's metric a line, then what is not told."""
    unexplained = in_words([r for r in results if r.verdict == NOT_REPRODUCED])
    untold = [r for r in results if r.verdict == INCONCLUSIVE and not r.claim.quantity]
    return [
        *(f"{about}: outside our runs, and no reading explains it." for about in unexplained),
        *(f"{result.claim.claimed}: {result.reason}." for result in untold),
    ]


def _data(records) -> Counter:
    return Counter((r.data["name"], r.data["digest"]) for r in records)


def _environments(records) -> list:
    """Return versions and machines with how many runs each, the most frequent first."""
    found = Counter(
        tuple((str(k), str(v)) for k, v in sorted(r.environment.items())) for r in records
    )
    return found.most_common(5)


def _seeds(seeds: list[int]) -> str:
    shown = ", ".join(map(str, seeds[:20]))
    return f"{shown}, … ({len(seeds)} in all)" if len(seeds) > 20 else shown or "none"


def _days(records) -> str:
    days = sorted({r.created[:10] for r in records if r.created})
    return " to ".join(dict.fromkeys((days[0], days[-1]))) if days else "never"
