"""How many pictures of digits are read: photographs and drawings of many kinds, made up.

Each picture is read by the package, by a plain resize and by a bounding box, and all three ask the
same exported network. Digits are MNIST's test images, and every fifth one of a font that looks
written by hand, where the machine has some. `--from train` takes training images, other fonts and
another seed: the reader was made with those.
"""

import argparse
import io
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import photograph_crowds  # noqa: F401 - which enters kinds
import photograph_scenes  # noqa: F401 - which enters kinds
from photograph_digits import Digits, fonts_like_handwriting
from photograph_kinds import KINDS
from PIL import Image

from keras_mnist.data import find_data
from keras_mnist.serving.classifier import load_classifier
from keras_mnist.serving.shelf import PRETRAINED, find_network

SURE = 0.9
OURS, RESIZE, BOX = "package", "plain resize", "bounding box"


def by_resizing(content: bytes) -> np.ndarray:
    """Return a picture at 28 x 28, turned to light on dark where its edges are light."""
    levels = _levels(content)
    edge = np.concatenate([levels[0], levels[-1], levels[:, 0], levels[:, -1]])
    image = Image.fromarray(255 - levels if np.median(edge) > 127 else levels)
    return np.asarray(image.resize((28, 28), Image.Resampling.BOX))


def by_bounding_box(content: bytes) -> np.ndarray:
    """Return what Otsu's threshold separates, boxed, 20 pixels large in the middle of 28 x 28."""
    levels = _levels(content)
    counts, at = np.bincount(levels.ravel(), minlength=256), np.arange(256)
    below, total = counts.cumsum(), counts.sum()
    mass = (counts * at).cumsum()
    with np.errstate(invalid="ignore", divide="ignore"):
        between = (mass[-1] * below / total - mass) ** 2 / (below * (total - below))
    dark = levels <= np.nan_to_num(between).argmax()
    ink = dark if dark.mean() < 0.5 else ~dark
    if not ink.any():
        return np.zeros((28, 28), np.uint8)
    rows, columns = np.flatnonzero(ink.any(1)), np.flatnonzero(ink.any(0))
    cut = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    image = Image.fromarray(np.uint8(255) * cut)
    image.thumbnail((20, 20), Image.Resampling.BOX)
    frame = Image.new("L", (28, 28))
    frame.paste(image, ((28 - image.width) // 2, (28 - image.height) // 2))
    return np.asarray(frame)


def _levels(content: bytes) -> np.ndarray:
    image = Image.open(io.BytesIO(content))
    if image.has_transparency_data:
        paper = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(paper, image.convert("RGBA"))
    return np.asarray(image.convert("L"))


def by_the_package(content: bytes, classifier) -> tuple[str, float]:
    """Return what `predict` would say, and with which probability, or why it refuses."""
    from keras_mnist.base.errors import DataError
    from keras_mnist.serving.images import read_image, to_mnist_forms

    try:
        forms = to_mnist_forms(read_image(content, "it"), "it")
    except DataError as error:
        return "refused: " + str(error), 0
    said = classifier(forms)
    return "".join(map(str, said.argmax(1))), float(said.max(1).min())


def judged(read: str, said: str, certainty: float) -> str:
    """Return the column in which an answer counts."""
    if said.startswith("refused"):
        return "refused"
    if said == read:
        return "right"
    return "wrong, sure" if certainty > SURE else "wrong"


def main() -> None:
    """Draw the pictures, have them read, and print a line for each kind."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--from", dest="source", choices=("test", "train"), default="test")
    parser.add_argument("--each", type=int, default=50, metavar="N", help="default %(default)s")
    parser.add_argument("--kinds", metavar="KIND,KIND", help="default: all")
    parser.add_argument("--network", default=PRETRAINED, metavar="NAME", help="default %(default)s")
    parser.add_argument("--fonts", type=Path, metavar="FOLDER", help="default: the system's")
    parser.add_argument("--seed", type=int, help="default: 1 for test, 2 for training images")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="default %(default)s")
    parser.add_argument("--save", type=Path, metavar="FOLDER", help="keep what was not right")
    options = parser.parse_args()
    names = options.kinds.split(",") if options.kinds else list(KINDS)
    options.seed = options.seed or {"test": 1, "train": 2}[options.source]
    fonts = fonts_like_handwriting(options.source, options.fonts)
    if not fonts:
        print("no font that looks written by hand was found: MNIST's digits only", file=sys.stderr)
    with ProcessPoolExecutor(options.jobs) as pool:
        counts = dict(zip(names, pool.map(partial(counted, options, fonts), names), strict=True))
    tell(counts)
    print(
        f"{options.each} of each kind, {len(fonts)} fonts, seed {options.seed}, {options.network}"
    )


def counted(options, fonts: list[Path], name: str) -> Counter:
    """Return what became of the pictures of one kind, by who read them."""
    data, classifier = find_data("mnist"), load_classifier(find_network(options.network))
    images, labels = (getattr(data, f"{axis}_{options.source}") for axis in "xy")
    chance = np.random.default_rng([options.seed, list(KINDS).index(name)])
    digits, counts = Digits(images, labels, fonts, chance), Counter()
    for number in range(options.each):
        content, read = KINDS[name](chance, digits)
        answers = {OURS: by_the_package(content, classifier)}
        for way, form in ((RESIZE, by_resizing), (BOX, by_bounding_box)):
            said = classifier(form(content)[None])
            answers[way] = str(said.argmax()), float(said.max())
        for way, (said, certainty) in answers.items():
            counts[way, judged(read, said, certainty)] += 1
        if options.save and answers[OURS][0] != read:
            keep(options.save, f"{name}-{number}-{read}", content, answers[OURS])
    return counts


def keep(folder: Path, name: str, content: bytes, answer: tuple[str, float]) -> None:
    """Write a picture and what was said of it."""
    folder.mkdir(parents=True, exist_ok=True)
    end = "png" if content.startswith(b"\x89PNG") else "jpg"
    (folder / f"{name}.{end}".replace(" ", "-")).write_bytes(content)
    with open(folder / "answers.txt", "a") as file:
        file.write(f"{name}: {answer[0]} ({answer[1]:.2f})\n")


def tell(counts: dict) -> None:
    """Print what was counted as a table in Markdown, and the shares of all."""
    print(f"| kind | right | refused | wrong | sure of it | {RESIZE} | sure | {BOX} | sure |")
    print("| --- " + "| ---: " * 8 + "|")
    total = Counter()
    for name, of_kind in [*counts.items(), ("all", total)]:
        cells = [of_kind[OURS, "right"], of_kind[OURS, "refused"]]
        cells += [
            of_kind[OURS, "wrong"] + of_kind[OURS, "wrong, sure"],
            of_kind[OURS, "wrong, sure"],
        ]
        for way in (RESIZE, BOX):
            cells += [of_kind[way, "right"], of_kind[way, "wrong, sure"]]
        print(f"| {name} | " + " | ".join(map(str, cells)) + " |")
        if of_kind is not total:
            total.update(of_kind)
    all_of_them = sum(count for (way, _), count in total.items() if way == OURS)
    good = total[OURS, "right"] + total[OURS, "refused"]
    print(f"\nright or refused: {100 * good / all_of_them:.1f} % of {all_of_them:,};", end=" ")
    wrong = all_of_them - good
    print(f"wrong: {wrong}, of these said with over {SURE}: {total[OURS, 'wrong, sure']};", end=" ")


if __name__ == "__main__":
    main()
