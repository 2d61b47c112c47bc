"""The sections of a page: each is there where it has something to say."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Section:
    """A section of the page.

    Attributes:
        name: of its template and its anchor, and of what it shows in the page's text.
        heading: in the navigation.
        starts: the function of the page's scripts that sets it going, if any does.
    """

    name: str
    heading: str
    starts: str = ""


SECTIONS = (
    Section("answer", "Answer", "startHighlights"),
    Section("claims", "Claims", "startClaims"),
    Section("own", "Studies"),
    Section("ablations", "Ablations", "startStudies"),
    Section("images", "Test images"),
    Section("networks", "Networks"),
    Section("search", "Search", "startSearch"),
    Section("try", "Try it", "startDrawing"),
    Section("method", "Method"),
)


def present(text: dict) -> list[Section]:
    """Return the sections of a page that have something to say, in their order.

    Args:
        text: what the templates write, by name; that of a section decides whether it is there.
    """
    return [section for section in SECTIONS if text[section.name]]
