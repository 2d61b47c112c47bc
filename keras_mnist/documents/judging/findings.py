"""What a study found: its records, and the effects and comparisons that they give."""

import math
from functools import cached_property, partial

from keras_mnist.analysis.answers import Answer, Question, answer
from keras_mnist.analysis.effects import by_metric, effects, interaction
from keras_mnist.analysis.intervals import Interval, Summary, prediction_interval, summarize
from keras_mnist.analysis.shares import Shares, shares
from keras_mnist.base.metrics import METRICS, more_is_better
from keras_mnist.documents import numbers_about
from keras_mnist.documents.judging.beside import Comparison
from keras_mnist.documents.judging.images import Images, said_in
from keras_mnist.experiment import Experiment
from keras_mnist.experiment.study import Study, Variant
from keras_mnist.runs import RunRecord


class Findings:
    """What a study found.

    Args:
        study: what was asked.
        data: `name`, `digest`, `canonical` and `note` of the data set.
        records: by (experiment, seed); runs without one were not done.
        trained: how many of them were trained just now.
        paths: where each record lies, by the same key.
        test: the test images and their labels, for those who draw them.
        question: what is asked of each variant, if an answer is wanted that allows for looks or
            for a margin; then the study's effects are on its metric alone.
    """

    def __init__(
        self,
        study: Study,
        data: dict,
        records: dict,
        trained: int = 0,
        paths=None,
        question: Question | None = None,
        test: tuple | None = None,
    ):
        self.study, self.data, self.trained = study, data, trained
        self.question, self.test = question, test
        self._records: dict[tuple[Experiment, int], RunRecord] = records
        self._paths = paths or {}

    def runs(self, variant: Variant) -> list[RunRecord]:
        """Return the variant's records, in the order of the study's seeds."""
        runs = ((variant.experiment, seed) for seed in self.study.seeds)
        return [self._records[run] for run in runs if run in self._records]

    def values(self, variant: Variant, metric: str) -> dict[int, float]:
        """Return a metric by seed, of the completed runs that have it."""
        found = {r.seed: r.metrics.get(metric) for r in self.runs(variant) if r.completed}
        return {seed: value for seed, value in found.items() if value is not None}

    def summary(self, variant: Variant, metric: str) -> Summary:
        """Return mean, sd and n of a metric."""
        return summarize(list(self.values(variant, metric).values()))

    @property
    def failed(self) -> list[RunRecord]:
        """The records of runs that did not complete."""
        return [record for record in self._records.values() if not record.completed]

    @property
    def cached(self) -> int:
        """How many runs were stored before."""
        return len(self._records) - self.trained

    @cached_property
    def effects(self) -> dict[str, dict[str, tuple[Interval, float]]]:
        """By metric and variant name: the effect and its Holm-adjusted p.

        Those on the metrics on which variants are compared are one family for Holm, all together;
        those on each other metric are one, too. Intervals are of the level that this leaves. Where
        a question was asked, there are its metric's alone, with the intervals and p of the answers.
        """
        if self.question:
            told = {name: answer.interval for name, answer in self.answers.items()}
            return {self.question.metric: {name: (i, i.p) for name, i in told.items()}}
        values = {m: {v.name: self.values(v, m) for v in self.study.variants} for m in METRICS}
        return effects(values, self.study.compared)

    @cached_property
    def answers(self) -> dict[str, Answer]:
        """By variant name, what was told; none unless a question was asked."""
        if not self.question:
            return {}
        baseline, *variants = self.study.variants
        return {
            variant.name: answer(
                self._differences(variant, baseline, self.question.metric),
                self.question,
                len(variants),
            )
            for variant in variants
        }

    def _differences(self, variant: Variant, baseline: Variant, metric: str) -> list[float]:
        """Return variant minus baseline by seed, up to the first not done; NaN where one failed."""
        ours, theirs = (self.values(v, metric) for v in (variant, baseline))
        experiments, found = (variant.experiment, baseline.experiment), []
        for seed in self.study.seeds:
            if any((experiment, seed) not in self._records for experiment in experiments):
                break
            found.append(ours.get(seed, math.nan) - theirs.get(seed, math.nan))
        return found

    @cached_property
    def interactions(self) -> dict[str, dict[str, tuple[Interval, float]]]:
        """By metric and joint variant's name: joint minus summed single effects, and Holm's p.

        They are families of their own, as `effects` are.
        """
        base, joints = self.study.variants[0], self.study.interactions

        def asked(joint: Variant, singles: list[Variant], metric: str):
            added = [self.values(single, metric) for single in singles]
            values = self.values(joint, metric), added, self.values(base, metric)
            return partial(interaction, *values)

        named = {m: {joint.name: asked(joint, of, m) for joint, of in joints} for m in METRICS}
        return by_metric(named, self.study.compared)

    @cached_property
    def shares(self) -> dict[str, Shares]:
        """By name of a factorial study's variant with every choice changed: who is to blame."""
        metric, found = "test_accuracy", {}
        for cube in () if self.question else self.study.cubes:
            whole = cube[max(cube, key=len)]
            cells = {cell: self.values(variant, metric) for cell, variant in cube.items()}
            told = shares(cells, whole.changes, more_is_better(metric))
            if told:
                found[whole.name] = told
        return found

    @cached_property
    def images(self) -> Images:
        """What the runs said of each test image."""
        said = {variant.name: said_in(self.runs(variant)) for variant in self.study.variants}
        return Images(said, self.study.baseline.data.classes, self.data, self.test)

    def comparisons(self, variant: Variant) -> list[Comparison]:
        """Return the published numbers about this variant; none unless the data is MNIST."""
        return self._comparisons[variant.name]

    @cached_property
    def _comparisons(self) -> dict[str, list[Comparison]]:
        return {v.name: list(self._compare(v)) for v in self.study.variants}

    def _compare(self, variant: Variant):
        for document, claim in numbers_about(variant.experiment) if self.data["canonical"] else ():
            values = list(self.values(variant, claim.metric).values())
            yield Comparison(document, claim, summarize(values), *prediction_interval(values))

    def path(self, variant: Variant, record: RunRecord) -> str:
        """Return where the record lies, or nothing where that is unknown."""
        return str(self._paths.get((variant.experiment, record.seed), ""))
