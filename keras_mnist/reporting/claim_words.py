"""A claim and what was found of it, in words: the cells of every table of claims."""

import math

from keras_mnist.analysis.intervals import sampling_sd
from keras_mnist.analysis.verdicts import (
    EQUAL,
    EXPLAINED,
    FAILS,
    FEWEST_RUNS,
    HOLDS,
    INCONCLUSIVE,
    NO_VERDICT,
    NOT_EQUAL,
    NOT_REPRODUCED,
    REPRODUCED,
)
from keras_mnist.documents import Count, Number, Statement, Time
from keras_mnist.documents.judging import ClaimResult, Finding
from keras_mnist.reporting import wording
from keras_mnist.reporting.statement_words import compared

TEST_IMAGES = 10_000  # of the canonical MNIST, which alone is judged
HEADINGS = [
    *("experiment", "claim", "published", "ours", "interval", "test-set noise"),
    *("verdict", "reason"),
]


def cells(result: ClaimResult) -> list[str]:
    """Return the row of a claim, in the order of `HEADINGS`.

    An explained number shows both readings, one below the other.
    """
    shown = [result.described]
    if result.verdict == EXPLAINED:
        shown.append(result.read)
    return [
        experiment(result),
        claim(result),
        published(result),
        "\n".join(ours(result, found) for found in shown),
        "\n".join(interval(result, found) for found in shown),
        "\n".join(noise(result, found) for found in shown),
        result.verdict,
        reason(result),
    ]


def experiment(result: ClaimResult) -> str:
    """Return what the claim is about; of a statement, the comparison that it hangs on."""
    if not isinstance(result.claim, Statement):
        return result.claim.experiment
    return compared(result.claim.parts[result.described.part])


def claim(result: ClaimResult) -> str:
    """Return what is claimed."""
    claimed = result.claim
    if isinstance(claimed, Number):
        when = "" if claimed.epoch == "last" else f", epoch {claimed.epoch}"
        return wording.heading(claimed.metric) + when
    if isinstance(claimed, Count):
        of = f" of {', '.join(claimed.layers)}" if claimed.layers else ""
        twice = ", twice" if claimed.times == 2 else ""
        return claimed.what + of + twice + (f" beyond {claimed.beyond}" if claimed.beyond else "")
    return claimed.text or "seconds of training"


def published(result: ClaimResult) -> str:
    """Return what stands in the document, losses that it divided with the factor."""
    claimed = result.claim
    if isinstance(claimed, Number):
        value = wording.number(claimed.metric, claimed.as_metric)
        if claimed.scale == 1:
            return value
        return f"{value} ({claimed.value:.{claimed.decimals}f} × {claimed.scale:.4g})"
    if isinstance(claimed, Count):
        return f"{claimed.value:,}"
    if isinstance(claimed, Time) and claimed.seconds is not None:
        return f"{claimed.seconds:,.2f}"
    return "stated"


def ours(result: ClaimResult, found: Finding) -> str:
    """Return our mean, its spread over seeds, and the number of runs."""
    if isinstance(result.claim, Count):
        return f"{int(found.ours.mean):,}"
    if isinstance(result.claim, Statement):
        return f"{wording.difference(found.metric, found.ours)} ({found.ours.n})"
    return f"{wording.spread(found.metric, found.ours)} ({found.ours.n})"


def interval(result: ClaimResult, found: Finding) -> str:
    """Return the interval that was judged by, cut where no value can lie."""
    if math.isnan(found.low):
        return "–"
    low, high = found.low, found.high
    if isinstance(result.claim, Number) and found.metric != "gap":
        low = max(low, 0.0)
        high = min(high, 1.0) if found.metric.endswith("accuracy") else high
    return f"[{wording.number(found.metric, low)}, {wording.number(found.metric, high)}]"


def sampling_noise(result: ClaimResult, found: Finding) -> float:
    """Return the standard deviation of a test accuracy over test sets of 10,000 images.

    NaN for what is no test accuracy. In the record's unit.
    """
    accuracy = isinstance(result.claim, Number) and result.claim.metric == "test_accuracy"
    if not accuracy or not found.ours.n:
        return math.nan
    return sampling_sd(found.ours.mean, TEST_IMAGES)


def noise(result: ClaimResult, found: Finding) -> str:
    """Return the sampling noise of a test accuracy as a cell."""
    value = sampling_noise(result, found)
    return "" if math.isnan(value) else f"± {wording.number('test_accuracy', value)}"


def reason(result: ClaimResult) -> str:
    """Return the verdict's reason in one line."""
    found, beside = result.described, getattr(result.claim, "beside", "")
    reasons = {
        REPRODUCED: "inside the prediction interval",
        EXPLAINED: f"with {result.reading.name}" if result.reading else "",
        NOT_REPRODUCED: "outside the prediction interval",
        HOLDS: f"p {wording.p_value(found.p)}",
        FAILS: f"the other way, p {wording.p_value(found.p)}",
        INCONCLUSIVE: _open(result, found),
        EQUAL: "counted",
        NOT_EQUAL: "counted from our layers",
        NO_VERDICT: "the document's machine is not named",
    }
    if beside:
        return f"ours, as a multiple of the time of {beside}"
    return reasons[result.verdict] + _tried(result)


def _open(result: ClaimResult, found: Finding) -> str:
    """Return why a claim is inconclusive."""
    statement = isinstance(result.claim, Statement)
    if not found.ours.n:
        return "no runs yet"
    more = found.seeds and wording.count(found.seeds - found.ours.n, "more seed")
    if more and found.ours.n < FEWEST_RUNS:
        return f"at least {more} needed"
    if more:
        return f"{more} would tell" + (", if the difference stays" if statement else "")
    if statement:
        return f"not told apart, p {wording.p_value(found.p)}"
    return "our own runs spread too widely to tell"


def _tried(result: ClaimResult) -> str:
    """Return what another reading says, where it was tried in vain or says otherwise."""
    if result.read is None or result.verdict not in (NOT_REPRODUCED, FAILS):
        return ""
    if result.verdict == result.read.verdict == NOT_REPRODUCED:
        return f", nor with {result.reading.name}"
    if result.verdict == result.read.verdict:
        return ""
    return f", {result.read.verdict} with {result.reading.name}"
