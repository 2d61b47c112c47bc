"""From a study to its result: find data, plan, train what is missing, gather.

The one path that the command line and a notebook share.
"""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from keras_mnist.analysis.answers import NOT_TOLD, Question
from keras_mnist.base.errors import ExperimentError
from keras_mnist.base.files import require_writable
from keras_mnist.data import Dataset, as_dataset
from keras_mnist.experiment import Experiment
from keras_mnist.experiment.study import Study
from keras_mnist.reporting.study_result import StudyResult
from keras_mnist.runs import RunRecord, Store
from keras_mnist.runs.described import learn_networks, require_code
from keras_mnist.runs.executors.chosen import LOCAL, chosen_executor
from keras_mnist.runs.plan import Plan, Run, make_plan
from keras_mnist.runs.several import Finished, Several
from keras_mnist.tracking.told import group_of_study, summary_of
from keras_mnist.tracking.tracking import Tracking, teller


def plan_runs(
    wanted: dict[Experiment, tuple[str, tuple[int, ...]]],
    data: Any = "auto",
    runs: Path | str = "runs",
    jobs: int | None = None,
    retry_failed: bool = False,
    executor: str = LOCAL,
    stalled_after: float | None = None,
) -> Plan:
    """Return which runs are stored and which are to be trained, on the data that was found.

    Args:
        wanted: by experiment, what a person calls it and its seeds.
        data: as `as_dataset` takes it: a name, a path, a data set, arrays, frames, `tf.data`.
        runs: the store's folder.
        jobs: worker processes; `None`: as many as there are usable cores.
        retry_failed: train stored runs that did not complete again.
        executor: `local`, or a Dask scheduler, `dask://HOST:PORT`.
        stalled_after: seconds without an epoch after which a worker is ended and its run tried
            again, which costs it an attempt; `None`: none is.

    Raises:
        KerasMnistError: the data cannot be had or does not suit the experiments, or the
            executor cannot be used.
    """
    jobs, chosen = chosen_executor(executor, jobs, stalled_after)
    dataset = as_dataset(data)
    wanted = {_on(dataset, e, how[0]): how for e, how in wanted.items()}
    learn_networks(wanted, runs)
    return make_plan(wanted, dataset, Store(runs), jobs, retry_failed, chosen)


def _on(dataset: Dataset, experiment: Experiment, label: str) -> Experiment:
    """Return an experiment on a data set; where it does not suit that, say which one it is."""
    try:
        return experiment.on(dataset)
    except ExperimentError as error:
        said = f"{label}: {error.requirement}", error.received, error.remedy
        raise type(error)(*said) from None


def train_missing(
    plan: Plan,
    console,
    quiet: bool = False,
    fail_fast: bool = False,
    tracking: Tracking | None = None,
) -> dict:
    """Train what `plan` lacks, showing progress on `console`; return all records by run.

    Args:
        plan: of the runs.
        console, quiet: where progress is shown, and whether.
        fail_fast: start no run after one that failed.
        tracking: who is told of all its runs, stored ones too.
    """
    from keras_mnist.reporting.progress import progress_for
    from keras_mnist.runs.run_all import run_all

    def take(record: RunRecord) -> None:
        if tracking:
            tracking.run(plan.labels[record.experiment], record)

    for record in plan.stored.values():
        take(record)
    if plan.missing:
        require_code(experiment for experiment, _ in plan.missing)
        require_writable(plan.store.root, "--runs")
    with progress_for(plan, console, quiet) as progress:
        return plan.stored | run_all(plan, Several(progress, Finished(take)), fail_fast)


def plan_study(
    study: Study, data: Any = "auto", runs: Path | str = "runs", *how, **options
) -> tuple[Study, Plan]:
    """Return the study on the data that was found, and what of it is still to be trained.

    Args:
        study: what to ask.
        data, runs, how, options: as in `plan_runs`.
    """
    dataset = as_dataset(data)
    study = study.on(dataset)
    learn_networks(study.labels, runs)
    study = study.on(dataset)  # now that it is known what is built, and how that was compiled
    wanted = {experiment: (label, study.seeds) for experiment, label in study.labels.items()}
    return study, plan_runs(wanted, dataset, runs, *how, **options)


