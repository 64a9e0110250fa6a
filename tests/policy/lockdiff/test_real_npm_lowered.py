"""Commits of real repositories whose new packages bring lower versions than were there.

Reduced by hand; beside edits of them that must be refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lockward.lockdiff.witness import Nobody, Sighting
from tests.support.commits import Files, judged, npm, npm_entry, told, v3
from tests.support.npm import sri

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from lockward.lockdiff.witness import Wanted


class Held(Nobody):
    """A past in which this lockfile held one package."""

    def __init__(self, name: str, version: str, hashes: str = "") -> None:
        self._wanted = (name, version)
        self._hashes = hashes or sri(f"{name}@{version}")

    def sightings(
        self, _path: str, wanted: Collection[Wanted], /, *, deep: bool
    ) -> Mapping[Wanted, tuple[Sighting, ...]]:
        """See lockward.lockdiff.witness.Witness."""
        assert deep
        one = Sighting(own=True, kind="tarball", hashes=self._hashes, resolved="", where="earlier")
        return {self._wanted: (one,)} if self._wanted in wanted else {}


def running(cypress: str, dayjs: str, asks: str = "^1.10.4", **more: object) -> Files:
    """cypress, and dayjs, which only that asks for."""
    packages = {
        **npm("cypress", cypress, dependencies={"dayjs": asks}, **more),
        **npm("dayjs", dayjs),
    }
    return v3({"cypress": cypress}, packages)


BEFORE = running("14.0.1", "1.11.9")


@pytest.mark.parametrize(
    ("after", "wanted"),
    [
        pytest.param(running("14.0.2", "1.11.9"), "matched", id="github-action d38be6c7c1"),
        pytest.param(running("14.0.2", "1.11.10"), "matched", id="a higher one"),
        pytest.param(running("14.0.2", "1.11.8"), "unexplained", id="a lower one, unasked"),
        pytest.param(running("14.0.2", "1.11.8", "1.11.8"), "matched", id="that it asks for"),
        pytest.param(running("14.0.0", "1.11.8"), "matched", id="both go down: a revert"),
        pytest.param(
            running("14.0.2", "1.11.8", hasShrinkwrap=True), "unexplained", id="beside a shrinkwrap"
        ),
    ],
)
def test_what_a_new_version_brings_does_not_go_down(after: Files, wanted: str) -> None:
    diff = judged(BEFORE, after)
    assert diff.classification == wanted, told(diff)
    if wanted == "unexplained":
        (item,) = diff.of_class("unexplained")
        assert (item.code, item.cause) == ("downgrade", "cypress wants ^1.10.4")


@pytest.mark.parametrize(
    ("past", "wanted"),
    [
        pytest.param(Held("dayjs", "1.11.8"), "matched", id="outline e5b5cbaab7: a stale branch"),
        pytest.param(Held("dayjs", "1.11.8", sri("other")), "tampered", id="with other bytes"),
        pytest.param(Held("dayjs", "1.11.7"), "unexplained", id="the past held another one"),
    ],
)
def test_the_past_may_have_held_it(past: Held, wanted: str) -> None:
    diff = judged(BEFORE, running("14.0.2", "1.11.8"), past)
    assert diff.classification == wanted, told(diff)


def nested(cypress: str, dayjs: str, **more: object) -> Files:
    """The same where cypress's own lockfile, or its tarball, decides."""
    key = "node_modules/cypress/node_modules/dayjs"
    bundled = {"resolved": None, "integrity": None, "inBundle": True}
    inner = npm_entry("dayjs", dayjs, **(bundled if "bundleDependencies" in more else {}))
    packages = {**npm("cypress", cypress, dependencies={"dayjs": "^1.10.4"}, **more), key: inner}
    return v3({"cypress": cypress}, packages)


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"hasShrinkwrap": True}, id="a shrinkwrap"),
        pytest.param({"bundleDependencies": ["dayjs"]}, id="a bundle"),
    ],
)
def test_its_author_may_have_locked_a_lower_one(more: dict[str, object]) -> None:
    diff = judged(nested("14.0.1", "1.11.9", **more), nested("14.0.2", "1.11.8", **more))
    assert diff.classification == "matched", told(diff)
    diff = judged(nested("14.0.1", "1.11.9"), nested("14.0.2", "1.11.8"))
    assert diff.classification == "unexplained", told(diff)
