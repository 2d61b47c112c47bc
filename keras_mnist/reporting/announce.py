"""What is said before anything is trained: the data, the runs, the time."""

from keras_mnist.execution.plan import Plan
from keras_mnist.reporting import wording


def announce(plan: Plan, what: str, console) -> None:
    """Print which data was found and where, how many runs are stored, and the estimate.

    Args:
        what: what the runs are made of: `the baseline and 1 variant, 5 seeds each`.
    """
    dataset = plan.dataset
    where = f", from {dataset.path}" if dataset.path else ""
    kind = "canonical MNIST" if dataset.canonical else dataset.name
    lines = [f"data: {kind}{where} (digest {dataset.digest[:12]})"]
    if dataset.note:
        lines.append(f"note: {dataset.note}")
    total = len(plan.stored) + len(plan.missing)
    runs = f"runs: {total} ({what}), {len(plan.stored)} stored"
    if plan.missing:
        jobs = wording.count(plan.jobs, "worker")
        runs += f", {len(plan.missing)} to train"
        time = f"time: about {wording.duration(plan.seconds)} with {jobs}"
        lines += [runs, time]
    else:
        lines.append(runs)
    lines += [f"note: {message}" for message in plan.store.set_aside]
    for line in lines:
        console.print(line, markup=False, highlight=False, soft_wrap=True)
