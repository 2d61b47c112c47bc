"""The result of a study: its records, what they say, and the ways to hand that out."""

import math
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

from keras_mnist.analysis.effects import effect, holm, interaction
from keras_mnist.analysis.intervals import Interval, Summary, prediction_interval, summarize
from keras_mnist.experiment import Experiment
from keras_mnist.published import Claim, claims_about
from keras_mnist.results import RunRecord
from keras_mnist.study import Study, Variant

LAST = (
    "train_loss",
    "train_accuracy",
    "val_loss",
    "val_accuracy",
    "test_loss",
    "test_accuracy",
    "gap",
)
METRICS = (*LAST, *(f"best_{metric}" for metric in LAST))


@dataclass(frozen=True)
class Comparison:
    """A published number beside ours.

    Attributes:
        claim: the published number.
        ours: the summary of our runs, in the record's unit.
        low, high: where one further run of ours should fall, with 95 % confidence.
    """

    claim: Claim
    ours: Summary
    low: float
    high: float

    @property
    def inside(self) -> bool | None:
        """Whether the published number falls there; `None` where too few runs tell."""
        if math.isnan(self.low):
            return None
        return self.low <= self.claim.as_metric <= self.high


class StudyResult:
    """What a study found. Printed, it is its table; in a notebook, its table in HTML.

    Args:
        study: what was asked.
        data: `name`, `digest`, `canonical`, `path` and `note` of the data set.
        records: by (experiment, seed); runs without one were not done.
        trained: how many of them were trained just now.
        paths: where each record lies, by the same key.
    """

    def __init__(self, study: Study, data: dict, records: dict, trained: int = 0, paths=None):
        self.study, self.data, self.trained = study, data, trained
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

        A family, for Holm, is one metric's effects over all variants of the study.
        """
        baseline, *variants = self.study.variants
        found = {}
        for metric in METRICS:
            base = self.values(baseline, metric)
            intervals = [effect(self.values(v, metric), base) for v in variants]
            found[metric] = _with_holm([v.name for v in variants], intervals)
        return found

    @cached_property
    def interactions(self) -> dict[str, dict[str, tuple[Interval, float]]]:
        """By metric and joint variant's name: joint minus summed single effects, and Holm's p."""
        base, joints = self.study.variants[0], self.study.interactions
        found = {}
        for metric in METRICS:
            intervals = [
                interaction(
                    self.values(joint, metric),
                    [self.values(single, metric) for single in singles],
                    self.values(base, metric),
                )
                for joint, singles in joints
            ]
            found[metric] = _with_holm([joint.name for joint, _ in joints], intervals)
        return found

    def comparisons(self, variant: Variant) -> list[Comparison]:
        """Return the published numbers about this variant; none unless the data is MNIST."""
        if not self.data["canonical"]:
            return []
        found = []
        for claim in claims_about(variant.experiment):
            values = list(self.values(variant, claim.metric).values())
            found.append(Comparison(claim, summarize(values), *prediction_interval(values)))
        return found

    def frame(self):
        """Return a pandas data frame, one row a run: variant, changes, seed, status, metrics."""
        import pandas

        rows = [
            {
                "variant": variant.name,
                **dict(variant.changes),
                "seed": record.seed,
                "status": record.status,
                **record.metrics,
                "seconds": record.seconds,
                "weights_sha256": record.weights_sha256,
            }
            for variant in self.study.variants
            for record in self.runs(variant)
        ]
        return pandas.DataFrame(rows)

    def to_dict(self) -> dict:
        """Return everything as plain data, the content of `--json`."""
        return {
            "study": {
                "name": self.study.name,
                "seeds": list(self.study.seeds),
                "baseline": self.study.baseline.to_dict(),
            },
            "data": self.data,
            "variants": [self._variant(variant) for variant in self.study.variants],
            "interactions": [
                {"name": joint.name, "metrics": _by_metric(self.interactions, joint.name)}
                for joint, _ in self.study.interactions
            ],
            "trained": self.trained,
            "cached": self.cached,
            "failed": len(self.failed),
        }

    def _variant(self, variant: Variant) -> dict:
        summaries = {metric: self.summary(variant, metric) for metric in METRICS}
        return {
            "name": variant.name,
            "changes": dict(variant.changes),
            "experiment": variant.experiment.to_dict(),
            "runs": [self._run(variant, record) for record in self.runs(variant)],
            "summary": {m: _plain(asdict(s)) for m, s in summaries.items() if s.n},
            "effects": _by_metric(self.effects, variant.name),
            "published": [
                _plain(
                    {
                        **asdict(c.claim),
                        "ours": asdict(c.ours),
                        "low": c.low,
                        "high": c.high,
                        "inside": c.inside,
                    }
                )
                for c in self.comparisons(variant)
            ],
        }

    def _run(self, variant: Variant, record: RunRecord) -> dict:
        path = self._paths.get((variant.experiment, record.seed), "")
        names = ("seed", "status", "reason", "metrics", "history", "weights_sha256", "seconds")
        plain = record.to_dict()
        return {name: plain[name] for name in names} | {"record": str(path)}

    def table(self, width: int | None = None) -> str:
        """Return the result as text, as it is printed."""
        from keras_mnist.reporting.tables import as_text

        return as_text(self, width)

    def draw(self, folder: Path | str | None = None) -> list:
        """Return the figures, curves and forest plot, or write them into `folder`.

        Returns:
            matplotlib figures, or the paths written (PNG and SVG each).
        """
        from keras_mnist.reporting.plots import curves, forest, save

        figures = {"curves": curves(self), "forest": forest(self)}
        return list(figures.values()) if folder is None else save(figures, Path(folder))

    def __str__(self) -> str:
        return self.table()

    __repr__ = __str__

    def _repr_html_(self) -> str:
        from keras_mnist.reporting.tables import as_html

        return as_html(self)


def _with_holm(names: list[str], intervals: list[Interval]) -> dict:
    adjusted = holm([interval.p for interval in intervals])
    return dict(zip(names, zip(intervals, adjusted, strict=True), strict=True))


def _by_metric(effects: dict, name: str) -> dict:
    """Return one variant's effects as plain data, for the metrics that have pairs of runs."""
    return {
        metric: _plain(
            {
                "mean": interval.mean,
                "low": interval.low,
                "high": interval.high,
                "p": interval.p,
                "p_holm": adjusted,
                "n": interval.n,
            }
        )
        for metric, by_name in effects.items()
        if name in by_name
        for interval, adjusted in [by_name[name]]
        if interval.n
    }


def _plain(content: dict) -> dict:
    """Return `content` with NaN as `None`, at any depth."""
    return {
        key: _plain(value)
        if isinstance(value, dict)
        else None
        if isinstance(value, float) and math.isnan(value)
        else value
        for key, value in content.items()
    }
