"""The search as a command: on real data, killed and gone on with, over several processes."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import Command, needs_mnist

from keras_mnist.experiment.file import read_experiment
from tuner.folder import OWN
from tuner.search import ORACLES

SMALL = ("--trials", 3, "--seeds", 2, "--epochs", 1, "--width", "8:32", "--train-size", 64)
ALONE, ONE, TWO = (), ("--workers", "1"), ("--workers", "2")


def search(command, *arguments):
    line = [sys.executable, "-m", "tuner.search", *map(str, (*SMALL, *arguments))]
    return command.execute(line)


@pytest.fixture(scope="module")
def searched(tmp_path_factory, data_file):
    """A folder in which a small search has run to its end."""
    command = Command(tmp_path_factory.mktemp("searched"), data_file)
    first = search(command, "--json", "a.json")
    assert first.returncode == 0, first.stderr
    (command.folder / "out").write_text(first.stdout)
    (command.folder / "err").write_text(first.stderr)
    return command.folder


def test_a_search_from_the_command_line_and_the_same_again(searched, data_file):
    ablate = Command(searched, data_file)
    said, complaints = (searched / "out").read_text(), (searched / "err").read_text()
    for chatter in ("oneDNN", "absl", "WARNING", "Traceback"):
        assert chatter not in said + complaints
    assert complaints.count("trial ") == 3
    assert "5 fresh seeds, test accuracy" in said
    stored = {p: p.stat().st_mtime_ns for p in (ablate.folder / "runs").glob("*/*")}
    assert len(stored) == 3 * 2 + 2 * 5
    again = search(ablate, "--json", "b.json")
    assert (again.returncode, again.stdout) == (0, said.replace("a.json", "b.json"))
    assert {p: p.stat().st_mtime_ns for p in (ablate.folder / "runs").glob("*/*")} == stored
    content, same = (json.loads((ablate.folder / f"{n}.json").read_text()) for n in "ab")
    assert (content["study"].pop("trained"), same["study"].pop("trained")) == (10, 0)
    assert (content["study"].pop("cached"), same["study"].pop("cached")) == (0, 10)
    assert content == same
    kept = json.loads((ablate.folder / "search" / "result.json").read_text())
    assert kept["trials"] == content["trials"], "what the page shows of it"
    assert list(content["trials"][0]["scores"]) == ["0", "1"]
    assert content["study"]["study"]["seeds"] == [2, 3, 4, 5, 6], "none of the search's"
    best = read_experiment(ablate.folder / "search" / "best.json")
    assert best.to_dict() == content["best"]
    read = ablate("--experiment", "search/best.json", "--no-relu", "--plan")
    assert "runs: 10" in read.stderr, read.stderr
    for name in ("leaderboard.md", "map.png", "map.svg", "history.png", "history.svg"):
        assert (ablate.folder / "search" / name).stat().st_size > 300
    left = {path.name for path in (ablate.folder / "search").iterdir()}
    assert left == set(OWN), "what --fresh removes is what a search writes"


@pytest.mark.parametrize("victim", ["", "tuner0", "chief"])
def test_a_search_killed_at_a_random_moment_goes_on(victim, searched, ablate, tmp_path):
    """Of one process, or of a chief and two workers: its trials are those of a quiet one."""
    line = [sys.executable, "-m", "tuner.search", *map(str, SMALL), "--quiet"]
    line += ["--workers", "2"] if victim else []
    moment = random.uniform(0, 3)
    print(f"killed {moment:.3f} s after it began its trials")
    process = subprocess.Popen(line, cwd=tmp_path, env=ablate.environment)
    journal = tmp_path / "search" / "journal.jsonl"
    while process.poll() is None and not journal.exists():
        time.sleep(0.02)
    time.sleep(moment)
    for pid in tuners(victim, tmp_path) if victim else [process.pid]:
        os.kill(pid, signal.SIGKILL)
    if victim == "tuner0":
        process.wait(timeout=200)  # it has been started again
        assert process.returncode == 0
    elif victim:
        assert process.wait(timeout=60) in (0, 1)  # 0: it was over before
    else:
        process.wait(timeout=60)
    stored = {path: path.stat().st_mtime_ns for path in tmp_path.glob("runs/*/seed-*.json")}
    done = subprocess.run(line, cwd=tmp_path, env=ablate.environment, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
    assert not tuners("", tmp_path), "nobody is left behind"
    assert board(tmp_path / "search") == board(searched / "search")
    for path, time_ in stored.items():
        assert path.stat().st_mtime_ns == time_, "nothing is trained twice"
    assert not [path for path in tmp_path.rglob("*") if ".partial" in path.name]


def board(folder):
    """A leaderboard's lines, without the seconds."""
    return [line.rsplit("|", 2)[0] for line in (folder / "leaderboard.md").read_text().splitlines()]


