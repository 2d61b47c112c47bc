"""What a harness counts, added up over the pieces it was run in, and printed."""

import json
from pathlib import Path


class Counts:
    """Numbers by name, in the order in which they first came up.

    Args:
        title: of the harness.
        path: of a JSON file that keeps the counts of all harnesses from call to call; without
            one, only this call's are printed.
    """

    def __init__(self, title: str, path: str | None = None):
        self._title, self._path = title, path and Path(path)
        self.numbers: dict[str, float] = {}

    def add(self, name: str, number: float = 1) -> None:
        """Add to a number; `add(name, 0)` makes it known."""
        self.numbers[name] = self.numbers.get(name, 0) + number

    def largest(self, name: str, number: float) -> None:
        """Keep the largest of the numbers told."""
        self.numbers[name] = max(self.numbers.get(name, number), number)

    def finish(self) -> None:
        """Print the counts, those in the file included, and keep them there."""
        told = self.numbers
        if self._path:
            kept = json.loads(self._path.read_text()) if self._path.exists() else {}
            before = kept.get(self._title, {})
            told = kept[self._title] = before | {
                name: (max if name.startswith("largest") else sum)([before.get(name, 0), number])
                for name, number in self.numbers.items()
            }
            self._path.write_text(json.dumps(kept, indent=1) + "\n")
        print(f"\n{self._title}:")
        for name, number in told.items():
            print(f"  {name}: {number:,.10g}")
