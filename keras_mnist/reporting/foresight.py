"""What is said before anything is trained of the answers: which differences can be told."""

import math

from keras_mnist.analysis.answers import Question
from keras_mnist.analysis.effects import paired_differences
from keras_mnist.analysis.intervals import LEVEL, sampling_sd
from keras_mnist.analysis.power import POWER, pooled_sd, told_difference
from keras_mnist.base.metrics import quantity_of
from keras_mnist.experiment import Experiment
from keras_mnist.experiment.departures import differing
from keras_mnist.experiment.study import Study, name_of
from keras_mnist.reporting import wording
from keras_mnist.reporting.measured import compared_metrics
from keras_mnist.runs.plan import Plan

# Guesses, where nothing like it is stored: what 95 % right of so many test images moves by, drawn
# anew; and a hundredth of a nat.
_RIGHT, _NATS = 0.95, 0.01
_LISTED = 20  # variants


def about_answers(study: Study, plan: Plan, question: Question | None) -> list[str]:
    """Return the lines that say which difference the study's seeds tell, with what power.

    Holm's adjustment, or all variants and looks of a question, counted in.
    """
    variants, seeds = len(study.variants) - 1, len(study.seeds)
    if seeds < 2:
        return []
    metric = question.metric if question else compared_metrics()[0]
    asked = variants * len(study.compared)
    level = question.levels(variants)[-1] if question else 1 - (1 - LEVEL) / asked
    sd, why = _spread(study, plan, metric)
    told, accuracy = told_difference(sd, seeds, level), quantity_of(metric) == "accuracy"
    least = (
        "are too few to tell any difference"
        if accuracy and told >= 1
        else f"tell a difference of {wording.size(metric, told)}"
    )
    lines = [
        f"power: {wording.count(seeds, 'seed')} {least} in {wording.name(metric)} with "
        f"{POWER:.0%} probability, where pairs of runs differ by {wording.size(metric, sd)} from "
        f"seed to seed ({why})"
    ]
    if question and len(question.looks) > 1:
        looks = ", ".join(map(str, question.looks))
        first = len(study.variants) * question.looks[0]
        lines.append(
            f"looks: at {looks} seeds; the first {wording.count(first, 'run')} are certain, the "
            "others wait for what the looks before leave open"
        )
    return lines


def about_variants(study: Study) -> list[str]:
    """Return the lines that say which variants there are: the first many, and how many more."""
    names = [variant.name for variant in study.variants[1:]]
    more = [f"and {len(names) - _LISTED} more"] if len(names) > _LISTED else []
    return [f"variants: {', '.join([*names[:_LISTED], *more])}"] if names else []


def about_idle(study: Study) -> list[str]:
    """Return which of the baseline's choices decide nothing in any of the runs, and why."""
    baseline, found = study.baseline, []
    for _, name in differing(baseline, Experiment(network=type(baseline.network)())):
        reasons = [variant.experiment.why_idle(name) for variant in study.variants]
        if all(reasons):
            said = name_of(((name, baseline.value(name)),), baseline)
            found.append(f"{said} decides nothing here. {reasons[0]}")
    return found


def _spread(study: Study, plan: Plan, metric: str) -> tuple[float, str]:
    """Return the standard deviation of paired differences, and where it is from."""
    by_variant = [_stored(plan, v.experiment, study.seeds, metric) for v in study.variants]
    baseline, *others = by_variant
    for sd, why in (
        (pooled_sd([paired_differences(o, baseline) for o in others]), "as those that are stored"),
        (
            math.sqrt(2) * pooled_sd([list(values.values()) for values in by_variant]),
            "as the runs that are stored, unpaired",
        ),
    ):
        if sd > 0:
            return sd, why
    images = len(plan.dataset.x_test)
    accuracy = quantity_of(metric) == "accuracy"
    return sampling_sd(_RIGHT, images) if accuracy else _NATS, "a guess: no such runs are stored"


def _stored(plan: Plan, experiment, seeds, metric: str) -> dict[int, float]:
    records = (plan.stored.get((experiment, seed)) for seed in seeds)
    found = {r.seed: r.metrics.get(metric) for r in records if r and r.completed}
    return {seed: value for seed, value in found.items() if value is not None}
