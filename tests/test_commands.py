import json
import os
import pty
import re
import resource
import select
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import living
import pytest
from conftest import LONGER, MNIST, ROOT, needs_mnist
from stores import contents

from keras_mnist import cli
from keras_mnist.ablate import main
from keras_mnist.command import guarded
from keras_mnist.documents import document_named, documents
from keras_mnist.documents.judging import counted
from keras_mnist.documents.judging.judged import judged
from keras_mnist.documents.judging.stored import records_of

SMALL = ("--epochs", "2", "--seeds", "2", "--width", 32)
STUDY = (*SMALL, "--no-relu", "--data", "digits", "--train-size", "320", "--jobs", "1")


@pytest.fixture
def uninterrupted(finished):
    return contents(finished / "runs")


def test_a_study_from_the_command_line_to_the_second_time(ablate, inside):
    """Trains, prints, writes; the second time trains nothing and says the same."""
    first = ablate(*STUDY, "--out", "out", "--json", "a.json")
    assert first.returncode == 0, first.stderr
    for text in (first.stdout, first.stderr):
        assert "\x1b" not in text, "control codes in a pipe"
        for chatter in ("oneDNN", "cuda", "CUDA", "tensorflow/core"):
            assert chatter not in text
    assert "scikit-learn's handwritten digits, not MNIST" in first.stderr
    assert "(data: digits)" in first.stdout
    assert "blog" not in first.stdout, "a verdict on data that is not MNIST"
    assert "8/8" in first.stderr
    assert "pp [" in first.stdout
    for name in ("table.md", "curves.png", "curves.svg", "forest.png", "forest.svg"):
        assert f"out/{name}" in first.stdout
        assert (ablate.folder / "out" / name).stat().st_size > 300

    second = inside("ablate", *STUDY, "--out", "out", "--json", "b.json")
    assert second.returncode == 0
    assert "0 trained, 8 stored" in second.stderr
    assert second.stdout.replace("b.json", "a.json") == first.stdout
    a, b = (json.loads((ablate.folder / f"{name}.json").read_text()) for name in "ab")
    assert (a.pop("trained"), a.pop("cached"), b.pop("trained"), b.pop("cached")) == (8, 0, 0, 8)
    assert a == b
    assert [v["name"] for v in a["variants"]] == [
        "baseline",
        "width 32",
        "no relu",
        "width 32 + no relu",
    ]
    runs = [r for v in a["variants"] for r in v["runs"]]
    assert all((ablate.folder / "runs" / r["record"]).exists() for r in runs)
    assert json.loads((ablate.folder / "out" / "study.json").read_text()) == b | {
        "trained": 0,
        "cached": 8,
    }


@needs_mnist
def test_mnist_is_found_and_compared(inside, monkeypatch):
    monkeypatch.setenv("KERAS_MNIST_DATA", MNIST)
    small = ("--train-size", 4000, "--epochs", 3, "--seeds", 2, "--jobs", 1)
    done = inside("ablate", "--no-relu", *small, "--json", "r.json")
    assert done.returncode == 0, done.stderr
    assert "canonical MNIST" in done.stderr
    result = json.loads(Path("r.json").read_text())
    assert result["data"]["canonical"]
    assert result["variants"][1]["effects"]["test_accuracy"]["mean"] < 0


LOADED = """
import runpy, sys
sys.argv = ["ablate", *sys.argv[1:]]
try:
    runpy.run_module("keras_mnist.ablate", run_name="__main__")
except SystemExit as end:
    assert not end.code, end.code
print("loaded:", sorted({"tensorflow", "keras", "matplotlib", "numpy"} & set(sys.modules)))
"""


def loaded(ablate, *arguments):
    done = ablate.execute([sys.executable, "-c", LOADED, *map(str, arguments)])
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1]


