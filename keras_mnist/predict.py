"""`python -m keras_mnist.predict IMAGE...`: which digits pictures show."""

import argparse
import itertools
import json
import sys

from keras_mnist.base.checks import integer
from keras_mnist.base.errors import DataError
from keras_mnist.command import guarded

_SHOWN = 48  # images in the figure of `--show`


def parser() -> argparse.ArgumentParser:
    """Return the command's parser."""
    top = argparse.ArgumentParser(
        prog="python -m keras_mnist.predict",
        description="Say which digits pictures show. Drawings and photographs are brought to "
        "MNIST's form first: grey, ink light on dark, 20 pixels large, centred.",
    )
    top.add_argument(
        "images", nargs="+", metavar="IMAGE", help="a picture, a folder of them, - : standard input"
    )
    top.add_argument(
        "--network",
        default=None,
        metavar="NAME|PATH",
        help="see `keras-mnist exports` (default: the LeNet-5 that came with the package)",
    )
    top.add_argument("--top", type=int, default=1, metavar="K", help="digits named (default 1)")
    top.add_argument("--as-is", action="store_true", help="take 28 x 28 pictures unchanged")
    top.add_argument("--show", metavar="PATH", help="draw what the network saw beside what it said")
    top.add_argument("--json", action="store_true", help="print a JSON object a line")
    top.add_argument("--quiet", action="store_true", help="show no progress")
    return top


def main(arguments=None) -> int:
    """Run the command and return its exit code: 1 if a picture could not be read."""
    options = parser().parse_args(arguments)
    integer("--top", options.top, 1, 10)
    from keras_mnist.serving.classifier import BATCH, load_classifier
    from keras_mnist.serving.shelf import PRETRAINED, find_network

    pictures = _pictures(options.images, options.as_is)
    classifier = load_classifier(find_network(options.network or PRETRAINED))
    bad, shown = 0, []
    for batch in _batches(_counted(pictures, options.quiet), BATCH):
        seen = [image for _, image, error in batch if not error]
        said = iter(classifier(_stacked(seen)) if seen else ())
        for name, image, error in batch:
            if error:
                bad += 1
                _tell_error(name, error, options.json)
                continue
            probabilities = next(said)
            print(_answer(name, probabilities, options))
            if options.show and len(shown) < _SHOWN:
                shown.append((name, image, probabilities))
    if options.show and shown:
        from keras_mnist.reporting.seen import write_seen

        print(write_seen(shown, options.show), file=sys.stderr)
    return 1 if bad else 0


def _pictures(paths: list[str], as_is: bool):
    """Yield each picture's name with its image, uint8 (28, 28), or with what is wrong with it."""
    from keras_mnist.serving import images

    prepare = images.as_is if as_is else images.to_mnist_form
    for name, source in _sources(paths):
        try:
            yield name, prepare(images.read_image(source, name), name), None
        except DataError as error:
            yield name, None, error


def _sources(paths: list[str]):
    from keras_mnist.serving import images

    if "-" in paths:
        yield "standard input", sys.stdin.buffer.read()
    yield from images.find_images(path for path in paths if path != "-")


def _batches(pictures, size: int):
    while batch := list(itertools.islice(pictures, size)):
        yield batch


def _counted(pictures, quiet: bool):
    """Yield the pictures, counting them on the terminal once there are many."""
    if quiet or not sys.stderr.isatty():
        yield from pictures
        return
    first = list(itertools.islice(pictures, 100))
    yield from first
    if len(first) == 100:
        from rich.console import Console
        from rich.progress import track

        console = Console(stderr=True)
        yield from track(pictures, "pictures", console=console, transient=True)


def _stacked(seen: list):
    import numpy as np

    return np.stack(seen)


def _tell_error(name: str, error: DataError, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"image": name, "error": str(error)}))
    else:
        print(f"error: {error}", file=sys.stderr)


def _answer(name: str, probabilities, options) -> str:
    best = probabilities.argsort()[::-1]
    if options.json:
        shares = [round(float(p), 6) for p in probabilities]
        return json.dumps({"image": name, "digit": int(best[0]), "probabilities": shares})
    named = [f"{digit} ({100 * probabilities[digit]:.1f} %)" for digit in best[: options.top]]
    return f"{name}: {', '.join(named)}"


if __name__ == "__main__":
    sys.exit(guarded(main))
