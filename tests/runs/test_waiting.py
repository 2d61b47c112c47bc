"""Which task a worker does next."""

import itertools
from concurrent.futures import Future

from keras_mnist.runs.executors.waiting import Waiting


def filled(kinds="abc", seeds=4):
    waiting, futures = Waiting(), {}
    for task in itertools.product(kinds, range(seeds)):
        futures[task] = Future()
        waiting.put(task[0], futures[task], task)
    return waiting, futures


def taken(waiting, *workers):
    """What these workers are given, one after the other until nothing is left."""
    found = []
    for worker in itertools.cycle(workers):
        if (chosen := waiting.take(worker)) is None:
            return found
        found.append((worker, chosen[1]))
    return None


def test_a_worker_stays_with_its_kind_and_none_idles():
    waiting, futures = filled()
    given = taken(waiting, 1, 2)
    assert sorted(task for _, task in given) == sorted(futures), "each once"
    first = [task for worker, task in given if worker == 1]
    assert first == [("a", 0), ("a", 1), ("a", 2), ("a", 3), ("c", 0), ("c", 2)]
    other = [task for worker, task in given if worker == 2]
    assert other == [("b", 0), ("b", 1), ("b", 2), ("b", 3), ("c", 1), ("c", 3)]


def test_one_kind_is_for_all_workers():
    waiting, _ = filled("a")
    assert [worker for worker, _ in taken(waiting, 1, 2)] == [1, 2, 1, 2]


def test_what_was_cancelled_is_left_out_and_what_was_taken_cannot_be():
    waiting, futures = filled("a", 3)
    assert futures["a", 1].cancel()
    future, task = waiting.take(1)
    assert task == ("a", 0) and not future.cancel() and future.running()
    assert waiting.take(1)[1] == ("a", 2)
    assert waiting.take(1) is None
    waiting, futures = filled("ab")
    waiting.cancel()
    assert waiting.take(1) is None and all(future.cancelled() for future in futures.values())


def test_a_worker_that_is_lost_leaves_its_kind_to_others():
    waiting, _ = filled("ab")
    assert waiting.take(1)[1] == ("a", 0)
    assert waiting.take(2)[1] == ("b", 0)
    waiting.forget(1)
    assert waiting.take(3)[1] == ("a", 1), "nobody is at it any more"
    assert waiting.take(2)[1] == ("b", 1)
