"""The page in a browser: what a person does with it, and what the networks in it say."""

import base64
import json
from pathlib import Path

import numpy as np
import pytest
from browsers import NARROW, WIDE, browser, held, needs_browser
from conftest import ROOT, needs_mnist
from PIL import Image, ImageDraw

from keras_mnist.base.errors import DataError
from keras_mnist.data import find_data
from keras_mnist.documents import document_named, documents
from keras_mnist.serving.classifier import load_classifier
from keras_mnist.serving.images import to_mnist_form
from keras_mnist.serving.shelf import find_network
from keras_mnist.site.content import content
from keras_mnist.site.document import document, write_page

pytestmark = needs_browser
webdriver = pytest.importorskip("selenium.webdriver")
Select = pytest.importorskip("selenium.webdriver.support.select").Select
Wait = pytest.importorskip("selenium.webdriver.support.wait").WebDriverWait
NETWORKS = ("lenet5_reg", "mlp_64")  # in the order of the page


class Reader:
    """A person with a browser of her own, who has the page open."""

    def __init__(self, driver, path: Path):
        self.driver, self.url = driver, path.as_uri()

    def opens(self, size=WIDE, scheme="light", anchor=""):
        held(self.driver, size, scheme)
        self.driver.get("about:blank")
        for kind in ("browser", "performance"):
            self.driver.get_log(kind)
        self.driver.get(self.url + anchor)
        # A busy machine's driver may come back while the page is still loading.
        Wait(self.driver, 30).until(lambda _: self.has_loaded())
        return self

    def has_loaded(self) -> bool:
        return self.asks("document.readyState === 'complete' && location.protocol === 'file:'")

    def tool(self, name, **arguments):
        return self.driver.execute_cdp_cmd(name, arguments)

    def asks(self, script, *arguments):
        return self.driver.execute_script(f"return {script}", *arguments)

    def sees(self, selector) -> list:
        # In one step: to ask the driver of each of hundreds takes long.
        there = "[...document.querySelectorAll(arguments[0])].filter((e) => e.checkVisibility())"
        return self.asks(there, selector)

    def clicks(self, selector):
        (element,) = self.sees(selector)
        self.asks("arguments[0].scrollIntoView({block: 'center'})", element)
        element.click()

    def chooses(self, selector, value):
        select = Select(self.driver.find_element("css selector", selector))
        select.select_by_value(value)

    def types(self, *keys):
        webdriver.ActionChains(self.driver).send_keys(*keys).perform()

    def draws(self, *strokes):
        """Move the pointer over the pad; points are shares of its side."""
        pad = self.driver.find_element("id", "pad")
        self.asks("arguments[0].scrollIntoView({block: 'center'})", pad)
        actions = webdriver.ActionChains(self.driver, duration=20)
        for stroke in strokes:
            places = [(round(280 * (x - 0.5)), round(280 * (y - 0.5))) for x, y in stroke]
            actions.move_to_element_with_offset(pad, *places[0]).click_and_hold()
            for place in places[1:]:
                actions.move_to_element_with_offset(pad, *place)
            actions.release()
        actions.perform()
        self.waits()

    def waits(self):
        """Until the page has answered, which it does with the next frame."""
        frames = "requestAnimationFrame(() => requestAnimationFrame(arguments[0]))"
        self.driver.execute_async_script(frames)

    def is_told(self) -> str:
        return self.driver.find_element("id", "said").text


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    page = content(ROOT / "results" / "runs", ROOT / "results" / "search")
    return write_page(page, tmp_path_factory.mktemp("page") / "page.html")


@pytest.fixture(scope="module")
def driver():
    with browser() as started:
        yield started


@pytest.fixture
def reader(driver, made) -> Reader:
    return Reader(driver, made)


def rows(reader) -> list:
    return reader.sees("#claims-table tbody tr:not(.detail)")


def all_claims() -> int:
    return sum(len(document.claims) for document in documents())


def there(reader, selector: str) -> int:
    """How many rows of claims are such, shown or not."""
    return reader.asks(f"document.querySelectorAll('#claims-table tbody tr{selector}').length")


@pytest.fixture(scope="module")
def hers_made(tmp_path_factory) -> Path:
    """A page of nothing but a person's own studies, one of them with a name that is long."""
    from test_own_page import WINE, WOBBLE, own, runs, stored

    long = {"name": "a_network_of_a_person_s_own_with_a_very_long_name.py:" + "function" * 6}
    made = [*runs(own()), *runs(own(batchnorm=False), plus=-0.05), *runs(own(width=8), plus=WOBBLE)]
    made += runs(own(batchnorm=False, width=8, dropout=0.0), plus=(-0.01, 0.01, 0.0))
    made += [r for w in (32, 8) for r in runs(own(**long, layer="layer" * 9, width=w), WINE)]
    folder = tmp_path_factory.mktemp("hers")
    return write_page(content(stored(folder / "runs", made)), folder / "page.html")


