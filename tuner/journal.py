"""What happened in a search, a line an event, so that it can be played again."""

import json
import os
from pathlib import Path

from keras_mnist.errors import StoreError


class Journal:
    """An append-only file of JSON lines; a line torn by a crash is as if never written.

    Attributes:
        events: those read and those appended since, in order.
    """

    def __init__(self, path: Path | str):
        self._path = Path(path)
        self.events: list[dict] = []
        whole = 0
        for line in self._lines():
            try:
                event = json.loads(line)
            except ValueError:
                break
            if not line.endswith(b"\n") or not isinstance(event, dict):
                break
            self.events.append(event)
            whole += len(line)
        self._whole = whole  # bytes; what follows them is overwritten

    def _lines(self) -> list[bytes]:
        try:
            return self._path.read_bytes().splitlines(keepends=True)
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
