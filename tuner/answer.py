"""The answer to a search: the best experiment against the baseline, on seeds that chose nothing."""

from keras_mnist.execution.plan import Plan
from keras_mnist.reporting import wording
from keras_mnist.reporting.study_result import StudyResult
from keras_mnist.study import Study
from keras_mnist.workbench import carry_out, plan_study
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


def plan_answer(setting: Setting, study: Study) -> tuple[Study, Plan]:
    """Return the study on the search's data and what of it is still to be trained."""
    return plan_study(study, setting.dataset, setting.runs, setting.jobs)


def answer(study: Study, plan: Plan, console, quiet: bool) -> StudyResult:
    """Train what the study lacks and return its result, the test set now included."""
    return carry_out(study, plan, console, quiet)


def in_words(result: StudyResult | None) -> str:
    """Return the answer as a sentence."""
    if result is None:
        return "The best experiment is the baseline itself."
    interval, _ = result.effects["test_accuracy"][result.study.variants[1].name]
    told = wording.effect("test_accuracy", interval)
    seeds = wording.count(len(result.study.seeds), "fresh seed")
    what = f"The best experiment ({result.study.variants[1].name}) against the baseline"
    return f"{what}, {seeds}, test accuracy: {told}."
