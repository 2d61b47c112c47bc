"""The search as a command: on real data, killed and gone on with, over several processes."""

import json
import os
import random
import shutil
import signal
import socket
import sys
import time
from pathlib import Path

import pytest
from conftest import Command
from stores import contents
from traps import settings, trapped

from keras_mnist.experiment.file import read_experiment
from keras_mnist.runs.executors.local import LocalExecutor
from tuner.folder import OWN
from tuner.search import ORACLES

TRIALS = 4
SMALL = ("--trials", TRIALS, "--seeds", 2, "--epochs", 2, "--width", "8:32", "--train-size", 64)
ALONE, ONE, TWO = (), ("--workers", "1"), ("--workers", "2")


@pytest.fixture(scope="session")
def searched(once, data_file):
    """A folder in which a small search has run to its end, undisturbed, and what it said."""

    def make(folder):
        line = [sys.executable, "-m", "tuner.search", *map(str, SMALL), "--json", "a.json"]
        done = Command(folder, data_file).execute(line)
        assert done.returncode == 0, done.stderr
        (folder / "said.json").write_text(json.dumps([done.stdout, done.stderr]))

    folder = once("searched", make)
    return folder, *json.loads((folder / "said.json").read_text())


@pytest.fixture
def copied(searched, inside):
    """The current folder, with a copy of all that is in that one."""
    shutil.copytree(searched[0], ".", dirs_exist_ok=True)


def test_a_search_from_the_command_line_and_the_same_again(searched, copied, inside):
    _, said, complaints = searched
    for chatter in ("oneDNN", "absl", "WARNING", "Traceback"):
        assert chatter not in said + complaints
    assert complaints.count("trial ") == TRIALS
    assert "5 fresh seeds, test accuracy" in said
    stored = {p: p.stat().st_mtime_ns for p in Path("runs").glob("*/*")}
    assert len(stored) == TRIALS * 2 + 2 * 5
    again = inside("search", *SMALL, "--json", "b.json")
    assert (again.returncode, again.stdout) == (0, said.replace("a.json", "b.json"))
    assert {p: p.stat().st_mtime_ns for p in Path("runs").glob("*/*")} == stored
    content, same = (json.loads(Path(f"{name}.json").read_text()) for name in "ab")
    assert (content["study"].pop("trained"), same["study"].pop("trained")) == (10, 0)
    assert (content["study"].pop("cached"), same["study"].pop("cached")) == (0, 10)
    assert content == same
    kept = json.loads(Path("search/result.json").read_text())
    assert kept["trials"] == content["trials"], "what the page shows of it"
    assert list(content["trials"][0]["scores"]) == ["0", "1"]
    assert content["study"]["study"]["seeds"] == [2, 3, 4, 5, 6], "none of the search's"
    best = read_experiment("search/best.json")
    assert best.to_dict() == content["best"]
    read = inside("ablate", "--experiment", "search/best.json", "--no-relu", "--plan")
    assert "runs: 10" in read.stderr, read.stderr
    for name in ("leaderboard.md", "map.png", "map.svg", "history.png", "history.svg"):
        assert Path("search", name).stat().st_size > 300
    left = {path.name for path in Path("search").iterdir()}
    assert left == set(OWN), "what --fresh removes is what a search writes"


def board(folder):
    """A leaderboard's lines, without the seconds."""
    return [line.rsplit("|", 2)[0] for line in (folder / "leaderboard.md").read_text().splitlines()]


def begun(line, command):
    """Start a search and wait until its journal has grown, or it is over."""
    journal = command.folder / "search" / "journal.jsonl"
    before = journal.stat().st_size if journal.exists() else 0
    process = command.start_line(line)
    while process.poll() is None and (not journal.exists() or journal.stat().st_size == before):
        time.sleep(0.02)
    return process


def kill(victim, process, folder):
    """Kill a process of a search: the `driver`, the `chief` or the worker `tuner0`."""
    if victim == "driver":
        process.kill()
    for pid in tuners(victim, folder):
        os.kill(pid, signal.SIGKILL)


def ended(process, folder, codes):
    """Wait until the driver and all that it has started are gone."""
    said = process.communicate(timeout=200)[1]
    assert process.returncode in codes, said
    assert "must be" not in said, said
    while tuners("", folder):
        time.sleep(0.02)


