"""A record torn at every byte: cut there, or nothing but zeros from there on."""

import random

import pytest
import studies
from counts import Counts
from fuzz_targets import RESULTS
from studies import FEW, Study, Watch

from keras_mnist.runs import Store


def torn(whole: bytes, offset: int, zeros: bool) -> bytes:
    """Return a file cut at a byte, or as some file systems leave it when the power fails."""
    return whole[:offset] + bytes(len(whole) - offset if zeros else 0)


@pytest.mark.parametrize("zeros", [False, True], ids=["cut", "zeros"])
def test_a_real_record_torn_at_every_byte(zeros, tmp_path, request):
    record = next(Store(RESULTS).records())
    run = record.experiment, record.data["digest"], record.seed
    store, counts = (
        Store(tmp_path),
        Counts(
            f"a record {'full of zeros from' if zeros else 'cut at'} every byte on",
            request.config.getoption("--counts"),
        ),
    )
    path = store.save(record)
    whole = path.read_bytes()
    # Without its last byte, a line feed, the record is all there.
    for offset in range(len(whole) - (1 if not zeros else 0)):
        content = torn(whole, offset, zeros)
        path.write_bytes(content)
        assert store.load(*run) is None
        (aside,) = path.parent.iterdir()
        assert aside.read_bytes() == content
        aside.unlink()
        counts.add("offsets")
        counts.add("set aside whole and told")
    assert len(store.set_aside) == counts.numbers["offsets"]
    store.save(record)
    assert store.load(*run) == record
    counts.finish()


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_a_command_on_torn_records(tmp_path, request):
    option = request.config.getoption
    numbers = random.Random(option("--fault-seed"))
    reference = studies.reference(FEW)
    counts = Counts("torn records, through the command", option("--counts"))
    for number in range(3):
        study, command = Study.drawn(numbers, FEW), studies.in_folder(tmp_path / str(number))
        runs = command.folder / "runs"
        assert command(*study.arguments).returncode == 0
        kept = {}
        for path in sorted(studies.records(runs))[: numbers.randint(1, study.runs)]:
            whole = path.read_bytes()
            kept[path] = torn(whole, numbers.randrange(len(whole) - 1), numbers.random() < 0.5)
            path.write_bytes(kept[path])
        watch = Watch(runs)
        assert watch.look() == study.runs - len(kept)
        code, said = studies.ended(command.start(*study.arguments))
        assert code == 0, said
        assert studies.counted(said)["trained"] == len(kept)
        for path, content in kept.items():
            aside = path.with_name(f"{path.stem}.set-aside-1")
            assert aside.read_bytes() == content
            assert str(path.relative_to(command.folder)) in said
            aside.unlink()
            counts.add("records torn, told, set aside and trained again")
        studies.conclude(study, command, counts, reference, watch)
        counts.save()
    counts.finish()
