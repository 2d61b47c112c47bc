"""`python -m keras_mnist.predict WHAT...`: which digits pictures show, or classes examples."""

import contextlib
import itertools
import json
import os
import sys
from pathlib import Path

from keras_mnist.base.checks import integer
from keras_mnist.base.errors import ExperimentError, printable
from keras_mnist.base.files import require_writable
from keras_mnist.base.reading import typed
from keras_mnist.command import Parser, guarded
from keras_mnist.takes import Named, exported

_SHOWN = 48  # images in the figure of `--show`


def parser() -> Parser:
    """Return the command's parser."""
    top = Parser(
        prog="python -m keras_mnist.predict",
        description="Say which digits pictures show; with another network, which of its classes "
        "they, or the rows of a table, belong to. For a network of digits, drawings and "
        "photographs are brought to MNIST's form first: grey, ink light on dark, 20 pixels large, "
        "centred; for others, pictures are resized.",
    )
    top.add_argument(
        "examples",
        nargs="+",
        metavar="WHAT",
        help="a picture, a folder of them, a .csv file of rows, examples in a .npy or .npz file, "
        "- : standard input",
    )
    top.add_argument(
        "--network",
        default=None,
        metavar=Named("NAME|PATH", exported),
        help="see `keras-mnist exports` (default: the LeNet-5 that came with the package)",
    )
    top.add_argument("--top", type=int, default=1, metavar="K", help="classes named (default 1)")
    top.add_argument(
        "--as-is", action="store_true", help="take pictures of the network's size unchanged"
    )
    top.add_argument("--show", metavar="PATH", help="draw what the network saw beside what it said")
    top.add_argument("--json", action="store_true", help="print a JSON object a line")
    top.add_argument("--quiet", action="store_true", help="show no progress")
    return top


def main(arguments=None) -> int:
    """Run the command and return its exit code: 1 if something could not be read."""
    options = parser().parse_args(arguments)
    options.examples = [one if one == "-" else str(typed(one)) for one in options.examples]
    if options.show is not None:
        _require_own_file(options.show, options.examples)
    from keras_mnist.serving.classifier import BATCH
    from keras_mnist.serving.questions import Questions
    from keras_mnist.serving.shelf import PRETRAINED, find_network
    from keras_mnist.serving.together import load_with_card

    path = find_network(options.network or PRETRAINED)
    classifier, card = load_with_card(path)
    integer("--top", options.top, 1, classifier.classes)
    questions = Questions(classifier, card, options.as_is)
    if options.show and not questions.pictures:
        raise ExperimentError("--show must be of a network that is shown pictures", path)
    answers = _Answers(options, questions.digits, card.class_names if card else ())
    if not options.quiet:
        for told in questions.told(options.examples):
            print(printable(told), file=sys.stderr)
    bad, shown = 0, []
    for batch in _batches(_counted(questions.of(options.examples), options.quiet), BATCH):
        said = _asked(classifier, [one.examples for one in batch if not one.error])
        for one in batch:
            if one.error:
                bad += 1
                answers.tell_error(one)
                continue
            probabilities = next(said)
            print(printable(answers.told(one, probabilities)))
            if options.show and len(shown) < _SHOWN:
                shown += [
                    (one.text, *pair) for pair in zip(one.examples, probabilities, strict=True)
                ]
    if options.show and shown:
        from keras_mnist.reporting.seen import write_seen

        print(write_seen(shown[:_SHOWN], options.show, answers.names), file=sys.stderr)
    return 1 if bad else 0


def _require_own_file(show: str, examples: list[str]) -> None:
    """Check that a figure can be drawn at `show`, and that no picture asked about is lost by it."""
    if Path(show).suffix.lower() not in (".png", ".svg", ".pdf"):
        raise ExperimentError("--show must be a .png, .svg or .pdf file", show or "''")
    with contextlib.suppress(OSError, ValueError):  # not there; what else is wrong is said later
        here = os.path.realpath(show)
        asked = {os.path.realpath(one) for one in examples if one != "-"}
        if os.path.exists(here) and asked & {here, os.path.dirname(here)}:
            raise ExperimentError(
                "--show must be a file beside the pictures asked about, not one of them",
                show,
                "Name another file or folder",
            )
    if Path(show).is_dir():
        raise ExperimentError("--show must be a file, or none yet", f"the folder {show}")
    require_writable(Path(show).parent, "--show")


class _Answers:
    """Prints what a network said.

    Args:
        options: the command's.
        digits: whether its classes are digits.
        names: of the classes, if they have any.
    """

    def __init__(self, options, digits: bool, names: tuple[str, ...]):
        self._options, self._digits, self.names = options, digits, names

    def told(self, one, probabilities) -> str:
        """Return the line that answers a question, from the probabilities, (n, classes)."""
        from keras_mnist.serving.card import named

        order = probabilities.argsort(axis=1)[:, ::-1]
        best = [int(row[0]) for row in order]
        if not self._options.json:
            said = [
                [f"{named(n, self.names)} ({100 * shares[n]:.1f} %)" for n in row]
                for row, shares in zip(order[:, : self._options.top], probabilities, strict=True)
            ]
            if len(best) == 1:
                return f"{one.text}: {', '.join(said[0])}"
            number = "".join(map(str, best))
            return f"{one.text}: {number}: {', '.join(' or '.join(digit) for digit in said)}"
        shares = [[round(float(p), 6) for p in row] for row in probabilities]
        if len(best) > 1:
            return json.dumps({**one.place, "digits": best, "probabilities": shares})
        answer: dict = {"digit" if self._digits else "class": best[0]}
        if best[0] < len(self.names):
            answer["name"] = self.names[best[0]]
        return json.dumps({**one.place, **answer, "probabilities": shares[0]})

    def tell_error(self, one) -> None:
        """Say what is wrong with what was to be asked about."""
        if self._options.json:
            print(json.dumps({**one.place, "error": str(one.error)}))
        else:
            print(f"error: {one.error}", file=sys.stderr)


def _batches(examples, size: int):
    while batch := list(itertools.islice(examples, size)):
        yield batch


def _counted(examples, quiet: bool):
    """Yield the examples, counting them on the terminal once there are many."""
    if quiet or not sys.stderr.isatty():
        yield from examples
        return
    first = list(itertools.islice(examples, 100))
    yield from first
    if len(first) == 100:
        from rich.progress import track

        from keras_mnist.reporting.console import told_aside

        console = told_aside()
        yield from track(examples, "examples", console=console, transient=True)


def _asked(classifier, seen: list):
    """Yield what a network says of each of several arrays (n, *shape), asked for all at once."""
    import numpy as np

    if seen:
        places = np.cumsum([len(examples) for examples in seen])[:-1]
        yield from np.split(classifier(np.concatenate(seen)), places)


if __name__ == "__main__":
    sys.exit(guarded(main))
