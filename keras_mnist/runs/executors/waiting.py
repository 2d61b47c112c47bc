"""Tasks that wait for a worker, by their kind: a worker goes on with what it has compiled."""

import threading
from collections import deque
from collections.abc import Hashable
from concurrent.futures import Future


class Waiting:
    """Tasks in the order in which they came, given out kind by kind. Any thread may ask."""

    def __init__(self):
        self._tasks: dict[Hashable, deque] = {}
        self._kinds: dict[Hashable, Hashable] = {}  # of the last task of each worker
        self._lock = threading.Lock()

    def put(self, kind: Hashable, future: Future, task: tuple) -> None:
        """Let a task wait.

        Args:
            kind: what tasks have in common that are done faster by one worker.
            future: of its answer.
            task: what there is to do.
        """
        with self._lock:
            self._tasks.setdefault(kind, deque()).append((future, task))

    def take(self, worker: Hashable) -> tuple | None:
        """Return the next future and task for a worker, the future set to run; `None`: no more.

        It is of the kind of the worker's last, or else of one that no other worker is at, or else
        the one that came first. What was cancelled is left out.
        """
        with self._lock:
            while self._tasks:
                kind = self._kind(worker)
                future, task = self._tasks[kind].popleft()
                if not self._tasks[kind]:
                    del self._tasks[kind]
                if future.set_running_or_notify_cancel():
                    self._kinds[worker] = kind
                    return future, task
        return None

    def _kind(self, worker: Hashable) -> Hashable:
        mine = self._kinds.get(worker)
        if mine in self._tasks:
            return mine
        taken = set(self._kinds.values())
        free = (kind for kind in self._tasks if kind not in taken)
        return next(free, next(iter(self._tasks)))

    def forget(self, worker: Hashable) -> None:
        """Let a worker be no more."""
        with self._lock:
            self._kinds.pop(worker, None)

    def cancel(self) -> None:
        """Cancel what waits."""
        with self._lock:
            for tasks in self._tasks.values():
                for future, _ in tasks:
                    future.cancel()
            self._tasks.clear()
