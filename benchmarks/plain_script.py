"""What the plain scripts of `cold_start.py` are asked, and how they leave their result."""

import argparse
import json
from pathlib import Path


def asked(description: str) -> argparse.Namespace:
    """Return how many seeds and epochs, and the path of the result."""
    parser = argparse.ArgumentParser(description=description.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=4, metavar="N", help="from 0")
    parser.add_argument("--epochs", type=int, default=5, metavar="N")
    parser.add_argument("--json", type=Path, required=True, metavar="PATH")
    return parser.parse_args()


def leave(accuracies: dict[str, list[float]], path: Path) -> None:
    """Print the test accuracies by activation, and write them."""
    for activation, values in accuracies.items():
        print(activation, *(f"{value:.4f}" for value in values))
    path.write_text(json.dumps(accuracies))
