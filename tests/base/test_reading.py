"""JSON that anybody may have written: no deeper than what reads it can follow."""

import pytest

from keras_mnist.base.reading import DEEPEST, parse_json


@pytest.mark.parametrize("begin, end", [("[", "]"), ('{"a": ', "}"), ('[{"b": ', "}]")])
def test_json_is_as_deep_as_it_may_be_and_no_deeper(begin, end):
    times = DEEPEST // sum(map(begin.count, "[{"))
    fits = begin * times + "1" + end * times
    assert parse_json(fits) == parse_json(fits.encode())
    for text in (f"[{fits}]", begin * 100_000, begin * 100_000 + "1" + end * 100_000):
        for form in (text, text.encode()):
            with pytest.raises(ValueError):
                parse_json(form)


@pytest.mark.parametrize("text", ["NaN", "-Infinity", "1e999", '{"a": [-1e999]}'])
def test_a_number_that_json_does_not_have_is_refused_unless_it_is_asked_for(text):
    with pytest.raises(ValueError, match="not finite"):
        parse_json(text)
    parse_json(text, float)


def test_wide_is_not_deep():
    assert parse_json("[" + "[],{}," * 10_000 + '"' + "[" * 1_000 + '"]')[-1] == "[" * 1_000