@pytest.fixture
def hers(driver, hers_made) -> Reader:
    return Reader(driver, hers_made)


BOTH = pytest.mark.parametrize("whose", ["reader", "hers"])


@BOTH
@pytest.mark.parametrize("size", [WIDE, NARROW])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_opens_quietly_and_fits(size, scheme, whose, request):
    reader = request.getfixturevalue(whose).opens(size, scheme)
    dark = reader.asks("getComputedStyle(document.body).backgroundColor") == "rgb(20, 23, 26)"
    assert dark == (scheme == "dark")
    assert reader.asks("document.documentElement.scrollWidth") <= size[0]
    assert (
        reader.asks("[...document.querySelectorAll('.plot')].filter(p => !p.firstChild).length")
        == 0
    )
    reader.asks(
        "document.querySelectorAll('section').forEach(s => { s.scrollIntoView();"
        "s.querySelectorAll('details').forEach(d => d.open = true) })"
    )
    assert reader.asks("document.documentElement.scrollWidth") <= size[0], "all opened"
    assert reader.driver.get_log("browser") == [], "no error, no warning"
    assert reader.asks(BEYOND) == [], "labels that are cut"
    asked = [
        json.loads(entry["message"])["message"] for entry in reader.driver.get_log("performance")
    ]
    urls = {
        a["params"]["request"]["url"] for a in asked if a["method"] == "Network.requestWillBeSent"
    }
    assert {url for url in urls if not url.startswith("data:")} <= {reader.url, "about:blank"}


BEYOND = """[...document.querySelectorAll('.plot svg text')].filter((e) => {
  const [box, of] = [e, e.ownerSVGElement].map((one) => one.getBoundingClientRect());
  return box.width && (box.left < of.left - 1 || box.right > of.right + 1);
}).map((e) => e.textContent)"""
CONTRAST = """(() => {
  const parse = (text) => text.match(/[\\d.]+/g).map(Number);
  const lightness = ([r, g, b]) => [r, g, b].map((c) => c / 255)
    .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (e) => {
    for (; e; e = e.parentElement) {
      const colour = parse(getComputedStyle(e).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
  };
  const poor = {};
  for (const e of document.querySelectorAll('main *, nav *, footer *')) {
    const written = [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    if (!written || !e.getClientRects().length || e.closest('.bar')) continue;
    const inside = e.namespaceURI.includes('svg');
    const ink = parse(getComputedStyle(e)[inside ? 'fill' : 'color']);
    const [a, b] = [lightness(ink), lightness(ground(e))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) poor[`${e.tagName}.${e.getAttribute('class')}`] = ratio.toFixed(2);
  }
  return poor;
})()"""


@BOTH
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(scheme, whose, request):
    reader = request.getfixturevalue(whose).opens(scheme=scheme)
    assert reader.asks(CONTRAST) == {}


def test_nothing_jumps_while_the_page_loads(reader):
    reader.opens()
    script = """const done = arguments[0]; let sum = 0;
      new PerformanceObserver((list) => { for (const e of list.getEntries()) sum += e.value; })
        .observe({type: 'layout-shift', buffered: true});
      setTimeout(() => done(sum), 1000);"""
    assert reader.driver.execute_async_script(script) < 0.02


