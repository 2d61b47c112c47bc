"""The result of a study as it is handed to people: findings that print, draw and convert."""

from functools import partial
from pathlib import Path

from keras_mnist.base.checks import one_of
from keras_mnist.documents.judging.findings import Findings
from keras_mnist.reporting.run_frame import run_frame
from keras_mnist.reporting.study_data import as_data
from keras_mnist.reporting.tables import as_html, as_text


class StudyResult(Findings):
    """What a study found. Printed, it is its tables; in a notebook, they are HTML."""

    def frame(self, long: bool = False):
        """Return a pandas data frame, as `keras-mnist table` writes it, with the variants' names.

        Args:
            long: a row a run and epoch, the curves, in place of a row a run.
        """
        variants = self.study.variants
        return run_frame(((v.name, record) for v in variants for record in self.runs(v)), long)

    def to_dict(self) -> dict:
        """Return everything as plain data, the content of `--json`."""
        return as_data(self)

    def table(self, width: int | None = None) -> str:
        """Return the result as text, as it is printed.

        Args:
            width: of a line, in characters; `None`: 120.
        """
        return as_text(self, width)

    def draw(self, folder: Path | str | None = None) -> list:
        """Return the figures, or write them into `folder`; a notebook shows them.

        Curves, a forest plot, the test images that changes break and mend where they are known,
        and of a factorial study the shares.

        Args:
            folder: made if it is not there.

        Returns:
            matplotlib figures, or the paths written (PNG and SVG each).
        """
        from keras_mnist.reporting.figures import Figures
        from keras_mnist.reporting.files import save

        figures = {name: draw() for name, draw in self._drawn().items()}
        return Figures(figures.values()) if folder is None else save(figures, Path(folder))

    def figure(self, name: str = "forest"):
        """Return one of the figures of `draw`, a matplotlib figure; a notebook shows it.

        Args:
            name: `curves`, `forest`, `images` or `shares`.

        Raises:
            ExperimentError: this study has none of that name.
        """
        drawn = self._drawn()
        one_of("a figure of this study", name, drawn)
        return drawn[name]()

    def _drawn(self) -> dict:
        """Return what draws each figure, by name."""
        from keras_mnist.reporting.curves import curves
        from keras_mnist.reporting.forest import forest
        from keras_mnist.reporting.pictures import broken_images, drawable
        from keras_mnist.reporting.shares_plot import shares_figure

        found = {"curves": curves, "forest": forest}
        if drawable(self):
            found["images"] = broken_images
        if self.shares:
            found["shares"] = shares_figure
        return {name: partial(draw, self) for name, draw in found.items()}

    def __str__(self) -> str:
        return self.table()

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return as_html(self)
