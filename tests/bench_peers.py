"""Contestants that do no training: what tests/test_benchmarks.py lets run in processes."""

import os
import signal
import sys
import time

import numpy as np


def start(threads: int) -> dict:
    return {"threads": threads}


def missing(threads: int) -> dict:
    import a_framework_that_nobody_has  # noqa: F401


def steady(case: str, dataset, epochs: int):
    def turn(seed, gate):
        for epoch in range(1, epochs + 1):
            gate(epoch)
        return 0.5

    return turn


def slow(case: str, dataset, epochs: int):
    def turn(seed, gate):
        gate(1)
        time.sleep(0.2)
        gate(epochs)
        return 0.5

    return turn


def slower(case: str, dataset, epochs: int):
    def turn(seed, gate):
        gate(1)
        time.sleep(1.0)
        gate(epochs)

    return turn


def rates(case: str, dataset, epochs: int):
    def turn(seed, gate):
        gate(1)
        gate(epochs)
        figures = {"peak": 1e9, "bandwidth": 1e9, "flop_a_step": 1e6}
        return {**figures, "floor": 0.001, "tighter floor": 0.002}

    return turn


def dies_in_its_second_turn(case: str, dataset, epochs: int):
    taken = []

    def turn(seed, gate):
        taken.append(seed)
        gate(1)
        if len(taken) == 2:
            os.write(2, b"the library gave up\n")
            os.kill(os.getpid(), signal.SIGSEGV)
        gate(epochs)

    return turn


def crash() -> None:
    print("about to fall", flush=True)
    os.kill(os.getpid(), signal.SIGSEGV)


def leave() -> None:
    print("no room", file=sys.stderr)
    sys.exit(3)


def sleep() -> None:
    time.sleep(60)


SLOPES = [np.array([[1.0, -2.0]]), np.array([0.5])]


def reference(case: str, dataset) -> tuple:
    return {"weights": SLOPES}, 2.0, SLOPES


def equal(case: str, problem: dict) -> tuple:
    return 2.0, [np.array([[1.0, -2.0]]), np.array([0.5])]


def unequal(case: str, problem: dict) -> tuple:
    return 2.0, [np.array([[1.0, -2.0]]), np.array([0.5001])]


def not_a_number(case: str, problem: dict) -> tuple:
    return float("nan"), SLOPES


def crashes(case: str, problem: dict) -> tuple:
    crash()
