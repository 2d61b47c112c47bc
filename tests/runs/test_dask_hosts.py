"""Runs over hosts of their own: network namespaces with nothing in common but a wire."""

import os
import shutil
import subprocess

import pytest

pytest.importorskip("distributed", reason="needs the extra .[dask]")
from clusters import Cluster, wait_until
from conftest import LONGER
from stores import contents


class Hosts:
    """A head and hosts that it has a cable to each."""

    def __init__(self):
        self._made, self._cables = [], {}

    def build(self, *names: str):
        """Make them: 10.99.0.1 is the head, the others follow."""
        self._make("head")
        self._on("head", "link", "add", "bridge", "type", "bridge")
        self._wire("head", "bridge", 1)
        for number, name in enumerate(names, 2):
            self._make(name)
            cable = self._cables[name] = f"to-{number}"
            peer = ("peer", "name", cable, "netns", self._space("head"))
            self._on(name, "link", "add", "wire", "type", "veth", *peer)
            self._on("head", "link", "set", cable, "master", "bridge", "up")
            self._wire(name, "wire", number)

    def _space(self, name: str) -> str:
        return f"keras-mnist-{os.getpid()}-{name}"

    def _make(self, name: str):
        _run(["ip", "netns", "add", self._space(name)])
        self._made.append(name)
        self._on(name, "link", "set", "lo", "up")

    def _wire(self, name: str, device: str, number: int):
        self._on(name, "addr", "add", f"10.99.0.{number}/24", "dev", device)
        self._on(name, "link", "set", device, "up")

    def _on(self, name: str, *arguments: str):
        _run(["ip", "-n", self._space(name), *arguments])

    def inside(self, name: str, without=None) -> list[str]:
        """Return what, before a command, runs it on that host, a folder hidden from it."""
        found = ["ip", "netns", "exec", self._space(name)]
        if without:
            script = 'mount -t tmpfs none "$0" && cd "$0" && exec "$@"'
            found += ["unshare", "--mount", "sh", "-c", script, str(without)]
        return found

    def cut(self, name: str):
        """Cut a host's cable: what it sends and what is sent to it is lost in silence."""
        self._on("head", "link", "set", self._cables[name], "down")

    def end(self):
        for name in self._made:
            _run(["ip", "netns", "del", self._space(name)])


def _run(line: list[str]):
    done = subprocess.run(line, capture_output=True, text=True)
    if done.returncode:
        raise OSError(done.stderr.strip())


@pytest.fixture
def hosts(tmp_path):
    if not shutil.which("ip") or os.getuid():
        pytest.skip("network namespaces need root and iproute2")
    found = Hosts()
    try:
        try:
            found.build("one", "two")
            _run([*found.inside("one", without=tmp_path), "true"])
        except OSError as error:
            pytest.skip(f"no network namespaces here: {error}")
        yield found
    finally:
        found.end()


def test_hosts_that_share_no_disk_and_one_that_falls_silent(
    hosts, ablate, finished, tmp_path, monkeypatch
):
    """What the lost one had is done by the other, and the records are a single machine's."""
    monkeypatch.setenv("DASK_DISTRIBUTED__COMM__TIMEOUTS__TCP", "11s")  # Dask's least, not 30
    logs = tmp_path / "cluster"
    logs.mkdir()
    cluster = Cluster(logs, "10.99.0.1", hosts.inside("head"))
    heard = lambda what: what in cluster.log(cluster.scheduler)  # noqa: E731
    try:
        for name in ("one", "two"):
            # What the driver keeps is not there.
            cluster.start_worker(inside=hosts.inside(name, without=ablate.folder))
        for number in (2, 3):
            wait_until(lambda: heard(f"Register worker addr: tcp://10.99.0.{number}:"))  # noqa: B023
        line = hosts.inside("head") + ablate.line(*LONGER, "--executor", cluster.name)
        process = ablate.start_line(line)
        wait_until(lambda: list(ablate.folder.glob("runs/*/seed-*.json")))
        hosts.cut("one")
        _, told = process.communicate(timeout=120)
        assert process.returncode == 0, told
        assert "12 trained, 0 stored before, 0 failed" in told
        assert heard("Remove worker addr: tcp://10.99.0.2:")
        assert not heard("Remove worker addr: tcp://10.99.0.3:")
        assert contents(ablate.folder / "runs") == contents(finished / "runs")
    finally:
        cluster.end()
