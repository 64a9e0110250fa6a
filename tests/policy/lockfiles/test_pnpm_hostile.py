"""pnpm-lock.yaml in hostile hands: any bytes, any edit: a lockfile, or an error with a line."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lockward import lockfiles, yamlread
from lockward.lockfiles import pnpm as reader
from tests.support.outcome import outcome

if TYPE_CHECKING:
    from lockward.model import Lockfile

DATA: Final = Path(__file__).parents[2] / "data" / "pnpm"
SAMPLES: Final = sorted(DATA.glob("*.yaml"))
BASE: Final = b"lockfileVersion: '9.0'\n"


def spoilt(text: str, dice: random.Random) -> str:
    """A lockfile with a few edits: characters, lines and blocks lost, doubled or moved."""
    for _ in range(dice.randint(1, 4)):
        parting = dice.choice(["\n", "\n\n"])
        parts = text.split(parting)
        one, other = dice.randrange(len(parts)), dice.randrange(len(parts))
        match dice.randrange(5):
            case 0:
                del parts[one]
            case 1:
                parts.insert(other, parts[one])
            case 2:
                parts.insert(other, parts.pop(one))
            case 3:
                parts[one] = parts[one][: dice.randrange(len(parts[one]) + 1)]
            case _:
                at = dice.randrange(len(parts[one]) + 1)
                bit = dice.choice(
                    ["  ", ":", "'", "{", "}", "-", "---", "(", "@", "\ufeff", "<<: x"]
                )
                parts[one] = parts[one][:at] + bit + parts[one][at:]
        text = parting.join(parts)
    return text


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_any_mutation_is_a_lockfile_or_an_error_with_a_line(path: Path) -> None:
    dice = random.Random(path.name)  # noqa: S311 - repeatable dice, no secret
    text = path.read_text()
    seen = {
        type(outcome(lockfiles.read, "pnpm-lock.yaml", spoilt(text, dice).encode()))
        for _ in range(400)
    }

    assert len(seen) == 2


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=80).map(str.encode))
def test_any_bytes_are_a_lockfile_or_an_error_with_a_line(data: bytes) -> None:
    outcome(lockfiles.read, "pnpm-lock.yaml", data)
    outcome(lockfiles.read, "pnpm-lock.yaml", BASE + b"packages:\n  " + data)


@pytest.mark.parametrize("seed", range(2))
def test_what_is_shared_between_two_readings_changes_neither(seed: int) -> None:
    """Blocks and packages are kept from one reading to the next; a fresh process keeps none."""
    dice = random.Random(seed)  # noqa: S311 - as above
    texts = [path.read_text() for path in SAMPLES if "v13" not in path.name]
    for _ in range(300):
        text = spoilt(dice.choice(texts), dice)
        warm = outcome(lockfiles.read, "pnpm-lock.yaml", text.encode())
        for kept in (yamlread._BLOCKS, yamlread._LINES, reader._BUILT):
            kept.clear()
        cold = outcome(lockfiles.read, "pnpm-lock.yaml", text.encode())
        assert shape(warm) == shape(cold), text


def shape(found: Lockfile | Exception) -> object:
    if isinstance(found, Exception):
        return str(found)
    return (
        [
            ((p.name, p.version, p.source, p.resolved, p.integrity), p.key, p.raw)
            for p in found.packages
        ],
        found.raw,
        list(found.importers),
    )