def test_claims_are_found_filtered_and_sorted(reader):
    reader.opens()
    count = reader.driver.find_element("id", "claim-count")
    blog, whole = '[data-source="mlp_ablation"]', all_claims()
    assert count.text == f"{whole} claims" and len(rows(reader)) == 25
    reader.chooses("#claim-source", "mlp_ablation")
    its = len(document_named("mlp_ablation").claims)
    assert count.text == f"{its} of {whole} claims"
    reader.chooses("#claim-verdict", "not reproduced")
    differ = there(reader, f'{blog}[data-verdict="not reproduced"]')
    assert count.text == f"{differ} of {whole} claims" and 0 < differ < its
    assert {row.get_attribute("data-verdict") for row in rows(reader)} == {"not reproduced"}
    reader.chooses("#claim-verdict", "agrees")
    agree = there(reader, f'{blog}[data-standing="agrees"]')
    assert count.text == f"{agree} of {whole} claims" and differ < agree < its
    reader.clicks("#claim-reset")
    reader.driver.find_element("id", "claim-search").send_keys("Width validation 2048")
    assert [r.get_attribute("data-id").split("/")[1] for r in rows(reader)] == 2 * ["width-2048"]
    reader.clicks("#claim-reset")
    reader.chooses("#claim-source", "mlp_ablation")
    for direction, sign in (("ascending", 1), ("descending", -1)):
        reader.clicks("#claims-table th.published button")
        assert reader.sees(f'#claims-table th.published[aria-sort="{direction}"]')
        shown = [r.get_attribute("data-published") for r in rows(reader)]
        numbers = [sign * float(text) for text in shown if text != "stated"]
        assert numbers == sorted(numbers) and len(numbers) > 5
    reader.clicks("#claim-more")
    assert len(rows(reader)) == its


def test_a_row_opens_to_its_runs_and_what_repeats_it(reader):
    reader.opens(anchor="#claim/mlp_ablation/width-2048/val_loss")
    (detail,) = reader.sees("tr.detail")
    assert "outside the prediction interval" in detail.text
    assert len(reader.sees(".detail circle.dot")) >= 2 * 5, (
        "our runs, described and under a reading"
    )
    assert reader.sees(".detail rect.band") and reader.sees(".detail path.line")
    assert "validation loss (nats)" in detail.text and "epoch" in detail.text
    reader.clicks(".detail details:first-of-type summary")
    code = [e.text for e in reader.sees(".detail code")]
    assert code[0] == "keras-mnist reproduce --only mlp_ablation/width-2048/val_loss"
    blog = document_named("mlp_ablation")
    assert json.loads(code[1]) == json.loads(json.dumps(blog.experiment("width 2048").to_dict()))
    reader.tool(
        "Browser.grantPermissions", permissions=["clipboardReadWrite", "clipboardSanitizedWrite"]
    )
    reader.asks("document.querySelector('.detail .copy').scrollIntoView({block: 'center'})")
    reader.sees(".detail .copy")[0].click()
    Wait(reader.driver, 20).until(lambda _: reader.sees(".detail .said")[0].text == "copied")
    paste = "navigator.clipboard.readText().then(arguments[0], (e) => arguments[0](String(e)))"
    assert reader.driver.execute_async_script(paste) == code[0]
    reader.clicks('#claims-table button[aria-expanded="true"]')
    assert not reader.sees("tr.detail")


BROKEN = """[...document.querySelectorAll('svg *')]
  .filter((e) => [...e.attributes].some((a) => /NaN|undefined|null/.test(a.value)))
  .map((e) => e.outerHTML.slice(0, 200))"""


def test_every_row_opens(reader):
    reader.opens()
    opened = reader.asks(
        """(() => {
      const buttons = document.querySelectorAll('#claims-table tbody button[aria-expanded]');
      buttons.forEach((button) => button.click());
      return document.querySelectorAll('tr.detail').length; })()"""
    )
    assert opened == all_claims()
    assert reader.asks(BROKEN) == []
    assert reader.driver.get_log("browser") == []


def test_every_effect_of_a_person_s_own_studies_is_drawn(hers):
    hers.opens()
    studies = hers.asks("document.querySelectorAll('[data-part=\"study\"] option').length")
    assert studies == 2
    for study in range(studies):
        hers.chooses('[data-part="study"]', str(study))
        metrics = hers.asks(
            "[...document.querySelectorAll('[data-part=\"metric\"] option')].map((e) => e.value)"
        )
        assert metrics == ["test_accuracy", "gap", "test_loss"]
        for metric in metrics:
            hers.chooses('[data-part="metric"]', metric)
            assert hers.sees('[data-part="forest"] circle')
            assert len(hers.sees('[data-part="accuracy"] path.line')) == 4
            assert hers.asks(BROKEN) == []
    assert hers.driver.get_log("browser") == []


def test_a_score_card_leads_to_its_claim(reader):
    reader.opens()
    reader.clicks('.matrix a[href="#claim/mlp_ablation/sgd/test_accuracy"]')
    assert "93.34" in reader.sees("tr.detail")[0].text
    assert reader.asks("document.activeElement.textContent") == "sgd: test accuracy %"


