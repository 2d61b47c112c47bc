"""The answer to a search: the best experiment against the baseline, on seeds that chose nothing."""

from keras_mnist.experiment.study import Study
from keras_mnist.reporting import wording
from keras_mnist.reporting.study_result import StudyResult
from tuner.trials import Setting, Trial

FRESH_SEEDS = 5


def final_study(setting: Setting, best: Trial) -> Study | None:
    """Return the paired study of the best trial; `None` where that is the baseline itself."""
    changes = {
        name: value for name, value in best.values.items() if setting.baseline.value(name) != value
    }
    if not changes:
        return None
    first = max(setting.seeds) + 1
    return Study(setting.baseline, (tuple(changes.items()),), range(first, first + FRESH_SEEDS))


def in_words(result: StudyResult | None) -> str:
    """Return the answer as a sentence."""
    if result is None:
        return "The best experiment is the baseline itself."
    interval, _ = result.effects["test_accuracy"][result.study.variants[1].name]
    told = wording.effect("test_accuracy", interval)
    seeds = wording.count(len(result.study.seeds), "fresh seed")
    what = f"The best experiment ({result.study.variants[1].name}) against the baseline"
    return f"{what}, {seeds}, test accuracy: {told}."
