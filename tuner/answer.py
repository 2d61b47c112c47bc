"""The answer to a search: the best experiment against the baseline, on seeds that chose nothing."""

from keras_mnist.experiment.study import Study
from keras_mnist.reporting import wording
from keras_mnist.reporting.study_result import StudyResult
from keras_mnist.runs.executors.chosen import LOCAL
from keras_mnist.runs.search_record import Question, SearchRecord
from keras_mnist.runs.trial import Trial, best
from keras_mnist.runs.workbench import run_study
from tuner.trials import Setting

FRESH_SEEDS = 5


def conclude(
    question: Question,
    setting: Setting,
    trials: list[Trial],
    jobs: int | None,
    quiet: bool,
    executor: str = LOCAL,
    stalled_after: float | None = None,
) -> tuple[SearchRecord, StudyResult | None]:
    """Hold the best trial against the baseline.

    Args:
        question: that was asked.
        setting: of the search.
        trials: all that have ended, from best to worst.
        jobs: worker processes; `None`: as many as it takes.
        quiet: whether to show no progress.
        executor, stalled_after: who trains, as `run_study` takes it.

    Returns:
        The record of the search, and what the final study found; `None` where there was none.

    Raises:
        StoreError: no trial completed.
    """
    study = final_study(setting, best(trials))
    result = study and run_study(
        study,
        setting.dataset,
        setting.runs,
        jobs,
        quiet,
        executor,
        stalled_after=stalled_after,
    )
    data = None if result is None else result.to_dict()
    return SearchRecord(question, tuple(trials), in_words(result), data), result


def final_study(setting: Setting, winner: Trial) -> Study | None:
    """Return the paired study of the best trial; `None` where that is the baseline itself."""
    if winner.experiment.decisive() == setting.baseline.decisive():
        return None
    was = setting.baseline.value
    changes = {name: value for name, value in winner.values.items() if value != was(name)}
    first = max(setting.seeds) + 1
    seeds = tuple(range(first, first + FRESH_SEEDS))
    return Study(setting.baseline, (tuple(changes.items()),), seeds)


def in_words(result: StudyResult | None) -> str:
    """Return the answer as a sentence."""
    if result is None:
        return "The best experiment is the baseline itself."
    interval, _ = result.effects["test_accuracy"][result.study.variants[1].name]
    told = wording.effect("test_accuracy", interval)
    seeds = wording.count(len(result.study.seeds), "fresh seed")
    what = f"The best experiment ({result.study.variants[1].name}) against the baseline"
    return f"{what}, {seeds}, test accuracy: {told}."
