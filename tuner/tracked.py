"""A search as trackers are told of it: a group, whose runs are those of its trials."""

from keras_mnist.base.ranges import Range
from keras_mnist.reporting.console import told_aside
from keras_mnist.runs.search_record import Question
from keras_mnist.runs.trial import Trial
from keras_mnist.tracking.told import group_of
from keras_mnist.tracking.tracking import Tracking, teller
from tuner.trials import Setting


def tracked(setting: Setting, question: Question, options) -> Tracking:
    """Return who is told of a search's runs.

    Args:
        setting: of the search.
        question: that it asks.
        options: of the command.

    Raises:
        ExperimentError: there is no such tracker.
    """
    fields = setting.space.fields
    group = group_of(
        " ".join(["search", setting.baseline.kind, *fields]),
        [question.to_dict()],
        {name: _span(span) for name, span in fields.items()},
    )
    logs = [f"tensorboard:{options.tensorboard}"] if options.tensorboard else []
    return Tracking([*options.track, *logs], group, teller(told_aside()))


def track(trial: Trial, setting: Setting, told: Tracking) -> None:
    """Tell of a trial's runs, each once; one that could not be built has none."""
    experiment = trial.experiment
    if experiment.network.is_known(experiment.shape, experiment.data.classes):
        for record in setting.stored(experiment):
            told.run(f"trial {trial.number}", record)


def _span(span) -> dict:
    if isinstance(span, Range):
        return {"low": span.low, "high": span.high}
    return {"values": list(span.values)}
