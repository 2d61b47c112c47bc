"""What a network saw, beside what it said."""

from pathlib import Path

from keras_mnist.base.errors import StoreError
from keras_mnist.reporting.figures import BASELINE, OURS, new_figure
from keras_mnist.reporting.plots import as_it_comes

_COLUMNS = 4
_BARS = 10


@as_it_comes
def write_seen(answers: list[tuple], path: Path | str, names: tuple[str, ...] = ()) -> Path:
    """Draw each image as the network saw it with its probabilities, and return the path.

    Of many classes, the ten most probable are drawn.

    Args:
        answers: name, image uint8 (height, width) or (height, width, 1 to 4 channels) and
            probabilities float32 (classes,) of each, one at least.
        path: of a .png, .svg or .pdf file.
        names: of the classes, if they have any.

    Raises:
        StoreError: it cannot be written.
    """
    path = Path(path)
    columns = min(_COLUMNS, len(answers))
    rows = -(-len(answers) // columns)
    figure = new_figure((3.2 * columns, 1.75 * rows))
    grid = figure.subplots(rows, 2 * columns, squeeze=False, width_ratios=[1, 1.1] * columns)
    for axes in grid.flat:
        axes.set_visible(False)
    cells = [(row[i], row[i + 1]) for row in grid for i in range(0, 2 * columns, 2)]
    for (picture, bars), (name, image, probabilities) in zip(cells, answers, strict=False):
        picture.set_visible(True)
        if image.ndim == 3 and image.shape[2] < 3:
            image = image[..., 0]  # the grey levels; the second are opacity
        picture.imshow(image, cmap="gray", vmin=0, vmax=255)
        picture.set_axis_off()
        picture.set_title(Path(name).name[-22:], fontsize=8)
        bars.set_visible(True)
        classes = sorted(probabilities.argsort()[::-1][:_BARS])
        best = int(probabilities.argmax())
        colours = [OURS if number == best else BASELINE for number in classes]
        rows = range(len(classes))
        bars.barh(rows, 100 * probabilities[classes], color=colours)
        words = [names[number][:12] if number < len(names) else str(number) for number in classes]
        labels = [word.replace("$", r"\$") for word in words]  # which would begin a formula
        bars.set(xlim=(0, 100), ylim=(len(classes) - 0.4, -0.6))
        bars.set_yticks(rows, labels)
        said = f"{labels[classes.index(best)]} ({100 * probabilities[best]:.1f} %)"
        bars.set_title(said, fontsize=8)
        bars.tick_params(labelsize=6)
        bars.set_xlabel("probability (%)", fontsize=6)
        bars.spines[["top", "right"]].set_visible(False)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, dpi=120)
    except OSError as error:
        raise StoreError(f"--show {path} must be a file that can be written", error) from None
    return path