def events(folder, kind):
    lines = (folder / "search" / "journal.jsonl").read_text().splitlines()
    return [event for event in map(json.loads, lines) if event["event"] == kind]


def killed(line, victim, command, numbers):
    """Start a search and kill one of its processes at a random moment."""
    moment, process = numbers.uniform(0, 2), begun(line, command)
    time.sleep(moment)
    kill(victim, process, command.folder)
    ended(process, command.folder, (0, 1, -signal.SIGKILL))  # 0: it was over before
    created = len(events(command.folder, "created"))
    print(f"{victim} killed after {moment:.3f} s, {created} trials", flush=True)


def goes_on(command, folder):
    """Let a search end, and check that nothing was done twice."""
    stored = {path: path.stat().st_mtime_ns for path in folder.glob("runs/*/seed-*.json")}
    done = command()
    assert done.returncode == 0, done.stderr
    again = {path: path.stat().st_mtime_ns for path in stored}
    assert again == stored, "nothing is trained twice"
    assert not [path for path in folder.rglob("*") if ".partial" in path.name]
    created = range(len(events(folder, "created")))
    trials = sorted(event["trial"] for event in events(folder, "ended"))
    assert trials == list(created), "each trial ends once"


@pytest.mark.timeout(600)  # eleven processes start
def test_a_search_killed_again_and_again_goes_on(ablate, inside, searched):
    """Of one worker, then of two; its trials are those of a quiet one, of one process.

    What lies beside it and how the person has set Keras changes nothing.
    """
    ran = trapped(ablate.folder)
    line = [sys.executable, "-m", "tuner.search", *map(str, SMALL), "--quiet"]
    folder, numbers = ablate.folder, random.Random()
    ablate.environment |= settings(folder / "keras")
    process = begun([*line, *ONE], ablate)
    (lost,) = tuners("tuner0", folder)
    time.sleep(numbers.uniform(0, 1))
    kill("tuner0", process, folder)
    before = len(events(folder, "ended"))
    again: list[int] = []
    while process.poll() is None and not (again and len(events(folder, "ended")) > before):
        time.sleep(0.02)  # another is started, and finds the trial
        again = tuners("tuner0", folder)
    assert again and again != [lost]
    kill("driver", process, folder)
    ended(process, folder, (-signal.SIGKILL,))
    assert 0 < len(events(folder, "ended")) < TRIALS

    killed([*line, *TWO], "chief", ablate, numbers)
    assert not ran()
    goes_on(lambda: inside("search", *SMALL, "--quiet"), folder)
    assert board(folder / "search") == board(searched[0] / "search")


