"""Benchmarks that no peer is needed for: what they rest on changes, and nobody runs them daily."""

import subprocess
import sys
import time
from pathlib import Path

import bench_peers
import pytest
from conftest import needs_mnist

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
SCALE = BENCHMARKS / "scale.py"
PARTS = ("plan, nothing stored", "driver", "plan, all stored", "tables and figures", "report")
sys.path.append(str(BENCHMARKS))

import peers  # noqa: E402
import throughput  # noqa: E402
from cases import CASES  # noqa: E402
from equivalence import Unequal, compare  # noqa: E402
from measured import Measured  # noqa: E402
from plain_models import plain_network  # noqa: E402
from processes import Lost, answer  # noqa: E402
from products import products  # noqa: E402
from race import Race, best_settings  # noqa: E402
from reproduction import reproduction  # noqa: E402

PATIENCE = 60.0


@needs_mnist
def test_driver_plan_and_report_can_be_measured_without_training(tmp_path):
    line = [sys.executable, str(SCALE), "20", "--folder", str(tmp_path)]
    done = subprocess.run(line, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert all(f"│ {part} " in done.stdout for part in PARTS)
    assert len(list(tmp_path.glob("20/runs/*/seed-*.json"))) == 20


def setting(name: str, make, start=bench_peers.start, processes: int = 1) -> peers.Setting:
    return peers.Setting(name, start, make, 1, processes)


OWN = {
    peers.OURS: setting(peers.OURS, bench_peers.slow, processes=2),
    peers.FLOORS: setting(peers.FLOORS, bench_peers.rates, processes=2),
}
TURNS = ("mlp", None, 1, PATIENCE)


def test_a_process_that_dies_is_told_with_what_it_printed_and_how_it_ended():
    with pytest.raises(Lost, match=r"was ended by SIGSEGV\s+about to fall"):
        answer(bench_peers.crash, patience=PATIENCE)
    with pytest.raises(Lost, match=r"ended with exit code 3\s+no room"):
        answer(bench_peers.leave, patience=PATIENCE)


def test_a_silent_process_is_not_waited_for():
    begin = time.monotonic()
    with pytest.raises(Lost, match="said nothing for 1 s"):
        answer(bench_peers.sleep, patience=1)
    assert time.monotonic() - begin < 30


def test_a_contestant_that_dies_is_left_out_and_the_rest_goes_on():
    dying = setting("mortal", bench_peers.dies_in_its_second_turn, processes=2)
    race = Race(OWN, [dying, setting("steady", bench_peers.steady)], TURNS)
    try:
        rounds = race.rounds(3, 0.05)
    finally:
        race.close()
    assert list(race.left_out) == ["mortal"]
    assert "SIGSEGV" in race.left_out["mortal"]
    assert "the library gave up" in race.left_out["mortal"]
    assert len(rounds) == 3 and all("steady" in r["seconds"] for r in rounds)
    found = Measured(60_000, left_out=race.left_out, rounds=rounds)
    found.settings = {"Steady": ["steady"], "Mortal": ["mortal"]}
    assert found.seconds.keys() == {peers.OURS, "steady"}
    assert found.best == {"Steady": "steady"}
    # Two runs side by side in 0.2 s or a little more, of which each counts half.
    assert 0.1 <= found.full_seconds(peers.OURS) < 0.2
    assert min(found.ratios["best peer"]) > 1
    assert found.ratios["best peer"] == found.ratios["Steady"]
    floor, ours = 0.002 / 2, found.seconds[peers.OURS]
    assert found.ratios["tighter floor"] == pytest.approx([seconds / floor for seconds in ours])


def test_without_the_package_there_is_no_race():
    own = OWN | {peers.OURS: setting(peers.OURS, bench_peers.steady, start=bench_peers.missing)}
    with pytest.raises(Lost, match="keras_mnist ended with exit code 1"):
        Race(own, [], TURNS)


def test_a_setting_that_cannot_run_is_left_out_and_a_slow_one_is_not_raced():
    settings = [
        setting("slower", bench_peers.slower),
        setting("missing", bench_peers.steady, start=bench_peers.missing),
        setting("slow", bench_peers.slow),
    ]
    best, tried, left_out = best_settings(settings, TURNS)
    assert [one.name for one in best] == ["slow"]
    assert tried.keys() == {"slower", "slow"}
    assert tried["slow"] < tried["slower"]
    assert list(left_out) == ["missing"]
    assert "No module named 'a_framework_that_nobody_has'" in left_out["missing"]


def test_a_peer_that_is_not_installed_is_left_out_by_name(monkeypatch):
    monkeypatch.setattr(
        peers, "LIBRARIES", {"PyTorch": "a_framework_that_nobody_has", "fit": "sys"}
    )
    assert peers.absent(["PyTorch", "fit"]) == {"PyTorch": peers.MISSING}


def test_the_gate_tells_how_far_apart_contestants_are_and_who_died():
    takers = {"same": bench_peers.equal, "dead": bench_peers.crashes}
    found, left_out = compare("mlp", None, bench_peers.reference, takers, PATIENCE)
    assert found == {"same": 0.0}
    assert "SIGSEGV" in left_out["dead"]


@pytest.mark.parametrize("taker", [bench_peers.unequal, bench_peers.not_a_number])
def test_an_unequal_network_fails_the_gate(taker):
    with pytest.raises(Unequal, match="at most 1e-05"):
        compare("mlp", None, bench_peers.reference, {"other": taker}, PATIENCE)


def test_the_driver_loads_no_framework():
    loaded = "sys.modules.keys() & {'tensorflow', 'keras', 'torch', 'jax'}"
    line = [sys.executable, "-c", f"import sys, throughput; sys.exit(str({loaded} or '') or 0)"]
    done = subprocess.run(line, cwd=BENCHMARKS, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["mlp", "lenet5_reg", "conv1x1"])
def test_the_floor_counts_three_products_a_layer_but_for_the_images(name):
    experiment = CASES[name].experiment
    counted = sum(product.flop for product in products(plain_network(name), 10))
    first = experiment.sizes[0].multiply_adds
    assert counted == 2 * 10 * (3 * experiment.multiply_adds - first)


def measured(ours: float, theirs: float) -> Measured:
    seconds = {peers.OURS: ours, "PyTorch, one thread": theirs}
    floors = {"floor": 0.5, "tighter floor": 0.8}
    found = Measured(30_000, rounds=[{"kept": True, "seconds": seconds, **floors}])
    found.settings = {"PyTorch": ["PyTorch, one thread"]}
    return found


def test_figures_of_earlier_calls_are_summed_up(tmp_path):
    own = [name for name, case in CASES.items() if not case.ordinary]
    paths = [tmp_path / f"{name}.json" for name in own]
    for path, name in zip(paths, own, strict=True):
        throughput.write(path, {}, {name: measured(1.0, 4.0)}, {}, None)
    found = throughput.stored(paths)
    assert found == {name: measured(1.0, 4.0) for name in own}
    line = [sys.executable, str(BENCHMARKS / "throughput.py"), "--stored", *map(str, paths)]
    done = subprocess.run(line, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "ratio 0.250" in done.stdout and done.stdout.count("30,000") == len(own)


def test_what_reproduce_trains_is_summed_over_measured_networks():
    own = [name for name, case in CASES.items() if not case.ordinary]
    found = reproduction({name: measured(1.0, 4.0) for name in own})
    assert found["ratio"] == 0.25
    # Half of the images took a second.
    assert found[peers.OURS] == pytest.approx(2 * sum(found["run_epochs"].values()))
    assert found["run_epochs"].keys() == set(own)
    assert reproduction({name: measured(1.0, 4.0) for name in own[1:]}) is None


@pytest.mark.parametrize("name", CASES)
def test_every_network_has_data_and_settings(name, small):
    dataset = CASES[name].data(lambda: small, 60)
    assert len(dataset.x_train) == 60 and len(dataset.x_test) == 10
    assert dataset.shape == CASES[name].experiment.value("shape")
    settings = peers.peer_settings(name, 60, 2)
    assert settings.keys() == {"fit", "PyTorch"} | ({"JAX"} - {CASES[name].ordinary and "JAX"})
    names = [one.name for found in settings.values() for one in found]
    assert len(names) == len(set(names))
