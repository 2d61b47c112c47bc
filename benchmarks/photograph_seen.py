"""Draws `docs/predict/kinds.png`: made-up pictures of some kinds, and what the reader saw in them.

Digits are MNIST's training images.
"""

import argparse
import io
from pathlib import Path

import numpy as np
import photograph_crowds  # noqa: F401 - which enters kinds
import photograph_scenes  # noqa: F401 - which enters kinds
from photograph_digits import Digits
from photograph_kinds import KINDS
from PIL import Image, ImageDraw, ImageFont

from keras_mnist.data import find_data
from keras_mnist.serving.classifier import load_classifier
from keras_mnist.serving.images import read_image, to_mnist_forms
from keras_mnist.serving.shelf import PRETRAINED, find_network

SHOWN = (
    "table",
    "board",
    "shaded",
    "ruled paper",
    "squared paper",
    "neighbours",
    "several",
    "page",
)
SIDE, EDGE, TEXT = 180, 8, 22


def main() -> None:
    """Draw a column for each kind: the picture, what was seen, what was said."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("path", type=Path, metavar="PNG")
    parser.add_argument("--seed", type=int, default=4, help="default %(default)s")
    options = parser.parse_args()
    data, network = find_data("mnist"), load_classifier(find_network(PRETRAINED))
    sheet = Image.new("RGB", (len(SHOWN) * SIDE, 2 * SIDE + 2 * TEXT), "white")
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(14)
    for column, name in enumerate(SHOWN):
        chance = np.random.default_rng([options.seed, column])
        content, _ = KINDS[name](chance, Digits(data.x_train, data.y_train, [], chance))
        forms = to_mnist_forms(read_image(content, name), name)
        left = column * SIDE + EDGE // 2
        picture = Image.open(io.BytesIO(content))
        picture.thumbnail((SIDE - EDGE, SIDE - EDGE))
        down = TEXT + (SIDE - EDGE - picture.height) // 2
        sheet.paste(picture, (left + (SIDE - EDGE - picture.width) // 2, down))
        extent = (SIDE - EDGE) // len(forms)
        seen = Image.fromarray(np.hstack(forms))
        seen = seen.resize((extent * len(forms), extent), Image.Resampling.NEAREST)
        sheet.paste(seen, (left, TEXT + SIDE + (SIDE - EDGE - extent) // 2))
        shares = network(forms)
        number = "".join(map(str, shares.argmax(1)))
        said = f"{number} ({100 * shares.max(1).min():.0f} %)"
        middle = left + (SIDE - EDGE) / 2
        pen.text((middle, 2), name, fill="black", font=font, anchor="ma")
        pen.text((middle, TEXT + 2 * SIDE), said, fill="black", font=font, anchor="ma")
    sheet.quantize(64).save(options.path, optimize=True)


if __name__ == "__main__":
    main()
