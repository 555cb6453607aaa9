"""What fuzzing kept is harmless; what it starts from too."""

from __future__ import annotations

import pytest

from tests.fuzz.targets import TARGETS, kept, seeds
from tests.hostile import tried


@pytest.mark.parametrize("name", TARGETS)
def test_what_was_kept_and_what_fuzzing_starts_from(name: str) -> None:
    inputs = [*kept(name), *seeds()[name]]
    assert len(inputs) > len(seeds()[name]) > 0
    for data in inputs:
        TARGETS[name](data)
        tried()
