"""What happened in a search, a line an event, so that it can be played again."""

import json
import math
import os
from pathlib import Path

from keras_mnist.base import checks
from keras_mnist.base.errors import ExperimentError, StoreError
from keras_mnist.base.reading import parse_json, read_bytes

REMEDY = "Start anew with --fresh: stored runs are kept"


class Journal:
    """An append-only file of JSON lines; a line torn by a crash is as if never written.

    Attributes:
        events: those read and those appended since, in order.

    Raises:
        StoreError: the file cannot be read, or a whole line is no JSON object.
    """

    def __init__(self, path: Path | str):
        self._path = Path(path)
        self.events: list[dict] = []
        whole = 0
        for line in self._lines():
            if not line.endswith(b"\n"):
                break  # a crash leaves only the last line so
            self.events.append(self._event(line))
            whole += len(line)
        self._whole = whole  # bytes; what follows them is overwritten

    def _event(self, line: bytes) -> dict:
        try:
            event = parse_json(line)
        except ValueError as error:
            event = error
        if not isinstance(event, dict):
            place = f"line {len(self.events) + 1} of {self._path}"
            raise StoreError(f"{place} must be a JSON object", event, REMEDY)
        return event

    def checked(self, objective: str) -> list[dict]:
        """Return the events, each checked to be one of a search for that objective.

        Raises:
            StoreError: one is not.
        """
        begun = 0
        for index, event in enumerate(self.events, 1):
            try:
                begun += _check(event, begun, objective)
            except ExperimentError as error:
                requirement = f"in line {index} of {self._path}, {error.requirement}"
                raise StoreError(requirement, error.received, REMEDY) from None
        return self.events

    def _lines(self) -> list[bytes]:
        try:
            return read_bytes(self._path).splitlines(keepends=True)
        except FileNotFoundError:
            return []
        except OSError as error:
            raise StoreError(f"{self._path} must be readable", error) from None

    def append(self, event: dict) -> None:
        """Write an event so that it lasts.

        Raises:
            StoreError: it could not be written.
        """
        line = json.dumps(event).encode() + b"\n"
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with open(self._path, "r+b" if self._path.exists() else "w+b") as file:
                file.truncate(self._whole)
                file.seek(self._whole)
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise StoreError(f"{self._path} must be written", error, "Make room") from None
        self._whole += len(line)
        self.events.append(event)


def _check(event: dict, begun: int, objective: str) -> bool:
    """Return whether an event begins a trial; raise `ExperimentError` unless it is sound."""
    checks.one_of("event", event.get("event"), ("created", "ended"))
    if event["event"] == "created":
        _object("values", event.get("values"))
        return True
    checks.integer("trial", event.get("trial"), 0, begun - 1)
    checks.one_of("status", event.get("status"), ("COMPLETED", "FAILED"))
    metrics = _object("metrics", event.get("metrics"))
    if metrics or event["status"] == "COMPLETED":
        checks.number(objective, metrics.get(objective), -math.inf, math.inf, "()")
    if metrics.keys() - {objective}:
        raise ExperimentError(f"metrics must be {objective} alone", ", ".join(metrics))
    if not isinstance(event.get("message"), str):
        raise ExperimentError("message must be a text", repr(event.get("message")))
    return False


def _object(name: str, value) -> dict:
    if not isinstance(value, dict):
        raise ExperimentError(f"{name} must be an object", repr(value))
    return value
