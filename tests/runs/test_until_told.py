"""Seeds until it is told: which runs each look asks for, and what the study then says."""

import pytest

from keras_mnist import Experiment, Study
from keras_mnist.analysis.answers import HIGHER, NOT_TOLD, SAME, Question
from keras_mnist.runs import RunRecord, Store, workbench
from keras_mnist.runs.plan import make_plan

LOOKS = Question((3, 5, 8))


@pytest.fixture
def study(small):
    changes = ((("dropout", 0.0),), (("width", 64),), (("activation", "linear"),))
    return Study(Experiment().change(epochs=1), changes, range(8)).on(small)


@pytest.fixture
def trained(monkeypatch, small):
    """Take the place of training: a run's accuracy is by its variant; what was asked is kept."""
    asked = []

    def train(plan, *how):
        asked.append([plan.label(run) for run in plan.missing])
        return plan.stored | {run: record(*run, small) for run in plan.missing}

    monkeypatch.setattr(workbench, "train_missing", train)
    return asked


def record(experiment, seed, dataset, status="completed"):
    right = 40 + seed * 7 % 5 - 2  # of 50 test images; of the seed, common to all variants
    if experiment.network.activation == "linear":
        right -= 20  # told at once
    elif experiment.network.width == 64:
        right += 2 if seed % 2 else -2  # never told
    elif not experiment.network.dropout:
        right += 4 + (2 if seed % 2 else -1) * (seed < 3)  # told at the second look
    losses = {"train_loss": 0.5, "val_loss": 0.5}
    if status != "completed":
        return RunRecord(experiment, seed, dataset.identity, status, "out of memory")
    return RunRecord(
        experiment,
        seed,
        dataset.identity,
        status,
        metrics={**losses, "gap": 0.0, "test_accuracy": right / 50},
        history={name: [loss] for name, loss in losses.items()},
        parameters=experiment.parameters,
    )


def carried_out(study, small, folder, question, **options):
    wanted = {e: (label, study.seeds) for e, label in study.labels.items()}
    plan = make_plan(wanted, small, Store(folder), 1)
    return workbench.carry_out(study, plan, None, question=question, **options)


def test_a_variant_stops_where_it_is_told_and_the_baseline_goes_on(study, small, trained, tmp_path):
    result = carried_out(study, small, tmp_path, LOOKS)
    first, second, third = trained
    assert len(first) == 4 * 3
    assert {label.partition(",")[0] for label in second} == {"baseline", "no dropout", "width 64"}
    assert {label.rpartition(" ")[2] for label in second} == {"3", "4"}
    assert {label.partition(",")[0] for label in third} == {"baseline", "width 64"}
    told = {name: (found.word, found.seeds) for name, found in result.answers.items()}
    assert told["no relu"] == ("lower", 3)
    assert told["width 64"] == (NOT_TOLD, 8)
    assert told["no dropout"] == (HIGHER, 5)
    runs = [len(result.runs(variant)) for variant in result.study.variants]
    assert runs == [8, 5, 8, 3] and result.trained == sum(runs)


def test_a_margin_ends_what_is_the_same(study, small, trained, tmp_path):
    result = carried_out(study, small, tmp_path, Question((3, 5, 8), margin=0.2))
    assert result.answers["width 64"].word == SAME and result.answers["width 64"].seeds == 5


def test_stored_runs_beyond_the_look_that_told_change_nothing(study, small, trained, tmp_path):
    store = Store(tmp_path)
    for variant in study.variants:
        for seed in study.seeds:
            store.save(record(variant.experiment, seed, small))
    result = carried_out(study, small, tmp_path, LOOKS)
    assert not any(trained) and result.trained == 0
    assert [len(result.runs(v)) for v in study.variants] == [8, 5, 8, 3]
    assert result.cached == 24


def test_failed_runs_are_retried_once_not_at_every_look(study, small, trained, tmp_path):
    store, bad = Store(tmp_path), study.variants[2].experiment
    store.save(record(bad, 0, small, "failed"))
    wanted = {e: (label, study.seeds) for e, label in study.labels.items()}
    plan = make_plan(wanted, small, store, 1, retry_failed=True)
    result = workbench.carry_out(study, plan, None, question=LOOKS)
    assert sum(label == "width 64, seed 0" for look in trained for label in look) == 1
    assert result.trained == 24 and not result.failed


def test_tables_say_how_many_seeds_each_took_and_why(study, small, trained, tmp_path):
    result = carried_out(study, small, tmp_path, LOOKS)
    text = result.table(160)
    assert "looks at 3, 5 and 8 seeds" in " ".join(text.split())
    rows = {line.split("│")[1].strip(): line for line in text.splitlines() if "│" in line}
    assert "lower by 40.00 pp" in rows["no relu"] and "│ 3 " in rows["no relu"]
    assert "told" in rows["no relu"] and "8 seeds were the most" in rows["width 64"]
    found = result.to_dict()
    assert found["question"]["looks"] == [3, 5, 8]
    answers = {v["name"]: v["answer"] for v in found["variants"]}
    assert answers["baseline"] is None and answers["no relu"]["word"] == "lower"
    assert "within the margin" not in str(result.draw())


FLAGS = ("--no-relu", "--data", "digits", "--plan")


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (("--until-told", "--seeds", "5"), "--until-told must stand without --seeds"),
        (("--at-most", "8"), "--at-most must stand with --until-told"),
        (("--until-told", "--at-most", "2"), "3 to 1000 seeds"),
        (("--of", "gap"), "--of must stand with"),
        (("--margin", "0.2nats"), "a positive number of pp"),
        (("--margin", "-1"), "a positive number of pp"),
        (("--margin", "much"), "a positive number of pp"),
        (("--margin", "0.1", "--of", "gap", "--seeds", "2"), "at least 3 seeds"),
    ],
)
def test_questions_that_contradict_themselves(inside, flags, words):
    done = inside("ablate", *FLAGS, *flags)
    assert done.returncode == 2 and words in " ".join(done.stderr.split()), done.stderr


def test_the_plan_says_what_is_certain_and_what_can_be_told(inside):
    done = inside("ablate", *FLAGS, "--until-told", "--at-most", "8", "--margin", "0.5pp")
    said = " ".join(done.stderr.split())
    assert done.returncode == 0, done.stderr
    assert "at most 8 seeds each" in said and "at 3, 5, 8 seeds; the first 6 runs" in said
    assert "with 80% probability" in said and "a guess" in said
    assert said.endswith("variants: no relu")


def test_from_the_command_to_the_record(inside, tmp_path):
    """Few images, one epoch; no difference of accuracies is a hundred points."""
    asked = ("--no-relu", "--until-told", "--at-most", "4", "--margin", "99")
    few = ("--train-size", "128", "--epochs", "1", "--quiet")
    done = inside("ablate", *asked, *few)
    assert done.returncode == 0 and "6 trained" in done.stderr, done.stderr
    assert "the same within 99 pp" in done.stdout and "Test images" in done.stdout
    assert (tmp_path / "studies" / "no-relu-small" / "images.png").exists()
    again = inside("ablate", *asked, *few)
    assert "0 trained" in again.stderr and again.stdout == done.stdout
