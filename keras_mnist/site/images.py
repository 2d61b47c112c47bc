"""Which test images each change breaks and mends, as pictures in the page."""

import base64
import io

import numpy as np

from keras_mnist.analysis.pictures import most_often
from keras_mnist.documents.judging.images import Images, said_in
from keras_mnist.experiment import Experiment
from keras_mnist.site.comparison import MOST_VARIANTS
from keras_mnist.site.experiments import Experiments

SHOWN = 6  # images a side
LARGEST = 64  # pixels a side; larger images would make the page heavy
MOST_STUDIES = 8


def images(studies: list[tuple[str, dict, str]], experiments: Experiments, dataset) -> list[dict]:
    """Return, of each study whose records know it, what its changes break and mend.

    Args:
        studies: of each the title, its experiments by name, the baseline first, and the digest of
            its data.
        experiments: the completed runs.
        dataset: whose test images are shown where a study is on it; `None`: images have numbers.
    """
    found = []
    for title, named, digest in studies:
        ours = dataset if dataset is not None and dataset.digest == digest else None
        rows = _rows(dict(list(named.items())[:MOST_VARIANTS]), digest, experiments, ours)
        if rows and len(found) < MOST_STUDIES:
            found.append({"title": title, "baseline": next(iter(named)), "rows": rows})
    return found


def _rows(named: dict[str, Experiment], digest: str, experiments: Experiments, dataset) -> list:
    said = {name: said_in(experiments.runs(e, digest).values()) for name, e in named.items()}
    if not said:
        return []
    base, *others = said
    test = (dataset.x_test, dataset.y_test) if dataset is not None and _fits(dataset) else None
    about = {} if dataset is None else dataset.identity
    known = Images(said, named[base].data.classes, about, test)
    found = []
    for name in others:
        change = known.change(name)
        if change is not None:
            found.append(
                {
                    "name": name,
                    "pairs": change.pairs,
                    "broken": f"{change.broken.sum():.1f}",
                    "mended": f"{change.mended.sum():.1f}",
                    "breaks": _shown(known, change.broken, said[name]),
                    "mends": _shown(known, change.mended, said[base]),
                }
            )
    return found


def _fits(dataset) -> bool:
    shape = dataset.x_test.shape[1:]
    return dataset.x_test.dtype == np.uint8 and len(shape) in (2, 3) and max(shape) <= LARGEST


def _shown(known: Images, shares: np.ndarray, wrong: dict) -> list[dict]:
    """Return the images that change most often: the picture, what was said, how often."""
    return [
        {
            "number": image,
            "said": known.mistake(image, wrong),
            "share": f"{shares[image]:.0%}",
            "picture": None if known.test is None else _picture(known.test[0][image]),
        }
        for image in most_often(shares, SHOWN)
    ]


def _picture(levels: np.ndarray) -> str:
    """Return an image as a page holds it; one of grey levels as ink on paper."""
    from PIL import Image

    levels = levels.squeeze()
    stream = io.BytesIO()
    # Not compressed, so that the page is the same bytes whatever library compresses.
    Image.fromarray(255 - levels if levels.ndim == 2 else levels).save(
        stream, "PNG", compress_level=0
    )
    return "data:image/png;base64," + base64.b64encode(stream.getvalue()).decode()
