"""How often answers are wrong, and how soon they come: studies of made-up differences.

Every variant is compared with one baseline, so that their differences hang together, as in a real
study. A study errs if one of its answers is wrong: a difference told where there is none, one of
the wrong sign, or "the same" of a difference as large as the margin.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np

from keras_mnist.analysis.answers import HIGHER, LOWER, NOT_TOLD, SAME, Question, tell
from keras_mnist.analysis.effects import holm
from keras_mnist.analysis.intervals import two_sided_p

SHAPES = ("normal", "skewed", "heavy")  # of a run's chance
VARIANTS = (1, 5, 13)
STEP = 0.5  # of the coarse values, in standard deviations


def noise(shape: str, size, chance) -> np.ndarray:
    """Return draws of mean 0 and standard deviation 1."""
    if shape == "normal":
        return chance.standard_normal(size)
    if shape == "skewed":  # exponential: skewness 2
        return chance.standard_exponential(size) - 1
    return chance.standard_t(3, size) / np.sqrt(3)  # heavy: no fourth moment


def differences(shape: str, shifts, studies: int, seeds: int, chance) -> np.ndarray:
    """Return variant minus baseline (studies, variants, seeds), `shifts` being their true means.

    A skewed variant has a baseline that is normal, so that the difference is skewed, too.
    """
    ours = noise(shape, (studies, len(shifts), seeds), chance)
    base = noise("normal" if shape == "skewed" else shape, (studies, 1, seeds), chance)
    return np.asarray(shifts)[:, None] + (ours - base) / np.sqrt(2)


def wrong(told, shifts, margin) -> np.ndarray:
    """Return whether each study has a wrong answer."""
    shifts, word = np.asarray(shifts), told.word
    bad = (word == HIGHER) & (shifts <= 0) | (word == LOWER) & (shifts >= 0)
    if margin is not None:
        bad |= (word == SAME) & (abs(shifts) >= margin)
    return bad.any(axis=-1)


def holm_wrong(values) -> np.ndarray:
    """Return whether each null study of a fixed number of seeds shows a p below 0.05 after Holm.

    As tables do: they say higher or lower just then.
    """
    n = values.shape[-1]
    t = abs(values.mean(-1)) / values.std(-1, ddof=1) * np.sqrt(n)
    return np.array([min(holm(list(p))) < 0.05 for p in two_sided_p(n - 1, t)])


def any_plain(values) -> np.ndarray:
    """Return whether each null study shows a difference by one of its variants' 95 % intervals."""
    n = values.shape[-1]
    t = abs(values.mean(-1)) / values.std(-1, ddof=1) * np.sqrt(n)
    return (two_sided_p(n - 1, t) < 0.05).any(axis=-1)


def errors(shape: str, variants: int, options, chance) -> dict:
    """Return the share of studies with a wrong answer, by mode."""
    at_most, margin, none = options.at_most, options.margin, [0.0] * variants
    null = differences(shape, none, options.studies, at_most, chance)
    edge = differences(shape, [margin] * variants, options.studies, at_most, chance)
    looks = Question.until_told(at_most).looks
    coarse = np.round(null / STEP) * STEP
    return {
        "5 seeds, an interval each": any_plain(null[..., :5]).mean(),
        "fixed, 3 seeds": holm_wrong(null[..., :3]).mean(),
        "fixed, 5 seeds": holm_wrong(null[..., :5]).mean(),
        f"fixed, {at_most} seeds": holm_wrong(null).mean(),
        "until told": wrong(tell(null, Question(looks), variants), none, None).mean(),
        "until told, coarse values": wrong(
            tell(coarse, Question(looks, step=STEP), variants), none, None
        ).mean(),
        "until told, margin": wrong(
            tell(null, Question(looks, "gap", margin), variants), none, margin
        ).mean(),
        "until told, at the margin": wrong(
            tell(edge, Question(looks, "gap", margin), variants), [margin] * variants, margin
        ).mean(),
    }


def course(shift: float, variants: int, options, chance) -> dict:
    """Return how soon a variant that differs by `shift` is told, and how often at all."""
    values = differences("normal", [shift] * variants, options.studies, options.at_most, chance)
    found = {}
    for name, question in (
        ("until told", Question.until_told(options.at_most)),
        (f"{options.at_most} at once", Question((options.at_most,))),
        ("until told, margin", Question.until_told(options.at_most, "gap", options.margin)),
    ):
        told = tell(values, question, variants)
        found[name] = {
            "told": float((told.word != NOT_TOLD).mean()),
            "seeds": float(told.seeds.mean()),
        }
    return found


def parser() -> argparse.ArgumentParser:
    """Return the command's parser."""
    top = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    top.add_argument("--studies", type=int, default=10_000, metavar="N", help="of each kind")
    top.add_argument("--at-most", type=int, default=20, metavar="N", help="seeds")
    top.add_argument(
        "--margin", type=float, default=1.0, metavar="X", help="in standard deviations of a pair"
    )
    top.add_argument("--seed", type=int, default=0, metavar="N", help="of the made-up studies")
    top.add_argument("--json", type=Path, metavar="PATH", help="write all figures")
    return top


def main() -> int:
    """Simulate, print and write the figures."""
    from rich.console import Console
    from rich.table import Table

    options = parser().parse_args()
    console, chance = Console(), np.random.default_rng(options.seed)
    found = {"errors": {}, "course": {}}
    table = Table("differences", "variants", title="studies with a wrong answer, %")
    for shape in SHAPES:
        for variants in VARIANTS:
            shares = errors(shape, variants, options, chance)
            found["errors"][f"{shape}, {variants}"] = shares
            if len(table.columns) == 2:
                for name in shares:
                    table.add_column(name, justify="right")
            table.add_row(shape, str(variants), *(f"{100 * s:.2f}" for s in shares.values()))
    console.print(table)
    table = Table("true difference", "variants", "mode", "told, %", "seeds, mean")
    for variants in VARIANTS:
        for shift in (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0):
            taken = course(shift, variants, options, chance)
            found["course"][f"{shift}, {variants}"] = taken
            for mode, figures in taken.items():
                row = f"{100 * figures['told']:.1f}", f"{figures['seeds']:.1f}"
                table.add_row(f"{shift:g} sd", str(variants), mode, *row)
    console.print(table)
    console.print(
        f"{options.studies:,} studies of each kind, at most {options.at_most} seeds, margin "
        f"{options.margin:g} standard deviations of a pair's difference."
    )
    if options.json:
        options.json.write_text(json.dumps(found, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
