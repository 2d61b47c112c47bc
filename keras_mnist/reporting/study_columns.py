"""The columns of a study's tables: what was measured of each variant, and its effects."""

from dataclasses import dataclass

from keras_mnist.analysis.answers import NOT_TOLD
from keras_mnist.analysis.intervals import Interval, Summary, summarize
from keras_mnist.documents.judging.beside import Comparison
from keras_mnist.documents.judging.findings import Findings
from keras_mnist.experiment.study import Variant
from keras_mnist.reporting import wording
from keras_mnist.reporting.columns import Column
from keras_mnist.reporting.measured import effect_metrics, result_metrics


@dataclass(frozen=True)
class Effects:
    """A row of effects: what a change, or an interaction, does to each metric.

    Attributes:
        change: what a person calls it.
        by_metric: the effect and its p, adjusted.
    """

    change: str
    by_metric: dict[str, tuple[Interval, float]]


def result_columns(result: Findings) -> list[Column]:
    """Return the columns of a study's results; a row is a variant."""

    def done(variant: Variant) -> int:
        return sum(record.completed for record in result.runs(variant))

    def told(variant: Variant) -> str:
        asked = len(result.runs(variant)) if result.question else len(result.study.seeds)
        return str(done(variant)) if done(variant) == asked else f"{done(variant)} of {asked}"

    experiments = [variant.experiment for variant in result.study.variants]
    patient = any(experiment.fit.patience for experiment in experiments)
    shown = result_metrics(experiments)
    main = result.question.metric if result.question else "test_accuracy"
    return [
        Column("variant", "variant", lambda variant: variant.name),
        Column("n", "n", told, done),
        *([_epochs(result)] if patient else []),
        *(_measured(result, metric, spare=metric != main) for metric in shown),
    ]


def _epochs(result: Findings) -> Column:
    """Return the column of how many epochs runs took, which patience may end early."""

    def trained(variant: Variant) -> Summary:
        return summarize([run.epochs for run in result.runs(variant) if run.completed])

    def cell(variant: Variant) -> str:
        return wording.spread("epochs", trained(variant))

    return Column("epochs", "epochs", cell, lambda variant: trained(variant).mean)


def _measured(result: Findings, metric: str, spare: bool) -> Column:
    """Return the column of a metric: ours, and below it what was published of it."""

    def cell(variant: Variant) -> str:
        same = (c for c in result.comparisons(variant) if c.claim.metric == metric)
        ours = wording.spread(metric, result.summary(variant, metric))
        return "\n".join([ours, *map(_published, same)])

    def value(variant: Variant) -> float:
        return result.summary(variant, metric).mean

    return Column(metric, wording.heading(metric), cell, value, spare=spare)


def _published(comparison: Comparison) -> str:
    metric = comparison.claim.metric
    verdict = {True: "inside", False: "outside", None: "too few runs"}[comparison.inside]
    value = wording.number(metric, comparison.claim.as_metric)
    return f"{comparison.document.short} {value}, {verdict}"


def effect_columns(result: Findings) -> list[Column]:
    """Return the columns of a study's effects; a row is of `effect_rows`."""
    found = [column for metric in effect_metrics(result) for column in _effect(result, metric)]
    change = Column("change", "change", lambda effects: effects.change)
    return [change, *found, *(_told(result) if result.question else [])]


def _told(result: Findings) -> list[Column]:
    """Return the columns of what was told, at how many seeds, and why not at more."""
    most = result.study.seeds

    def seeds(effects: Effects) -> int:
        return result.answers[effects.change].seeds

    def why(effects: Effects) -> str:
        answer = result.answers[effects.change]
        if answer.word != NOT_TOLD:
            return "told"
        ended = f"{len(most)} seeds were the most" if answer.seeds == len(most) else "ended early"
        return f"{ended}; about {answer.wanted} would tell" if answer.wanted else ended

    def word(effects: Effects) -> str:
        return result.answers[effects.change].word

    return [
        Column("seeds", "seeds", lambda row: str(seeds(row)), seeds),
        Column("answer", "stopped", why, word),
    ]


def _effect(result: Findings, metric: str) -> list[Column]:
    """Return the columns of the effects on a metric and of their p."""
    margin = result.question.margin if result.question else None
    adjusted = "p (adjusted)" if result.question else "p (Holm)"

    def cell(effects: Effects) -> str:
        return wording.effect(metric, effects.by_metric[metric][0], margin)

    def mean(effects: Effects) -> float:
        return effects.by_metric[metric][0].mean

    def p(effects: Effects) -> float:
        return effects.by_metric[metric][1]

    return [
        Column(f"effect_{metric}", f"effect on {wording.name(metric)}", cell, mean),
        Column(f"p_{metric}", adjusted, lambda row: wording.p_value(p(row)), p, spare=True),
    ]


def effect_rows(result: Findings) -> list[Effects]:
    """Return a row a variant, then a row an interaction."""
    study = result.study
    changes = [(v.name, v.name, result.effects) for v in study.variants[1:]]
    joints = [] if result.question else [joint.name for joint, _ in study.interactions]
    joints = [(f"interaction: {name}", name, result.interactions) for name in joints]
    return [
        Effects(change, {metric: of[name] for metric, of in found.items()})
        for change, name, found in [*changes, *joints]
    ]
