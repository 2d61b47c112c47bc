"""Two drivers on one store, both to the end, or one of them killed."""

import random
import shutil
import time

import living
import pytest
import studies
from counts import Counts
from studies import FEW, Study

LEFT = "partial files left of records that the other driver had stored"


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_two_drivers_on_one_store(tmp_path, request):
    option = request.config.getoption
    numbers = random.Random(option("--fault-seed"))
    reference = studies.reference(FEW)
    counts = Counts("two drivers on one store", option("--counts"))
    for name in ("pairs", "one of them killed", LEFT, "ended well"):
        counts.add(name, 0)
    for number in range(4):
        study, command = Study.drawn(numbers, FEW), studies.in_folder(tmp_path / str(number))
        runs = command.folder / "runs"
        both = [command.start(*study.arguments, "--out", f"studies/{i}") for i in range(2)]
        counts.add("pairs")
        if number % 2:
            while not studies.partials(runs) and all(driver.poll() is None for driver in both):
                time.sleep(0.0002)
            time.sleep(numbers.choice((0, numbers.uniform(0, 2))))
            victim = numbers.choice(both)
            family = living.family(victim.pid)
            if living.kill(victim.pid):
                counts.add("one of them killed")
                both.remove(victim)
                studies.ended(victim)
                assert living.gone(family)
        for driver in both:
            code, said = studies.ended(driver)
            assert code == 0, said
            assert studies.counted(said)["failed"] == 0
            counts.add("ended well")
        partials = studies.partials(runs)
        counts.add(LEFT, len(partials))
        for partial in partials:
            shutil.rmtree(partial)
        studies.conclude(study, command, counts, reference)
        counts.save()
    counts.finish()
