"""Progress: on a terminal, after a while, and wiped out in the end."""

from __future__ import annotations

import io

import pytest

from lockward import engine
from lockward.memory import MemoryTree
from lockward.policy import Policy
from lockward_hooks import progress
from lockward_hooks.progress import Progress
from tests.support.repos import CLEAN


class Terminal(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The clock: its first element is the time."""
    now = [0.0]
    monkeypatch.setattr(progress, "monotonic", lambda: now[0])
    return now


def test_a_terminal_sees_how_far_it_is(seconds: list[float]) -> None:
    stream = Terminal()
    with Progress("projects", stream) as told:
        told(1, 101)
        seconds[0] = 0.6
        told(34, 101)
        told(35, 101)
        seconds[0] = 0.8
        told(36)

    wipe = "\r\x1b[K"
    assert stream.getvalue() == (
        f"{wipe}lockward: 34 of 101 projects{wipe}lockward: 36 projects{wipe}"
    )


def test_what_is_quick_says_nothing(seconds: list[float]) -> None:
    stream = Terminal()
    with Progress("projects", stream) as told:
        seconds[0] = 0.4
        told(1, 2)

    assert stream.getvalue() == ""


def test_a_pipe_sees_nothing(seconds: list[float]) -> None:
    stream = io.StringIO()
    with Progress("projects", stream) as told:
        seconds[0] = 9
        told(1, 2)

    assert stream.getvalue() == ""


def test_a_scan_tells_of_every_project() -> None:
    heard: list[tuple[int, int]] = []
    files = {f"{name}/{path}": data for name in "abc" for path, data in CLEAN.items()}

    engine.scan(MemoryTree(files), Policy(), progress=lambda done, of: heard.append((done, of)))

    assert heard == [(0, 3), (1, 3), (2, 3)]
