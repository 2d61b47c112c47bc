"""The manual: the repository's own pages as a site, by Sphinx. How it is built: CONTRIBUTING.md.

Not to be confused with `keras_mnist/site`, which makes the one page of results, `page.html`.

The source is the whole repository, so pages link to one another here as they do there; which of
its files are pages, and in which order, is read from the README.
"""

import os
import re
import sys
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.parsers import Parser
from sphinx.transforms import SphinxTransform

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import keras_mnist  # noqa: E402
from keras_mnist.reporting.markup import SPACE  # noqa: E402
from keras_mnist.reporting.unbroken import unbroken  # noqa: E402

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

# The contents: what the README's last table names, in its order.
NAMED = re.findall(
    r"^\| \[\S+\]\((\S+)\.(?:md|ipynb)\)", (ROOT / "README.md").read_text(), re.MULTILINE
)
CONTENTS = {
    "Pages": [page for page in NAMED if page.startswith("docs/")],
    "Names": ["docs/reference/index"],
    "The project": [*(p for p in NAMED if not p.startswith("docs/")), "benchmarks/README"],
}
TREE = """

```{{toctree}}
:hidden:
:caption: {caption}

{pages}
```
"""


def complete(app, docname: str, source: list[str]) -> None:
    """Give a page what only the site needs: contents, a title, word that it is in no contents."""
    if docname == root_doc:
        for caption, pages in CONTENTS.items():
            source[0] += TREE.format(caption=caption, pages="\n".join(f"/{p}" for p in pages))
    elif not any(docname in pages for pages in CONTENTS.values()):
        app.env.metadata[docname]["orphan"] = True
    if docname == "docs/claims":
        source[0] = f"# Claims\n\n{source[0]}"


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
                node.parent.replace(node, nodes.Text(unbroken(node, SPACE)))


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