def test_help_loads_nothing_and_plan_and_stored_results_no_tensorflow(ablate, finished):
    assert loaded(ablate, "--help") == "loaded: []"
    assert loaded(ablate, *SMALL, "--plan") == "loaded: ['numpy']"
    assert not (ablate.folder / "runs").exists(), "a plan writes nothing"
    shutil.copytree(finished / "runs", ablate.folder / "runs")
    assert loaded(ablate, *LONGER) == "loaded: ['matplotlib', 'numpy']"


def test_the_package_is_the_console_script(ablate, monkeypatch, capsys):
    """Started by a person it is a process; what it says of other lines, the function tells."""
    package = [sys.executable, "-m", "keras_mnist"]
    for line in ([], ["--help"], ["reproduce", "--list"], ["ablate", "--plam"], ["ablat"]):
        monkeypatch.setattr(sys, "argv", ["keras-mnist", *line])
        try:
            code = cli.main()
        except SystemExit as end:
            code = end.code
        ours, theirs = ablate.execute([*package, *line]), capsys.readouterr()
        assert (ours.returncode, ours.stdout, ours.stderr) == (code, theirs.out, theirs.err)


BAD_OPTIONS = [
    (["--width", "0"], "width must be a whole number from 1"),
    (["--width", "-3"], "Received: -3"),
    (["--dropout", "1"], "dropout must be a number in [0, 1)"),
    (["--dropout", "nan"], "Received: nan"),
    (["--hidden-layers", "-1"], "hidden_layers"),
    (["--batch-size", "0"], "batch_size"),
    (["--learning-rate", "0"], "learning_rate"),
    (["--learning-rate", "inf"], "learning_rate"),
    (["--no-such-flag"], "--no-such-flag must be an option of"),
    (["--optimizer", "adamm"], "rmsprop, rmsprop_keras2, sgd, adam"),
    (["--loss", "hinge"], "crossentropy, clipped"),
    (["--no-relu", "--epochs", "0"], "epochs"),
    (["--no-relu", "--validation-split", "1"], "validation_split"),
    (["--no-relu", "--validation-split", "-0.1"], "validation_split"),
    (["--no-relu", "--train-size", "0"], "train_size"),
    (["--no-relu", "--train-size", "2000"], "at most the 1500 training images"),
    (["--no-relu", "--train-size", "1"], "at least one image"),
    (["--no-relu", "--seeds", "0"], "--seeds"),
    (["--no-relu", "--seeds", "x"], "--seeds"),
    (["--no-relu", "--seeds", "3,3"], "seeds must differ"),
    (["--no-relu", "--seeds", "3,-1"], "a seed must be"),
    (["--no-relu", "--seeds", "3,2147483648"], "a seed must be"),
    (["--no-relu", "--jobs", "0"], "jobs must be"),
    (["--width", "512"], "must differ from the baseline"),
    (["--width", "64", "--width", "64"], "must differ from the baseline and from the others"),
    ([], "at least one choice"),
    (["--all", "--no-relu"], "--all must stand without"),
]


