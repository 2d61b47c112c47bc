"""Benchmarks that no peer is needed for: what they rest on changes, and nobody runs them daily."""

import subprocess
import sys
from pathlib import Path

from conftest import needs_mnist

SCALE = Path(__file__).parents[1] / "benchmarks" / "scale.py"
PARTS = ("plan, nothing stored", "driver", "plan, all stored", "tables and figures", "report")


@needs_mnist
def test_driver_plan_and_report_can_be_measured_without_training(tmp_path):
    line = [sys.executable, str(SCALE), "20", "--folder", str(tmp_path)]
    done = subprocess.run(line, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert all(f"│ {part} " in done.stdout for part in PARTS)
    assert len(list(tmp_path.glob("20/runs/*/seed-*.json"))) == 20