def test_ablations_compare_any_two(reader):
    reader.opens()
    told = reader.driver.find_element("css selector", '[data-part="told"]')
    assert told.text == (
        "width 64 against baseline, test accuracy, paired by seed: lower by 1.03 pp [0.90, 1.16] "
        "(allows for all pairs)."
    )
    names = reader.asks(
        "[...document.querySelectorAll('[data-part=\"first\"] option')].map((e) => e.text)"
    )
    place = {name: str(names.index(name)) for name in ("no relu", "sgd")}
    reader.chooses('[data-part="second"]', place["no relu"])
    reader.chooses('[data-part="first"]', place["sgd"])
    assert "sgd against no relu, test accuracy, paired by seed: higher by 2.01 pp" in told.text
    assert len(reader.sees('[data-part="accuracy"] path.line')) == 4
    reader.chooses('[data-part="metric"]', "gap")
    assert told.text.startswith("sgd against no relu, gap")
    assert "effect on gap (nats)" in reader.sees('[data-part="forest"]')[0].text
    studies = reader.driver.find_elements("css selector", '[data-part="study"] option')
    for number in range(len(studies)):
        reader.chooses('[data-part="study"]', str(number))
        assert reader.sees('[data-part="forest"] circle'), studies[number].text
    assert reader.driver.get_log("browser") == []


def test_the_page_works_by_keyboard(reader):
    keys = webdriver.Keys
    reader.opens()
    reader.types(keys.TAB)
    assert reader.asks("document.activeElement.className") == "skip"
    reader.asks("document.querySelector('#claims-table tbody button').focus()")
    reader.types(keys.ENTER)
    assert len(reader.sees("tr.detail")) == 1
    reader.types(keys.SPACE)
    assert not reader.sees("tr.detail")
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert reader.asks(outline) == "solid", "where one is can be seen"
    reader.asks("document.querySelector('#pad').focus()")
    for digit in "0123456789":
        reader.types(digit)
        reader.waits()
        assert f"LeNet5_Reg: {digit} " in reader.is_told()
    reader.types(keys.DELETE)
    reader.waits()
    assert reader.is_told() == "Draw a digit."
    reader.types(*8 * [keys.ARROW_UP], keys.SPACE, *16 * [keys.ARROW_DOWN])
    reader.waits()
    assert reader.is_told().startswith("LeNet5_Reg: 1 ")


ONE = [[(0.5, 0.15), (0.5, 0.5), (0.5, 0.85)]]
SEVEN = [[(0.25, 0.2), (0.75, 0.2), (0.6, 0.5), (0.45, 0.85)]]
FOUR = [[(0.3, 0.15), (0.25, 0.55), (0.75, 0.55)], [(0.62, 0.2), (0.62, 0.9)]]


@pytest.mark.parametrize("digit, strokes", [(1, ONE), (7, SEVEN), (4, FOUR)])
@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_a_drawn_digit_is_read(digit, strokes, size, reader):
    reader.opens(size)
    reader.clicks("#clear")
    reader.draws(*strokes)
    assert reader.is_told().startswith(f"LeNet5_Reg: {digit} (")
    (best,) = reader.sees('[data-network="0"] .best')
    assert best.text.split()[0] == str(digit)
    answered = reader.asks("[...document.querySelector('#draw').answered.image]")
    image = np.array(answered, np.uint8).reshape(1, 28, 28)
    shown = reader.asks(
        "[...document.querySelectorAll('[data-network] .percent')].map(e => e.textContent)"
    )
    said = [load_classifier(find_network(name), "saved_model")(image)[0] for name in NETWORKS]
    assert shown == [f"{100 * p:.1f} %" for p in np.concatenate(said)]