def carry_out(
    study: Study,
    plan: Plan,
    console,
    quiet: bool = False,
    fail_fast: bool = False,
    question: Question | None = None,
    track: Iterable[str] = (),
) -> StudyResult:
    """Train what `plan` lacks, showing progress on `console`, and return the result.

    Args:
        study: what to ask, with the seeds of the last look.
        plan: of all its runs.
        question: what to tell; from the second look on, only variants of which nothing was told
            at the ones before are trained, and the baseline.
        track: trackers that are told of its runs and of what they come to: `mlflow:URI`.

    Raises:
        ExperimentError: there is no such tracker.
        KerasMnistError: as in `run_study`.
    """
    with Tracking(track, group_of_study(study, plan.dataset), teller(console)) as tracking:
        result = _carried_out(study, plan, question, console, quiet, fail_fast, tracking)
        tracking.summary(summary_of(result))
    return result


def _carried_out(study: Study, plan: Plan, question: Question | None, *how) -> StudyResult:
    _, _, fail_fast, _ = how
    if question is None:
        return _result(study, plan, train_missing(plan, *how))
    question = replace(question, step=_step(question.metric, plan.dataset))
    records, result = {}, None
    for look in question.looks:
        part = plan.of(_runs_of_look(study, look, result), records)
        records |= train_missing(part, *how)
        result = _result(study, plan, records, question)
        if fail_fast and result.failed:
            break
    assert result
    return result


def _runs_of_look(study: Study, look: int, result: StudyResult | None) -> list[Run]:
    """Return the runs up to a look of the variants that wait for an answer, and the baseline's."""
    told = {n for n, a in result.answers.items() if a.word != NOT_TOLD} if result else set()
    waiting = [v.experiment for v in study.variants[1:] if v.name not in told]
    kept = [study.variants[0].experiment, *waiting] if waiting else []
    return [(experiment, seed) for experiment in kept for seed in study.seeds[:look]]


def _step(metric: str, dataset: Dataset) -> float:
    """Return by how much a metric can differ at least: an accuracy is so many of all images."""
    return 1 / len(dataset.x_test) if metric == "test_accuracy" else 0.0


def _result(study: Study, plan: Plan, records: dict, question=None) -> StudyResult:
    dataset = plan.dataset
    data = {**dataset.identity, "note": dataset.note}
    paths = {run: plan.store.path(run[0], dataset.digest, run[1]) for run in records}
    trained = len(records.keys() - plan.stored.keys())
    test = dataset.x_test, dataset.y_test
    return StudyResult(study, data, records, trained, paths, question, test)


def run_study(
    study: Study,
    data: Any = "auto",
    runs: Path | str = "runs",
    jobs: int | None = None,
    quiet: bool = False,
    executor: str = LOCAL,
    question: Question | None = None,
    track: str | Iterable[str] = (),
    stalled_after: float | None = None,
) -> StudyResult:
    """Return the result of `study`, training the runs that are not stored yet.

    A run that fails, or diverges, is part of the result.

    Args:
        study: what to ask.
        data: as `as_dataset` takes it: a name, a path, a data set, arrays, frames, `tf.data`.
        runs: the folder of stored runs; new ones are written there, one file each.
        jobs: worker processes, 1 to 1024; `None`: as many as there are usable cores, or GPUs.
        quiet: show nothing but failures.
        executor: `local`, or a Dask scheduler, `dask://HOST:PORT`, which takes no `jobs`.
        question: what to tell; `study.seeds` are then those of its last look.
        track: trackers that are told of the runs: `mlflow`, `mlflow:URI`, `wandb`, `trackio`,
            `tensorboard:DIR`, or several. None of them stops a study.
        stalled_after: as in `plan_runs`.

    Returns:
        Records, effects and tables; printed, it is the tables.

    Raises:
        KerasMnistError: the data cannot be had or does not suit the study; the executor cannot be
            used, or is lost; or a run cannot be stored. Runs that were finished are stored.
    """
    from keras_mnist.reporting.console import told_aside

    if question and len(study.seeds) < question.looks[-1]:
        raise ExperimentError(
            f"a study must have the {question.looks[-1]} seeds of its question's last look",
            len(study.seeds),
            f"Such as seeds=range({question.looks[-1]})",
        )
    how = {"executor": executor, "stalled_after": stalled_after}
    planned = plan_study(study, data, runs, jobs, **how)
    track = [track] if isinstance(track, str) else track
    return carry_out(*planned, told_aside(), quiet, question=question, track=track)
