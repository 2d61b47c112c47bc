"""Where all lines for people go: what others wrote in them moves no cursor and hides nothing."""

from rich.console import Console
from rich.segment import Segment

from keras_mnist.base.errors import printable


class Screen(Console):
    """A console on which texts from elsewhere are texts: of codes, only its own are sent."""

    def render(self, renderable, options=None):
        """Yield the segments of what is printed, without control characters in their texts."""
        for segment in super().render(renderable, options):
            if segment.control is None:
                segment = Segment(printable(segment.text), segment.style)
            yield segment


def told_aside() -> Screen:
    """Return the console on standard error, where what is no result is said."""
    return Screen(stderr=True)