@pytest.mark.long
@pytest.mark.timeout(7200)
def test_searches_of_all_oracles_killed_again_and_again(ablate, request):
    numbers = random.Random(request.config.getoption("--fault-seed"))
    for number in range(request.config.getoption("--kills") // 5):
        ablate.folder = ablate.folder.parent / f"study-{number}"
        ablate.folder.mkdir()
        *modes, last = numbers.choices((TWO, ONE, ALONE), (4, 1, 1), k=6)
        plan = [(m, numbers.choice(("chief", "driver")) if m else "driver") for m in modes]
        oracle = ORACLES[number % len(ORACLES)]
        print(f"study {number}: {oracle}", flush=True)
        line = [sys.executable, "-m", "tuner.search", *map(str, SMALL), "--oracle", oracle]
        line += ["--quiet", "--trials", "9", "--epochs", "3", "--dropout", "0:0.2"]  # 9 of the grid
        for some, victim in plan:
            killed([*line, *some], victim, ablate, numbers)
        goes_on(lambda: ablate.execute([*line, *last]), ablate.folder)  # noqa: B023
        if oracle in ("random", "grid"):  # the others' proposals depend on what ended when
            quiet = ablate.execute([*line, "--directory", "quiet"])
            assert quiet.returncode == 0
            assert board(ablate.folder / "search") == board(ablate.folder / "quiet")


def test_a_search_over_a_cluster_is_that_of_this_machine(searched, cluster, inside, monkeypatch):
    """With as many trials at once as there are workers, and none of its runs done here."""
    pytest.importorskip("distributed", reason="needs the extra .[dask]")
    from clusters import wait_until

    monkeypatch.setattr(LocalExecutor, "submit", None)
    for worker in [cluster.start_worker("--no-nanny") for _ in range(3)]:
        wait_until(lambda: "Registered to" in cluster.log(worker))  # noqa: B023
    done = inside("search", *SMALL, "--executor", cluster.name)
    assert done.returncode == 0, done.stderr
    assert f"at most {TRIALS} trials of 2 seeds, 3 at once; 0 done" in done.stderr
    journal = Path("search/journal.jsonl").read_text().splitlines()
    assert [json.loads(line)["event"] for line in journal[:4]] == ["created"] * 3 + ["ended"]
    assert board(Path("search")) == board(searched[0] / "search")
    assert contents(Path("runs")) == contents(searched[0] / "runs")


@pytest.mark.parametrize(
    "arguments, said",
    [
        (("--workers", 2, "--executor", "dask://127.0.0.1:1"), "without --executor"),
        (("--workers", 2, "--at-once", 2), "without --executor and --at-once"),
        (("--jobs", 2, "--executor", "dask://127.0.0.1:1"), "--jobs must be left out"),
        (("--executor", "somewhere"), "--executor must be local, dask://HOST:PORT"),
        (("--at-once", 0), "--at-once must be a whole number"),
    ],
)
def test_who_trains_is_asked_for_in_one_way(arguments, said, inside):
    done = inside("search", *SMALL, *arguments)
    assert done.returncode == 2
    assert said in done.stderr


def tuners(name, folder):
    """Processes at work in a folder that are the tuner of that name, or, without one, any."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            if os.readlink(f"/proc/{pid}/cwd") != os.path.realpath(folder):
                continue
            with open(f"/proc/{pid}/environ", "rb") as file:
                environment = file.read()
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                command = file.read()
            if os.getpgid(int(pid)) != int(pid):
                continue  # what one has started, which is its copy for a moment
        except OSError:
            continue
        named = f"KERASTUNER_TUNER_ID={name}".encode() + (b"\0" if name else b"")
        if named in environment and b"tuner.search" in command:
            found.append(int(pid))
    return found


def test_a_search_with_logs_for_tensorboard(copied, inside):
    """Of trials that ended before, too."""
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    more = ("--trials", TRIALS + 1, "--quiet", "--tensorboard", "logs")
    done = inside("search", *SMALL, *more)
    assert done.returncode == 0, done.stderr
    runs = sorted(path.relative_to("logs") for path in Path("logs").glob("*/*"))
    numbers = range(1, TRIALS + 2)
    assert runs == [Path(f"trial-{n}/seed-{s}") for n in numbers for s in (0, 1)]
    for run in (Path("logs"), Path("logs") / runs[-1]):
        assert len(list(run.glob("events.*"))) == 1
        log = EventAccumulator(str(run)).Reload()
        tags = log.summary_metadata
        assert any(tag.startswith("_hparams_") for tag in tags), tags
    assert len(log.Tensors("val_accuracy")) == 2, "an epoch each"


@pytest.mark.parametrize(
    "arguments, said",
    [
        (("--width", "64:8"), "width must have a range LOW:HIGH"),
        (("--oracle", "grid", "--width", "8:64"), "28 points"),
        (("--also", "colour"), "--also colour must be a field"),
        (("--also", "symmetric"), "--search symmetric=A,B"),
        (("--oracle", "psychic"), "--oracle must be one of random"),
        (("--trials", 0), "--trials must be a whole number"),
        (("--model", "conv1x1"), "must be of a model with dense widths"),
    ],
)
def test_bad_input_is_told_without_a_traceback(arguments, said, inside):
    done = inside("search", *SMALL, *arguments)
    assert done.returncode == 2
    assert said in done.stderr


def test_a_port_in_use_is_told(inside, monkeypatch):
    monkeypatch.setenv("KERASTUNER_TUNER_ID", "chief")
    monkeypatch.setenv("KERASTUNER_ORACLE_IP", "127.0.0.1")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        monkeypatch.setenv("KERASTUNER_ORACLE_PORT", port)
        done = inside("search", *SMALL)
    assert done.returncode == 2
    assert f"the port 127.0.0.1:{port} must be free" in done.stderr
    monkeypatch.delenv("KERASTUNER_ORACLE_PORT")
    assert "must be set together" in inside("search", *SMALL).stderr