@pytest.mark.parametrize(
    "options, message", BAD_OPTIONS, ids=[" ".join(options) or "none" for options, _ in BAD_OPTIONS]
)
def test_bad_options_are_named_before_anything_is_trained(
    options, message, capsys, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    assert guarded(main, ["--data", "digits", *options]) == 2
    said = capsys.readouterr().err
    assert said.splitlines()[-1].startswith("error: ")
    assert message in said
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("options", [["--width", "many"], ["--dropout"]])
def test_options_that_do_not_parse(options):
    with pytest.raises(SystemExit) as end:
        main(options)
    assert end.value.code == 2


@pytest.mark.parametrize("flag", ["--runs", "--out", "--json"])
def test_a_folder_that_cannot_be_written(flag, inside):
    Path("file").write_text("in the way")
    done = inside("ablate", *SMALL, flag, "file/below/x")
    assert done.returncode == 1
    assert f"Name another with {flag}" in done.stderr
    assert not list(Path("runs").glob("*/*"))


def test_a_missing_data_file(inside):
    done = inside("ablate", "--no-relu", "--data", "nowhere.npz")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: a data file or folder must exist. Received: nowhere.npz")


def test_a_full_disk_loses_nothing(inside):
    """No file may grow beyond 1,000 bytes: less than a record."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        done = inside("ablate", *SMALL)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert done.returncode == 1
    assert "must be written" in done.stderr
    assert "Traceback" not in done.stderr
    assert not [path for path in Path("runs").rglob("*") if path.is_file()]


def test_a_folder_of_temporary_files_whose_name_is_too_long(ablate):
    folder = ablate.folder / ("long" * 30)
    folder.mkdir()
    ablate.environment["TMPDIR"] = str(folder)
    done = ablate(*SMALL)
    assert done.returncode == 2
    assert "error: the folder of temporary files must have room" in done.stderr
    assert "Name another in TMPDIR" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(ablate.folder.glob("runs/*/*"))


def test_torn_records_are_set_aside_by_name_and_done_again(inside, finished, uninterrupted):
    shutil.copytree(finished / "runs", "runs")
    torn, future = (Path("runs", name) for name in list(uninterrupted)[:2])
    torn.write_text(torn.read_text()[:200])
    future.write_text(future.read_text().replace('"schema": 1', '"schema": 99'))
    done = inside("ablate", *LONGER)
    assert done.returncode == 0
    assert f"2 trained, {len(uninterrupted) - 2} stored" in done.stderr
    for path in (torn, future):
        assert str(path) in done.stderr
        assert path.with_name(f"{path.stem}.set-aside-1").exists()
    assert contents(Path("runs")) == uninterrupted


def test_verify_trains_a_run_again(inside, finished, uninterrupted):
    record = finished / "runs" / next(iter(uninterrupted))
    before = record.read_bytes()
    done = inside("verify", record, "--quiet")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (
        0,
        "1 of 1 runs have the same weights and figures",
    )
    assert record.read_bytes() == before
    content = json.loads(before)
    content["metrics"]["test_loss"] = 0.125  # not in the history, and no sum to be wrong
    content.pop("checksum")
    Path("altered.json").write_text(json.dumps(content))
    done = inside("verify", "altered.json", "--quiet")
    assert done.returncode == 1
    assert "same weights, other figures: mlp" in done.stdout
    assert "test_loss 0.125 then, " in done.stdout
    assert "0 of 1 runs have the same weights and figures" in done.stdout
    for path, message in ((finished / "studies", "must hold run records"), ("none", "readable")):
        done = inside("verify", path)
        assert done.returncode == 1
        assert message in done.stderr


def test_reproduce_lists_plans_and_refuses(inside):
    listed = inside("reproduce", "--list")
    assert (listed.returncode, listed.stderr) == (0, "")
    assert len(listed.stdout.splitlines()) == len(documents())
    assert "001_2bef09a2c007b1dd.txt" in listed.stdout
    claims = inside("reproduce", "mlp_ablation", "--list").stdout
    assert "mlp_ablation/no-relu/test_accuracy  (number, section 4)" in claims
    planned = inside("reproduce", "mlp_ablation", "--plan", "--seeds", 2)
    assert planned.returncode == 0
    needed = len(document_named("mlp_ablation").needed())
    assert f"runs: {2 * needed} ({needed} experiments), 0 stored" in planned.stderr
    one = inside("reproduce", "--plan", "--only", "mlp_ablation/no-relu/test_accuracy")
    assert "runs: 30 (2 experiments), 0 stored" in one.stderr, "as described, and one reading"
    for arguments, near in (
        (("mlp-ablation",), "Did you mean mlp_ablation"),
        (("--only", "mlp_ablation/no-relu/acuracy"), "mlp_ablation/no-relu/test_accuracy"),
    ):
        for command in ("reproduce", "report"):
            unknown = inside(command, *arguments)
            assert unknown.returncode == 2
            assert near in unknown.stderr


def test_reproduce_judges_nothing_on_other_data(inside):
    claim = "mlp_ablation/0-hidden-layers/test_accuracy"
    done = inside("reproduce", "--only", claim, "--seeds", 2, "--json", "own.json")
    assert done.returncode == 0, done.stderr
    assert "not the canonical MNIST: no verdicts" in done.stdout
    assert "reproduced" not in done.stdout
    own = json.loads(Path("own.json").read_text())["own"]
    assert own["mlp_ablation: 0 hidden layers"]["test_accuracy"]["n"] == 2
    report = inside("report", "--only", claim, "--out", "r")
    assert "4 records of other data" in report.stderr
    assert "1 claim: 1 inconclusive" in report.stdout


def test_report_needs_runs_and_nothing_else(ablate):
    missing = ablate.run("report", "--runs", "gone")
    assert missing.returncode == 1
    assert "a folder of run records. Received: gone" in missing.stderr
    blog = document_named("mlp_ablation")
    del ablate.environment["KERAS_MNIST_DATA"]
    code = "import sys; sys.modules['tensorflow'] = sys.modules['keras'] = None; "
    code += "from keras_mnist.report import main; sys.exit(main(sys.argv[1:]))"
    line = [blog.name, "--runs", str(ROOT / "results" / "runs"), "--json", "c.json"]
    done = ablate.execute([sys.executable, "-c", code, *line])
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    assert_committed(ablate.folder / "report")
    for name in ("claims.md", "claims.tex"):
        assert (ablate.folder / "report" / name).stat().st_size > 1000
    content = json.loads((ablate.folder / "c.json").read_text())
    assert sum(content["counts"].values()) == len(content["claims"]) == len(blog.claims)


def assert_committed(folder):
    """Check that the blog's verdicts in a folder are the committed ones."""
    rows = (ROOT / "docs" / "claims.csv").read_text().splitlines()
    blog = [row for row in rows if "mlp_ablation" in row]
    assert (folder / "claims.csv").read_text().splitlines() == [rows[0], *blog]


@needs_mnist
def test_reproduce_from_stored_runs_trains_nothing(inside, monkeypatch):
    """Of the seeds that every experiment has: the verdicts are those of these records."""
    monkeypatch.setenv("KERAS_MNIST_DATA", MNIST)
    stored = ("--runs", ROOT / "results" / "runs", "--seeds", 3)
    done = inside("reproduce", "mlp_ablation", *stored, "--out", "out", "--json", "out/c.json")
    assert done.returncode == 0, done.stderr
    blog = document_named("mlp_ablation")
    assert f"{3 * len(blog.needed())} stored" in done.stderr
    assert "to train" not in done.stderr
    records, _, _ = records_of(ROOT / "results" / "runs", [blog])
    few = judged(blog, [record for record in records if record.seed < 3])
    for figure in ("published.png", "mlp_ablation_curves.png"):
        assert Path("out", figure).stat().st_size > 10_000
    content = json.loads(Path("out/c.json").read_text())
    assert content["counts"] == counted(few.results)
    assert len(content["claims"]) == len(blog.claims)


@pytest.mark.parametrize(
    "arguments, said",
    [
        (("--model", "lenet5", "--width", "3"), "--width must be a choice that --model lenet5 has"),
        (("--model", "mlp", "--no-batchnorm"), "--no-batchnorm must be a choice that --model mlp"),
        (("--model", "mlp", "--pool", "max"), "--activation, --dropout, --init.\n"),
        (("--model", "lenet9", "--no-relu"), "Did you mean lenet5"),
        (("--model", "lenet5", "--no-dropout"), "must differ from the baseline"),
        (("--model", "lenet5", "--pool", "median"), "pool must be one of max, average"),
    ],
)
def test_flags_that_do_not_fit_the_model_are_refused_by_name(arguments, said, capsys):
    assert guarded(main, [*arguments, "--plan"]) == 2
    assert said in capsys.readouterr().err


def test_a_published_network_is_ablated_by_its_own_flags(inside):
    small = ("--model", "lenet5_reg", "--epochs", 1, "--seeds", "3,", "--train-size", 64)
    done = inside("ablate", *small, "--no-batchnorm", "--no-augmentation", "--json", "a.json")
    assert done.returncode == 0, done.stderr
    content = json.loads(Path("a.json").read_text())
    names = ["baseline", "no batchnorm", "no augmentation", "no batchnorm + no augmentation"]
    assert [variant["name"] for variant in content["variants"]] == names
    plain = content["variants"][2]
    assert plain["experiment"]["augmentation"] == {"shift": 0.0, "rotation": 0.0, "blur": 0.0}
    assert plain["changes"] == {"augmentation": plain["experiment"]["augmentation"]}


def wait_for_a_record(process, folder):
    deadline = time.monotonic() + 100
    while not list(folder.glob("*/seed-*.json")):
        assert process.poll() is None, process.stderr.read()
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.fixture
def short_folder():
    """For temporary files: the names of sockets must be short."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


@pytest.mark.skipif(not os.path.exists("/proc/self/stat"), reason="no /proc to find workers by")
def test_a_command_ended_midway_goes_on_from_there(ablate, inside, uninterrupted, short_folder):
    ablate.environment["TMPDIR"] = str(short_folder)
    process = ablate.start(*LONGER, start_new_session=True)
    wait_for_a_record(process, ablate.folder / "runs")
    family = living.family(process.pid)
    assert len(family) >= 3, "the fork server, its tracker and the workers"
    process.terminate()
    _, said = process.communicate(timeout=30)
    assert process.returncode == 143
    assert "terminated: finished runs are stored" in said
    assert "Traceback" not in said
    kept = contents(ablate.folder / "runs")
    assert 0 < len(kept) < len(uninterrupted)
    assert living.gone(family, 20), "processes outlived the command"
    assert list(short_folder.iterdir()) == []

    done = inside("ablate", *LONGER)
    assert done.returncode == 0
    assert f"{len(uninterrupted) - len(kept)} trained, {len(kept)} stored" in done.stderr
    assert contents(ablate.folder / "runs") == uninterrupted


def test_two_commands_on_one_store(ablate, inside, uninterrupted):
    """Of which one, in this process, begins when the other's workers are there."""
    process = ablate.start(*LONGER, "--out", "out0")
    while process.poll() is None and not living.workers(process.pid):
        time.sleep(0.01)
    done = inside("ablate", *LONGER, "--out", "out1")
    assert done.returncode == 0, done.stderr
    _, said = process.communicate(timeout=150)
    assert process.returncode == 0, said
    assert contents(ablate.folder / "runs") == uninterrupted
    assert not list((ablate.folder / "runs").rglob("*.set-aside*"))
    assert not list((ablate.folder / "runs").rglob(".*"))


def test_on_a_terminal_there_are_bars(ablate):
    """And the package starts as a whole: its workers start from that very module."""
    ours, theirs = pty.openpty()
    environment = ablate.environment | {"TERM": "xterm-256color", "COLUMNS": "120"}
    small = ("ablate", "--no-relu", "--epochs", "8", "--seeds", "1", "--train-size", "160")
    process = subprocess.Popen(
        [sys.executable, "-m", "keras_mnist", *small],
        cwd=ablate.folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    while select.select([ours], [], [], 60)[0]:
        try:
            shown += os.read(ours, 65536)
        except OSError:  # the other end is closed
            break
    os.close(ours)
    assert process.wait(timeout=30) == 0
    text = shown.decode()
    assert "\x1b[" in text
    assert "study" in text
    assert "baseline, seed 0" in text
    assert "validation accuracy" in text
    assert "oneDNN" not in text
    assert "2 trained, 0 stored" in re.sub(r"\x1b\[[0-9;]*m", "", text)