def test_a_finger_draws(reader):
    reader.opens(NARROW)
    reader.clicks("#clear")
    reader.asks("document.querySelector('#pad').scrollIntoView({block: 'center'})")
    box = reader.asks("document.querySelector('#pad').getBoundingClientRect().toJSON()")
    left, top = box["left"], box["top"]
    points = [{"x": left + 280 * x, "y": top + 280 * y} for x, y in ONE[0]]
    reader.tool("Input.dispatchTouchEvent", type="touchStart", touchPoints=points[:1])
    for point in points[1:]:
        reader.tool("Input.dispatchTouchEvent", type="touchMove", touchPoints=[point])
    reader.tool("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])
    reader.waits()
    assert reader.is_told().startswith("LeNet5_Reg: 1 (")


ASK = """(() => {
  const bytes = Uint8Array.from(atob(arguments[1]), (c) => c.charCodeAt(0));
  const { ask } = document.querySelector('#draw').inside.networks[arguments[0]];
  const answers = [];
  for (let i = 0; i < bytes.length; i += 784) answers.push([...ask(bytes.subarray(i, i + 784))]);
  return answers; })()"""


@needs_mnist
@pytest.mark.parametrize("name", NETWORKS)
def test_the_networks_in_the_page_say_what_the_saved_models_say(name, reader):
    images = find_data("mnist").x_test[:1000]
    reader.opens()
    packed = base64.b64encode(images.tobytes()).decode()
    said = np.array(reader.asks(ASK, NETWORKS.index(name), packed))
    expected = load_classifier(find_network(name), "saved_model")(images)
    assert said.shape == (1000, 10)
    np.testing.assert_array_equal(said.argmax(1), expected.argmax(1))
    np.testing.assert_allclose(said, expected, atol=1e-4)


FORM = """[...document.querySelector('#draw').inside.mnistForm(
  {width: arguments[0], height: arguments[1], levels: arguments[2]}) ?? []]"""


def pictures():
    """Pictures drawn with pens of many widths, some with specks, none at the edge."""
    random = np.random.default_rng(3)
    for number in range(40):
        width, height = (int(n) for n in random.integers(20, 300, 2))
        picture = Image.new("L", (4 * width, 4 * height))
        pen = ImageDraw.Draw(picture)
        corners = [tuple(random.uniform(0.2, 0.8, 2) * picture.size) for _ in range(5)]
        thick = max(4, int(random.uniform(0.01, 0.15) * min(picture.size)))
        pen.line(corners, int(random.integers(50, 256)), thick, "curve")
        if number % 3 == 0:
            x, y = random.uniform(0.1, 0.8, 2) * picture.size
            pen.ellipse((x, y, x + 9, y + 9), 200)
        yield np.asarray(picture.resize((width, height), Image.Resampling.BOX), np.float32)


def test_drawings_are_brought_to_the_form_that_python_brings_them_to(reader):
    reader.opens()
    for picture in pictures():
        height, width = picture.shape
        seen = np.array(reader.asks(FORM, width, height, picture.ravel().tolist()))
        try:
            expected = to_mnist_form(picture).ravel()
        except DataError:  # the stroke is too faint beside a speck, or too wide for a digit
            assert seen.size == 0
            continue
        assert np.abs(seen - expected).max() <= 1, picture.shape
    assert reader.asks(FORM, 28, 28, [0] * 784) == []


def test_what_is_drawn_on_the_pad_is_seen_as_python_would_see_it(reader):
    reader.opens()
    reader.clicks("#clear")
    reader.draws(*FOUR)
    picture = reader.asks("document.querySelector('#draw').inside.picture().levels")
    drawn = np.array(picture, np.float32).reshape(280, 280)
    seen = np.array(reader.asks("[...document.querySelector('#draw').answered.image]"))
    assert np.abs(seen - to_mnist_form(drawn).ravel()).max() <= 1


def test_html_in_records_is_shown_as_text(driver, tmp_path):
    from test_page import HTML, MNIST, record, stored

    data = {"name": HTML, "digest": HTML, "canonical": False}
    odd = {"environment": {HTML: HTML}, "created": HTML, "weights_sha256": HTML}
    records = [
        record(seed=0, data=data | {}, **odd),
        record(seed=1, data=data, **odd),
        record(record().experiment.change(width=64), 0, data, **odd),
        record(record().experiment.change(width=64), 1, data, **odd),
        record(seed=2, data=MNIST, status="failed", reason=HTML, **odd),
        record(seed=0, data=MNIST, **odd),
    ]
    (tmp_path / "page.html").write_text(document(content(stored(tmp_path / "runs", records))))
    reader = Reader(driver, tmp_path / "page.html").opens()
    assert reader.asks("document.querySelectorAll('img, main script').length") == 0
    assert HTML in reader.asks("document.querySelector('#method').textContent")
    reader.asks("document.querySelectorAll('#claims-table tbody button').forEach(b => b.click())")
    assert reader.asks("document.querySelectorAll('img').length") == 0
    assert reader.driver.get_log("browser") == []


def test_print_is_paper(reader):
    reader.opens(scheme="dark")
    reader.tool(
        "Emulation.setEmulatedMedia",
        media="print",
        features=[{"name": "prefers-color-scheme", "value": "dark"}],
    )
    assert reader.asks("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not reader.sees("nav") and not reader.sees("#pad") and not reader.sees(".controls")
    assert len(rows(reader)) == all_claims(), "all of them, whatever the screen shows at first"
    assert base64.b64decode(reader.tool("Page.printToPDF")["data"])[:5] == b"%PDF-"
