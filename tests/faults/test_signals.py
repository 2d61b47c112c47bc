"""SIGTERM, which schedulers send, and a terminal that is closed: an end in order, at any moment."""

import os
import random
import signal
import time

import living
import pytest
import studies
from conftest import signalled
from counts import Counts
from studies import FEW, Study, Watch

from keras_mnist import ablate, export, predict, report, reproduce, verify
from keras_mnist.command import guarded

STORED = "finished runs are stored; the same command goes on from there"
LONGEST = 8.0  # seconds that a study takes alone, about


ENDS = [(signal.SIGTERM, "terminated", 143), (signal.SIGINT, "interrupted", 130)]
SIGNS = pytest.mark.parametrize("sign, word, code", ENDS)
HANG_UP = (signal.SIGHUP, "the terminal is gone", 129)


@pytest.mark.parametrize("sign, word, code", [*ENDS, HANG_UP])
def test_what_an_end_by_a_signal_says(sign, word, code, capsys):
    def main(arguments):
        os.kill(os.getpid(), sign)
        time.sleep(10)

    before = signal.getsignal(signal.SIGTERM)
    assert guarded(main) == code
    assert capsys.readouterr().err == f"\n{word}\n"
    main.stores_runs = True
    assert guarded(main) == code
    assert capsys.readouterr().err == f"\n{word}: {STORED}\n"
    assert signal.getsignal(signal.SIGTERM) == before


def test_what_nohup_ignores_ends_nothing():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        assert guarded(lambda arguments: os.kill(os.getpid(), signal.SIGHUP) or 0) == 0
    finally:
        signal.signal(signal.SIGHUP, before)


@SIGNS
def test_an_end_while_compiled_code_is_imported(sign, word, code, capsys):
    def main(arguments):
        try:
            os.kill(os.getpid(), sign)
            time.sleep(10)
        except KeyboardInterrupt as end:
            raise ImportError("initialization failed") from end

    assert guarded(main) == code
    assert capsys.readouterr().err == f"\n{word}\n"


def test_an_import_that_fails_is_no_end():
    def main(arguments):
        raise ImportError("no such module")

    with pytest.raises(ImportError, match="no such module"):
        guarded(main)


@pytest.mark.parametrize(
    "error",
    [MemoryError(), ImportError("libx.so: failed to map segment from shared object")],
    ids=type,
)
def test_an_end_for_want_of_memory_is_told(error, capsys):
    def main(arguments):
        raise error

    assert guarded(main) == 1
    told = capsys.readouterr().err
    assert told.startswith("error: the command must have more memory") and told.count("\n") == 1


def test_which_commands_go_on():
    from tuner import search

    going_on = [
        c for c in (ablate, export, predict, report, reproduce, search, verify) if stores(c)
    ]
    assert going_on == [ablate, reproduce, search]


def stores(command) -> bool:
    return getattr(command.main, "stores_runs", False)


@SIGNS
def test_a_search_that_is_ended(sign, word, code, inside, tmp_path):
    """In this process, whose fork server lives on, as that of a process would not."""
    runs = tmp_path / "runs"
    line = ("--trials", 9, "--epochs", 1, "--quiet", "--width", "8:32", "--train-size", 64)
    done = signalled(sign, lambda: studies.records(runs), lambda: inside("search", *line))
    assert (done.returncode, done.stderr.splitlines()[-1]) == (code, f"{word}: {STORED}")
    assert living.gone(living.workers(os.getpid()))
    assert len(studies.records(runs)) < 9 * 3
    assert not studies.partials(runs)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_studies_terminated_at_random_moments(tmp_path, request):
    option = request.config.getoption
    numbers = random.Random(option("--fault-seed"))
    reference = studies.reference(FEW)
    counts = Counts("SIGTERM at random moments", option("--counts"))
    for number in range(4):
        folder = tmp_path / str(number)
        study, command, watch = Study.drawn(numbers, FEW), studies.in_folder(folder), None
        watch, code, left = Watch(folder / "runs"), None, 3
        while code != 0:
            completed = watch.look()
            process = command.start(*study.arguments)
            time.sleep(numbers.uniform(0.5, LONGEST) if left else 0)
            family = living.family(process.pid)
            if left and process.poll() is None:
                process.send_signal(signal.SIGTERM)
                counts.add("signals")
                left -= 1
            code, said = studies.ended(process)
            watch.look()
            assert living.gone(family)
            assert not (strays := studies.strays(command)), strays
            if (code, said) == (-signal.SIGTERM, ""):
                counts.add("ends before the command had set itself up")
            elif code:
                assert (code, said.splitlines()[-1]) == (143, f"terminated: {STORED}"), said
                counts.add("ends with code 143, the message, and nothing left behind")
            counts.save()
        told = studies.counted(said)
        assert (told["stored"], told["failed"]) == (completed, 0)
        studies.conclude(study, command, counts, reference, watch)
    counts.finish()