def again_and_again(oracle, plan, workers, command, numbers):
    """Kill the same search once for each (--workers, victim) of the plan; then let it end."""
    folder = command.folder
    line = [sys.executable, "-m", "tuner.search", *map(str, SMALL), "--oracle", oracle, "--quiet"]
    line += ["--trials", "9", "--epochs", "3", "--dropout", "0:0.2"]  # of the grid, 9 points
    journal = folder / "search" / "journal.jsonl"
    for some, victim in plan:
        moment = numbers.uniform(0, 2)
        before = journal.stat().st_size if journal.exists() else 0
        process = command.start_line([*line, *some])
        while process.poll() is None:
            if journal.exists() and journal.stat().st_size > before:
                break
            time.sleep(0.02)
        time.sleep(moment)
        if victim == "driver":
            process.kill()
        for pid in tuners(victim, folder):
            os.kill(pid, signal.SIGKILL)
        said = process.communicate(timeout=60)[1]
        assert process.returncode in (0, 1, -signal.SIGKILL), said
        assert "must be" not in said, said
        while tuners("", folder):
            time.sleep(0.02)
        events = journal.read_text().count('"event"')
        print(f"{some}: {victim} killed after {moment:.3f} s, {events} events", flush=True)
    done = command.execute([*line, *workers])
    assert done.returncode == 0, done.stderr
    events = [json.loads(text) for text in journal.read_text().splitlines()]
    ended = [event["trial"] for event in events if event["event"] == "ended"]
    assert sorted(ended) == list(range(len(events) - len(ended))), "each trial ends once"
    if oracle in ("random", "grid"):  # the others' proposals depend on what ended when
        quiet = command.execute([*line, "--directory", "quiet"])
        assert quiet.returncode == 0
        assert board(folder / "search") == board(folder / "quiet")


@pytest.mark.timeout(600)  # eleven processes start
def test_a_search_killed_again_and_again_goes_on(ablate):
    """Begun by a chief and two workers, gone on with by one process, and by two workers again."""
    plan = [(TWO, "chief"), (TWO, "driver"), (ALONE, "driver")]
    again_and_again("random", plan, TWO, ablate, random.Random())


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
        again_and_again(oracle, plan, last, ablate, numbers)


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
        except OSError:
            continue
        named = f"KERASTUNER_TUNER_ID={name}".encode() + (b"\0" if name else b"")
        if named in environment and b"tuner.search" in command:
            found.append(int(pid))
    return found


@pytest.mark.parametrize("data", ["digits", pytest.param("mnist", marks=needs_mnist)])
def test_a_search_on_real_data_with_logs_for_tensorboard(data, tmp_path, monkeypatch, capsys):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    from tuner.search import main

    monkeypatch.chdir(tmp_path)
    line = ["--data", data, "--trials", "2", "--seeds", "2", "--epochs", "2", "--jobs", "1"]
    line += ["--width", "16:64", "--train-size", "1000", "--quiet"]
    assert main(line) == 0
    assert main([*line, "--tensorboard", "logs"]) == 0, "of trials that ended before, too"
    assert main([*line, "--tensorboard", "logs", "--trials", "3"]) == 0
    content = json.loads((tmp_path / "search" / "search.json").read_text())
    assert content["seeds"] == [0, 1]
    runs = sorted(path.relative_to("logs") for path in Path("logs").glob("*/*"))
    assert runs == [Path(f"trial-{n}/seed-{s}") for n in (1, 2, 3) for s in (0, 1)]
    for run in (tmp_path / "logs", tmp_path / "logs" / runs[-1]):
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
        (("--oracle", "psychic"), "--oracle must be one of random"),
        (("--trials", 0), "--trials must be a whole number"),
        (("--model", "conv1x1"), "must be of a model with dense widths"),
    ],
)
def test_bad_input_is_told_without_a_traceback(arguments, said, monkeypatch, capsys, data_file):
    from keras_mnist.command import guarded
    from tuner.search import main

    monkeypatch.setenv("KERAS_MNIST_DATA", str(data_file))
    assert guarded(main, list(map(str, (*SMALL, *arguments)))) == 2
    assert said in capsys.readouterr().err


def test_a_port_in_use_is_told(ablate):
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ablate.environment |= {
            "KERASTUNER_TUNER_ID": "chief",
            "KERASTUNER_ORACLE_IP": "127.0.0.1",
            "KERASTUNER_ORACLE_PORT": port,
        }
        done = search(ablate)
    assert done.returncode == 2
    assert f"the port 127.0.0.1:{port} must be free" in done.stderr
    assert "Traceback" not in done.stderr
    del ablate.environment["KERASTUNER_ORACLE_PORT"]
    assert "must be set together" in search(ablate).stderr
