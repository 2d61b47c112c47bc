"""A browser for tests: Debian's chromium, of whatever width, in the light or the dark."""

import contextlib
import shutil
import tempfile

import pytest

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
needs_browser = pytest.mark.skipif(
    not (CHROMIUM and DRIVER), reason="Debian's chromium and chromium-driver are not installed"
)
FLAGS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--disable-dev-shm-usage", "--hide-scrollbars"),
)
WIDE, NARROW = (1280, 900), (390, 844)


@contextlib.contextmanager
def browser():
    """Start one, with a profile of its own."""
    from selenium import webdriver

    with tempfile.TemporaryDirectory() as profile:
        options = webdriver.ChromeOptions()
        options.binary_location = CHROMIUM
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        # The driver's path is given, so that nothing is looked for on the network.
        service = webdriver.ChromeService(DRIVER)
        started = webdriver.Chrome(options=options, service=service)
        yield started
        started.quit()


def held(driver, size=WIDE, scheme="light") -> None:
    """Give it a size, that of a phone too, and the reader's wish for light or dark."""
    width, height = size
    narrow = width < 600
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": narrow}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    feature = {"name": "prefers-color-scheme", "value": scheme}
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature], "media": ""})
