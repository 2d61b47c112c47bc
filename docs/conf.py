"""The manual: the repository's own pages as a site, by Sphinx. How it is built: CONTRIBUTING.md.

Not to be confused with `keras_mnist/site`, which makes the one page of results, `page.html`.

The source is the whole repository, so pages link to one another here as they do there; which of
its files are pages, and in which order, is read from the README.
"""

import os
import re
import sys
import tomllib
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.parsers import Parser
from sphinx.transforms import SphinxTransform

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import keras_mnist  # noqa: E402
from keras_mnist.reporting.markup import unbroken  # noqa: E402

project = "keras_mnist"
version = release = keras_mnist.__version__
root_doc = "README"
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
include_patterns = [
    *("README.md", "CONTRIBUTING.md", "CHANGELOG.md"),
    *("docs/*.md", "docs/*.ipynb", "docs/reference/*.rst", "examples/*.py", "examples/*.toml"),
    *("benchmarks/*.md", "results/search/leaderboard.md", "saved_models/lenet5_reg/1/card.md"),
]
source_suffix = {
    ".rst": "restructuredtext",
    ".md": "myst-nb",
    ".ipynb": "myst-nb",
    ".py": "code",
    ".toml": "code",
}
templates_path = ["_templates"]

# Pages: headings have the anchors that links name, HTML pictures are pictures.
myst_enable_extensions = ["html_image"]
myst_heading_anchors = 4
suppress_warnings = [
    "myst.header",  # a card begins below what shows it
    "ref.python",  # a type of one name in two modules, in a signature
]
nb_execution_mode = "off"  # the notebook comes with what it printed; a test runs it

# Names: docstrings are Google's, and what stands between single backticks is code.
default_role = "literal"
autodoc_default_options = {"members": True, "member-order": "bysource"}
autodoc_typehints_format = "short"
napoleon_numpy_docstring = False

html_theme = "furo"
html_title = f"keras_mnist {version}"
html_static_path = ["_static"]
html_css_files = ["manual.css"]
html_extra_path = ["page.html"]
html_additional_pages = {"index": "first.html"}
html_copy_source = False

SITE = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"].get("urls", {})
CONTENTS = """

```{{toctree}}
:hidden:
:caption: {caption}

{pages}
```
"""


def contents(readme: str) -> str:
    """Return the contents, in the order in which the README's last table names its pages."""
    named = re.findall(r"^\| \[\S+\]\((\S+)\.(?:md|ipynb)\)", readme, re.MULTILINE)
    pages = [name for name in named if name.startswith("docs/")]
    beside = [name for name in named if name not in pages]
    parts = {
        "Pages": pages,
        "Names": ["docs/reference/index"],
        "The project": [*beside, "benchmarks/README"],
    }
    return "".join(
        CONTENTS.format(caption=caption, pages="\n".join(f"/{page}" for page in pages))
        for caption, pages in parts.items()
    )


def complete(app, docname: str, source: list[str]) -> None:
    """Give a page what only the site needs: contents, a title, word that it is in no contents."""
    text = source[0]
    if docname == root_doc:
        source[0] += contents(text)
    elif docname.startswith(("results/", "saved_models/", "examples/")) or docname in (
        "docs/claims",
        "benchmarks/NOTES",
    ):
        app.env.metadata[docname]["orphan"] = True
        if not text.startswith("# ") and docname == "docs/claims":
            source[0] = f"# Claims\n\n{text}"


class Code(Parser):
    """A file of code as a page: its name and its text."""

    supported = ("code",)

    def parse(self, inputstring: str, document: nodes.document) -> None:
        """Make the page."""
        path = Path(document["source"])
        section = nodes.section(ids=["code"])
        section += nodes.title("", path.name)
        language = "python" if path.suffix == ".py" else "toml"
        section += nodes.literal_block(inputstring, inputstring, language=language)
        document += section
        document.note_implicit_target(section)


class Numbers(SphinxTransform):
    """No interval and no number with its unit is broken in two."""

    default_priority = 400

    def apply(self) -> None:
        """Change the spaces inside them."""
        for node in list(self.document.findall(nodes.Text)):
            if not isinstance(node.parent, nodes.FixedTextElement):
                node.parent.replace(node, nodes.Text(unbroken(node)))


class Links(SphinxTransform):
    """Links to what is no page of the manual: the page of results, and folders."""

    default_priority = 400

    def apply(self) -> None:
        """Change them."""
        here = Path(self.env.doc2path(self.env.docname)).parent
        for node in list(self.document.findall(addnodes.download_reference)):
            if (here / node["reftarget"]).resolve() == ROOT / "docs" / "page.html":
                up = os.path.relpath(ROOT, here)
                link = nodes.reference(refuri=f"{up}/page.html", internal=False)
                link += node.children
                node.replace_self(link)
        for node in list(self.document.findall(addnodes.pending_xref)):
            folder = (here / node["reftarget"]).resolve()
            if node["reftype"] != "myst" or node.get("refdomain") or not folder.is_dir():
                continue
            if folder == ROOT / "examples":
                node["refdomain"], node["reftarget"] = "doc", "docs/gallery"
                node["reftargetid"] = None
            elif url := SITE.get("Repository"):
                link = nodes.reference(refuri=f"{url}/tree/HEAD/{folder.relative_to(ROOT)}")
                link += node.children
                node.replace_self(link)
            else:
                node.replace_self(node.children)


def skip(app, kind, name, thing, skipped, options):
    """Leave out what only says that it is the field of a tuple: its class says more."""
    return True if type(thing).__name__ == "_tuplegetter" else None


def setup(app) -> None:
    """Tell Sphinx of them."""
    app.connect("autodoc-skip-member", skip)
    app.connect("source-read", complete)
    app.add_source_parser(Code)
    app.add_transform(Links)
    app.add_transform(Numbers)
