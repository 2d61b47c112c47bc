"""What a harness counts, added up over the pieces it was run in, and printed."""

import json
from pathlib import Path

from keras_mnist.base.files import write_whole


class Counts:
    """Numbers by name, in the order in which they first came up.

    Args:
        title: of the harness.
        path: of a JSON file that keeps the counts of all harnesses from call to call; without
            one, only this call's are printed.
    """

    def __init__(self, title: str, path: str | None = None):
        self._title, self._path = title, path and Path(path)
        self._kept = json.loads(self._path.read_text()) if path and self._path.exists() else {}
        self._before = self._kept.get(title, {})
        self.numbers: dict[str, float] = {}

    def add(self, name: str, number: float = 1) -> None:
        """Add to a number; `add(name, 0)` makes it known."""
        self.numbers[name] = self.numbers.get(name, 0) + number

    def largest(self, name: str, number: float) -> None:
        """Keep the largest of the numbers told."""
        self.numbers[name] = max(self.numbers.get(name, number), number)

    def save(self) -> dict:
        """Keep the counts in the file, so that an end of this process loses none; return them."""
        added = {
            name: (max if name.startswith("largest") else sum)([self._before.get(name, 0), number])
            for name, number in self.numbers.items()
        }
        self._kept[self._title] = self._before | added
        if self._path:
            write_whole(self._path, json.dumps(self._kept, indent=1) + "\n")
        return self._kept[self._title]

    def finish(self) -> None:
        """Keep the counts and print them, those that were in the file included."""
        print(f"\n{self._title}:")
        for name, number in self.save().items():
            print(f"  {name}: {number:,.10g}")
