"""The manual, README and docs/ as a site: built without a warning, whole, read without a net."""

import inspect
import re
import shlex
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest
from browsers import NARROW, WIDE, browser, held, needs_browser
from conftest import ROOT

import keras_mnist
from keras_mnist.analysis import effects, intervals

for package in ("sphinx", "furo", "myst_nb"):
    pytest.importorskip(package)

COMMAND = next(
    shlex.split(line)
    for line in (ROOT / "CONTRIBUTING.md").read_text().splitlines()
    if line.startswith("python -m sphinx ")
)


@pytest.fixture(scope="session")
def manual(once) -> Path:
    """The manual, built by the command that CONTRIBUTING gives."""

    def build(folder):
        command = [sys.executable, *COMMAND[1:-1], folder]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=250)
        said = f"{done.returncode}\n{done.stdout}{done.stderr}"
        (folder / "said.txt").write_text(said)

    return once("manual", build)


class Page(HTMLParser):
    """What a page names: its own anchors, and what it links to or loads."""

    def __init__(self, path: Path):
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.feed(path.read_text())

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.anchors |= {found[name] for name in ("id", "name") if found.get(name)}
        target = found.get("href") or found.get("src") or ""
        (self.links if tag == "a" else self.loaded).append(target)


@pytest.fixture(scope="module")
def pages(manual) -> dict[Path, Page]:
    written = [path for path in manual.rglob("*.html") if path.name != "page.html"]
    return {path: Page(path) for path in written}


def test_the_manual_is_built_without_a_warning(manual):
    assert "-W" in COMMAND, "a warning must fail it"
    assert (manual / "said.txt").read_text() == "0\n"


def test_every_page_of_the_repository_is_in_it_and_named_in_the_contents(manual, pages):
    sources = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"]
    sources += [*(ROOT / "docs").glob("*.md"), *(ROOT / "docs").glob("*.ipynb")]
    shown = {unquote(link) for link in pages[manual / "README.html"].links}
    for source in sources:
        name = source.relative_to(ROOT).with_suffix(".html").as_posix()
        assert (manual / name).exists()
        assert name in shown or source.name in ("README.md", "claims.md"), name


def test_links_and_pictures_are_there(manual, pages):
    checked = 0
    for path, page in pages.items():
        for target in (*page.links, *page.loaded):
            if re.match("https?:|mailto:|data:", target):
                continue
            file, _, anchor = unquote(target.partition("?")[0]).partition("#")
            there = (path.parent / file).resolve() if file else path
            assert there.exists(), f"{path.name}: {target}"
            assert manual.resolve() in there.parents or there == path, f"{path.name}: {target}"
            if anchor and there in pages:
                assert anchor in pages[there].anchors, f"{path.name}: {target}"
            checked += 1
    assert checked > 1000


def test_the_page_of_results_is_opened_not_downloaded(manual, pages):
    assert "./page.html" in pages[manual / "README.html"].links
    assert "../page.html" in pages[manual / "docs" / "documents.html"].links
    assert (manual / "page.html").read_bytes() == (ROOT / "docs" / "page.html").read_bytes()


def test_nothing_is_loaded_from_elsewhere(pages):
    for path, page in pages.items():
        assert not [t for t in page.loaded if re.match("(https?:)?//", t)], path.name


@pytest.mark.parametrize("module", [effects, intervals])
def test_public_names_have_their_docstrings(module, manual, pages):
    anchors = set().union(*(page.anchors for page in pages.values()))
    for name, thing in inspect.getmembers(module):
        if getattr(thing, "__module__", "") == module.__name__ and name[0] != "_":
            assert f"{module.__name__}.{name}" in anchors, name


def test_the_front_door_s_names_have_theirs(pages):
    anchors = set().union(*(page.anchors for page in pages.values()))
    for name in keras_mnist.__all__:
        thing = getattr(keras_mnist, name)
        home = getattr(thing, "__module__", None)
        known = {f"{home}.{name}", f"keras_mnist.{name}"}
        assert name == "__version__" or known & anchors, name


def test_the_gallery_has_every_example_its_picture_and_its_code(manual):
    text = (manual / "docs" / "gallery.html").read_text()
    examples = sorted((ROOT / "examples").glob("*.py"))
    assert text.count("<img ") == len(examples)
    for example in examples:
        assert f'href="../examples/{example.stem}.html"' in text
        code = re.sub("<[^>]*>", "", (manual / "examples" / f"{example.stem}.html").read_text())
        assert "def " in code and example.name in code


def test_no_interval_is_broken_in_two(manual):
    text = (manual / "README.html").read_text()
    assert "[0.47,\N{NO-BREAK SPACE}1.51]" in text
    assert not re.search(r"\[-?\d[\d.]*, -?\d[\d.]*\]", text)


@pytest.fixture(scope="module")
def driver():
    pytest.importorskip("selenium.webdriver")
    with browser() as started:
        yield started


@needs_browser
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_no_page_is_wider_than_its_window(driver, manual, pages, size):
    held(driver, size)
    for path in sorted(pages):
        if path.name == "index.html":
            continue
        driver.get(path.as_uri())
        width = driver.execute_script("return document.documentElement.scrollWidth")
        assert width <= size[0], path.relative_to(manual)


@needs_browser
def test_light_and_dark_as_the_reader_wishes(driver, manual):
    seen = {}
    for scheme in ("light", "dark"):
        held(driver, WIDE, scheme)
        driver.get((manual / "README.html").as_uri())
        script = "return getComputedStyle(document.body).backgroundColor"
        seen[scheme] = [int(v) for v in re.findall(r"\d+", driver.execute_script(script))[:3]]
    assert min(seen["light"]) > 200 and max(seen["dark"]) < 60


@needs_browser
def test_it_is_searched_without_a_server(driver, manual):
    from selenium.webdriver.support.wait import WebDriverWait

    driver.get((manual / "search.html").as_uri() + "?q=dropout")
    script = "return [...document.querySelectorAll('#search-results li a')].map((a) => a.href)"
    own = lambda d: [x for x in d.execute_script(script) if "docs/own.html" in x]  # noqa: E731
    assert WebDriverWait(driver, 30).until(own)
