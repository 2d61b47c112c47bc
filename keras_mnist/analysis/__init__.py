"""Statistics of runs: pure functions of numbers."""
